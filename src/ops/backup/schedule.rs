//! Backups by themselves: a thread that makes one when the newest is old enough.
//!
//! What is due is told from the backups that exist, so a restart neither skips
//! nor repeats one. A failed backup is logged, shown, and tried again soon; old
//! ones are deleted only after a new one was verified.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::{Condvar, Mutex};
use serde::Serialize;

use super::encryption::Key;
use super::location::Location;
use super::retention::Shelf;
use super::{BackupError, BackupJob, Made, Origin, Result};
use crate::clock::Clock;
use crate::objects::S3Config;
use crate::store::Store;

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// How soon a failed backup is tried again.
const RETRY: SignedDuration = SignedDuration::from_mins(10);

/// Backups to make by themselves.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Where they go.
    pub location: Location,
    /// How to reach object storage.
    pub s3: S3Config,
    /// Time from one to the next.
    pub every: SignedDuration,
    /// How many stay.
    pub keep: usize,
    /// What they are sealed with.
    pub key: Option<Key>,
}

/// Whose backups, and when.
pub struct ScheduleConfig {
    /// The store.
    pub store: Store,
    /// The data directory.
    pub data: PathBuf,
    /// What to make.
    pub scheduled: Scheduled,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the thread works with.
struct Round {
    store: Store,
    data: PathBuf,
    shelf: Shelf,
    every: SignedDuration,
    keep: usize,
    key: Option<Key>,
    clock: Arc<dyn Clock>,
}

/// How the scheduled backups are doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BackupStatus {
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
    status: Mutex<BackupStatus>,
    stopping: Mutex<bool>,
    wake: Condvar,
}

impl Schedule {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the place for backups can't be used, or there is no thread to be had.
    pub fn start(config: ScheduleConfig) -> Result<Self> {
        let scheduled = config.scheduled;
        let round = Round {
            shelf: Shelf::at(&scheduled.location, &scheduled.s3)?,
            store: config.store,
            data: config.data,
            every: scheduled.every,
            keep: scheduled.keep,
            key: scheduled.key,
            clock: config.clock,
        };
        let shared = Arc::new(Shared::default());
        let seen = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("backups".into())
            .spawn(move || run(&round, &seen))
            .map_err(BackupError::at(std::path::Path::new("a thread")))?;
        Ok(Self { shared, thread })
    }

    /// How the backups are doing.
    pub fn status(&self) -> BackupStatus {
        self.shared.status().clone()
    }

    /// A handle that tells the status for as long as it is kept.
    pub fn watcher(&self) -> impl Fn() -> BackupStatus + Send + Sync + 'static {
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
    fn status(&self) -> parking_lot::MutexGuard<'_, BackupStatus> {
        self.status.lock()
    }

    fn stopping(&self) -> parking_lot::MutexGuard<'_, bool> {
        self.stopping.lock()
    }

    /// Waits until it is time to look again; true when it is time to stop.
    fn rest(&self) -> bool {
        let mut stopping = self.stopping();
        self.wake
            .wait_while_for(&mut stopping, |stopping| !*stopping, LOOK_EVERY);
        *stopping
    }
}

fn run(round: &Round, shared: &Shared) {
    if let Err(error) = round.shelf.sweep() {
        tracing::warn!("leftovers of interrupted backups stay: {error}");
    }
    let mut status = BackupStatus::default();
    loop {
        tick(round, &mut status);
        shared.status().clone_from(&status);
        if shared.rest() {
            return;
        }
    }
}

/// Makes a backup when one is due, and keeps `status`.
fn tick(round: &Round, status: &mut BackupStatus) {
    let now = round.clock.now();
    if status.due.is_some_and(|due| now < due) {
        return;
    }
    let looked = if status.newest.is_none() {
        look(round, status, now)
    } else {
        Ok(())
    };
    if looked.is_ok() && status.due.is_some_and(|due| now < due) {
        return;
    }
    match looked.and_then(|()| make(round, now)) {
        Ok(made) => note_success(round, status, now, &made),
        Err(error) => note_failure(status, now, &error),
    }
}

/// Reads off the shelf when the newest backup was made, and what is due then.
fn look(round: &Round, status: &mut BackupStatus, now: Timestamp) -> Result<()> {
    let Some(newest) = round.shelf.list()?.into_iter().next() else {
        return Ok(());
    };
    // A name from the future, by a clock that was wrong, does not put off the next.
    status.due = Some(after(newest.created.min(now), round.every));
    status.newest = Some(newest.created);
    status.newest_name = newest.name;
    status.newest_bytes = newest.bytes;
    Ok(())
}

/// A panic is a failure like another: the schedule goes on.
fn make(round: &Round, now: Timestamp) -> Result<Made> {
    let job = BackupJob {
        origin: Origin::Store(&round.store),
        data: &round.data,
        key: round.key.as_ref(),
        now,
        watch: &super::unwatched,
    };
    catch_unwind(AssertUnwindSafe(|| round.shelf.add(&job)))
        .unwrap_or_else(|_| Err(BackupError::Server("it panicked; see the log".to_owned())))
}

fn note_success(round: &Round, status: &mut BackupStatus, now: Timestamp, made: &Made) {
    let seconds = round.clock.now().duration_since(now).as_secs_f64();
    tracing::info!(
        bytes = made.verified.bytes,
        seconds,
        "backup made and verified: {}",
        made.name
    );
    *status = BackupStatus {
        newest: Some(now),
        newest_name: made.name.clone(),
        newest_bytes: made.verified.bytes,
        seconds: Some(seconds),
        due: Some(after(now, round.every)),
        ..BackupStatus::default()
    };
    let instance = &made.verified.manifest.identity.instance;
    match round.shelf.thin(round.keep, instance, round.key.as_ref()) {
        Ok(deleted) => {
            for name in deleted {
                tracing::info!("old backup deleted: {name}");
            }
        }
        Err(error) => tracing::warn!("old backups stay: {error}"),
    }
}

fn note_failure(status: &mut BackupStatus, now: Timestamp, error: &BackupError) {
    tracing::error!("backup failed: {error}");
    status.failed = Some(now);
    status.error = error.to_string();
    status.failures += 1;
    status.due = Some(after(now, RETRY));
}

fn after(time: Timestamp, wait: SignedDuration) -> Timestamp {
    time.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
