//! Jobs and their steps, as they are kept.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::level::{UnknownName, named};

named!(
    /// Where a job stands.
    JobState, "job state" {
        /// To be run, now or at its time.
        Waiting = "waiting",
        /// Being run.
        Running = "running",
        /// Finished.
        Done = "done",
        /// Given up after its last attempt.
        Failed = "failed",
        /// Called off by the operator.
        Cancelled = "cancelled",
    }
);

named!(
    /// Where a step of a job stands.
    StepState, "step state" {
        /// Not begun.
        Waiting = "waiting",
        /// Being done.
        Running = "running",
        /// Finished; never done again by the same job.
        Done = "done",
        /// Failed; the job's next attempt begins here.
        Failed = "failed",
        /// Had nothing to do.
        Skipped = "skipped",
    }
);

/// A piece of work that survives restarts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Number, from 1; later jobs have higher ones.
    pub id: u64,
    /// Kind of work.
    pub name: String,
    /// At most one unfinished or finished job has a key; empty for jobs that may repeat.
    pub key: String,
    /// What to do, as the kind's JSON.
    pub payload: String,
    /// Where it stands.
    pub state: JobState,
    /// Its steps, in order; empty until it first runs.
    pub steps: Vec<Step>,
    /// Runs that failed.
    pub failures: u32,
    /// When it was asked for.
    pub created: Timestamp,
    /// Not run before this.
    pub due: Timestamp,
    /// When its first run began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Why its last run failed; empty when it did not.
    pub error: String,
    /// True once the operator called it off; it stops at its next checkpoint.
    pub cancel: bool,
}

/// One step of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Name.
    pub name: String,
    /// Where it stands.
    pub state: StepState,
    /// When its last run began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Rows it handled.
    pub rows: u64,
    /// How far it is, in words; empty when there is nothing to say.
    pub progress: String,
    /// What the operator should know.
    pub warnings: Vec<String>,
}

impl Job {
    /// True once nothing will happen to it any more.
    pub fn is_over(&self) -> bool {
        matches!(
            self.state,
            JobState::Done | JobState::Failed | JobState::Cancelled
        )
    }
}
