//! When: the probability of success, and of a debut, by each season of the window.
//!
//! The champion says whether a snapshot succeeds within four seasons; this module
//! divides that probability over the seasons. Among training snapshots that
//! succeeded, a continuation-ratio model (a logistic regression per season, of
//! those still to succeed; Tutz 2012, "Regression for Categorical Data", ch. 9)
//! gives the share that had passed the line by season k. The probability of a
//! debut is that of success plus, for the rest, a logistic regression among
//! those who did not succeed, divided over the seasons in the same way.
//!
//! Invariant: both run upwards with k, success never exceeds debut, and success
//! by the fourth season is the champion's probability itself.

use candle_core::Result;

use crate::domain::{Horizons, Role, SEASONS};
use crate::ml::features::{FeatureTable, Snapshot, definitions};
use crate::ml::figures::odds::{log_odds, logistic};
use crate::ml::learners::linear::{Design, Logistic};

/// L2 penalty: successes are few against columns.
const PENALTY: f64 = 60.0;
/// Log-odds are brought to the size of the other columns.
const LOG_ODDS_SCALE: f64 = 3.0;
/// Newest cohorts that calibrate the chance of a debut.
const CALIBRATION_SEASONS: u16 = 3;
/// Feature that is 1 when the player has been in the majors.
const DEBUTED: &str = "major_debut";

/// One role's timing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timing {
    success: Stages,
    reach: Logistic,
    debut: Stages,
}

/// Hazards of all seasons of the window but the last, in which all that is left
/// happens.
#[derive(Clone, Debug, PartialEq)]
struct Stages(Vec<Logistic>);

/// A training row: columns with the unseen log-odds appended, and its snapshot.
struct Row<'a> {
    columns: Vec<f32>,
    snapshot: &'a Snapshot,
}

impl Timing {
    /// Fits on evaluated rows: `(row, calibrated log-odds by a member that had
    /// not seen the player)`; `columns` gives a row's linear columns.
    pub(crate) fn fit(
        table: &FeatureTable,
        unseen: &[(usize, f64)],
        columns: impl Fn(usize) -> Vec<f32>,
    ) -> Result<Self> {
        let rows: Vec<Row<'_>> = unseen
            .iter()
            .map(|&(i, log_odds)| Row {
                columns: with_log_odds(columns(i), log_odds),
                snapshot: &table.snapshots[i],
            })
            .collect();
        let success = |s: &Snapshot| s.aftermath?.success_in_full_seasons;
        let debut = |s: &Snapshot| s.aftermath?.debut;
        let arrived = |row: &&Row<'_>| debut(row.snapshot) == Some(0);
        let failed = rows
            .iter()
            .filter(|row| !arrived(row) && success(row.snapshot).is_none());
        let newest = table.snapshots.iter().map(|s| s.id.season.0).max();
        let recent = |row: &&Row<'_>| {
            newest.is_some_and(|n| row.snapshot.id.season.0 + CALIBRATION_SEASONS > n)
        };
        let reached = |s: &Snapshot| debut(s).is_some();
        let reach = logistic_of(width(&rows), failed.clone(), reached)?;
        Ok(Self {
            success: Stages::fit(&rows, success)?,
            reach: recalibrated(reach, failed.filter(recent), reached)?,
            debut: Stages::fit(&rows, |s| debut(s).filter(|&k| k > 0))?,
        })
    }

    /// Both by season for a row with these linear columns and this calibrated
    /// probability of success; `debuted` when he has been in the majors.
    pub(crate) fn horizons(&self, columns: Vec<f32>, probability: f64, debuted: bool) -> Horizons {
        let columns = with_log_odds(columns, log_odds(probability));
        let success = self.success.by(&columns).map(|share| share * probability);
        if debuted {
            return Horizons {
                success,
                debut: [1.0; SEASONS],
            };
        }
        let reach = probability + (1.0 - probability) * chance(&self.reach, &columns);
        let mut debut = self.debut.by(&columns).map(|share| share * reach);
        for (debut, success) in debut.iter_mut().zip(success) {
            *debut = debut.max(success);
        }
        Horizons { success, debut }
    }

    /// Regressions it is made of.
    pub(crate) const PARTS: usize = 2 * SEASONS - 1;

    /// Weights and intercepts, in order: [`Timing::PARTS`] regressions.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Logistic> + Clone {
        let Self {
            success,
            reach,
            debut,
        } = self;
        success.0.iter().chain([reach]).chain(&debut.0)
    }

    /// Puts together what [`Timing::parts`] gave; `None` when it is not seven.
    pub(crate) fn from_parts(parts: Vec<Logistic>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let stages = SEASONS - 1;
        let success = Stages(parts.by_ref().take(stages).collect());
        let reach = parts.next()?;
        let debut = Stages(parts.by_ref().take(stages).collect());
        (debut.0.len() == stages && parts.next().is_none()).then_some(Self {
            success,
            reach,
            debut,
        })
    }
}

