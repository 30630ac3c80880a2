//! What the running server knows of itself: for the health checks, the figures and
//! the alerts.

mod figures;
mod signals;

pub(super) use signals::alert;

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::champion::Live;
use super::data_quality::SourceReport;
use super::sources::Operation;
use crate::clock::Clock;
use crate::ops::{alerts, backup};
use crate::rankings::NameSearch;
use crate::web::Connections;
use crate::web::metrics::Metrics;
use crate::web::monitor::{AlertView, AlertsView, Impact, Monitor, Trouble};
use crate::web::traffic::Traffic;

/// Share of the disk, and bytes of it, under which its free space is worth a word.
const LITTLE_SPACE: f64 = 0.05;
const LEAST_SPACE: u64 = 64 << 20;

type Told = (alerts::AlertStatus, Vec<String>);

/// The parts that are watched.
pub(super) struct Watched {
    pub(super) live: Arc<Live>,
    pub(super) operation: Option<Arc<Operation>>,
    pub(super) backups: Option<BackupWatch>,
    pub(super) connections: Arc<Connections>,
    pub(super) traffic: Arc<Traffic>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) started: Timestamp,
    /// The alerts watch this in turn, so they come last.
    pub(super) alerts: OnceLock<Box<dyn Fn() -> Told + Send + Sync>>,
}

/// The scheduled backups.
pub(super) struct BackupWatch {
    pub(super) status: Box<dyn Fn() -> backup::BackupStatus + Send + Sync>,
    pub(super) every: SignedDuration,
}

/// Space of the disk that holds the data, in bytes.
struct Disk {
    size: u64,
    free: u64,
}

impl Disk {
    fn taken(&self) -> f64 {
        1.0 - self.free as f64 / self.size.max(1) as f64
    }
}

impl Watched {
    fn store(&self) -> Option<String> {
        let read = self.live.store.read(|tx| tx.model_state());
        read.err()
            .map(|error| format!("the store can't be read: {error}"))
    }

    fn index(&self) -> Option<String> {
        let names = &self.live.names;
        match names.search("a", 1) {
            Err(error) => Some(format!("names can't be searched: {error}")),
            Ok(_) if names.is_stale() => {
                Some("the index of names is older than the store".to_owned())
            }
            Ok(_) => None,
        }
    }

    fn disk(&self) -> Option<Disk> {
        let space = rustix::fs::statvfs(&*self.live.data).ok()?;
        Some(Disk {
            size: space.f_blocks * space.f_frsize,
            free: space.f_bavail * space.f_frsize,
        })
    }

    fn little_space(&self) -> Option<String> {
        let disk = self.disk()?;
        let little = disk.free < LEAST_SPACE || 1.0 - disk.taken() < LITTLE_SPACE;
        little.then(|| {
            let mebibytes = disk.free >> 20;
            format!("only {mebibytes} MiB are free on the disk that holds the data")
        })
    }

    /// Why backups are not as they should be.
    fn backup(&self) -> Option<String> {
        let watch = self.backups.as_ref()?;
        let status = (watch.status)();
        if status.failures > 0 {
            let (times, error) = (status.failures, &status.error);
            return Some(format!(
                "the backup failed, {times} times in a row: {error}"
            ));
        }
        let late = self.clock.now().duration_since(status.newest?) > watch.every * 2;
        late.then(|| "the newest backup is older than twice the time between backups".to_owned())
    }

    fn sources(&self) -> Vec<SourceReport> {
        let Some(operation) = &self.operation else {
            return Vec::new();
        };
        // A store that fails is named by itself.
        operation.sources().unwrap_or_default()
    }

    /// Sources that are late or fail.
    fn late_sources(&self) -> Vec<alerts::LateSource> {
        let sources = self.sources();
        let late = sources.iter().filter(|report| report.is_late());
        late.map(|report| {
            let name = report.source.name;
            let age = report.age_hours.map_or("no data yet".to_owned(), |hours| {
                format!("the newest data came {hours:.0} hours ago")
            });
            alerts::LateSource {
                name: name.to_owned(),
                what: match &*report.state.error {
                    "" => format!("{name}: {age}"),
                    error => format!("{name}: {age}; it was last refused by: {error}"),
                },
            }
        })
        .collect()
    }
}

impl Monitor for Watched {
    fn troubles(&self) -> Vec<Trouble> {
        let trouble = |part, impact, what| Trouble { part, impact, what };
        let mut found = Vec::new();
        found.extend(
            self.store()
                .map(|what| trouble("store", Impact::Down, what)),
        );
        let degraded = [
            ("index", self.index()),
            ("disk", self.little_space()),
            ("backup", self.backup()),
        ];
        for (part, what) in degraded {
            found.extend(what.map(|what| trouble(part, Impact::Degraded, what)));
        }
        let late = self.late_sources().into_iter();
        found.extend(late.map(|late| trouble("source", Impact::Degraded, late.what)));
        found
    }

    fn measure(&self, metrics: &mut Metrics) {
        self.figures(metrics);
    }

    fn alerts(&self) -> AlertsView {
        let Some((status, sinks)) = self.alerts.get().map(|told| told()) else {
            return AlertsView::default();
        };
        let mut raised = status.raised;
        raised.sort_by_key(|(_, raised)| std::cmp::Reverse(raised.severity));
        let raised = raised.into_iter().map(|(rule, raised)| AlertView {
            rule,
            severity: raised.severity.as_str().to_owned(),
            what: raised.what,
            since: raised.since.to_string(),
        });
        AlertsView {
            raised: raised.collect(),
            sinks,
            looked: status.looked.map(|at| at.to_string()),
            error: status.error,
        }
    }
}
