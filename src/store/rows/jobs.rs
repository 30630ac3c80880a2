//! Jobs and their keys.

use crate::domain::Job;
use crate::store::error::StoreError;
use crate::store::record::jobs::JobRecord;
use crate::store::record::shape::Form;
use crate::store::tables::{JOB_KEYS, JOBS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

/// Jobs of one name that are over and still remembered, beyond which the oldest are
/// dropped: of a name, so that many mails don't make the last training forgotten.
const REMEMBERED: usize = 500;

impl ReadTx {
    /// The job with a number.
    pub fn job(&self, id: u64) -> Result<Option<Job>, StoreError> {
        Ok(self.row(&JOBS, id)?.map(Form::value))
    }

    /// Every remembered job, oldest first.
    pub fn jobs(&self) -> Result<Vec<Job>, StoreError> {
        self.scan(&JOBS, .., |_, job| Ok(job.value()))
    }
}

impl WriteTx {
    /// Adds a job under the next number, unless its key is taken.
    pub fn add_job(&mut self, mut job: Job) -> Result<Option<Job>, StoreError> {
        let taken = (job.name.as_str(), job.key.as_str());
        if !job.key.is_empty() && self.get(&JOB_KEYS, taken)?.is_some() {
            return Ok(None);
        }
        job.id = self.last_key(&JOBS)?.unwrap_or(0) + 1;
        if !job.key.is_empty() {
            self.put(&JOB_KEYS, (job.name.as_str(), job.key.as_str()), &job.id)?;
        }
        self.put(&JOBS, job.id, &JobRecord::of(&job))?;
        self.forget_jobs(&job.name)?;
        Ok(Some(job))
    }

    /// The job with a number, as this transaction leaves it.
    pub fn job(&self, id: u64) -> Result<Option<Job>, StoreError> {
        Ok(self.get(&JOBS, id)?.map(Form::value))
    }

    /// Replaces a job, except for its `cancel`.
    pub fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        let cancel = self.get(&JOBS, job.id)?.is_some_and(|held| held.cancel);
        let mut record = JobRecord::of(job);
        record.cancel = cancel;
        self.put(&JOBS, job.id, &record)
    }

    /// Changes a job as `change` says; `None` when there is none.
    pub fn change_job(
        &mut self,
        id: u64,
        change: impl FnOnce(&mut Job),
    ) -> Result<Option<Job>, StoreError> {
        let Some(record) = self.get(&JOBS, id)? else {
            return Ok(None);
        };
        let mut job = record.value();
        change(&mut job);
        self.put(&JOBS, id, &JobRecord::of(&job))?;
        Ok(Some(job))
    }

    fn forget_jobs(&mut self, name: &str) -> Result<(), StoreError> {
        let over: Vec<u64> = self
            .all(&JOBS)?
            .into_iter()
            .map(Form::value)
            .filter(|job| job.is_over() && job.name == name)
            .map(|job| job.id)
            .collect();
        for &id in over.iter().take(over.len().saturating_sub(REMEMBERED)) {
            self.remove(&JOBS, id)?;
        }
        Ok(())
    }
}