/// The column of a role's features that says whether he has been in the majors.
pub(crate) fn debuted_column(role: Role) -> usize {
    let column = definitions(role).iter().position(|d| d.name == DEBUTED);
    column.expect("both roles have the feature; a test holds it")
}

impl Stages {
    /// Fits the hazards among rows for which `season` tells when it happened.
    fn fit(rows: &[Row<'_>], season: impl Fn(&Snapshot) -> Option<u8>) -> Result<Self> {
        let width = width(rows);
        let stages = (1..SEASONS as u8).map(|k| {
            let waiting = rows
                .iter()
                .filter(|row| season(row.snapshot).is_some_and(|s| s >= k));
            logistic_of(width, waiting, |s| season(s) == Some(k))
        });
        Ok(Self(stages.collect::<Result<_>>()?))
    }

    /// Share that has happened by each season, given that it does in the window.
    fn by(&self, columns: &[f32]) -> [f64; SEASONS] {
        let mut left = 1.0;
        let mut by = [1.0; SEASONS];
        for (by, stage) in by.iter_mut().zip(&self.0) {
            left *= 1.0 - chance(stage, columns);
            *by = 1.0 - left;
        }
        by
    }
}

fn logistic_of<'a>(
    width: usize,
    rows: impl Iterator<Item = &'a Row<'a>>,
    happened: impl Fn(&Snapshot) -> bool,
) -> Result<Logistic> {
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for row in rows {
        values.extend(&row.columns);
        labels.push(f32::from(u8::from(happened(row.snapshot))));
    }
    let design = Design {
        values: &values,
        width,
        labels: &labels,
    };
    Logistic::fit(&design, PENALTY)
}

/// The regression with slope and intercept of its log-odds fitted anew: clubs
/// call up more players than they used to.
fn recalibrated<'a>(
    mut regression: Logistic,
    rows: impl Iterator<Item = &'a Row<'a>>,
    happened: impl Fn(&Snapshot) -> bool,
) -> Result<Logistic> {
    let (values, labels): (Vec<f32>, Vec<f32>) = rows
        .map(|row| {
            let happened = f32::from(u8::from(happened(row.snapshot)));
            (regression.log_odds(&row.columns) as f32, happened)
        })
        .unzip();
    let design = Design {
        values: &values,
        width: 1,
        labels: &labels,
    };
    let platt = Logistic::fit(&design, 1e-6)?;
    let slope = platt.weights[0].max(0.0);
    regression.weights.iter_mut().for_each(|w| *w *= slope);
    regression.intercept = platt.intercept + slope * regression.intercept;
    Ok(regression)
}

fn width(rows: &[Row<'_>]) -> usize {
    rows.first().map_or(0, |row| row.columns.len())
}

fn with_log_odds(mut columns: Vec<f32>, log_odds: f64) -> Vec<f32> {
    columns.push((log_odds / LOG_ODDS_SCALE) as f32);
    columns
}

fn chance(stage: &Logistic, columns: &[f32]) -> f64 {
    logistic(stage.log_odds(columns))
}

#[cfg(test)]
mod tests {
    use super::Timing;
    use crate::ml::learners::linear::Logistic;

    /// Seven regressions whose every chance is one half.
    fn even() -> Timing {
        let half = Logistic {
            weights: vec![0.0; 2],
            intercept: 0.0,
        };
        Timing::from_parts(vec![half; 7]).expect("seven")
    }

    #[test]
    fn half_of_what_is_left_happens_in_every_season_and_all_by_the_last() {
        let h = even().horizons(vec![1.0], 0.8, false);
        let expected = [0.4, 0.6, 0.7, 0.8];
        for (success, expected) in h.success.iter().zip(expected) {
            assert!((success - expected).abs() < 1e-12, "{h:?}");
        }
        assert!((h.debut[3] - 0.9).abs() < 1e-12 && (h.debut[0] - 0.45).abs() < 1e-12);
    }

    #[test]
    fn a_debut_behind_him_is_certain_and_parts_come_back() {
        assert_eq!(even().horizons(vec![1.0], 0.2, true).debut, [1.0; 4]);
        let parts: Vec<Logistic> = even().parts().cloned().collect();
        assert_eq!(Timing::from_parts(parts.clone()), Some(even()));
        assert_eq!(Timing::from_parts(parts[..6].to_vec()), None);
    }
}
