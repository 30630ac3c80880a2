//! The figures for Prometheus. Labels are names of parts, never of people or
//! addresses, so that there are few of them whatever happens.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::Watched;
use crate::app::store_ports::Stored;
use crate::data_dir;
use crate::domain::{Job, Severity};
use crate::jobs::JobStore;
use crate::pipeline::versions;
use crate::web::metrics::{MetricKind, Metrics};

/// Jobs whose results are counted.
const RECENT_JOBS: usize = 500;

impl Watched {
    pub(super) fn figures(&self, metrics: &mut Metrics) {
        self.process(metrics);
        self.connections(metrics);
        self.data(metrics);
        self.board(metrics);
        self.jobs(metrics);
        self.feeds(metrics);
        self.backups(metrics);
        self.model(metrics);
        self.raised(metrics);
    }

    fn process(&self, metrics: &mut Metrics) {
        let mut family = metrics.family(
            "afwd_build_info",
            MetricKind::Gauge,
            "The program's version.",
        );
        family.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        metrics.gauge(
            "process_start_time_seconds",
            "When the server was started, in seconds since 1970.",
            Some(self.started.as_millisecond() as f64 / 1e3),
        );
        metrics.gauge(
            "process_resident_memory_bytes",
            "Memory in use.",
            resident().map(|bytes| bytes as f64),
        );
        let open = fs::read_dir("/proc/self/fd").map(Iterator::count);
        metrics.gauge(
            "process_open_fds",
            "Open files and connections.",
            open.ok().map(|count| count as f64),
        );
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        metrics.gauge(
            "process_max_fds",
            "How many there may be.",
            limit.map(|limit| limit as f64),
        );
    }

    fn connections(&self, metrics: &mut Metrics) {
        let counts = &self.connections;
        metrics.gauge(
            "afwd_connections_open",
            "Open connections.",
            Some(counts.open.load(Ordering::Relaxed) as f64),
        );
        metrics.counter(
            "afwd_connections_accepted_total",
            "Connections taken.",
            counts.accepted.load(Ordering::Relaxed),
        );
        let ended = [
            ("full", &counts.refused_full),
            ("address", &counts.refused_address),
            ("slow", &counts.closed_slow),
            ("idle", &counts.closed_idle),
        ];
        let mut family = metrics.family(
            "afwd_connections_ended_total",
            MetricKind::Counter,
            "Connections turned away (full, address) or closed by the server (slow, idle).",
        );
        for (reason, count) in ended {
            family.sample(&[("reason", reason)], count.load(Ordering::Relaxed) as f64);
        }
    }

    fn data(&self, metrics: &mut Metrics) {
        let data = &self.live.data;
        let mut family = metrics.family(
            "afwd_data_bytes",
            MetricKind::Gauge,
            "Size on disk of the store, the index of names and the models.",
        );
        for (part, name) in [
            ("store", data_dir::STORE),
            ("index", data_dir::SEARCH),
            ("models", data_dir::MODELS),
        ] {
            family.sample(&[("part", part)], size(&data.join(name)) as f64);
        }
        let disk = self.disk();
        metrics.gauge(
            "afwd_disk_size_bytes",
            "Size of the disk that holds the data.",
            disk.as_ref().map(|disk| disk.size as f64),
        );
        metrics.gauge(
            "afwd_disk_free_bytes",
            "Free space of it.",
            disk.as_ref().map(|disk| disk.free as f64),
        );
        metrics.gauge(
            "afwd_search_names",
            "NameIndex in the index.",
            Some(self.live.names.index().len() as f64),
        );
        metrics.gauge(
            "afwd_store_up",
            "1 while the store can be read.",
            Some(f64::from(u8::from(self.store().is_none()))),
        );
        let oldest = self.live.store.oldest_read();
        metrics.gauge(
            "afwd_store_oldest_read_seconds",
            "Age of the oldest read under way; old ones keep pages from being used again.",
            Some(oldest.map_or(0.0, |age| age.as_secs_f64())),
        );
    }

    fn board(&self, metrics: &mut Metrics) {
        let board = self.live.champion.board(None).ok();
        metrics.gauge(
            "afwd_board_season",
            "Season of the newest board.",
            board.as_ref().map(|board| f64::from(board.season().0)),
        );
        metrics.gauge(
            "afwd_board_players",
            "Players on it.",
            board.as_ref().map(|board| board.len() as f64),
        );
        metrics.gauge(
            "afwd_unreadable_days",
            "Kept days that were asked for and could not be read.",
            Some(self.live.champion.unreadable_days() as f64),
        );
    }

