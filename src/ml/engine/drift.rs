//! Drift: how far a board's features lie from those a model learnt from.
//!
//! The population stability index over deciles of the training background, with
//! missing values as a bin of their own: `sum (now - then) ln(now / then)`. By
//! the convention of credit scoring (Siddiqi, *Credit Risk Scorecards*, 2006)
//! below 0.1 is stable, 0.1 to 0.25 wants watching, above 0.25 is a shift.

use super::model::Model;
use super::stage::is_its_own;
use crate::ml::features::{FeatureTable, definitions};

/// Shares below this count as this much, so that an empty bin has a finite index.
const LEAST: f64 = 1e-4;

/// Features that say how far a season has got: they are what they are by the calendar.
const OF_THE_DAY: [&str; 3] = ["risen", "wait", "unseen"];

/// A feature's drift between training and a table.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureDrift {
    /// Stable name of the feature.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Population stability index, 0 or more.
    pub psi: f64,
    /// Share of training snapshots without it.
    pub missing_then: f64,
    /// Share of the table without it.
    pub missing_now: f64,
}

impl Model {
    /// The drift of every feature of `table` that is always offered and no matter of the
    /// calendar, in the order of the definitions; empty for an empty table.
    pub fn drift(&self, table: &FeatureTable) -> Vec<FeatureDrift> {
        if table.is_empty() {
            return Vec::new();
        }
        let fitted = self.fitted(table.role);
        let features = definitions(table.role).iter().enumerate();
        let compared = |name: &str| !is_its_own(name) && !OF_THE_DAY.contains(&name);
        let offered = features.filter(|(_, def)| compared(def.name));
        let drift = offered.map(|(f, def)| {
            let cumulative = fitted.quantiles.cumulative(f);
            let missing_then = f64::from(fitted.missing[f]);
            let bins = Bins::new(&cumulative, missing_then);
            let now = bins.shares((0..table.len()).map(|i| table.row(i)[f]));
            FeatureDrift {
                name: def.name,
                label: def.label,
                psi: psi(&bins.then, &now),
                missing_then,
                missing_now: now[0],
            }
        });
        drift.collect()
    }
}

/// Population stability index of two lists of shares, each summing to 1.
pub fn psi(then: &[f64], now: &[f64]) -> f64 {
    let pairs = then.iter().zip(now);
    pairs
        .map(|(then, now)| (then.max(LEAST), now.max(LEAST)))
        .map(|(then, now)| (now - then) * (now / then).ln())
        .sum()
}

/// Missing, then at most ten bins of equal share, fewer where values tie.
struct Bins {
    /// Upper ends of all bins but the last, inclusive.
    ends: Vec<f32>,
    /// Share of the training background per bin, the missing first.
    then: Vec<f64>,
}

impl Bins {
    fn new(cumulative: &[(f32, f64)], missing: f64) -> Self {
        let (mut ends, mut then, mut below) = (Vec::new(), vec![missing], 0.0);
        for &(value, upto) in &cumulative[..cumulative.len().saturating_sub(1)] {
            // Cut at the first value that completes the next decile.
            if upto >= ((below * 10.0_f64 + 1e-9).floor() + 1.0) / 10.0 - 1e-9 {
                ends.push(value);
                then.push((upto - below) * (1.0 - missing));
                below = upto;
            }
        }
        then.push((1.0 - below) * (1.0 - missing));
        Self { ends, then }
    }

    /// Share of `values` per bin, the missing first.
    fn shares(&self, values: impl Iterator<Item = f32>) -> Vec<f64> {
        let mut counts = vec![0_u32; self.then.len()];
        let mut n = 0;
        for value in values {
            let bin = if value.is_nan() {
                0
            } else {
                1 + self.ends.partition_point(|&end| end < value)
            };
            counts[bin] += 1;
            n += 1;
        }
        counts
            .iter()
            .map(|&c| f64::from(c) / f64::from(n))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bins, psi};
    use crate::ml::learners::quantile::Quantiles;

    /// By hand: (0.6-0.5) ln(0.6/0.5) + (0.4-0.5) ln(0.4/0.5)
    /// = 0.1 * 0.182321557 + 0.1 * 0.223143551 = 0.040546511.
    #[test]
    fn the_index_is_that_of_pencil_and_paper() {
        assert!((psi(&[0.5, 0.5], &[0.6, 0.4]) - 0.040_546_511).abs() < 1e-9);
        assert_eq!(psi(&[0.25; 4], &[0.25; 4]), 0.0);
        // An empty bin counts as 0.0001: 0.5 ln 2 + 0.4999 ln 5000 = 4.604321.
        let emptied = 0.5 * 2_f64.ln() + 0.4999 * 5000_f64.ln();
        assert!((psi(&[0.5, 0.5], &[1.0, 0.0]) - emptied).abs() < 1e-9);
    }

    #[test]
    fn training_shares_come_back_from_the_knots() {
        let n = 20_000;
        let even = |i: usize| i as f32 / n as f32;
        let columns: Vec<Vec<f32>> = vec![
            (0..n).map(even).collect(),
            // Three in five tie at zero.
            (0..n).map(|i| (even(i) - 0.6).max(0.0)).collect(),
            (0..n).map(|i| (i % 3) as f32).collect(),
            (0..n).map(|i| f32::from(u8::from(i % 10 == 0))).collect(),
        ];
        let quantiles = Quantiles::fit(&columns);
        for (f, column) in columns.iter().enumerate() {
            let bins = Bins::new(&quantiles.cumulative(f), 0.0);
            let now = bins.shares(column.iter().copied());
            assert!((bins.then.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(psi(&bins.then, &now) < 0.01, "{f}: {:?} {now:?}", bins.then);
        }
        let bins = Bins::new(&quantiles.cumulative(0), 0.0);
        assert_eq!(bins.then.len(), 11, "missing and ten deciles");
        let shifted = bins.shares(columns[0].iter().map(|v| v + 0.3));
        assert!(psi(&bins.then, &shifted) > 0.25);
        let missing = bins.shares(
            columns[0]
                .iter()
                .map(|&v| if v < 0.3 { f32::NAN } else { v }),
        );
        assert!(psi(&bins.then, &missing) > 0.25);
    }
}
