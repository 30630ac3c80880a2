//! `afwd tune`: better settings of the model, sought on early seasons.

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::ml::tuning;
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons that score a trial, both ends included; report on later ones only
    #[arg(long, value_name = "A..B")]
    seasons: Seasons,
    /// Trials per role; the first has the current settings
    #[arg(long, default_value_t = 24)]
    trials: usize,
    /// Seed of the trials and of every training run; the same gives the same table
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    let seasons = args.seasons.0.clone();
    let mut progress = |step: &str| eprintln!("{step}");
    let trials = pipeline::measure::tune(
        &histories,
        seasons,
        args.trials,
        args.seed,
        &cpu_seconds,
        &mut progress,
    )?;
    if global.json {
        return output::print_json(&trials);
    }
    output::line!("{}", tuning::markdown(&trials).trim_end())?;
    Ok(())
}

/// Processor seconds of this process, from the kernel's hundredths where there
/// is a Linux one.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold blanks; user and system time are the
    // twelfth and thirteenth fields after it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}
