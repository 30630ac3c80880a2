//! `afwd features`: the feature table as CSV.

use std::path::PathBuf;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to export, both ends included
    #[arg(long, value_name = "A..B")]
    seasons: Seasons,
    /// File to write; `-` or absent for stdout
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
    /// Also write what became of every snapshot whose window has closed
    #[arg(long, value_name = "FILE.csv")]
    outcomes: Option<PathBuf>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    let mut snapshots = 0;
    output::write_to(args.out.as_deref(), |out| {
        snapshots = pipeline::features::export(&histories, args.seasons.0.clone(), out)?;
        Ok(())
    })?;
    if let Some(file) = &args.outcomes {
        output::write_to(Some(file), |out| {
            pipeline::outcomes::export(&histories, &args.seasons.0, out)
        })?;
    }
    eprintln!("{snapshots} snapshots exported");
    Ok(())
}
