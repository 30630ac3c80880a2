//! Exact interventional Shapley values of oblivious trees, as one table per tree.
//!
//! Mixing a row with a background row picks, for every feature, whose answers
//! are used. A leaf's bits are all answers there are, so both rows enter by
//! their leaf only: values depend on the row's leaf, and the whole training
//! background is its leaf frequencies.

use super::forest::{DEPTH, Forest, LEAVES, Tree};

/// The values of one tree: for every leaf one value per distinct feature.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) features: Vec<u32>,
    /// `LEAVES` times `features.len()` values, leaf-major.
    pub(crate) values: Vec<f64>,
    /// Mean leaf value over the background.
    pub(crate) base: f64,
}

/// Counts how many rows of the background reach every leaf of every tree.
pub(crate) fn leaf_counts<'a>(
    forest: &Forest,
    rows: impl Iterator<Item = &'a [f32]>,
) -> Vec<[u32; LEAVES]> {
    let mut counts = vec![[0; LEAVES]; forest.trees.len()];
    for row in rows {
        for (tree, counts) in forest.trees.iter().zip(&mut counts) {
            counts[tree.leaf(row)] += 1;
        }
    }
    counts
}

impl Table {
    /// The table of a tree whose leaves hold `counts` background rows.
    pub(crate) fn new(tree: &Tree, counts: &[u32; LEAVES]) -> Self {
        let mut features: Vec<u32> = tree.splits.iter().map(|s| s.feature).collect();
        features.sort_unstable();
        features.dedup();
        let masks: Vec<usize> = features
            .iter()
            .map(|&f| {
                (0..DEPTH)
                    .filter(|&d| tree.splits[d].feature == f)
                    .map(|d| 1 << d)
                    .sum()
            })
            .collect();
        let means = coalition_means(tree, &masks, counts);
        let weights = coalition_weights(masks.len());
        let players = masks.len();
        let mut values = vec![0.0; LEAVES * players];
        for player in 0..players {
            for without in (0..1usize << players).filter(|c| c >> player & 1 == 0) {
                let weight = weights[without.count_ones() as usize];
                let (with, without) = (&means[without | 1 << player], &means[without]);
                for leaf in 0..LEAVES {
                    values[leaf * players + player] += weight * (with[leaf] - without[leaf]);
                }
            }
        }
        Self {
            features,
            values,
            base: means[0][0],
        }
    }

    /// Values of a leaf, in the order of `features`.
    pub(crate) fn of(&self, leaf: usize) -> &[f64] {
        &self.values[leaf * self.features.len()..(leaf + 1) * self.features.len()]
    }
}

/// Mean leaf value when the features of a coalition answer as the row and the
/// others as the background: one array over the row's leaf per coalition.
fn coalition_means(tree: &Tree, masks: &[usize], counts: &[u32; LEAVES]) -> Vec<[f64; LEAVES]> {
    let total = counts.iter().map(|&c| f64::from(c)).sum::<f64>().max(1.0);
    (0..1usize << masks.len())
        .map(|coalition| {
            let own: usize = (0..masks.len())
                .filter(|p| coalition >> p & 1 == 1)
                .map(|p| masks[p])
                .sum();
            let mut others = [0.0; LEAVES];
            for (leaf, &count) in counts.iter().enumerate() {
                others[leaf & !own] += f64::from(count) / total;
            }
            let mut means = [0.0; LEAVES];
            for leaf in subsets(own) {
                means[leaf] = subsets(!own & (LEAVES - 1))
                    .map(|other| others[other] * f64::from(tree.leaves[leaf | other]))
                    .sum();
            }
            std::array::from_fn(|leaf| means[leaf & own])
        })
        .collect()
}

/// Every number whose bits are among those of `mask`.
fn subsets(mask: usize) -> impl Iterator<Item = usize> {
    let next = move |&last: &usize| (last != mask).then(|| (last.wrapping_sub(mask)) & mask);
    std::iter::successors(Some(0), next)
}

/// Shapley's weight of a coalition by its size, for `players` players.
fn coalition_weights(players: usize) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    (0..players)
        .map(|size| factorial(size) * factorial(players - size - 1) / factorial(players))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Table, leaf_counts};
    use crate::ml::learners::forest::{Forest, LEAVES, Split, Tree};
    use crate::ml::rng::Rng;

    const WIDTH: usize = 5;

    fn random_rows(rng: &mut Rng, count: usize) -> Vec<Vec<f32>> {
        let value = |rng: &mut Rng| {
            if rng.unit() < 0.1 {
                f32::NAN
            } else {
                rng.unit() as f32
            }
        };
        (0..count)
            .map(|_| (0..WIDTH).map(|_| value(rng)).collect())
            .collect()
    }

    fn random_tree(rng: &mut Rng) -> Tree {
        let splits = (0..6)
            .map(|_| Split {
                feature: rng.below(WIDTH) as u32,
                threshold: rng.unit() as f32,
                missing_right: rng.unit() < 0.5,
            })
            .collect();
        Tree::new(
            splits,
            std::array::from_fn::<_, LEAVES, _>(|_| rng.unit() as f32 - 0.5),
        )
    }

    /// Shapley values by the definition: every coalition of all features,
    /// every background row.
    fn brute_force(forest: &Forest, row: &[f32], background: &[Vec<f32>]) -> Vec<f64> {
        let mean = |coalition: usize| {
            let mixed = background.iter().map(|other| {
                let pick = |f: usize| {
                    if coalition >> f & 1 == 1 {
                        row[f]
                    } else {
                        other[f]
                    }
                };
                forest.log_odds(&(0..WIDTH).map(pick).collect::<Vec<_>>())
            });
            mixed.sum::<f64>() / background.len() as f64
        };
        let means: Vec<f64> = (0..1 << WIDTH).map(mean).collect();
        let weights = super::coalition_weights(WIDTH);
        (0..WIDTH)
            .map(|f| {
                let without = (0..1usize << WIDTH).filter(|c| c >> f & 1 == 0);
                without
                    .map(|c| weights[c.count_ones() as usize] * (means[c | 1 << f] - means[c]))
                    .sum()
            })
            .collect()
    }

    #[test]
    fn tables_agree_with_all_coalitions() {
        let mut rng = Rng::new(3, 0);
        let forest = Forest::new((0..4).map(|_| random_tree(&mut rng)).collect());
        let background = random_rows(&mut rng, 40);
        let counts = leaf_counts(&forest, background.iter().map(Vec::as_slice));
        let tables: Vec<Table> = forest
            .trees
            .iter()
            .zip(&counts)
            .map(|(t, c)| Table::new(t, c))
            .collect();
        for row in random_rows(&mut rng, 10) {
            let mut values = [0.0; WIDTH];
            for (tree, table) in forest.trees.iter().zip(&tables) {
                for (f, v) in table.features.iter().zip(table.of(tree.leaf(&row))) {
                    values[*f as usize] += v;
                }
            }
            for (v, expected) in values.iter().zip(brute_force(&forest, &row, &background)) {
                assert!((v - expected).abs() < 1e-9, "{v} {expected}");
            }
            let base: f64 = tables.iter().map(|t| t.base).sum();
            let sum = base + values.iter().sum::<f64>();
            assert!((sum - forest.log_odds(&row)).abs() < 1e-9);
        }
    }
}
