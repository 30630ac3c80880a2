//! The daily chain: extract, validate, clean, features, predict, rankings, caches.
//!
//! Every step is safe to run twice. What was fetched waits in the staging table
//! until all of it has been read and judged; then one transaction applies it,
//! drops the staged pages and says how fresh the source is. So a run that is
//! killed anywhere ends, once it has gone on, where an undisturbed one does.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::fetch::{Fetching, Upstreams};
use super::{feature_check, source_state};
use crate::clock::Clock;
use crate::domain::Finding;
use crate::ingest::mlb::{self, Harvest};
use crate::ingest::sources::{FANGRAPHS, MLB};
use crate::jobs::{Context, Stepping, schedule};
use crate::store::Store;
use crate::work::DailyRun;

/// The steps, in order.
pub const STEPS: [&str; 7] = [
    "extract", "validate", "clean", "features", "predict", "rankings", "caches",
];

/// Corrections arrive for days after a game: so many days of transactions are
/// asked for again.
const CORRECTED_DAYS: i64 = 7;

/// Everything the chain works with.
#[derive(Clone)]
pub struct Chain {
    /// The store.
    pub store: Store,
    /// The data directory.
    pub data: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The sources that may be asked.
    pub upstreams: Upstreams,
    /// What its answers must hold at least.
    pub rules: mlb::Rules,
    /// Shows what the chain has made.
    pub landing: Arc<dyn Landing>,
}

/// Whoever shows boards to readers.
pub trait Landing: Send + Sync {
    /// Shows the newest boards from now on.
    ///
    /// # Errors
    /// When they can't be read; readers keep what they see.
    fn show(&self) -> anyhow::Result<()>;
}

impl Chain {
    /// Runs the chain of a day, or goes on with it.
    ///
    /// # Errors
    /// When a step fails; what was shown before is still shown.
    pub fn run(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        let work: DailyRun = context.payload()?;
        let zone = schedule::new_york()?;
        let [extract, clean, features, predict, rankings] =
            schedule::due(work.day, &zone).map(|at| Some(at).filter(|_| !work.at_once));
        let begun = context.job().started.unwrap_or_else(|| context.now());
        let run = Run {
            chain: self,
            name: format!("daily/{}", context.job().id),
            day: schedule::day(begun, &zone),
        };
        context.plan(STEPS)?;
        context.step("extract", extract, |step| run.extract(step))?;
        context.step("validate", clean, |step| run.validate(step))?;
        context.step("clean", clean, |step| run.clean(step))?;
        context.step("features", features, |step| run.features(step))?;
        context.step("predict", predict, |step| run.predict(step))?;
        context.step("rankings", rankings, |_| run.rankings())?;
        context.step("caches", rankings, |_| self.landing.show().map(|()| 0))
    }
}

/// One run of the chain.
struct Run<'a> {
    chain: &'a Chain,
    /// Its name in the staging table.
    name: String,
    /// The day its data is true for.
    day: Date,
}

