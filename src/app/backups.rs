//! The running server's backups: those made by themselves, and those that
//! `afwd backup` asks for.

use std::sync::Arc;

use jiff::SignedDuration;

use super::champion::Live;
use super::config::Config;
use super::monitor::BackupWatch;
use crate::ops::backup::{BackupStatus, Schedule, ScheduleConfig, SocketServer, settle};

/// The threads of the backups.
pub(super) struct Backups {
    socket: Option<SocketServer>,
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
        let socket = SocketServer::open(live.store.clone(), &live.data, Arc::clone(&config.clock))
            .inspect_err(|error| tracing::warn!("`afwd backup` can't reach this server: {error}"))
            .ok();
        let schedule = config.backups.clone().map(|scheduled| {
            Schedule::start(ScheduleConfig {
                store: live.store.clone(),
                data: live.data.clone(),
                scheduled,
                clock: Arc::clone(&config.clock),
            })
        });
        Ok(Self {
            socket,
            schedule: schedule.transpose()?,
            every: config
                .backups
                .as_ref()
                .map_or(SignedDuration::ZERO, |b| b.every),
        })
    }

    /// How the scheduled backups are doing; `None` when there are none.
    pub(super) fn status(&self) -> Option<BackupStatus> {
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
        if let Some(socket) = self.socket {
            socket.close();
        }
    }
}
