use crate::cli::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::ml::contest;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to score, both ends included; the two seasons before them choose
    /// the network's weight in the blend
    #[arg(long, value_name = "A..B")]
    seasons: Seasons,
    /// Seed of every training run
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    let seasons = args.seasons.0.clone();
    let scores = pipeline::measure::challenge(&histories, seasons, args.seed, &mut |step| {
        eprintln!("{step}");
    })?;
    if global.json {
        return output::print_json(&scores);
    }
    output::line!("{}", contest::markdown(&scores).trim_end())?;
    Ok(())
}
