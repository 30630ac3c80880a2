//! What a running job sees: its payload, its steps, and whether to go on.

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::bookkeeping::Bookkeeping;
use crate::domain::{Job, Step, StepState};

/// A job's run.
pub struct Context<'q> {
    pub(super) job: Job,
    pub(super) books: &'q Bookkeeping,
}

/// Why a job stops before its end without having failed.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// It goes on at this time.
    #[error("goes on at {0}")]
    Later(Timestamp),
    /// The operator called it off.
    #[error("called off by the operator")]
    Cancelled,
    /// The program stops; the next start goes on.
    #[error("the program stops")]
    Stopping,
}

/// Why a job is given up at once: trying again can't help.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Hopeless(pub String);

/// A step while it is being done.
pub struct Stepping<'c, 'q> {
    context: &'c mut Context<'q>,
    at: usize,
}

impl<'q> Context<'q> {
    /// The job as it stands.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.books.now()
    }

    /// What to do.
    ///
    /// # Errors
    /// When the payload is not of this shape: it was written by another version.
    pub fn payload<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        Ok(serde_json::from_str(&self.job.payload)?)
    }

    /// Names the steps to come, so that they are shown before they begin. Steps
    /// already known keep their state.
    ///
    /// # Errors
    /// When they can't be kept.
    pub fn plan<'s>(&mut self, names: impl IntoIterator<Item = &'s str>) -> anyhow::Result<()> {
        for name in names {
            self.place(name);
        }
        self.books.keep(&self.job)
    }

    /// Does a step unless an earlier run of the job has: `work` says how many rows
    /// it handled. Before `due` the job is interrupted until then.
    ///
    /// # Errors
    /// What `work` returns; [`Interrupted`] when the job is not to go on now.
    pub fn step(
        &mut self,
        name: &str,
        due: Option<Timestamp>,
        work: impl FnOnce(&mut Stepping<'_, 'q>) -> anyhow::Result<u64>,
    ) -> anyhow::Result<()> {
        let at = self.place(name);
        if matches!(
            self.job.steps[at].state,
            StepState::Done | StepState::Skipped
        ) {
            return Ok(());
        }
        self.checkpoint()?;
        if let Some(due) = due.filter(|&due| due > self.now()) {
            return Err(Interrupted::Later(due).into());
        }
        self.begin(at)?;
        let done = work(&mut Stepping {
            context: &mut *self,
            at,
        });
        self.end(at, done)
    }

    /// Returns when the job may go on.
    ///
    /// # Errors
    /// [`Interrupted`] when it may not.
    pub fn checkpoint(&self) -> anyhow::Result<()> {
        if self.books.is_stopping() {
            return Err(Interrupted::Stopping.into());
        }
        match self.books.is_cancelled(self.job.id)? {
            true => Err(Interrupted::Cancelled.into()),
            false => Ok(()),
        }
    }

    fn place(&mut self, name: &str) -> usize {
        let steps = &mut self.job.steps;
        steps
            .iter()
            .position(|step| step.name == name)
            .unwrap_or_else(|| {
                steps.push(Step {
                    name: name.to_owned(),
                    state: StepState::Waiting,
                    started: None,
                    finished: None,
                    rows: 0,
                    progress: String::new(),
                    warnings: Vec::new(),
                });
                steps.len() - 1
            })
    }

    fn begin(&mut self, at: usize) -> anyhow::Result<()> {
        let now = self.now();
        let step = &mut self.job.steps[at];
        step.state = StepState::Running;
        step.started = Some(now);
        step.finished = None;
        step.warnings.clear();
        self.books.keep(&self.job)
    }

    fn end(&mut self, at: usize, done: anyhow::Result<u64>) -> anyhow::Result<()> {
        let now = self.now();
        let step = &mut self.job.steps[at];
        step.finished = Some(now);
        step.progress.clear();
        let result = match done {
            Ok(rows) => {
                step.rows = rows;
                if step.state == StepState::Running {
                    step.state = StepState::Done;
                }
                Ok(())
            }
            Err(error) if error.is::<Interrupted>() => {
                step.state = StepState::Waiting;
                Err(error)
            }
            Err(error) => {
                step.state = StepState::Failed;
                Err(error.context(format!("step `{}` failed", step.name)))
            }
        };
        self.books.keep(&self.job)?;
        result
    }
}

impl Stepping<'_, '_> {
    /// Says how far the step is.
    ///
    /// # Errors
    /// [`Interrupted`] when the job may not go on, and when it can't be kept.
    pub fn progress(&mut self, text: impl Into<String>) -> anyhow::Result<()> {
        let text = text.into();
        self.context.books.hear(&self.context.job, &text);
        self.context.job.steps[self.at].progress = text;
        self.context.books.keep(&self.context.job)?;
        self.context.checkpoint()
    }

    /// Tells the operator something that does not stop the job.
    pub fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.context.books.hear(&self.context.job, &text);
        self.context.job.steps[self.at].warnings.push(text);
    }

    /// Marks the step as one that had nothing to do.
    pub fn skip(&mut self, why: impl Into<String>) {
        self.warn(why);
        self.context.job.steps[self.at].state = StepState::Skipped;
    }

    /// Has an earlier step done again when the job runs next.
    pub fn redo(&mut self, name: &str) {
        let steps = &mut self.context.job.steps;
        if let Some(step) = steps.iter_mut().find(|step| step.name == name) {
            step.state = StepState::Waiting;
        }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.context.now()
    }
}
