//! The running server's operation: a thread that works the queue off, and shows
//! readers what it has made.

use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context as _;
use tokio::runtime::{Builder, Handle, Runtime};

use super::champion::Live;
use super::config::Config;
use super::sources::Operation;
use crate::jobs::Lane;
use crate::pipeline::daily::Landing;

/// Priority of jobs, from -20 (most urgent) to 19; requests have 0.
const JOB_PRIORITY: i32 = 15;

/// The operation and its thread.
pub(super) struct Freshness {
    pub(super) operation: Arc<Operation>,
    thread: JoinHandle<()>,
    _outbound: Outbound,
}

/// The runtime of the outbound client: megabytes that arrive must not wait for
/// requests, nor requests for them.
struct Outbound(Option<Runtime>);

impl Freshness {
    /// Starts the thread.
    pub(super) fn start(config: &Config, live: Arc<Live>) -> anyhow::Result<Self> {
        let outbound = Outbound::start()?;
        let operation = Arc::new(Operation::new(
            &live.store,
            &live.data,
            config.sources.clone(),
            Arc::clone(&config.clock),
            Arc::clone(&live) as Arc<dyn Landing>,
            outbound.handle(),
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
            .spawn(move || {
                yield_to_readers();
                queue.work(Lane::Heavy, &tick);
            })
            .context("no thread for the jobs")?;
        Ok(Self {
            operation,
            thread,
            _outbound: outbound,
        })
    }

    /// Stops at the running job's next checkpoint.
    pub(super) fn stop(self) {
        self.operation.queue.stop();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the jobs panicked");
        }
    }
}

impl Outbound {
    fn start() -> anyhow::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("outbound")
            .on_thread_start(yield_to_readers)
            .enable_all()
            .build()
            .context("no thread for the outbound client")?;
        Ok(Self(Some(runtime)))
    }

    fn handle(&self) -> Handle {
        // It is there until it is dropped.
        self.0
            .as_ref()
            .map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }
}

impl Drop for Outbound {
    fn drop(&mut self) {
        // A runtime must not wait for its threads inside another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Lowers the priority of this thread and of those it starts, so that requests
/// are served as fast during a refresh as at other times.
fn yield_to_readers() {
    // On Linux the priority "of the process" without a number is this thread's.
    if let Err(error) = rustix::process::setpriority_process(None, JOB_PRIORITY) {
        tracing::warn!(%error, "jobs run at the priority of requests");
    }
}

impl Landing for Live {
    fn show(&self) -> anyhow::Result<()> {
        self.land()
    }
}
