//! A durable queue of work: payloads in the store, at most one job per key,
//! steps that are never done twice, failures tried again later, panics contained.
//!
//! The queue knows no concrete job. A [`JobKind`] pairs a name with the function that
//! does the work; the function divides it into [`Context::step`]s, so that after a
//! crash the next run begins at the step that was not finished. One thread runs
//! one job of a [`Lane`] at a time: jobs write big transactions, and the machine is
//! small; what takes seconds has a lane of its own, and never waits for the rest.

mod bookkeeping;
mod context;
mod kind;
mod queue;
pub mod schedule;
#[cfg(test)]
mod tests;

pub use context::{Context, Hopeless, Interrupted, Stepping};
pub use kind::{JobKind, Lane, Run};
pub use queue::{NewJob, Queue};

use jiff::Timestamp;

use crate::domain::Job;

/// Where jobs are kept.
pub trait JobStore: Send + Sync {
    /// Adds a job and numbers it; `None` when there is one with its key.
    ///
    /// # Errors
    /// When it can't be kept.
    fn add(&self, job: Job) -> anyhow::Result<Option<Job>>;

    /// Replaces a job, except for its `cancel`, which only [`Self::cancel`] sets.
    ///
    /// # Errors
    /// When it can't be kept.
    fn update(&self, job: &Job) -> anyhow::Result<()>;

    /// Changes a job as `change` says, in one step that no other change comes between;
    /// `None` when there is none. What `change` does to `cancel` is kept too.
    ///
    /// # Errors
    /// When it can't be kept.
    fn change(&self, id: u64, change: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>>;

    /// The job with a number.
    ///
    /// # Errors
    /// When it can't be read.
    fn job(&self, id: u64) -> anyhow::Result<Option<Job>>;

    /// Every job that is not over, oldest first.
    ///
    /// # Errors
    /// When they can't be read.
    fn open(&self) -> anyhow::Result<Vec<Job>>;

    /// The newest jobs, newest first.
    ///
    /// # Errors
    /// When they can't be read.
    fn newest(&self, limit: usize) -> anyhow::Result<Vec<Job>>;

    /// Calls a job off: at once when it waits, at its next checkpoint when it runs.
    /// Returns the job, or `None` when there is none or it is over.
    ///
    /// # Errors
    /// When it can't be kept.
    fn cancel(&self, id: u64, now: Timestamp) -> anyhow::Result<Option<Job>>;
}
