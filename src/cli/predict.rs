//! `afwd predict`: boards of seasons, and their predictions as CSV.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Season to predict at the end of, or a range such as 2012..2017. The newest
    /// model trained on windows closed by then is used; when there is none, one is
    /// trained first
    #[arg(long, value_name = "SEASON")]
    as_of: Seasons,
    /// File for the predictions as CSV; `-` or absent for stdout
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let mut say = |step: &str| eprintln!("{step}");
    let seasons = args.as_of.0.clone();
    let clock = global.clock();
    let predicted = pipeline::predict::predict(&store, &global.data, seasons, &*clock, &mut say)?;
    if global.json && args.out.is_none() {
        let seasons: Vec<_> = predicted
            .iter()
            .map(|b| json!({ "season": b.season, "model": b.model_id, "predictions": b.predictions.len() }))
            .collect();
        return output::print_json(&seasons);
    }
    output::write_to(args.out.as_deref(), |out| {
        pipeline::prediction_csv::predictions(&predicted, out)
    })
}
