//! Backups by themselves: a thread that makes one when the newest is old enough.
//!
//! What is due is told from the backups that exist, so a restart neither skips
//! nor repeats one. A failed backup is logged, shown, and tried again soon; old
//! ones are deleted only after a new one was verified.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::encryption::Key;
use super::retention::Shelf;
use super::{BackupError, Job, Made, Origin, Result};
use crate::clock::Clock;
use crate::store::Store;

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// How soon a failed backup is tried again.
const RETRY: SignedDuration = SignedDuration::from_mins(10);

/// What to back up by itself.
pub struct ScheduleConfig {
    /// The open store.
    pub store: Store,
    /// The data directory.
    pub data: std::path::PathBuf,
    /// Where backups go.
    pub shelf: Shelf,
    /// Time from one to the next.
    pub every: SignedDuration,
    /// How many stay; at least one.
    pub keep: usize,
    /// What they are sealed with.
    pub key: Option<Key>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How the scheduled backups are doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Status {
    /// When the newest verified backup was made.
    pub newest: Option<Timestamp>,
    /// Its name.
    pub newest_name: String,
    /// Its size.
    pub newest_bytes: u64,
    /// Seconds the last one took that this process made.
    pub seconds: Option<f64>,
    /// When the next is due.
    pub due: Option<Timestamp>,
    /// When one failed since the newest.
    pub failed: Option<Timestamp>,
    /// Why; empty when none did.
    pub error: String,
    /// How many have failed in a row.
    pub failures: u32,
}

/// The thread and its status.
pub struct Schedule {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    status: Mutex<Status>,
    stopping: Mutex<bool>,
    wake: Condvar,
}

impl Schedule {
    /// Starts the thread.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(config: ScheduleConfig) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("backups".into())
            .spawn(move || run(&config, &seen))
            .map_err(BackupError::at(std::path::Path::new("a thread")))?;
        Ok(Self { shared, thread })
    }

    /// How the backups are doing.
    pub fn status(&self) -> Status {
        self.shared.status().clone()
    }

    /// A handle that tells the status for as long as it is kept.
    pub fn watcher(&self) -> impl Fn() -> Status + Send + Sync + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.status().clone()
    }

    /// Stops; waits for a backup under way.
    pub fn stop(self) {
        *self.shared.stopping() = true;
        self.shared.wake.notify_all();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the backups panicked");
        }
    }
}

impl Shared {
    fn status(&self) -> std::sync::MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopping(&self) -> std::sync::MutexGuard<'_, bool> {
        self.stopping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is time to look again; true when it is time to stop.
    fn rest(&self) -> bool {
        let stopping = self.stopping();
        let waited = self
            .wake
            .wait_timeout_while(stopping, LOOK_EVERY, |stopping| !*stopping);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn run(config: &ScheduleConfig, shared: &Shared) {
    if let Err(error) = config.shelf.sweep() {
        tracing::warn!("leftovers of interrupted backups stay: {error}");
    }
    let mut status = Status::default();
    loop {
        tick(config, &mut status);
        shared.status().clone_from(&status);
        if shared.rest() {
            return;
        }
    }
}

/// Makes a backup when one is due, and keeps `status`.
fn tick(config: &ScheduleConfig, status: &mut Status) {
    let now = config.clock.now();
    if status.due.is_some_and(|due| now < due) {
        return;
    }
    let looked = if status.newest.is_none() {
        look(config, status, now)
    } else {
        Ok(())
    };
    if looked.is_ok() && status.due.is_some_and(|due| now < due) {
        return;
    }
    match looked.and_then(|()| make(config, now)) {
        Ok(made) => note_success(config, status, now, &made),
        Err(error) => note_failure(status, now, &error),
    }
}

/// Reads off the shelf when the newest backup was made, and what is due then.
fn look(config: &ScheduleConfig, status: &mut Status, now: Timestamp) -> Result<()> {
    let Some(newest) = config.shelf.list()?.into_iter().next() else {
        return Ok(());
    };
    // A name from the future, by a clock that was wrong, does not put off the next.
    status.due = Some(after(newest.created.min(now), config.every));
    status.newest = Some(newest.created);
    status.newest_name = newest.name;
    status.newest_bytes = newest.bytes;
    Ok(())
}

/// A panic is a failure like another: the schedule goes on.
fn make(config: &ScheduleConfig, now: Timestamp) -> Result<Made> {
    let job = Job {
        origin: Origin::Store(&config.store),
        data: &config.data,
        key: config.key.as_ref(),
        now,
        watch: &super::unwatched,
    };
    catch_unwind(AssertUnwindSafe(|| config.shelf.add(&job)))
        .unwrap_or_else(|_| Err(BackupError::Server("it panicked; see the log".to_owned())))
}

fn note_success(config: &ScheduleConfig, status: &mut Status, now: Timestamp, made: &Made) {
    let seconds = config.clock.now().duration_since(now).as_secs_f64();
    tracing::info!(
        bytes = made.verified.bytes,
        seconds,
        "backup made and verified: {}",
        made.name
    );
    *status = Status {
        newest: Some(now),
        newest_name: made.name.clone(),
        newest_bytes: made.verified.bytes,
        seconds: Some(seconds),
        due: Some(after(now, config.every)),
        ..Status::default()
    };
    let instance = &made.verified.manifest.identity.instance;
    match config
        .shelf
        .thin(config.keep, instance, config.key.as_ref())
    {
        Ok(deleted) => {
            for name in deleted {
                tracing::info!("old backup deleted: {name}");
            }
        }
        Err(error) => tracing::warn!("old backups stay: {error}"),
    }
}

fn note_failure(status: &mut Status, now: Timestamp, error: &BackupError) {
    tracing::error!("backup failed: {error}");
    status.failed = Some(now);
    status.error = error.to_string();
    status.failures += 1;
    status.due = Some(after(now, RETRY));
}

fn after(time: Timestamp, wait: SignedDuration) -> Timestamp {
    time.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
