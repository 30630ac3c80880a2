//! Comparing two models on the same snapshots.

use std::collections::BTreeMap;

use super::evaluate::{Pair, log_loss};
use super::features::FeatureTable;
use super::model::Model;
use super::rng::Rng;
use crate::domain::ProspectId;
use crate::ml::Error;

/// Resamples of the bootstrap.
const DRAWS: usize = 1000;

/// Evaluated snapshots with a closed window: whose they are, what each model
/// said of them and what happened.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    players: Vec<ProspectId>,
    said: Vec<Vec<Pair>>,
}

/// How much worse the second model's log loss is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Log loss of the second minus that of the first.
    pub mean: f64,
    /// Lower end of its 95 % interval, resampling players.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Trial {
    /// A trial of `models` on the closed, evaluated snapshots of `tables`; each
    /// player is judged by the member of each model that never saw him.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn of(models: &[&Model], tables: &[&FeatureTable]) -> Result<Self, Error> {
        let mut trial = Self {
            players: Vec::new(),
            said: vec![Vec::new(); models.len()],
        };
        for table in tables {
            let closed = table.filter(|s| s.evaluated && s.label.is_some());
            trial
                .players
                .extend(closed.snapshots.iter().map(|s| s.id.prospect));
            for (said, model) in trial.said.iter_mut().zip(models) {
                let found = model.predict_unseen(&closed)?;
                let pairs = closed.snapshots.iter().zip(found);
                said.extend(pairs.map(|(s, p)| (p, s.label == Some(true))));
            }
        }
        Ok(trial)
    }

    /// What model `at` said and what happened.
    pub fn pairs(&self, at: usize) -> &[Pair] {
        &self.said[at]
    }

    /// Number of snapshots.
    pub fn len(&self) -> usize {
        self.players.len()
    }

    /// True without snapshots.
    pub fn is_empty(&self) -> bool {
        self.players.is_empty()
    }

    /// The second model's log loss against the first's; the same seed gives the
    /// same interval.
    ///
    /// # Panics
    /// When the trial has fewer than two models or no snapshot.
    pub fn gap(&self, seed: u64) -> Gap {
        let sums = self.sums_by_player();
        let mut means: Vec<f64> = (0..DRAWS)
            .map(|draw| resampled(&sums, seed, draw))
            .collect();
        means.sort_by(f64::total_cmp);
        Gap {
            mean: log_loss(&self.said[1]) - log_loss(&self.said[0]),
            lower: means[DRAWS / 40],
            upper: means[DRAWS - 1 - DRAWS / 40],
        }
    }

    /// Per player the sum of loss differences and the number of snapshots.
    fn sums_by_player(&self) -> Vec<(f64, u32)> {
        let mut sums: BTreeMap<ProspectId, (f64, u32)> = BTreeMap::new();
        for (i, player) in self.players.iter().enumerate() {
            let gap = log_loss(&self.said[1][i..=i]) - log_loss(&self.said[0][i..=i]);
            let sum = sums.entry(*player).or_default();
            *sum = (sum.0 + gap, sum.1 + 1);
        }
        sums.into_values().collect()
    }
}

fn resampled(sums: &[(f64, u32)], seed: u64, draw: usize) -> f64 {
    let mut rng = Rng::new(seed, draw as u64);
    let (mut total, mut n) = (0.0, 0);
    for _ in sums {
        let (sum, count) = sums[rng.below(sums.len())];
        total += sum;
        n += count;
    }
    total / f64::from(n)
}

#[cfg(test)]
mod tests {
    use super::Trial;
    use crate::domain::ProspectId;

    #[test]
    fn a_worse_model_has_an_interval_above_zero() {
        let hit = |i: u32| i.is_multiple_of(5);
        let good = |i| (if hit(i) { 0.6 } else { 0.1 }, hit(i));
        let trial = Trial {
            players: (0..500).map(|i| ProspectId(1 + i / 2)).collect(),
            said: vec![
                (0..500).map(good).collect(),
                (0..500).map(|i| (0.2, hit(i))).collect(),
            ],
        };
        let gap = trial.gap(1);
        assert!(
            gap.lower > 0.0 && gap.lower < gap.mean && gap.mean < gap.upper,
            "{gap:?}"
        );
        assert_eq!(gap, trial.gap(1));
    }
}
