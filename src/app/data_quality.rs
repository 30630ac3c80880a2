//! How fresh and how good the data is: as data for the monitor and the alerts, as a view
//! for pages and the API.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::sources::Operation;
use crate::domain::Severity;
use crate::ingest::sources::{ALL, Asked, DataSource, MLB};
use crate::store::SourceState;
use crate::web::quality::{FindingView, QualityView, SourceView};

/// Hours after which a source that is asked every morning is late: a day and the
/// time of a run, with room for one that was tried again.
const LATE: f64 = 30.0;
/// Hours after which its data is too old to be relied on.
const STALE: f64 = 78.0;

/// How a source is doing.
pub(super) struct SourceReport {
    pub(super) source: &'static DataSource,
    /// True when it is asked by itself.
    pub(super) enabled: bool,
    /// True when the operator accepted its terms, or it has none.
    pub(super) terms_accepted: bool,
    /// What is the matter with it; nothing while it is fresh, or not asked.
    pub(super) alarm: Option<Severity>,
    pub(super) state: SourceState,
    /// Hours since its data was applied.
    pub(super) age_hours: Option<f64>,
    /// Requests made since midnight UTC.
    pub(super) requests_today: u32,
}

impl SourceReport {
    /// True when it is asked, as far as settings and terms go.
    fn is_on(&self) -> bool {
        self.enabled && self.terms_accepted
    }

    /// True when readers or the operator should know.
    pub(super) fn is_late(&self) -> bool {
        self.alarm >= Some(Severity::Warning)
    }

    fn view(self) -> SourceView {
        SourceView {
            name: self.source.name.to_owned(),
            title: self.source.title.to_owned(),
            level: match self.is_on() {
                true => level(self.alarm).to_owned(),
                false => "off".to_owned(),
            },
            enabled: self.enabled,
            terms_accepted: self.terms_accepted,
            data_day: self.state.data_day.map(|day| day.to_string()),
            applied: self.state.applied.map(|at| at.to_string()),
            age_hours: self.age_hours,
            rows: self.state.rows,
            error: self.state.error,
            blocked_since: self.state.blocked_since.map(|at| at.to_string()),
            requests_today: self.requests_today,
            requests_allowed: self.source.per_day,
        }
    }
}

impl Operation {
    /// The whole, for a page.
    pub(super) fn look(&self) -> anyhow::Result<QualityView> {
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
        let alarms = sources.iter().map(|source| source.alarm);
        let worst = alarms
            .chain(found.iter().map(|(_, finding)| Some(finding.severity)))
            .max();
        let worst = worst.flatten();
        Ok(QualityView {
            summary: summary(&sources, worst),
            level: level(worst).to_owned(),
            sources: sources.into_iter().map(SourceReport::view).collect(),
            findings: found
                .into_iter()
                .map(|(day, finding)| FindingView::new(day, finding))
                .collect(),
            quarantined,
        })
    }

    /// The sources and how fresh they are.
    pub(super) fn sources(&self) -> anyhow::Result<Vec<SourceReport>> {
        ALL.into_iter().map(|source| self.source(source)).collect()
    }

    /// What readers are told when the newest data is not of today; `None` while
    /// all is well.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note(&self) -> anyhow::Result<Option<String>> {
        let report = self.source(&MLB)?;
        let day = report.state.data_day.filter(|_| report.is_late());
        let title = MLB.title;
        Ok(day.map(|day| format!("Data of {day}: the {title} has not given newer data since.")))
    }

    fn source(&self, source: &'static DataSource) -> anyhow::Result<SourceReport> {
        let chosen = self.settings.of(source);
        let (enabled, terms_accepted) = match source.asked {
            Asked::OnceAccepted(_) => (self.settings.daily, self.may_ask(source)?),
            Asked::WhenTurnedOn(_) => (chosen.on, true),
        };
        let now = self.clock.now();
        let today = now.to_zoned(TimeZone::UTC).date();
        let (state, requests_today) = self
            .store
            .read(|tx| Ok((tx.source(source.name)?, tx.requests(&chosen.url, today)?)))?;
        let alarm = alarm(&state, now).filter(|_| enabled && terms_accepted);
        Ok(SourceReport {
            source,
            enabled,
            terms_accepted,
            alarm: alarm.map(|alarm| alarm.min(source.worst)),
            age_hours: age(&state, now),
            state,
            requests_today,
        })
    }
}

fn age(state: &SourceState, now: Timestamp) -> Option<f64> {
    state
        .applied
        .map(|at| now.duration_since(at).as_secs_f64() / 3600.0)
}

fn alarm(state: &SourceState, now: Timestamp) -> Option<Severity> {
    match age(state, now) {
        Some(hours) if hours > STALE => Some(Severity::Critical),
        Some(hours) if hours > LATE || !state.error.is_empty() => Some(Severity::Warning),
        Some(_) => None,
        None => (!state.error.is_empty()).then_some(Severity::Critical),
    }
}

/// An alarm in a word.
fn level(alarm: Option<Severity>) -> &'static str {
    alarm.map_or("ok", Severity::as_str)
}

fn summary(sources: &[SourceReport], worst: Option<Severity>) -> String {
    if !sources.iter().any(SourceReport::is_on) {
        return "No source is asked: the boards show what was imported.".to_owned();
    }
    match worst {
        None | Some(Severity::Info) => "Every source is fresh and nothing needs a look.",
        Some(Severity::Warning) => "The data is used; something needs a look.",
        Some(Severity::Critical) => {
            "A source gives no usable data: readers see the last good day and its age."
        }
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};

    use super::{alarm, level};
    use crate::domain::Severity;
    use crate::store::SourceState;

    #[test]
    fn a_source_is_judged_by_its_age_and_its_last_failure() {
        let now = Timestamp::UNIX_EPOCH + 1000.hours();
        let state = |hours: Option<i64>, error: &str| SourceState {
            applied: hours.map(|hours| now - hours.hours()),
            error: error.to_owned(),
            ..SourceState::default()
        };
        let cases = [
            (state(None, ""), None),
            (state(None, "refused"), Some(Severity::Critical)),
            (state(Some(29), ""), None),
            (state(Some(29), "refused"), Some(Severity::Warning)),
            (state(Some(31), ""), Some(Severity::Warning)),
            (state(Some(79), ""), Some(Severity::Critical)),
        ];
        for (state, wanted) in cases {
            assert_eq!(alarm(&state, now), wanted, "{state:?}");
        }
        assert_eq!(level(None), "ok");
        assert_eq!(level(Some(Severity::Critical)), "critical");
    }
}
