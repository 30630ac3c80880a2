//! How fresh and how good the data is, as pages and the API say it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::champion::source;
use super::sources::{FANGRAPHS_BUDGET, MLB_BUDGET, Operation};
use crate::domain::{Decision, Severity};
use crate::ingest::leaders::SOURCE as FANGRAPHS;
use crate::ingest::lists::reviews::{self, ReviewError, ReviewView};
use crate::pipeline::daily::MLB;
use crate::rankings::SourceError;
use crate::store::SourceState;
use crate::web::jobs::{JobView, Jobs, JobsError};
use crate::web::operator::Operator;
use crate::web::quality::{FindingView, Quality, QualityView, SourceView};
use crate::web::reviews::Reviews;

/// Hours after which a source that is asked every morning is late: a day and the
/// time of a run, with room for one that was tried again.
const LATE: f64 = 30.0;
/// Hours after which its data is too old to be relied on.
const STALE: f64 = 78.0;

impl Jobs for Operation {
    fn jobs(&self, limit: usize) -> Result<Vec<JobView>, JobsError> {
        let jobs = self.queue.store().newest(limit).map_err(failed)?;
        Ok(jobs.iter().map(JobView::from).collect())
    }

    fn refresh(&self, _: &Operator) -> Result<JobView, JobsError> {
        if !self.may_ask_mlb().map_err(failed)? {
            let first = "Accept the terms of the MLB Stats API first: `afwd sources accept mlb`, or start the \
                         server with AFWD_ACCEPT_MLB_TERMS=true.";
            return Err(JobsError::Refused(first.to_owned()));
        }
        Operation::refresh(self)
            .map(|job| JobView::from(&job))
            .map_err(failed)
    }

    fn cancel(&self, _: &Operator, id: u64) -> Result<Option<JobView>, JobsError> {
        Ok(self
            .queue
            .cancel(id)
            .map_err(failed)?
            .as_ref()
            .map(JobView::from))
    }
}

impl Quality for Operation {
    fn quality(&self) -> Result<QualityView, SourceError> {
        self.look().map_err(source)
    }
}

impl Reviews for Operation {
    fn waiting(&self) -> Result<Vec<ReviewView>, ReviewError> {
        Ok(reviews::reviews(&self.store, false)?)
    }

    fn decide(
        &self,
        _: &Operator,
        key: &str,
        decision: Decision,
    ) -> Result<Option<ReviewView>, ReviewError> {
        reviews::decide(&self.store, key, decision)
    }
}

impl Operation {
    fn look(&self) -> anyhow::Result<QualityView> {
        let sources = self.sources()?;
        let (reports, quarantined) = self
            .store
            .read(|tx| Ok((tx.quality()?, tx.quarantine_len()?)))?;
        let mut found: Vec<_> = reports
            .iter()
            .flat_map(|(day, report)| report.findings.iter().map(|finding| (*day, finding)))
            .collect();
        found.sort_by(|a, b| {
            b.1.severity
                .cmp(&a.1.severity)
                .then(b.1.count.cmp(&a.1.count))
        });
        let worst = found.first().map(|(_, finding)| finding.severity);
        let level = worst_of(&sources, worst);
        Ok(QualityView {
            summary: summary(&sources, level),
            level: level.to_owned(),
            sources,
            findings: found
                .into_iter()
                .map(|(day, finding)| FindingView::new(day, finding))
                .collect(),
            quarantined,
        })
    }

    /// The sources and how fresh they are.
    pub(super) fn sources(&self) -> anyhow::Result<Vec<SourceView>> {
        Ok(vec![self.mlb()?, self.fangraphs()?])
    }

    /// What readers are told when the newest data is not of today; `None` while
    /// all is well.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note(&self) -> anyhow::Result<Option<String>> {
        let mlb = self.mlb()?;
        let late = matches!(mlb.level.as_str(), "warning" | "critical");
        let day = mlb.data_day.filter(|_| late);
        Ok(day
            .map(|day| format!("Data of {day}: the MLB Stats API has not given newer data since.")))
    }

    fn mlb(&self) -> anyhow::Result<SourceView> {
        let base = &self.config.mlb_url;
        let accepted = self.may_ask_mlb()?;
        let view = self.source(MLB, base, self.config.daily, accepted)?;
        Ok(SourceView {
            title: "MLB Stats API".to_owned(),
            requests_allowed: MLB_BUDGET,
            ..view
        })
    }

    /// FanGraphs is a second opinion: its silence is worth a look, never alarm.
    fn fangraphs(&self) -> anyhow::Result<SourceView> {
        let base = &self.config.fangraphs_url;
        let mut view = self.source(FANGRAPHS, base, self.config.fangraphs, true)?;
        if view.level == "critical" {
            view.level = "warning".to_owned();
        }
        Ok(SourceView {
            title: "FanGraphs leaders".to_owned(),
            requests_allowed: FANGRAPHS_BUDGET,
            ..view
        })
    }

    fn source(
        &self,
        name: &str,
        base: &str,
        enabled: bool,
        terms_accepted: bool,
    ) -> anyhow::Result<SourceView> {
        let now = self.clock.now();
        let today = now.to_zoned(TimeZone::UTC).date();
        let base = base.trim_end_matches('/');
        let (state, requests) = self
            .store
            .read(|tx| Ok((tx.source(name)?, tx.requests(base, today)?)))?;
        Ok(SourceView {
            name: name.to_owned(),
            title: name.to_owned(),
            enabled,
            terms_accepted,
            level: level(&state, now, enabled && terms_accepted).to_owned(),
            data_day: state.data_day.map(|day| day.to_string()),
            applied: state.applied.map(|at| at.to_string()),
            age_hours: age(&state, now),
            rows: state.rows,
            error: state.error,
            blocked_since: state.blocked_since.map(|at| at.to_string()),
            requests_today: requests,
            requests_allowed: 0,
        })
    }
}

fn age(state: &SourceState, now: Timestamp) -> Option<f64> {
    state
        .applied
        .map(|at| now.duration_since(at).as_secs_f64() / 3600.0)
}

fn level(state: &SourceState, now: Timestamp, on: bool) -> &'static str {
    match age(state, now) {
        _ if !on => "off",
        Some(hours) if hours > STALE => "critical",
        Some(hours) if hours > LATE || !state.error.is_empty() => "warning",
        Some(_) => "ok",
        None if state.error.is_empty() => "ok",
        None => "critical",
    }
}

fn worst_of(sources: &[SourceView], finding: Option<Severity>) -> &'static str {
    let has = |level: &str| sources.iter().any(|source| source.level == level);
    match finding {
        Some(Severity::Critical) => "critical",
        _ if has("critical") => "critical",
        Some(Severity::Warning) => "warning",
        _ if has("warning") => "warning",
        Some(Severity::Info) => "info",
        None => "ok",
    }
}

fn summary(sources: &[SourceView], level: &str) -> String {
    if sources.iter().all(|source| source.level == "off") {
        return "No source is asked: the boards show what was imported.".to_owned();
    }
    match level {
        "ok" | "info" => "Every source is fresh and nothing needs a look.".to_owned(),
        "warning" => "The data is used; something needs a look.".to_owned(),
        _ => "A source gives no usable data: readers see the last good day and its age.".to_owned(),
    }
}

fn failed(error: anyhow::Error) -> JobsError {
    JobsError::Source(source(error))
}
