//! Past seasons from the MLB Stats API: a plan one can look at first, then one
//! season after the other, resumable over days.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::daily::Chain;
use super::fetch::Fetching;
use super::source_state::{note_failure, report};
use crate::domain::Season;
use crate::ingest::mlb;
use crate::ingest::sources::MLB;
use crate::jobs::{Context, Stepping, schedule};
use crate::work::Backfill;

/// What a backfill will ask.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BackfillPlan {
    /// One row per season, oldest first.
    pub seasons: Vec<SeasonPlan>,
    /// Requests of all.
    pub requests: u32,
    /// Days it takes at the daily budget, beside nothing else.
    pub days: u32,
    /// Requests a day.
    pub budget: u32,
}

/// What a season will ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SeasonPlan {
    /// The season.
    pub season: Season,
    /// Things asked for.
    pub asks: u32,
    /// Requests expected, pages included.
    pub requests: u32,
}

/// What a backfill of `seasons` will ask, at `budget` requests a day.
pub fn plan(seasons: RangeInclusive<Season>, budget: u32) -> BackfillPlan {
    let seasons: Vec<_> = (seasons.start().0..=seasons.end().0)
        .map(|season| {
            let asks = mlb::backfill(Season(season));
            SeasonPlan {
                season: Season(season),
                asks: asks.len() as u32,
                requests: asks.iter().map(mlb::requests).sum(),
            }
        })
        .collect();
    let requests = seasons.iter().map(|season| season.requests).sum::<u32>();
    BackfillPlan {
        seasons,
        requests,
        days: requests.div_ceil(budget.max(1)),
        budget,
    }
}

impl Chain {
    /// Runs a backfill, or goes on with it.
    ///
    /// # Errors
    /// When a season can't be read; the seasons before it are applied.
    pub fn backfill(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        let work: Backfill = context.payload()?;
        let seasons: Vec<Season> = (work.first..=work.last).map(Season).collect();
        let names: Vec<String> = seasons.iter().map(ToString::to_string).collect();
        context.plan(names.iter().map(String::as_str).chain(["board"]))?;
        let job = context.job().id;
        let zone = schedule::new_york()?;
        for (season, name) in seasons.iter().zip(&names) {
            let today = schedule::day(context.now(), &zone);
            let run = format!("backfill/{job}/{season}");
            context.step(name, None, |step| self.season(*season, &run, today, step))?;
        }
        context.step("board", None, |step| {
            let Some(newest) = super::board::newest_season(&self.store)? else {
                return Ok(0);
            };
            let mut say = |text: &str| step.warn(text);
            super::board::ensure(&self.store, &self.data, newest, &*self.clock, &mut say)?;
            self.landing.show().map(|()| 0)
        })
    }

    fn season(
        &self,
        season: Season,
        run: &str,
        today: Date,
        step: &mut Stepping<'_, '_>,
    ) -> anyhow::Result<u64> {
        let ledger = format!("{}/{season}", MLB.name);
        if self.store.read(|tx| tx.source(&ledger))?.run == run {
            return Ok(0);
        }
        let asks = mlb::backfill(season);
        let fetching = Fetching {
            store: &self.store,
            upstream: self.upstreams.to(&MLB)?,
            run,
            keep: false,
        };
        let now = step.now();
        fetching.fetch(&asks, step).inspect_err(|error| {
            // The failure itself is the job's; a source that can't be marked is no news.
            let _ = note_failure(&self.store, MLB.name, error, now);
        })?;
        let as_of = season.last_day().min(today);
        let harvest = match mlb::read_under(
            &self.rules,
            &fetching.staged(&asks)?,
            as_of,
            mlb::Purpose::Backfill,
        ) {
            Ok(harvest) => harvest,
            Err(findings) => {
                self.store.write(|tx| {
                    tx.put_quality(today, &report(MLB.name, 0, false, &findings, now))?;
                    tx.drop_staged(run)
                })?;
                let what = findings.first().map_or("", |finding| finding.what.as_str());
                anyhow::bail!("the answers for {season} were refused: {what}");
            }
        };
        let tally = self.store.write(|tx| {
            let tally = mlb::apply(&harvest, tx)?;
            tx.drop_staged(run)?;
            tx.change_source(&ledger, |source| {
                source.applied = Some(now);
                source.data_day = Some(as_of);
                run.clone_into(&mut source.run);
                source.rows = harvest.rows;
            })?;
            Ok(tally)
        })?;
        harvest
            .findings
            .iter()
            .for_each(|finding| step.warn(finding.what.clone()));
        let total = tally.total();
        Ok(total.added + total.updated)
    }
}
