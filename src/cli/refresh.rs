//! `afwd refresh`.

use std::sync::Arc;

use anyhow::Context as _;

use crate::app::sources::{Operation, OperationConfig, Unseen};
use crate::cli::global::Global;
use crate::cli::output;
use crate::config::sources::SourceSettings;
use crate::domain::{Job, JobState};
use crate::store::{Opening, Store};
use crate::web::jobs::JobView;
use crate::work;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    sources: SourceSettings,
}

/// Runs the daily chain to its end; an interrupted run goes on where it stood.
pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    work_off(global, &args.sources, &|operation| operation.refresh())
}

/// Asks for a job with `ask` and works the queue off until it is over.
pub(super) fn work_off(
    global: &Global,
    sources: &SourceSettings,
    ask: &dyn Fn(&Operation) -> anyhow::Result<Job>,
) -> anyhow::Result<()> {
    let store = global.open(Opening::CreateIfAbsent)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("can't start the async runtime")?;
    let operation = Operation::new(
        &store,
        &global.data,
        OperationConfig {
            sources: sources.clone(),
            mailer: None,
            clock: global.clock(),
            landing: Arc::new(Unseen),
            runtime: runtime.handle().clone(),
        },
        |_, text| eprintln!("{text}"),
    )?;
    operation.queue.recover()?;
    let asked = ask(&operation)?;
    operation.queue.run_due()?;
    tell(global, &store, asked.id)
}

/// Says how the job ended; what did not end well is an error.
fn tell(global: &Global, store: &Store, id: u64) -> anyhow::Result<()> {
    let job = store.read(|tx| tx.job(id))?.context("the job is gone")?;
    if global.json {
        output::print_json(&JobView::from(&job))?;
    } else {
        for step in &job.steps {
            output::line!("{:<10} {:<8} {:>9} rows", step.name, step.state, step.rows)?;
        }
    }
    let again = if job.name == work::BACKFILL {
        "afwd backfill"
    } else {
        "afwd refresh"
    };
    match job.state {
        JobState::Done => Ok(()),
        JobState::Waiting if job.error.is_empty() => {
            anyhow::bail!(
                "not done: it can go on at {}; run `{again}` again then",
                job.due
            )
        }
        _ => anyhow::bail!("{}; run `{again}` again to go on", job.error),
    }
}
