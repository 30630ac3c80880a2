//! What the queue and its running jobs share: where jobs are kept, the time, who
//! listens, and whether to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::JobStore;
use crate::clock::Clock;
use crate::domain::Job;

/// Called with a job's progress and warnings.
pub(super) type Listener = Box<dyn Fn(&Job, &str) + Send + Sync>;

pub(super) struct Bookkeeping {
    pub(super) store: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    stopping: AtomicBool,
    pub(super) listener: Option<Listener>,
}

impl Bookkeeping {
    pub(super) fn new(store: Arc<dyn JobStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            stopping: AtomicBool::new(false),
            listener: None,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(super) fn is_cancelled(&self, id: u64) -> anyhow::Result<bool> {
        Ok(self.store.job(id)?.is_some_and(|job| job.cancel))
    }

    pub(super) fn keep(&self, job: &Job) -> anyhow::Result<()> {
        self.store.update(job)
    }

    pub(super) fn hear(&self, job: &Job, text: &str) {
        if let Some(listener) = &self.listener {
            listener(job, text);
        }
    }
}
