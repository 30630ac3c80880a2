//! The queue and the thread that works it off.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::JobStore;
use super::context::{Context, Interrupted};
use crate::clock::Clock;
use crate::domain::{Job, JobState, StepState};

/// Pauses after the first, second, ... failure, in minutes; after as many
/// failures as there are pauses plus one, the job is given up.
const PAUSES: [i64; 4] = [2, 10, 30, 120];
/// How often the queue looks at the clock when nothing wakes it.
const LOOK: Duration = Duration::from_secs(20);
/// How soon it looks again after the store failed.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// A kind of work.
pub struct Kind {
    /// Name of its jobs.
    pub name: &'static str,
    /// Does it.
    pub run: Box<Run>,
}

/// The function of a kind.
pub type Run = dyn Fn(&mut Context<'_>) -> anyhow::Result<()> + Send + Sync;
type Listener = Box<dyn Fn(&Job, &str) + Send + Sync>;

/// A job to add.
#[derive(Clone, Debug)]
pub struct NewJob<'a, T> {
    /// Kind of work.
    pub name: &'a str,
    /// At most one job of the kind ever has this key; empty for none.
    pub key: &'a str,
    /// What to do.
    pub payload: &'a T,
    /// Not before this.
    pub due: Timestamp,
}

/// The queue.
pub struct Queue {
    store: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    kinds: Vec<Kind>,
    stopping: AtomicBool,
    woken: Mutex<bool>,
    wake: Condvar,
    listener: Option<Listener>,
}

impl Queue {
    /// A queue over `store` that knows how to do `kinds`.
    pub fn new(store: Arc<dyn JobStore>, clock: Arc<dyn Clock>, kinds: Vec<Kind>) -> Self {
        Self {
            store,
            clock,
            kinds,
            stopping: AtomicBool::new(false),
            woken: Mutex::new(false),
            wake: Condvar::new(),
            listener: None,
        }
    }

    /// Calls `listener` with every progress and warning.
    pub fn on_progress(mut self, listener: impl Fn(&Job, &str) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Adds a job; `None` when one with its key exists.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn add<T: Serialize>(&self, new: &NewJob<'_, T>) -> anyhow::Result<Option<Job>> {
        let job = Job {
            id: 0,
            name: new.name.to_owned(),
            key: new.key.to_owned(),
            payload: serde_json::to_string(new.payload)?,
            state: JobState::Waiting,
            steps: Vec::new(),
            failures: 0,
            created: self.clock.now(),
            due: new.due,
            started: None,
            finished: None,
            error: String::new(),
            cancel: false,
        };
        let added = self.store.add(job)?;
        if added.is_some() {
            self.wake();
        }
        Ok(added)
    }

    /// Where the jobs are kept.
    pub fn store(&self) -> &dyn JobStore {
        &*self.store
    }

    /// Has the open job of a kind run now, with a new payload; `None` when none is open.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn hasten<T: Serialize>(&self, name: &str, payload: &T) -> anyhow::Result<Option<Job>> {
        let payload = serde_json::to_string(payload)?;
        self.change_open(name, |job| job.payload = payload)
    }

