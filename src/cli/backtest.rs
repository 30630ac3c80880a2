//! `afwd backtest`: figures season by season, each with what was known then.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::ml::Figures;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to predict, both ends included; each is scored with a model
    /// trained on the windows closed by its end
    #[arg(long, value_name = "A..B")]
    seasons: Seasons,
    /// Seed of every training run
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write every walk-forward prediction as CSV
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    let backtest =
        pipeline::backtest::run(&histories, args.seasons.0.clone(), args.seed, &mut |step| {
            eprintln!("{step}");
        })?;
    if let Some(path) = &args.out {
        output::write_to(Some(path), |out| {
            pipeline::prediction_csv::outcomes(&backtest, out)
        })?;
    }
    if global.json {
        return output::print_json(&json!({
            "figures": backtest.figures,
            "validation": backtest.validation,
        }));
    }
    let text = format!(
        "{}\n{}",
        Figures::markdown(&backtest.figures),
        backtest.validation.markdown()
    );
    output::line!("{}", text.trim_end())?;
    Ok(())
}
