//! What the operator's pages ask of the parts that keep the data fresh, as an
//! interface, and the views they show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Decision, Finding, Job, StepState};

/// The running operation.
pub trait Operation: Send + Sync {
    /// The newest jobs, newest first.
    ///
    /// # Errors
    /// When the store fails.
    fn jobs(&self, limit: usize) -> Result<Vec<JobView>, OperationError>;

    /// Asks for a run of the daily chain now.
    ///
    /// # Errors
    /// [`OperationError::Refused`] says what is missing.
    fn refresh(&self) -> Result<JobView, OperationError>;

    /// Calls a job off; `None` when there is none that is not over.
    ///
    /// # Errors
    /// When the store fails.
    fn cancel(&self, id: u64) -> Result<Option<JobView>, OperationError>;

    /// How fresh and how good the data is.
    ///
    /// # Errors
    /// When the store fails.
    fn quality(&self) -> Result<QualityView, OperationError>;

    /// People of published lists who wait for a decision, by publisher and name.
    ///
    /// # Errors
    /// When the store fails.
    fn reviews(&self) -> Result<Vec<ReviewView>, OperationError>;

    /// Keeps who somebody is; `None` when nobody has the key.
    ///
    /// # Errors
    /// [`OperationError::Refused`] when there is no such player.
    fn decide(&self, key: &str, decision: Decision) -> Result<Option<ReviewView>, OperationError>;
}

/// Why an operation was not done.
#[derive(Debug)]
pub enum OperationError {
    /// It may not be done; the text says what to do first.
    Refused(String),
    /// Something failed.
    Source(Box<dyn std::error::Error + Send + Sync>),
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

/// How fresh and how good the data is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QualityView {
    /// The worst level: `ok`, `info`, `warning` or `critical`.
    pub level: String,
    /// The whole in one sentence.
    pub summary: String,
    /// The sources.
    pub sources: Vec<SourceView>,
    /// What the newest checks found, the worst first.
    pub findings: Vec<FindingView>,
    /// Rows set aside, over all imports and sources.
    pub quarantined: u64,
}

/// A source of data.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SourceView {
    /// Short name.
    pub name: String,
    /// Name as people say it.
    pub title: String,
    /// True when it is asked by itself.
    pub enabled: bool,
    /// True when the operator accepted its terms, or it has none.
    pub terms_accepted: bool,
    /// `ok`, `warning`, `critical` or `off`.
    pub level: String,
    /// The day its data is true for.
    pub data_day: Option<String>,
    /// When its data was applied, RFC 3339 UTC.
    pub applied: Option<String>,
    /// Hours since then.
    pub age_hours: Option<f64>,
    /// Rows of that data.
    pub rows: u64,
    /// Why it failed last; empty when it did not.
    pub error: String,
    /// Since when it answers with challenge pages.
    pub blocked_since: Option<String>,
    /// Requests made today (UTC).
    pub requests_today: u32,
    /// Requests a day that may be made.
    pub requests_allowed: u32,
}

/// One thing a check found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FindingView {
    /// The day of the check.
    pub day: String,
    /// `schema`, `completeness`, `duplicates`, `outliers`, `agreement`, `refused` or `freshness`.
    pub check: String,
    /// `info`, `warning` or `critical`.
    pub severity: String,
    /// The source.
    pub source: String,
    /// The finding in a sentence.
    pub what: String,
    /// Rows or fields it concerns.
    pub count: u32,
    /// Some of them.
    pub examples: Vec<String>,
}

/// Somebody on a published list who could not be told for certain.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReviewView {
    /// Names the publisher and the person.
    pub key: String,
    /// Publisher.
    pub source: String,
    /// Name as published.
    pub name: String,
    /// Birth date, when the list has it.
    pub birth_date: Option<String>,
    /// Organisation code; empty when unknown.
    pub organisation: String,
    /// Position as published; empty when unknown.
    pub position: String,
    /// Age as published.
    pub age: Option<f32>,
    /// What the publisher says of him, one sentence per list.
    pub entries: Vec<String>,
    /// Who it could be, the likeliest first.
    pub candidates: Vec<CandidateView>,
    /// `open`, `matched` or `dismissed`.
    pub decision: String,
    /// The player he was matched to.
    pub player: Option<u32>,
}

/// A player somebody could be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CandidateView {
    /// Id of the player.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Birth date.
    pub birth_date: Option<String>,
}

impl ReviewView {
    /// Name, position, organisation and age in a line.
    pub fn person(&self) -> String {
        let age = self.age.map(|age| format!("age {age:.1}"));
        let born = self.birth_date.as_ref().map(|day| format!("born {day}"));
        let known = [
            Some(self.name.clone()),
            Some(self.position.clone()),
            Some(self.organisation.clone()),
            age,
            born,
        ];
        let said: Vec<String> = known
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        said.join(", ")
    }
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

impl FindingView {
    /// A finding of the check of `day`.
    pub fn new(day: jiff::civil::Date, finding: &Finding) -> Self {
        Self {
            day: day.to_string(),
            check: finding.check.to_string(),
            severity: finding.severity.to_string(),
            source: finding.source.clone(),
            what: finding.what.clone(),
            count: finding.count,
            examples: finding.examples.clone(),
        }
    }
}