impl Run<'_> {
    fn fetching(&self) -> anyhow::Result<Fetching<'_>> {
        Ok(Fetching {
            store: &self.chain.store,
            upstream: self.chain.upstreams.to(&MLB)?,
            run: &self.name,
            keep: true,
        })
    }

    fn asks(&self) -> anyhow::Result<Vec<mlb::Ask>> {
        let known = self.chain.store.read(|tx| tx.source(MLB.name))?.data_day;
        let since = known.unwrap_or(self.day).min(self.day);
        Ok(mlb::daily(
            self.day,
            since.saturating_sub(CORRECTED_DAYS.days()),
        ))
    }

    fn extract(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let store = &self.chain.store;
        let asked = step.now();
        store.write(|tx| tx.change_source(MLB.name, |source| source.asked = Some(asked)))?;
        let asks = self.asks()?;
        let fetched = self.fetching()?.fetch(&asks, step);
        let addresses = fetched.inspect_err(|error| {
            // The failure itself is the job's; a source that can't be marked is no news.
            let _ = source_state::note_failure(store, MLB.name, error, asked);
        })?;
        store.write(|tx| tx.forget_sources(self.day, &addresses))?;
        Ok(addresses.len() as u64)
    }

    fn validate(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        match self.judged()? {
            Ok(harvest) => {
                self.report(harvest.rows, false, &harvest.findings, step.now())?;
                Ok(harvest.rows)
            }
            Err(findings) => {
                self.report(0, false, &findings, step.now())?;
                self.chain.store.write(|tx| {
                    tx.drop_staged(&self.name)?;
                    tx.forget_bodies()
                })?;
                step.redo("extract");
                let worst = findings.iter().max_by_key(|finding| finding.severity);
                let what = worst.map_or("", |finding| finding.what.as_str());
                let error =
                    anyhow::anyhow!("the answers were refused and yesterday's data kept: {what}");
                source_state::note_failure(&self.chain.store, MLB.name, &error, step.now())?;
                Err(error)
            }
        }
    }

    fn clean(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let changed = self.apply(step)?;
        if let Some(upstream) = self.chain.upstreams.find(&FANGRAPHS) {
            let said = super::fangraphs::refresh(&self.chain.store, upstream, self.day, step.now());
            said.into_iter().for_each(|text| step.warn(text));
        }
        super::agreement::check(&self.chain.store, self.day, step.now())?;
        Ok(changed)
    }

    fn apply(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let store = &self.chain.store;
        if store.read(|tx| tx.source(MLB.name))?.run == self.name {
            return Ok(0);
        }
        let harvest = self
            .harvest()?
            .map_err(|_| anyhow::anyhow!("what was judged good is not any more"))?;
        let now = step.now();
        let report = source_state::report(MLB.name, harvest.rows, true, &harvest.findings, now);
        let tally = store.write(|tx| {
            let tally = mlb::apply(&harvest, tx)?;
            tx.put_quality(self.day, &report)?;
            tx.drop_staged(&self.name)?;
            tx.change_source(MLB.name, |source| {
                source.applied = Some(now);
                source.data_day = Some(self.day);
                source.run.clone_from(&self.name);
                source.rows = harvest.rows;
                source.error.clear();
                source.blocked_since = None;
            })?;
            Ok(tally)
        })?;
        if !harvest.refused.is_empty() {
            step.warn(format!(
                "{} rows were set aside: see the quality page",
                harvest.refused.len()
            ));
        }
        let total = tally.total();
        Ok(total.added + total.updated)
    }

    fn features(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let Some(season) = super::board::newest_season(&self.chain.store)? else {
            step.skip("no season has a stat line yet");
            return Ok(0);
        };
        let Chain { store, data, .. } = self.chain;
        let found = feature_check::check(store, data, season, step.now())?;
        for finding in &found.findings {
            step.warn(finding.what.clone());
        }
        store.write(|tx| tx.put_quality(self.day, &found))?;
        Ok(found.rows)
    }

    fn predict(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let chain = self.chain;
        let Some(season) = super::board::newest_season(&chain.store)? else {
            step.skip("no season has a stat line yet");
            return Ok(0);
        };
        let mut said = Vec::new();
        let ensured = super::board::ensure(
            &chain.store,
            &chain.data,
            season,
            &*chain.clock,
            &mut |text| said.push(text.to_owned()),
        )?;
        said.into_iter().for_each(|text| step.warn(text));
        if !ensured.made {
            step.skip("nothing has changed since the last board");
        }
        Ok(ensured.players)
    }

    fn rankings(&self) -> anyhow::Result<u64> {
        let kept = super::daily_boards::keep(&self.chain.store, self.day)?;
        Ok(u64::from(kept))
    }

    /// The harvest, unless it knows far fewer players than the store.
    fn judged(&self) -> anyhow::Result<Result<Harvest, Vec<Finding>>> {
        let harvest = match self.harvest()? {
            Ok(harvest) => harvest,
            refused => return Ok(refused),
        };
        let shrunk = self.chain.store.read(|tx| mlb::shrunk(&harvest, tx))?;
        Ok(if shrunk.is_empty() {
            Ok(harvest)
        } else {
            Err(shrunk)
        })
    }

    fn harvest(&self) -> anyhow::Result<Result<Harvest, Vec<Finding>>> {
        let pages = self
            .fetching()?
            .staged(&self.asks()?)
            .context("the fetched pages can't be read")?;
        Ok(mlb::read_under(
            &self.chain.rules,
            &pages,
            self.day,
            mlb::Purpose::Daily,
        ))
    }

    fn report(
        &self,
        rows: u64,
        applied: bool,
        findings: &[Finding],
        at: Timestamp,
    ) -> anyhow::Result<()> {
        let report = source_state::report(MLB.name, rows, applied, findings, at);
        Ok(self
            .chain
            .store
            .write(|tx| tx.put_quality(self.day, &report))?)
    }
}
