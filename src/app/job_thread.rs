//! The running server's operation: threads that work the queue off, one for each lane,
//! and show readers what was made.

use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context as _;
use tokio::runtime::{Builder, Handle, Runtime};

use super::champion::Live;
use super::config::Config;
use super::sources::{Operation, OperationConfig};
use crate::jobs::Lane;
use crate::pipeline::daily::Landing;

/// Priority of jobs, from -20 (most urgent) to 19; requests have 0.
const JOB_PRIORITY: i32 = 15;

/// The operation and its threads.
pub(super) struct Freshness {
    pub(super) operation: Arc<Operation>,
    threads: [JoinHandle<()>; Lane::ALL.len()],
    _outbound: Outbound,
}

/// The runtime of the outbound client: megabytes that arrive must not wait for
/// requests, nor requests for them.
struct Outbound(Option<Runtime>);

impl Freshness {
    /// Starts the threads.
    pub(super) fn start(config: &Config, live: Arc<Live>) -> anyhow::Result<Self> {
        let outbound = Outbound::start()?;
        let parts = OperationConfig {
            sources: config.sources.clone(),
            mailer: config.mailer.clone(),
            clock: Arc::clone(&config.clock),
            landing: Arc::clone(&live) as Arc<dyn Landing>,
            runtime: outbound.handle(),
        };
        let operation = Arc::new(Operation::new(
            &live.store,
            &live.data,
            parts,
            |job, text| tracing::info!(job = job.id, "{}: {text}", job.name),
        )?);
        let working = Arc::clone(&operation);
        let tick = move || {
            working.tick()?;
            live.champion.set_note(working.note()?);
            Ok(())
        };
        let threads = [
            work("jobs", &operation, Lane::Heavy, tick)?,
            work("mails", &operation, Lane::Light, || Ok(()))?,
        ];
        Ok(Self {
            operation,
            threads,
            _outbound: outbound,
        })
    }

    /// Stops at the running jobs' next checkpoints.
    pub(super) fn stop(self) {
        self.operation.queue.stop();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the jobs panicked");
            }
        }
    }
}

/// A thread that works the jobs of `lane` off.
fn work(
    name: &str,
    operation: &Operation,
    lane: Lane,
    tick: impl Fn() -> anyhow::Result<()> + Send + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let queue = Arc::clone(&operation.queue);
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            yield_to_readers();
            queue.work(lane, &tick);
        })
        .context("no thread for the jobs")
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
