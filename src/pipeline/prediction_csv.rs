//! Predictions as CSV: those of a season, and walk-forward ones with what happened.

use std::io::Write;

use super::predict::Predicted;
use crate::domain::{Prediction, SnapshotId};
use crate::ml::Backtest;

/// Columns every line begins with: whose prediction it is, and the prediction.
const PREDICTION: [&str; 8] = [
    "mlbam_id",
    "season",
    "role",
    "probability",
    "lower",
    "upper",
    "confidence",
    "evaluated",
];
/// The same by season, success then debut, after whether the board withholds it.
const BY_SEASON: [&str; 9] = [
    "withheld",
    "success_1",
    "success_2",
    "success_3",
    "success_4",
    "debut_1",
    "debut_2",
    "debut_3",
    "debut_4",
];

/// Writes one line per snapshot, in the order of the seasons, hitters first.
///
/// # Errors
/// When `out` can't be written.
pub fn predictions(predicted: &[Predicted], out: &mut dyn Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(PREDICTION.iter().chain(&BY_SEASON))?;
    for answer in predicted.iter().flat_map(|season| &season.predictions) {
        let by_season = answer.horizons.success.iter().chain(&answer.horizons.debut);
        let own = cells(answer.at, &answer.prediction).into_iter();
        csv.write_record(
            own.chain([u8::from(answer.withheld).to_string()])
                .chain(by_season.map(|p| format!("{p:.9}"))),
        )?;
    }
    Ok(csv.flush()?)
}

/// Writes every walk-forward prediction with its outcome.
///
/// # Errors
/// When `out` can't be written.
pub fn outcomes(backtest: &Backtest, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(PREDICTION.iter().chain(&["success"]))?;
    for outcome in &backtest.predictions {
        let own = cells(outcome.id, &outcome.prediction).into_iter();
        csv.write_record(own.chain([u8::from(outcome.success).to_string()]))?;
    }
    Ok(csv.flush()?)
}

fn cells(at: SnapshotId, prediction: &Prediction) -> [String; 8] {
    [
        at.prospect
            .mlbam()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        at.season.to_string(),
        at.role.to_string(),
        format!("{:.9}", prediction.probability),
        format!("{:.9}", prediction.lower),
        format!("{:.9}", prediction.upper),
        prediction.confidence.to_string(),
        u8::from(prediction.evaluated).to_string(),
    ]
}
