//! `afwd jobs`.

use crate::cli::global::Global;
use crate::cli::output;
use crate::web::jobs::JobView;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// How many, newest first
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

/// Lists jobs with their steps.
pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let jobs = global.open_store()?.read(|tx| tx.jobs())?;
    let views: Vec<JobView> = jobs
        .iter()
        .rev()
        .take(args.limit)
        .map(JobView::from)
        .collect();
    if global.json {
        return output::print_json(&views);
    }
    for job in &views {
        output::line!("{:>5} {} {} {}", job.id, job.name, job.key, job.state)?;
        for step in &job.steps {
            output::line!(
                "      {:<10} {:<8} {:>9} rows",
                step.name,
                step.state,
                step.rows
            )?;
        }
        if !job.error.is_empty() {
            output::line!("      {}", job.error)?;
        }
    }
    Ok(())
}