    fn jobs(&self, metrics: &mut Metrics) {
        let jobs = Stored(self.live.store.clone()).newest(RECENT_JOBS);
        let jobs = jobs.unwrap_or_default();
        let mut results: BTreeMap<(String, String), u32> = BTreeMap::new();
        let mut last: BTreeMap<&str, &Job> = BTreeMap::new();
        for job in &jobs {
            let state = (job.name.clone(), job.state.to_string());
            *results.entry(state).or_default() += 1;
            if job.is_over() {
                // The newest come first.
                last.entry(&job.name).or_insert(job);
            }
        }
        let mut family = metrics.family(
            "afwd_jobs",
            MetricKind::Gauge,
            "Jobs on record, by kind and state.",
        );
        for ((job, state), count) in &results {
            family.sample(&[("job", job), ("state", state)], f64::from(*count));
        }
        let mut family = metrics.family(
            "afwd_job_last_duration_seconds",
            MetricKind::Gauge,
            "Time from start to end of the newest job of a kind that is over.",
        );
        for (name, job) in &last {
            if let Some((from, to)) = job.started.zip(job.finished) {
                family.sample(&[("job", name)], to.duration_since(from).as_secs_f64());
            }
        }
        let mut family = metrics.family(
            "afwd_job_last_finished_timestamp_seconds",
            MetricKind::Gauge,
            "When it ended, in seconds since 1970.",
        );
        for (name, job) in &last {
            if let Some(at) = job.finished {
                family.sample(&[("job", name)], at.as_second() as f64);
            }
        }
    }

    fn feeds(&self, metrics: &mut Metrics) {
        let sources = self.sources();
        let mut family = metrics.family(
            "afwd_source_age_seconds",
            MetricKind::Gauge,
            "Time since data of a source was last applied.",
        );
        for source in &sources {
            if let Some(hours) = source.age_hours {
                family.sample(&[("source", source.source.name)], hours * 3600.0);
            }
        }
        let mut family = metrics.family(
            "afwd_source_requests_today",
            MetricKind::Gauge,
            "Requests made to a source since midnight UTC.",
        );
        for source in &sources {
            let made = f64::from(source.requests_today);
            family.sample(&[("source", source.source.name)], made);
        }
        let mut family = metrics.family(
            "afwd_source_requests_allowed",
            MetricKind::Gauge,
            "Requests to a source allowed in a day.",
        );
        for source in &sources {
            let allowed = f64::from(source.source.per_day);
            family.sample(&[("source", source.source.name)], allowed);
        }
    }

    fn backups(&self, metrics: &mut Metrics) {
        let Some(watch) = &self.backups else { return };
        let status = (watch.status)();
        let age = status.newest.map(|at| self.clock.now().duration_since(at));
        metrics.gauge(
            "afwd_backup_age_seconds",
            "Age of the newest verified backup.",
            age.map(|age| age.as_secs_f64()),
        );
        metrics.gauge(
            "afwd_backup_bytes",
            "Size of it.",
            status.newest.map(|_| status.newest_bytes as f64),
        );
        metrics.gauge(
            "afwd_backup_duration_seconds",
            "Time it took, if this process made it.",
            status.seconds,
        );
        metrics.gauge(
            "afwd_backup_failures",
            "Backups that failed since.",
            Some(f64::from(status.failures)),
        );
    }

    fn model(&self, metrics: &mut Metrics) {
        let report = self.live.champion.report_card();
        let scores = report.pooled.as_ref().map(|pooled| &pooled.model);
        metrics.gauge(
            "afwd_model_auc",
            "Chance that a success was rated above a failure, over all seasons on record.",
            scores.and_then(|scores| scores.auc),
        );
        metrics.gauge(
            "afwd_model_brier_skill",
            "Share of the base rate's squared error that is gone, likewise.",
            scores.and_then(|scores| scores.brier_skill),
        );
        metrics.gauge(
            "afwd_model_balanced_accuracy",
            "Mean of sensitivity and specificity, likewise.",
            scores.and_then(|scores| scores.balanced_accuracy),
        );
        let Ok(Some(drift)) = versions::drift(&self.live.store) else {
            return;
        };
        let mut family = metrics.family(
            "afwd_model_observed_to_expected",
            MetricKind::Gauge,
            "Successes over expected successes on the newest closed season, by role.",
        );
        for row in &drift.calibration {
            let ratio = f64::from(row.observed) / row.expected;
            family.sample(&[("role", &row.role)], ratio);
        }
        let mut worst: BTreeMap<&str, f64> = BTreeMap::new();
        for row in &drift.features {
            let psi = worst.entry(&row.role).or_default();
            *psi = psi.max(row.psi);
        }
        let mut family = metrics.family(
            "afwd_model_drift_psi",
            MetricKind::Gauge,
            "Population stability index of the most shifted feature, by role.",
        );
        for (role, psi) in worst {
            family.sample(&[("role", role)], psi);
        }
    }

    fn raised(&self, metrics: &mut Metrics) {
        let Some((status, _)) = self.alerts.get().map(|told| told()) else {
            return;
        };
        let severities = Severity::ALL.iter();
        let mut counts: BTreeMap<&str, u32> = severities.map(|s| (s.as_str(), 0)).collect();
        for (_, raised) in &status.raised {
            *counts.entry(raised.severity.as_str()).or_default() += 1;
        }
        let mut family = metrics.family(
            "afwd_alerts",
            MetricKind::Gauge,
            "Raised alerts, by severity.",
        );
        for (severity, count) in counts {
            family.sample(&[("severity", severity)], f64::from(count));
        }
    }
}

/// Bytes of a file, or of all files in a directory.
fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else {
        return fs::metadata(path).map_or(0, |meta| meta.len());
    };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024)
}
