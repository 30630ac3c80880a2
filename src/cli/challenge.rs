//! `afwd challenge`: a neural network beside the model.

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::domain::Season;
use crate::ml::champion_challenger;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to score, both ends included; the two seasons before them choose
    /// the network's weight in the blend
    #[arg(long, value_name = "A..B", required_unless_present = "until")]
    seasons: Option<Seasons>,
    /// Train and save the networks on the windows closed by this season instead
    #[arg(long, value_name = "SEASON", conflicts_with = "seasons")]
    until: Option<Season>,
    /// Seed of every training run
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    if let Some(until) = args.until {
        let saved =
            pipeline::measure::train_challengers(&histories, &global.data, until, args.seed)?;
        if global.json {
            return output::print_json(&saved);
        }
        for directory in saved {
            output::line!("{}", directory.display())?;
        }
    }
    if let Some(Seasons(seasons)) = args.seasons.clone() {
        let scores = pipeline::measure::challenge(&histories, seasons, args.seed)?;
        if global.json {
            return output::print_json(&scores);
        }
        output::line!("{}", champion_challenger::markdown(&scores).trim_end())?;
    }
    Ok(())
}
