//! The report card: past seasons predicted with what was known then, on record.

use std::ops::RangeInclusive;

use super::train::DEFAULT_SEED;
use crate::domain::{Season, Verdict};
use crate::store::Store;

/// Closed seasons a model must have learnt from before its figures count.
const LEARNT_FROM: u16 = 3;
/// Newest closed seasons the demo's report card covers.
const DEMO_SEASONS: u16 = 4;

/// Predicts the seasons walk-forward and replaces the stored report card.
/// Without `seasons`, every one that can be scored after three closed ones.
///
/// # Errors
/// As [`super::backtest::run`].
pub fn make(
    store: &Store,
    seasons: Option<RangeInclusive<Season>>,
    seed: Option<u64>,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Verdict>> {
    let histories = super::histories(store)?;
    let seasons = match seasons {
        Some(seasons) => seasons,
        None => scorable(store)?,
    };
    let seed = seed.unwrap_or(DEFAULT_SEED);
    let backtest = super::backtest::run(&histories, seasons, seed, progress)?;
    store.write(|tx| tx.replace_verdicts(&backtest.verdicts))?;
    Ok(backtest.verdicts)
}

/// Makes the report card of the simulated league's newest closed seasons unless
/// there is one; returns whether it was made.
///
/// # Errors
/// As [`make`].
pub fn ensure_demo(store: &Store, progress: &mut dyn FnMut(&str)) -> anyhow::Result<bool> {
    if !store.read(|tx| tx.verdicts())?.is_empty() {
        return Ok(false);
    }
    let last = scorable(store)?.end().minus(Season::WINDOW);
    make(
        store,
        Some(last.minus(DEMO_SEASONS - 1)..=last),
        None,
        progress,
    )?;
    Ok(true)
}

/// Seasons with enough closed ones before them, up to the newest: those whose
/// windows are open are left out when they are scored.
fn scorable(store: &Store) -> anyhow::Result<RangeInclusive<Season>> {
    let seasons = store.read(|tx| tx.seasons())?;
    let (Some(first), Some(&last)) = (seasons.first(), seasons.last()) else {
        anyhow::bail!("no season is imported yet: run `afwd import milb-hitting FILE...` first");
    };
    Ok(first.plus(Season::WINDOW + LEARNT_FROM - 1)..=last)
}
