use serde_json::json;

use crate::cli::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::domain::Season;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Learn only from outcome windows closed by the end of this season
    #[arg(long, value_name = "SEASON")]
    until: Season,
    /// Seed of every random choice; the same data and seed give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also measure these seasons walk-forward and put the figures on the model's card
    #[arg(long, value_name = "A..B")]
    backtest: Option<Seasons>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let backtest = args.backtest.clone().map(|seasons| seasons.0);
    let plan = pipeline::train::Plan {
        until: args.until,
        seed: args.seed,
        backtest,
    };
    let trained = pipeline::train::train(&store, &global.data, &plan, &mut |step| {
        eprintln!("{step}");
    })?;
    if global.json {
        return output::print_json(&json!({
            "model": trained.model.id(),
            "trained_until": args.until,
            "seed": args.seed,
            "directory": trained.directory,
        }));
    }
    output::line!("{}", trained.model.id())?;
    eprintln!("saved in {}", trained.directory.display());
    Ok(())
}
