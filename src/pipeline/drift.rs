//! The drift report of a prediction run.

use crate::clock::Clock;
use crate::domain::{DriftLevel, History, Role, Season};
use crate::ml::drift::FeatureDrift;
use crate::ml::trial::Trial;
use crate::ml::{FeatureTable, Model};
use crate::rankings::models::{CalibrationView, DriftRow, DriftView};

/// Index from which a feature wants watching, and from which it has shifted.
const WATCH: f64 = 0.1;
const ALERT: f64 = 0.25;
/// Observed over expected outside of this is an alert, when chance alone (two
/// Poisson standard deviations) does not explain it.
const CALIBRATED: std::ops::RangeInclusive<f64> = 0.8..=1.25;

/// The report of `model` for the snapshots of `season`.
///
/// # Errors
/// When the tensor library fails.
pub fn report(
    histories: &[History],
    model: &Model,
    season: Season,
    clock: &dyn Clock,
) -> anyhow::Result<DriftView> {
    let mut features: Vec<DriftRow> = super::trial::tables(histories, season)
        .iter()
        .flat_map(|table| {
            let rows = model.drift(table).into_iter();
            rows.map(|drift| row(table.role, drift)).collect::<Vec<_>>()
        })
        .collect();
    features.sort_by(|a, b| b.psi.total_cmp(&a.psi));
    let calibration = match super::trial::newest_closed(histories).filter(|&s| s < season) {
        Some(closed) => calibration(histories, model, closed)?,
        None => Vec::new(),
    };
    let worst = features.iter().map(|row| row.level);
    let worst = worst.chain(calibration.iter().map(|row| row.level)).max();
    Ok(DriftView {
        season: season.0,
        model: model.id().to_owned(),
        at: clock.now().to_string(),
        level: worst.unwrap_or(DriftLevel::Ok),
        calibration,
        features,
    })
}

fn row(role: Role, drift: FeatureDrift) -> DriftRow {
    let level = match drift.psi {
        psi if psi > ALERT => DriftLevel::Alert,
        psi if psi >= WATCH => DriftLevel::Watch,
        _ => DriftLevel::Ok,
    };
    DriftRow {
        role: role.to_string(),
        feature: drift.name.to_owned(),
        label: drift.label.to_owned(),
        psi: drift.psi,
        missing_then: drift.missing_then,
        missing_now: drift.missing_now,
        level,
    }
}

fn calibration(
    histories: &[History],
    model: &Model,
    closed: Season,
) -> anyhow::Result<Vec<CalibrationView>> {
    let tables = super::trial::tables(histories, closed);
    tables
        .iter()
        .map(|table| calibration_of(table, model, closed))
        .collect()
}

fn calibration_of(
    table: &FeatureTable,
    model: &Model,
    closed: Season,
) -> anyhow::Result<CalibrationView> {
    let trial = Trial::of(&[model], &[table])?;
    let expected: f64 = trial.pairs(0).iter().map(|pair| pair.0).sum();
    let observed = trial.pairs(0).iter().filter(|pair| pair.1).count() as u32;
    Ok(CalibrationView {
        season: closed.0,
        role: table.role.to_string(),
        observed,
        expected,
        level: match is_off(observed, expected) {
            true => DriftLevel::Alert,
            false => DriftLevel::Ok,
        },
    })
}

fn is_off(observed: u32, expected: f64) -> bool {
    let observed = f64::from(observed);
    expected > 0.0
        && !CALIBRATED.contains(&(observed / expected))
        && (observed - expected).abs() > 2.0 * expected.sqrt()
}

#[cfg(test)]
mod tests {
    use super::is_off;

    #[test]
    fn calibration_alerts_are_no_accidents() {
        assert!(!is_off(100, 110.0));
        assert!(is_off(100, 130.0) && is_off(130, 100.0));
        assert!(!is_off(5, 3.0), "five where three were expected is chance");
        assert!(!is_off(0, 0.0));
    }
}
