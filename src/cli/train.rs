//! `afwd train`.

use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::domain::Season;
use crate::pipeline;
use crate::pipeline::registry::Reason;
use crate::rankings::models::ModelChange;
use crate::store::Store;

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
    /// Make the model champion; without this it is used only while no champion
    /// is chosen and it is the newest allowed
    #[arg(long)]
    promote: bool,
}

fn promote(global: &Global, store: &Store, id: &str) -> anyhow::Result<()> {
    if store.read(|tx| tx.model_state())?.champion.as_deref() == Some(id) {
        return Ok(());
    }
    let change = ModelChange::Promote(id.to_owned());
    let reason = Reason {
        by: "command line",
        why: "train --promote",
    };
    pipeline::registry::decide(store, &global.data, &change, reason, &*global.clock())?;
    Ok(())
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let backtest = args.backtest.clone().map(|seasons| seasons.0);
    let plan = pipeline::train::TrainingPlan {
        until: args.until,
        seed: args.seed,
        backtest,
    };
    let mut say = |step: &str| eprintln!("{step}");
    let trained = pipeline::train::train(&store, &global.data, &plan, &*global.clock(), &mut say)?;
    if args.promote {
        promote(global, &store, trained.model.id())?;
    }
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
