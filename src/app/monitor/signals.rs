//! The alerts over what is watched, and what their rules are told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::Watched;
use crate::app::store_ports::Stored;
use crate::domain::{JobState, Severity};
use crate::jobs::JobStore;
use crate::ops::alerts::{self, Signals};
use crate::pipeline::{self, versions};
use crate::web::traffic::Totals;
use crate::work;

/// Looks over which answers are judged; one is made each minute.
const WINDOW: usize = 5;
/// Jobs among which the newest daily run is looked for.
const RECENT_JOBS: usize = 50;
/// How often the rules of the alerts are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Starts the alerts over what is watched.
pub(in crate::app) fn alert(
    watched: &Arc<Watched>,
    sinks: Vec<Box<dyn alerts::Sink>>,
) -> std::io::Result<alerts::Alerts> {
    let config = alerts::AlertsConfig {
        data: watched.live.data.clone(),
        sinks,
        every: LOOK_EVERY,
        clock: Arc::clone(&watched.clock),
    };
    let alerts = alerts::Alerts::start(config, looks(Arc::clone(watched)))?;
    let told = alerts.watcher();
    watched.alerts.get_or_init(|| Box::new(told));
    Ok(alerts)
}

/// A look at everything; answers are judged over the last few looks.
fn looks(watched: Arc<Watched>) -> impl FnMut() -> Signals + Send + 'static {
    let mut earlier: VecDeque<Totals> = VecDeque::from([watched.traffic.totals()]);
    move || {
        let now = watched.traffic.totals();
        let since = now.since(earlier.front().unwrap_or(&now));
        earlier.push_back(now);
        if earlier.len() > WINDOW {
            earlier.pop_front();
        }
        watched.signals(&since)
    }
}

impl Watched {
    fn signals(&self, since: &Totals) -> Signals {
        let board = self.live.champion.board(None);
        Signals {
            store: self.store(),
            board: board
                .err()
                .filter(|_| self.has_seasons())
                .map(|error| error.to_string()),
            backup: self.backup(),
            model: self.model_alert(),
            sources: self.late_sources(),
            answers: since.answers(),
            slowest: since.quantile(0.95),
            cacheable: since.hits + since.misses,
            missed: since.misses(),
            disk: self.disk().map(|disk| disk.taken()),
            daily: self.daily(),
        }
    }

    /// True once something was imported: before that no board is no trouble.
    fn has_seasons(&self) -> bool {
        let newest = pipeline::board::newest_season(&self.live.store);
        newest.is_ok_and(|season| season.is_some())
    }

    /// How the model that is trusted misses its figures on the newest closed season.
    fn model_alert(&self) -> Option<String> {
        let drift = versions::drift(&self.live.store).ok().flatten()?;
        let off = drift
            .calibration
            .iter()
            .filter(|row| row.level.alarm() == Some(Severity::Critical));
        let off: Vec<String> = off
            .map(|row| {
                let (season, role) = (row.season, &row.role);
                let (observed, expected) = (row.observed, row.expected);
                format!("{role}s of {season}: {observed} successes, {expected:.1} expected")
            })
            .collect();
        (!off.is_empty()).then(|| format!("the model is off its calibration: {}", off.join("; ")))
    }

    /// The newest finished daily run, and how it went.
    fn daily(&self) -> Option<(String, String)> {
        let jobs = Stored(self.live.store.clone()).newest(RECENT_JOBS).ok()?;
        let run = jobs
            .into_iter()
            .find(|job| job.name == work::DAILY && job.is_over())?;
        let how = match run.state {
            JobState::Done => "is done".to_owned(),
            _ => format!("ended as {}: {}", run.state, run.error),
        };
        Some((
            run.id.to_string(),
            format!("the daily run {} {how}", run.key),
        ))
    }
}
