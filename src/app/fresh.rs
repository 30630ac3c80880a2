//! The running server's operation: a thread that works the queue off, and shows
//! readers what it has made.

use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context as _;
use tokio::runtime::Handle;

use super::Config;
use super::models::Live;
use super::operation::Operation;
use crate::pipeline::daily::Landing;

/// The operation and its thread.
pub(super) struct Freshness {
    pub(super) operation: Arc<Operation>,
    thread: JoinHandle<()>,
}

impl Freshness {
    /// Starts the thread; futures of the outbound client run on this runtime.
    pub(super) fn start(config: &Config, live: Arc<Live>) -> anyhow::Result<Self> {
        let operation = Arc::new(Operation::new(
            &live.store,
            &live.data,
            config.sources.clone(),
            Arc::clone(&config.clock),
            Arc::clone(&live) as Arc<dyn Landing>,
            Handle::current(),
            |job, text| tracing::info!(job = job.id, "{}: {text}", job.name),
        )?);
        let working = Arc::clone(&operation);
        let tick = move || {
            working.tick()?;
            live.champion.set_note(working.note()?);
            Ok(())
        };
        let queue = Arc::clone(&operation.queue);
        let thread = std::thread::Builder::new()
            .name("jobs".into())
            .spawn(move || queue.work(&tick))
            .context("no thread for the jobs")?;
        Ok(Self { operation, thread })
    }

    /// Stops at the running job's next checkpoint.
    pub(super) fn stop(self) {
        self.operation.queue.stop();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the jobs panicked");
        }
    }
}

impl Landing for Live {
    fn show(&self) -> anyhow::Result<()> {
        self.land()
    }
}
