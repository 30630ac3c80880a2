//! Two sets of predictions of the same snapshots, compared player by player.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::probability::loss;
use crate::domain::ProspectId;
use crate::ml::rng::Rng;

/// Resamplings of the players.
const DRAWS: usize = 1000;
/// Keeps the draws apart from every other use of a seed.
const STREAM: u64 = 1 << 48;

/// Mean difference of log loss per snapshot, and its 95 % interval when players
/// are drawn again with replacement. Under zero, the second is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Second minus first, natural logarithm per snapshot.
    pub mean: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
}

impl Difference {
    /// In thousandths, for tables.
    pub(crate) fn markdown(&self) -> String {
        format!(
            "{:+.2} ({:+.2} to {:+.2})",
            1e3 * self.mean,
            1e3 * self.lower,
            1e3 * self.upper
        )
    }
}

/// A snapshot with two predictions: player, outcome, first and second
/// probability.
pub(crate) type Pairing = (ProspectId, bool, f64, f64);

/// Compares the log loss of two sets of predictions; whole players are drawn,
/// since a player's seasons share his outcome.
pub(crate) fn difference(rows: &[Pairing], seed: u64) -> Difference {
    let mut players: BTreeMap<ProspectId, (f64, f64)> = BTreeMap::new();
    for &(player, success, first, second) in rows {
        let sum = players.entry(player).or_default();
        sum.0 += loss((second, success)) - loss((first, success));
        sum.1 += 1.0;
    }
    let players: Vec<(f64, f64)> = players.into_values().collect();
    let mut rng = Rng::new(seed, STREAM);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| mean((0..players.len()).map(|_| players[rng.below(players.len())])))
        .collect();
    draws.sort_by(f64::total_cmp);
    Difference {
        mean: mean(players.iter().copied()),
        lower: draws[DRAWS / 40],
        upper: draws[DRAWS - 1 - DRAWS / 40],
    }
}

fn mean(players: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, n) = players.fold((0.0, 0.0), |t, p| (t.0 + p.0, t.1 + p.1));
    sum / f64::max(n, 1.0)
}

#[cfg(test)]
mod tests {
    use super::{Pairing, difference};
    use crate::domain::ProspectId;

    fn rows(second: impl Fn(usize) -> f64) -> Vec<Pairing> {
        (0..400)
            .map(|i| {
                let success = i % 5 == 0;
                (ProspectId(i / 2), success, 0.2, second(i as usize))
            })
            .collect()
    }

    #[test]
    fn a_better_second_is_clear_and_a_shuffled_one_is_not() {
        let better = difference(&rows(|i| if i % 5 == 0 { 0.4 } else { 0.1 }), 1);
        assert!(better.upper < 0.0 && better.lower < better.mean && better.mean < better.upper);
        let same = difference(&rows(|_| 0.2), 1);
        assert!(same.mean == 0.0 && same.lower == 0.0 && same.upper == 0.0);
        let noise = difference(&rows(|i| if i % 2 == 0 { 0.21 } else { 0.19 }), 1);
        assert!(noise.lower < 0.0 && noise.upper > 0.0, "{noise:?}");
    }

    #[test]
    fn the_mean_is_that_of_the_snapshots() {
        let rows = [
            (ProspectId(1), true, 0.5, 0.25),
            (ProspectId(1), false, 0.5, 0.5),
            (ProspectId(2), false, 0.5, 0.75),
        ];
        let expected = 2.0 * 2f64.ln() / 3.0;
        assert!((difference(&rows, 1).mean - expected).abs() < 1e-12);
    }
}
