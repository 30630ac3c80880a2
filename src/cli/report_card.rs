//! `afwd report-card`: past predictions on record.

use std::collections::HashMap;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::domain::ProspectId;
use crate::pipeline;
use crate::rankings::report::ReportCard;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to put on record, both ends included; by default every one whose
    /// outcomes are known and that has three closed seasons to learn from
    #[arg(long, value_name = "A..B")]
    seasons: Option<Seasons>,
    /// Seed of every training run
    #[arg(long)]
    seed: Option<u64>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let seasons = args.seasons.clone().map(|seasons| seasons.0);
    let verdicts = pipeline::report::make(&store, seasons, args.seed, &mut |step| {
        eprintln!("{step}");
    })?;
    let (ranked, prospects, simulated) =
        store.read(|tx| Ok((tx.overall_ranks()?, tx.prospects()?, tx.is_simulated()?)))?;
    let names: HashMap<ProspectId, String> =
        prospects.into_iter().map(|p| (p.id, p.name)).collect();
    let card = ReportCard::of(&verdicts, &ranked, simulated, &|id| {
        names.get(&id).cloned().unwrap_or_default()
    });
    if global.json {
        return output::print_json(&card);
    }
    output::line!("{}", card.markdown().trim_end())?;
    Ok(())
}
