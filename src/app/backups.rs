//! The running server's backups: those made by themselves, and those that
//! `afwd backup` asks for.

use std::sync::Arc;

use jiff::SignedDuration;

use super::Config;
use super::champion::Live;
use super::monitor::BackupWatch;
use crate::ops::backup::{
    Doorway, Key, Place, S3Config, Schedule, ScheduleConfig, Shelf, Status, settle,
};

/// Backups to make by themselves.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Where they go.
    pub place: Place,
    /// How to reach object storage.
    pub s3: S3Config,
    /// Time from one to the next.
    pub every: SignedDuration,
    /// How many stay.
    pub keep: usize,
    /// What they are sealed with.
    pub key: Option<Key>,
}

/// The threads of the backups.
pub(super) struct Backups {
    doorway: Option<Doorway>,
    schedule: Option<Schedule>,
    every: SignedDuration,
}

impl Backups {
    /// Starts them. The data is being served, so what a restore replaced goes.
    pub(super) fn start(config: &Config, live: &Live) -> anyhow::Result<Self> {
        for previous in settle(&live.data)? {
            tracing::info!(
                "the restored data is served; deleted {}",
                previous.display()
            );
        }
        let doorway = Doorway::open(live.store.clone(), &live.data, Arc::clone(&config.clock))
            .inspect_err(|error| tracing::warn!("`afwd backup` can't reach this server: {error}"))
            .ok();
        let schedule = config.backups.as_ref().map(|scheduled| {
            Schedule::start(ScheduleConfig {
                store: live.store.clone(),
                data: live.data.clone(),
                shelf: Shelf::at(&scheduled.place, &scheduled.s3)?,
                every: scheduled.every,
                keep: scheduled.keep,
                key: scheduled.key.clone(),
                clock: Arc::clone(&config.clock),
            })
        });
        Ok(Self {
            doorway,
            schedule: schedule.transpose()?,
            every: config
                .backups
                .as_ref()
                .map_or(SignedDuration::ZERO, |b| b.every),
        })
    }

    /// How the scheduled backups are doing; `None` when there are none.
    pub(super) fn status(&self) -> Option<Status> {
        self.schedule.as_ref().map(Schedule::status)
    }

    /// What watches the scheduled backups; `None` when there are none.
    pub(super) fn watch(&self) -> Option<BackupWatch> {
        let schedule = self.schedule.as_ref()?;
        Some(BackupWatch {
            status: Box::new(schedule.watcher()),
            every: self.every,
        })
    }

    /// Stops them; waits for a backup under way.
    pub(super) fn stop(self) {
        if let Some(status) = self.status() {
            tracing::debug!(?status, "backups stop");
        }
        if let Some(schedule) = self.schedule {
            schedule.stop();
        }
        if let Some(doorway) = self.doorway {
            doorway.close();
        }
    }
}
