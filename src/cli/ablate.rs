//! `afwd ablate`: what each group of features, or published scouting, is worth.

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::seasons::Seasons;
use crate::domain::{Role, Season};
use crate::ml::{ablation, scouting};
use crate::pipeline;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to predict, both ends included, each with models trained on the
    /// windows closed by its end
    #[arg(long, value_name = "A..B", required_unless_present = "scouting")]
    seasons: Option<Seasons>,
    /// Only this role: hitter or pitcher
    #[arg(long)]
    role: Option<Role>,
    /// Also measure each group added to age and level alone
    #[arg(long, conflicts_with = "scouting")]
    added: bool,
    /// Measure published scouting instead, on players the models have not seen,
    /// for those it lists and the others, with outcomes to the end of this season
    #[arg(long, value_name = "SEASON", conflicts_with_all = ["seasons", "role"])]
    scouting: Option<Season>,
    /// Seed of every training run
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let histories = pipeline::histories(&global.open_store()?)?;
    let mut progress = |step: &str| eprintln!("{step}");
    if let Some(until) = args.scouting {
        let rows = pipeline::measure::scouting(&histories, until, args.seed, &mut progress)?;
        return print(global, &rows, &scouting::markdown(&rows));
    }
    if let Some(Seasons(seasons)) = args.seasons.clone() {
        let roles = args.role.map_or_else(|| Role::ALL.to_vec(), |r| vec![r]);
        let rows = pipeline::measure::ablate(
            &histories,
            seasons,
            &roles,
            args.added,
            args.seed,
            &mut progress,
        )?;
        return print(global, &rows, &ablation::markdown(&rows));
    }
    Ok(())
}

fn print(global: &Global, rows: &impl serde::Serialize, text: &str) -> anyhow::Result<()> {
    if global.json {
        return output::print_json(rows);
    }
    output::line!("{}", text.trim_end())?;
    Ok(())
}