    /// Has the open job of a kind go on now; `None` when none is open.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn resume(&self, name: &str) -> anyhow::Result<Option<Job>> {
        self.change_open(name, |_| ())
    }

    /// Calls a job off.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn cancel(&self, id: u64) -> anyhow::Result<Option<Job>> {
        self.store.cancel(id, self.clock.now())
    }

    /// Puts jobs that a crash left running back into the queue.
    ///
    /// # Errors
    /// When the store fails.
    pub fn recover(&self) -> anyhow::Result<()> {
        for mut job in self.store.open()? {
            if job.state == JobState::Running {
                back_in_line(&mut job);
                self.store.update(&job)?;
            }
        }
        Ok(())
    }

    /// Runs every job that is due, one after the other.
    ///
    /// # Errors
    /// When the store fails; a job's failure is kept with the job.
    pub fn run_due(&self) -> anyhow::Result<()> {
        while !self.is_stopping() {
            let now = self.clock.now();
            let mut open = self.store.open()?;
            open.retain(|job| job.state == JobState::Waiting && job.due <= now);
            let Some(next) = open.into_iter().min_by_key(|job| (job.due, job.id)) else {
                break;
            };
            self.run(next)?;
        }
        Ok(())
    }

    /// Works the queue off until [`Self::stop`], calling `tick` (which may add jobs)
    /// whenever it looks.
    pub fn work(&self, tick: &dyn Fn() -> anyhow::Result<()>) {
        // When the store could not be told how a job ended, it says that it still runs.
        let mut lost = true;
        while !self.is_stopping() {
            let recovered = if lost { self.recover() } else { Ok(()) };
            let worked = recovered
                .and_then(|()| tick())
                .and_then(|()| self.run_due());
            lost = worked.is_err();
            if let Err(error) = worked {
                tracing::error!("the queue failed and goes on: {error:#}");
            }
            self.sleep(if lost { LOOK_AGAIN } else { LOOK });
        }
    }

    /// Ends [`Self::work`] soon; the running job stops at its next checkpoint.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.wake();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn is_cancelled(&self, id: u64) -> anyhow::Result<bool> {
        Ok(self.store.job(id)?.is_some_and(|job| job.cancel))
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn keep(&self, job: &Job) -> anyhow::Result<()> {
        self.store.update(job)
    }

    pub(super) fn hear(&self, job: &Job, text: &str) {
        if let Some(listener) = &self.listener {
            listener(job, text);
        }
    }

    /// Changes the oldest open job of a kind, unless it is running, and makes it due.
    fn change_open(
        &self,
        name: &str,
        change: impl FnOnce(&mut Job),
    ) -> anyhow::Result<Option<Job>> {
        let open = self.store.open()?.into_iter().find(|job| job.name == name);
        let Some(mut job) = open else { return Ok(None) };
        if job.state == JobState::Waiting {
            change(&mut job);
            job.due = job.due.min(self.clock.now());
            self.store.update(&job)?;
            self.wake();
        }
        Ok(Some(job))
    }

    fn run(&self, mut job: Job) -> anyhow::Result<()> {
        job.state = JobState::Running;
        job.started = job.started.or(Some(self.clock.now()));
        job.error.clear();
        self.store.update(&job)?;
        let mut context = Context { job, queue: self };
        let done = match self.kinds.iter().find(|kind| kind.name == context.job.name) {
            Some(kind) => contained(&*kind.run, &mut context),
            None => Err(anyhow::anyhow!(
                "this version knows no job `{}`",
                context.job.name
            )),
        };
        let mut job = context.job;
        self.settle(&mut job, done);
        self.store.update(&job)
    }

    /// What the end of a run means for the job.
    fn settle(&self, job: &mut Job, done: anyhow::Result<()>) {
        let now = self.clock.now();
        let over = |job: &mut Job, state| {
            job.state = state;
            job.finished = Some(now);
        };
        let error = match done {
            Ok(()) => return over(job, JobState::Done),
            Err(error) => error,
        };
        match error.downcast_ref::<Interrupted>() {
            Some(Interrupted::Cancelled) => over(job, JobState::Cancelled),
            Some(Interrupted::Stopping) => back_in_line(job),
            Some(&Interrupted::Later(due)) => {
                back_in_line(job);
                job.due = due;
            }
            None => {
                job.error = format!("{error:#}");
                self.hear(job, &format!("failed: {}", job.error));
                match PAUSES.get(job.failures as usize) {
                    Some(&minutes) => {
                        back_in_line(job);
                        job.due = now
                            .saturating_add(jiff::SignedDuration::from_mins(minutes))
                            .unwrap_or(now);
                    }
                    None => over(job, JobState::Failed),
                }
                job.failures += 1;
            }
        }
    }

    fn wake(&self) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    fn sleep(&self, longest: Duration) {
        let woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .wake
            .wait_timeout_while(woken, longest, |woken| !*woken);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

fn back_in_line(job: &mut Job) {
    job.state = JobState::Waiting;
    for step in &mut job.steps {
        if step.state == StepState::Running {
            step.state = StepState::Waiting;
        }
    }
}

/// Runs the job; a panic is its failure alone.
fn contained(run: &Run, context: &mut Context<'_>) -> anyhow::Result<()> {
    catch_unwind(AssertUnwindSafe(|| run(context))).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(anyhow::anyhow!("it panicked: {}", text.unwrap_or_default()))
    })
}
