//! Features of a role's players, row by row in packed columns.

use serde::{Deserialize, Serialize};

use super::entry::BoardEntry;
use super::packed::{Floats, Shorts};

/// A role's features, row by row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::rankings) struct Columns {
    width: u32,
    values: Floats,
    log_odds: Floats,
    percentiles: Shorts,
}

/// Percentile of a missing value.
const MISSING: u16 = u16::MAX;
const PERCENTILE_ONE: f32 = 65534.0;

impl Columns {
    /// Columns read from where they were kept.
    pub(in crate::rankings) fn stored(
        width: u32,
        values: Floats,
        log_odds: Floats,
        percentiles: Shorts,
    ) -> Self {
        Self {
            width,
            values,
            log_odds,
            percentiles,
        }
    }

    /// Appends one entry's values and returns its row.
    pub(in crate::rankings) fn push(&mut self, entry: &BoardEntry) -> u32 {
        self.width = entry.features.len() as u32;
        let row = self
            .values
            .0
            .len()
            .checked_div(entry.features.len())
            .unwrap_or(0);
        self.values.0.extend(&entry.features);
        let shares = entry.attribution.contributions.iter();
        self.log_odds
            .0
            .extend(shares.map(|share| share.log_odds as f32));
        self.log_odds.0.resize(self.values.0.len(), 0.0);
        row as u32
    }

    pub(in crate::rankings) fn take_percentiles(&mut self) {
        let width = self.width as usize;
        self.percentiles.0 = vec![MISSING; self.values.0.len()];
        for feature in 0..width {
            let column: Vec<f32> = self
                .values
                .0
                .iter()
                .skip(feature)
                .step_by(width)
                .copied()
                .collect();
            for (row, share) in shares_below(&column).into_iter().enumerate() {
                if !share.is_nan() {
                    self.percentiles.0[row * width + feature] =
                        (share * PERCENTILE_ONE).round() as u16;
                }
            }
        }
    }

    fn range(&self, row: u32) -> std::ops::Range<usize> {
        let start = (row * self.width) as usize;
        start..start + self.width as usize
    }

    /// Value and share of each feature of a row.
    pub(in crate::rankings) fn row(&self, row: u32) -> impl Iterator<Item = (f32, f32)> {
        let range = self.range(row);
        let values = self.values.0[range.clone()].iter().copied();
        values.zip(self.log_odds.0[range].iter().copied())
    }

    /// Share of the role's rows with a lower value, 0 to 1, per feature of a row.
    pub(in crate::rankings) fn percentiles(&self, row: u32) -> impl Iterator<Item = Option<f32>> {
        let stored = self.percentiles.0[self.range(row)].iter();
        stored.map(|&p| (p != MISSING).then(|| f32::from(p) / PERCENTILE_ONE))
    }
}

/// Share of the other values below each, ties counted half; NaN stays NaN.
pub(in crate::rankings) fn shares_below(values: &[f32]) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f32::total_cmp);
    let others = sorted.len().saturating_sub(1) as f32;
    let share = |&value: &f32| {
        if value.is_nan() || others == 0.0 {
            return if value.is_nan() { f32::NAN } else { 0.5 };
        }
        let below = sorted.partition_point(|&v| v < value);
        let ties = sorted.partition_point(|&v| v <= value) - below - 1;
        (below as f32 + ties as f32 / 2.0) / others
    };
    values.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::shares_below;

    #[test]
    fn percentiles_split_ties_and_skip_missing_values() {
        let shares = shares_below(&[1.0, 3.0, f32::NAN, 2.0, 2.0]);
        assert_eq!(
            (shares[0], shares[1], shares[3], shares[4]),
            (0.0, 1.0, 0.5, 0.5)
        );
        assert!(shares[2].is_nan());
    }
}
