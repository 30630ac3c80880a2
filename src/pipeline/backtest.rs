//! Walk-forward predictions as CSV, and figures as a table.

use std::io::Write;
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
    let backtest = ml::backtest(histories, seasons, seed, super::train::threads(), progress)?;
    anyhow::ensure!(
        !backtest.predictions.is_empty(),
        "no season of {first}..{last} can be scored: its outcome window must have closed and its lines be imported"
    );
    Ok(backtest)
}

/// Writes every walk-forward prediction with its outcome.
///
/// # Errors
/// When `out` can't be written.
pub fn export(backtest: &Backtest, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "mlbam_id",
        "season",
        "role",
        "probability",
        "lower",
        "upper",
        "confidence",
        "evaluated",
        "success",
    ])?;
    for outcome in &backtest.predictions {
        let record = super::predict::record(outcome.id, &outcome.prediction);
        csv.write_record(
            record
                .into_iter()
                .chain([u8::from(outcome.success).to_string()]),
        )?;
    }
    Ok(csv.flush()?)
}
