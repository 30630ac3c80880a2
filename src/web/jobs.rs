//! What the pages and the API of jobs ask of the queue behind the site, as an
//! interface, and the views they show.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::WebError;
use super::operator::Operator;
use crate::domain::{Job, StepState};
use crate::rankings::SourceError;

/// Jobs an answer lists.
pub(super) const LISTED: usize = 50;

/// The running queue.
pub trait Jobs: Send + Sync {
    /// The newest jobs, newest first.
    ///
    /// # Errors
    /// When the store fails.
    fn jobs(&self, limit: usize) -> Result<Vec<JobView>, JobsError>;

    /// Asks for a run of the daily chain now.
    ///
    /// # Errors
    /// [`JobsError::Refused`] says what is missing.
    fn refresh(&self, by: &Operator) -> Result<JobView, JobsError>;

    /// Calls a job off; `None` when there is none that is not over.
    ///
    /// # Errors
    /// When the store fails.
    fn cancel(&self, by: &Operator, id: u64) -> Result<Option<JobView>, JobsError>;
}

/// Why a job was not asked for or called off.
#[derive(Debug)]
pub enum JobsError {
    /// It may not be done; the text says what to do first.
    Refused(String),
    /// Something failed.
    Source(SourceError),
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct JobView {
    /// Its number.
    pub id: u64,
    /// Kind of work.
    pub name: String,
    /// Day, week or nothing: what it is for.
    pub key: String,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// When it was asked for, RFC 3339 UTC.
    pub created: String,
    /// Not run before this.
    pub due: String,
    /// When its first run began.
    pub started: Option<String>,
    /// When it ended.
    pub finished: Option<String>,
    /// Runs that failed.
    pub failures: u32,
    /// Why the last run failed; empty when it did not.
    pub error: String,
    /// True once it was called off.
    pub cancel: bool,
    /// Its steps, in order.
    pub steps: Vec<StepView>,
}

/// A step of a job.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StepView {
    /// Name.
    pub name: String,
    /// `waiting`, `running`, `done`, `failed` or `skipped`.
    pub state: String,
    /// Seconds it took; none while it runs.
    pub seconds: Option<f64>,
    /// Rows it handled.
    pub rows: u64,
    /// How far it is, in words.
    pub progress: String,
    /// What the operator should know.
    pub warnings: Vec<String>,
}

impl From<&Job> for JobView {
    fn from(job: &Job) -> Self {
        let steps = job.steps.iter().map(|step| StepView {
            name: step.name.clone(),
            state: step.state.to_string(),
            seconds: step
                .started
                .zip(step.finished)
                .filter(|_| step.state != StepState::Running)
                .map(|(from, to)| to.duration_since(from).as_secs_f64()),
            rows: step.rows,
            progress: step.progress.clone(),
            warnings: step.warnings.clone(),
        });
        Self {
            id: job.id,
            name: job.name.clone(),
            key: job.key.clone(),
            state: job.state.to_string(),
            created: job.created.to_string(),
            due: job.due.to_string(),
            started: job.started.map(|at| at.to_string()),
            finished: job.finished.map(|at| at.to_string()),
            failures: job.failures,
            error: job.error.clone(),
            cancel: job.cancel,
            steps: steps.collect(),
        }
    }
}

impl From<JobsError> for WebError {
    fn from(error: JobsError) -> Self {
        match error {
            JobsError::Refused(detail) => Self::new(StatusCode::CONFLICT, "not_yet", detail),
            JobsError::Source(cause) => Self::internal(&*cause),
        }
    }
}
