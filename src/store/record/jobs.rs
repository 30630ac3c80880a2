//! Jobs.

use jiff::Timestamp;

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{Job, JobState, Step, StepState};

record! {
    /// A job.
    JobRecord of Job {
        id: u64,
        name: String,
        key: String,
        payload: String,
        state: Number<JobState>,
        steps: Vec<StepRecord>,
        failures: u32,
        created: Timestamp,
        due: Timestamp,
        started: Option<Timestamp>,
        finished: Option<Timestamp>,
        error: String,
        cancel: bool,
    }
}

impl Record for JobRecord {}

record! {
    /// A step of it.
    StepRecord of Step {
        name: String,
        state: Number<StepState>,
        started: Option<Timestamp>,
        finished: Option<Timestamp>,
        rows: u64,
        progress: String,
        warnings: Vec<String>,
    }
}
