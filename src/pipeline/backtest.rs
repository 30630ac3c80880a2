//! Past seasons predicted with what was known then.

use std::ops::RangeInclusive;

use crate::domain::{History, Season};
use crate::ml::{self, Backtest};

/// Trains and scores season after season, each with what was known at its end.
///
/// # Errors
/// When a season has too few closed windows to learn from, or none is closed to
/// be scored on.
pub fn run(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Backtest> {
    let (first, last) = (*seasons.start(), *seasons.end());
    let backtest = ml::backtest(histories, seasons, seed, super::threads(), progress)?;
    anyhow::ensure!(
        !backtest.predictions.is_empty(),
        "no season of {first}..{last} can be scored: its outcome window must have closed and its lines be imported"
    );
    Ok(backtest)
}
