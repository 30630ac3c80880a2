//! The store as the queue and the outbound client ask for it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::deflate::{deflated, inflated};
use crate::domain::{Job, JobState};
use crate::http::{Kept, Ledger, LedgerError};
use crate::jobs::JobStore;
use crate::store::{KeptBody, Store};

/// The store behind the interfaces of lower layers.
#[derive(Clone, Debug)]
pub(super) struct Stored(pub(super) Store);

impl JobStore for Stored {
    fn add(&self, job: Job) -> anyhow::Result<Option<Job>> {
        Ok(self.0.write(|tx| tx.add_job(job))?)
    }

    fn update(&self, job: &Job) -> anyhow::Result<()> {
        Ok(self.0.write(|tx| tx.update_job(job))?)
    }

    fn change(&self, id: u64, change: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>> {
        Ok(self.0.write(|tx| tx.change_job(id, change))?)
    }

    fn job(&self, id: u64) -> anyhow::Result<Option<Job>> {
        Ok(self.0.read(|tx| tx.job(id))?)
    }

    fn open(&self) -> anyhow::Result<Vec<Job>> {
        let mut jobs = self.0.read(|tx| tx.jobs())?;
        jobs.retain(|job| !job.is_over());
        Ok(jobs)
    }

    fn newest(&self, limit: usize) -> anyhow::Result<Vec<Job>> {
        let jobs = self.0.read(|tx| tx.jobs())?;
        Ok(jobs.into_iter().rev().take(limit).collect())
    }

    fn cancel(&self, id: u64, now: Timestamp) -> anyhow::Result<Option<Job>> {
        let changed = self.0.write(|tx| {
            if tx.job(id)?.is_none_or(|job| job.is_over()) {
                return Ok(None);
            }
            tx.change_job(id, |job| {
                job.cancel = true;
                if job.state == JobState::Waiting {
                    job.state = JobState::Cancelled;
                    job.finished = Some(now);
                }
            })
        })?;
        Ok(changed)
    }
}

impl Ledger for Stored {
    fn spend(&self, host: &str, day: Date, limit: u32) -> Result<bool, LedgerError> {
        Ok(self.0.write(|tx| tx.spend_request(host, day, limit))?)
    }

    fn kept(&self, url: &str) -> Result<Option<Kept>, LedgerError> {
        let Some(kept) = self.0.read(|tx| tx.kept_body(url))? else {
            return Ok(None);
        };
        let body = inflated(&kept.body)?;
        let KeptBody {
            etag,
            last_modified,
            ..
        } = kept;
        Ok(Some(Kept {
            etag,
            last_modified,
            body,
        }))
    }

    fn keep(&self, url: &str, kept: &Kept) -> Result<(), LedgerError> {
        if kept.etag.is_empty() && kept.last_modified.is_empty() {
            return Ok(());
        }
        let body = KeptBody {
            etag: kept.etag.clone(),
            last_modified: kept.last_modified.clone(),
            body: deflated(&kept.body)?,
        };
        Ok(self.0.write(|tx| tx.keep_body(url, &body))?)
    }
}
