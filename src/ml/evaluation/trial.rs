//! Comparing two models on the same snapshots.

use crate::domain::ProspectId;
use crate::ml::Error;
use crate::ml::engine::model::Model;
use crate::ml::features::FeatureTable;
use crate::ml::figures::paired::{Difference, Pairing, difference};
use crate::ml::figures::probability::Pair;

/// Evaluated snapshots with a closed window: whose they are, what each model
/// said of them and what happened.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    players: Vec<ProspectId>,
    said: Vec<Vec<Pair>>,
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
    /// When the trial has fewer than two models.
    pub fn difference(&self, seed: u64) -> Difference {
        let said = self.said[0].iter().zip(&self.said[1]);
        let rows: Vec<Pairing> = self
            .players
            .iter()
            .zip(said)
            .map(|(&player, (first, second))| (player, first.1, first.0, second.0))
            .collect();
        difference(&rows, seed)
    }
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
        let gap = trial.difference(1);
        assert!(
            gap.lower > 0.0 && gap.lower < gap.mean && gap.mean < gap.upper,
            "{gap:?}"
        );
        assert_eq!(gap, trial.difference(1));
    }
}
