//! Walk-forward figures: each season predicted with what was known at its end.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::RangeInclusive;

use crate::domain::{History, Season};
use crate::ml::evaluate::{self, Backtest, Figures};

/// Trains and scores season after season.
///
/// # Errors
/// When a season has no closed windows to learn from, or none to be scored on.
pub fn run(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Backtest> {
    Ok(evaluate::backtest(histories, seasons, seed, progress)?)
}
