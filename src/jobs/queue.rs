//! The queue and the threads that work it off.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::{Condvar, Mutex};
use serde::Serialize;

use super::JobStore;
use super::bookkeeping::Bookkeeping;
use super::context::{Context, Hopeless, Interrupted};
use super::kind::{JobKind, Lane, Run};
use crate::clock::Clock;
use crate::domain::{Job, JobState, StepState};

/// How often the queue looks at the clock when nothing wakes it.
const LOOK: Duration = Duration::from_secs(20);
/// How soon it looks again after the store failed.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

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

/// What stands for a payload that was forgotten.
const FORGOTTEN: &str = "null";

/// The queue.
pub struct Queue {
    books: Bookkeeping,
    kinds: Vec<JobKind>,
    bells: [Bell; Lane::ALL.len()],
}

/// Wakes the thread of a lane.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Queue {
    /// A queue over `store` that knows how to do `kinds`.
    pub fn new(store: Arc<dyn JobStore>, clock: Arc<dyn Clock>, kinds: Vec<JobKind>) -> Self {
        Self {
            books: Bookkeeping::new(store, clock),
            kinds,
            bells: Default::default(),
        }
    }

    /// Calls `listener` with every progress and warning.
    pub fn on_progress(mut self, listener: impl Fn(&Job, &str) + Send + Sync + 'static) -> Self {
        self.books.listener = Some(Box::new(listener));
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
            created: self.books.now(),
            due: new.due,
            started: None,
            finished: None,
            error: String::new(),
            cancel: false,
        };
        let added = self.books.store.add(job)?;
        if added.is_some() {
            self.wake();
        }
        Ok(added)
    }

    /// Where the jobs are kept.
    pub fn store(&self) -> &dyn JobStore {
        &*self.books.store
    }

    /// Has the open job of a kind run now, with a new payload; `None` when none is open.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn hasten<T: Serialize>(&self, name: &str, payload: &T) -> anyhow::Result<Option<Job>> {
        let payload = serde_json::to_string(payload)?;
        self.change_open(name, |job| job.payload.clone_from(&payload))
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
        self.books.store.cancel(id, self.books.now())
    }

    /// Puts jobs that a crash left running back into the queue.
    ///
    /// # Errors
    /// When the store fails.
    pub fn recover(&self) -> anyhow::Result<()> {
        Lane::ALL
            .into_iter()
            .try_for_each(|lane| self.recover_lane(lane))
    }

    /// Runs every job that is due, one after the other.
    ///
    /// # Errors
    /// When the store fails; a job's failure is kept with the job.
    pub fn run_due(&self) -> anyhow::Result<()> {
        Lane::ALL
            .into_iter()
            .try_for_each(|lane| self.run_lane(lane))
    }

    /// Works the jobs of `lane` off until [`Self::stop`], calling `tick` (which may
    /// add jobs) whenever it looks. Each lane wants a thread of its own.
    pub fn work(&self, lane: Lane, tick: &dyn Fn() -> anyhow::Result<()>) {
        // When the store could not be told how a job ended, it says that it still runs.
        let mut lost = true;
        while !self.books.is_stopping() {
            let recovered = if lost {
                self.recover_lane(lane)
            } else {
                Ok(())
            };
            let worked = recovered
                .and_then(|()| tick())
                .and_then(|()| self.run_lane(lane));
            lost = worked.is_err();
            if let Err(error) = worked {
                tracing::error!("the queue failed and goes on: {error:#}");
            }
            self.bells[lane as usize].wait(if lost { LOOK_AGAIN } else { LOOK });
        }
    }

    /// Ends [`Self::work`] soon; running jobs stop at their next checkpoint.
    pub fn stop(&self) {
        self.books.stop();
        self.wake();
    }

    fn recover_lane(&self, lane: Lane) -> anyhow::Result<()> {
        for mut job in self.open(lane)? {
            if job.state == JobState::Running {
                back_in_line(&mut job);
                self.books.keep(&job)?;
            }
        }
        Ok(())
    }

    fn run_lane(&self, lane: Lane) -> anyhow::Result<()> {
        while !self.books.is_stopping() {
            let now = self.books.now();
            let mut open = self.open(lane)?;
            open.retain(|job| job.state == JobState::Waiting && job.due <= now);
            let Some(next) = open.into_iter().min_by_key(|job| (job.due, job.id)) else {
                break;
            };
            self.run(next)?;
        }
        Ok(())
    }

    /// Jobs of a lane that are not over, oldest first.
    fn open(&self, lane: Lane) -> anyhow::Result<Vec<Job>> {
        let mut open = self.books.store.open()?;
        open.retain(|job| self.kind(&job.name).map_or(Lane::Heavy, |kind| kind.lane) == lane);
        Ok(open)
    }

    fn kind(&self, name: &str) -> Option<&JobKind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// Changes the oldest open job of a kind, unless it is running, and makes it due.
    fn change_open(&self, name: &str, change: impl Fn(&mut Job)) -> anyhow::Result<Option<Job>> {
        let open = self
            .books
            .store
            .open()?
            .into_iter()
            .find(|job| job.name == name);
        let Some(job) = open else { return Ok(None) };
        let now = self.books.now();
        // It may have begun, or ended, since it was found waiting.
        let changed = self.books.store.change(job.id, &mut |job| {
            if job.state == JobState::Waiting {
                change(job);
                job.due = job.due.min(now);
            }
        })?;
        self.wake();
        Ok(changed)
    }

    /// Runs a job that was found waiting, unless it was called off since.
    fn run(&self, job: Job) -> anyhow::Result<()> {
        let now = self.books.now();
        let begun = self.books.store.change(job.id, &mut |job| {
            if job.state == JobState::Waiting {
                job.state = JobState::Running;
                job.started = job.started.or(Some(now));
                job.error.clear();
            }
        })?;
        let Some(job) = begun.filter(|job| job.state == JobState::Running) else {
            return Ok(());
        };
        let mut context = Context {
            job,
            books: &self.books,
        };
        let done = match self.kind(&context.job.name) {
            Some(kind) => contained(&*kind.run, &mut context),
            None => Err(anyhow::anyhow!(
                "this version knows no job `{}`",
                context.job.name
            )),
        };
        let mut job = context.job;
        self.settle(&mut job, done);
        self.books.keep(&job)
    }

    /// What the end of a run means for the job.
    fn settle(&self, job: &mut Job, done: anyhow::Result<()>) {
        let now = self.books.now();
        let kind = self.kind(&job.name);
        let over = |job: &mut Job, state| {
            job.state = state;
            job.finished = Some(now);
            if state != JobState::Failed && kind.is_some_and(|kind| kind.forgets) {
                FORGOTTEN.clone_into(&mut job.payload);
            }
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
                self.books.hear(job, &format!("failed: {}", job.error));
                let pauses = kind.map_or(&[][..], |kind| kind.pauses);
                let again = pauses.get(job.failures as usize);
                match again.filter(|_| !error.is::<Hopeless>()) {
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
        self.bells.iter().for_each(Bell::ring);
    }
}

impl Bell {
    fn ring(&self) {
        *self.rung.lock() = true;
        self.heard.notify_all();
    }

    fn wait(&self, longest: Duration) {
        let mut rung = self.rung.lock();
        self.heard.wait_while_for(&mut rung, |rung| !*rung, longest);
        *rung = false;
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
