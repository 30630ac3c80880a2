//! `afwd backfill`.

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::refresh::work_off;
use crate::cli::seasons::OpenSeasons;
use crate::config::sources::SourceSettings;
use crate::domain::Season;
use crate::ingest::sources::MLB;
use crate::jobs::schedule;
use crate::pipeline::backfill::{BackfillPlan, plan};
use crate::work;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Seasons to fetch, such as 2005.. or 2019..2024
    #[arg(long, value_name = "FIRST..LAST")]
    seasons: OpenSeasons,
    /// Show what would be asked, and ask nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    sources: SourceSettings,
}

/// Shows the plan, then fetches season after season; an interrupted backfill goes on.
pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let today = schedule::day(global.clock().now(), &schedule::new_york()?);
    let seasons = args.seasons.until(Season(today.year() as u16))?;
    let plan = plan(seasons.clone(), MLB.per_day);
    show(global, &plan, args.dry_run)?;
    if args.dry_run {
        return Ok(());
    }
    let payload = work::Backfill {
        first: seasons.start().0,
        last: seasons.end().0,
    };
    work_off(global, &args.sources, &|operation| {
        operation.backfill(&payload)
    })
}

fn show(global: &Global, plan: &BackfillPlan, alone: bool) -> anyhow::Result<()> {
    if global.json {
        return if alone {
            output::print_json(plan)
        } else {
            Ok(())
        };
    }
    for season in &plan.seasons {
        output::line!("{}: {:>3} requests", season.season, season.requests)?;
    }
    let days = if plan.days == 1 { "day" } else { "days" };
    output::line!(
        "{} requests in all; {} a day are allowed, so it takes {} {days}; every day goes on where the last stopped",
        plan.requests,
        plan.budget,
        plan.days,
    )?;
    Ok(())
}
