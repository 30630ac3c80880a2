//! `afwd explain`: one probability, summand by summand.

use anyhow::Context;

use crate::app;
use crate::cli::global::Global;
use crate::cli::output;
use crate::domain::{AsOf, ProspectId, Season};
use crate::pipeline;
use crate::rankings::view::ExplanationView;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The player's id (his MLBAM id when he has one)
    id: ProspectId,
    /// Season whose end the prediction is for; the newest with data when absent
    #[arg(long, value_name = "SEASON")]
    as_of: Option<Season>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let season = match args.as_of {
        Some(season) => season,
        None => pipeline::board::newest_season(&store)?
            .context("the store has no minor-league line yet")?,
    };
    let mut say = |step: &str| eprintln!("{step}");
    pipeline::board::ensure(&store, &global.data, season, &*global.clock(), &mut say)?;
    let catalog = app::catalog(&store, &global.data)?;
    catalog.refresh()?;
    let name = store
        .read(|tx| tx.prospect(args.id))?
        .map(|prospect| prospect.name)
        .unwrap_or_default();
    for role in catalog.board(Some(AsOf::Season(season)))?.roles(args.id) {
        let view = catalog.explanation(args.id, Some(AsOf::Season(season)), Some(role))?;
        if global.json {
            output::print_json(&view)?;
        } else {
            print(&name, &view)?;
        }
    }
    // Without a role this says why there is no prediction.
    catalog.explanation(args.id, Some(AsOf::Season(season)), None)?;
    Ok(())
}

fn print(name: &str, view: &ExplanationView) -> anyhow::Result<()> {
    output::line!(
        "{name}, {}, end of {}: {} ({} to {}), {} confidence, model {}",
        view.role,
        view.season,
        percent(view.probability),
        percent(view.lower),
        percent(view.upper),
        view.confidence,
        view.model
    )?;
    output::line!("{:<28} {:>9} {:>9}", "", "log-odds", "then")?;
    output::line!(
        "{:<28} {:>+9.4} {:>9}",
        "typical prospect",
        view.base_log_odds,
        percent(view.base_probability)
    )?;
    for group in &view.groups {
        output::line!(
            "{:<28} {:>+9.4} {:>9}",
            group.group,
            group.log_odds,
            percent(group.to)
        )?;
    }
    output::line!(
        "{:<28} {:>+9.4} {:>9}",
        "sum",
        view.log_odds,
        percent(view.probability)
    )?;
    output::line!("\nlargest features")?;
    for feature in view.features.iter().take(10) {
        let value = feature
            .value
            .map_or("missing".to_owned(), |value| format!("{value:.3}"));
        output::line!(
            "{:+9.4}  {} = {value} {}",
            feature.log_odds,
            feature.label,
            feature.unit
        )?;
    }
    Ok(())
}

fn percent(probability: f64) -> String {
    format!("{:.2} %", probability * 100.0)
}
