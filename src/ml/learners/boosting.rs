//! Gradient boosting of oblivious trees from histograms.
//!
//! The kernel is plain Rust: candle has no histogram. It runs on one thread
//! (members of a model are grown side by side instead), so every sum is made in
//! one order.

use super::bins::{CELLS, Edges};
use super::forest::{DEPTH, Forest, LEAVES, Split, Tree};
use crate::ml::figures::odds::logistic;
use crate::ml::rng::Rng;

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) trees: usize,
    pub(crate) rate: f64,
    /// L2 penalty on leaf values, in units of the Hessian.
    pub(crate) penalty: f64,
    pub(crate) rows: f64,
    pub(crate) columns: f64,
}

/// Rows to learn from: bins by feature, and the log-odds to improve on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample<'a> {
    pub(crate) bins: &'a [Vec<u8>],
    pub(crate) edges: &'a Edges,
    /// Indices into the bins' rows.
    pub(crate) rows: &'a [u32],
    /// Outcome from 0 to 1, and starting log-odds, of every entry of `rows`.
    pub(crate) labels: &'a [f32],
    pub(crate) start: &'a [f64],
}

/// Grows a forest on the sample.
pub(crate) fn grow(sample: &Sample<'_>, settings: &Settings, rng: &mut Rng) -> Forest {
    let mut log_odds = sample.start.to_vec();
    let mut trees = Vec::with_capacity(settings.trees);
    let offered = offered(sample);
    for _ in 0..settings.trees {
        let columns = choose(&offered, settings.columns, rng);
        let drawn = draw(sample, &log_odds, settings.rows, rng);
        let tree = Grower {
            sample,
            settings,
            drawn,
        }
        .tree(&columns);
        for (z, &row) in log_odds.iter_mut().zip(sample.rows) {
            *z += f64::from(tree.0.leaves[leaf(&tree.1, sample.bins, row as usize)]);
        }
        trees.push(tree.0);
    }
    Forest::new(trees)
}

/// The sampled rows of one tree with their derivatives.
struct Drawn {
    rows: Vec<u32>,
    derivatives: Vec<[f64; 2]>,
}

#[derive(Clone, Copy, Debug)]
struct BinSplit {
    feature: usize,
    /// Bins above go right.
    bin: usize,
    missing_right: bool,
    gain: f64,
}

/// Features that can be asked for: those with more than one value.
fn offered(sample: &Sample<'_>) -> Vec<usize> {
    (0..sample.bins.len())
        .filter(|&feature| sample.edges.count(feature) > 0)
        .collect()
}

fn choose(offered: &[usize], share: f64, rng: &mut Rng) -> Vec<usize> {
    let mut all = offered.to_vec();
    let count = all.len();
    let wanted = ((count as f64 * share).round() as usize).max(1).min(count);
    for i in 0..wanted {
        let j = i + rng.below(count - i);
        all.swap(i, j);
    }
    all.truncate(wanted);
    all.sort_unstable();
    all
}

fn draw(sample: &Sample<'_>, log_odds: &[f64], share: f64, rng: &mut Rng) -> Drawn {
    let mut drawn = Drawn {
        rows: Vec::new(),
        derivatives: Vec::new(),
    };
    for (i, &row) in sample.rows.iter().enumerate() {
        if rng.unit() < share {
            let p = logistic(log_odds[i]);
            drawn.rows.push(row);
            drawn
                .derivatives
                .push([p - f64::from(sample.labels[i]), p * (1.0 - p)]);
        }
    }
    drawn
}

fn goes_right(split: &BinSplit, bin: u8) -> bool {
    if bin == 0 {
        split.missing_right
    } else {
        usize::from(bin) > split.bin
    }
}

fn leaf(splits: &[BinSplit], bins: &[Vec<u8>], row: usize) -> usize {
    splits.iter().enumerate().fold(0, |leaf, (depth, split)| {
        leaf | usize::from(goes_right(split, bins[split.feature][row])) << depth
    })
}

struct Grower<'a> {
    sample: &'a Sample<'a>,
    settings: &'a Settings,
    drawn: Drawn,
}

impl Grower<'_> {
    fn tree(&self, columns: &[usize]) -> (Tree, Vec<BinSplit>) {
        let mut leaves = vec![0u8; self.drawn.rows.len()];
        let mut splits: Vec<BinSplit> = Vec::with_capacity(DEPTH);
        for depth in 0..DEPTH {
            let Some(split) = self.best_split(columns, &leaves, 1 << depth) else {
                break;
            };
            let bins = &self.sample.bins[split.feature];
            for (leaf, &row) in leaves.iter_mut().zip(&self.drawn.rows) {
                *leaf |= u8::from(goes_right(&split, bins[row as usize])) << depth;
            }
            splits.push(split);
        }
        (self.finish(&splits, &leaves), splits)
    }

    /// Newton values of the leaves, and splits as raw thresholds.
    fn finish(&self, splits: &[BinSplit], leaves: &[u8]) -> Tree {
        let mut sums = [[0.0; 2]; LEAVES];
        for (&leaf, d) in leaves.iter().zip(&self.drawn.derivatives) {
            sums[usize::from(leaf)][0] += d[0];
            sums[usize::from(leaf)][1] += d[1];
        }
        let value = |[g, h]: [f64; 2]| -g / (h + self.settings.penalty) * self.settings.rate;
        let splits = splits.iter().map(|s| Split {
            feature: s.feature as u32,
            threshold: self.sample.edges.threshold(s.feature, s.bin),
            missing_right: s.missing_right,
        });
        Tree::new(splits.collect(), sums.map(|s| value(s) as f32))
    }

    fn best_split(&self, columns: &[usize], leaves: &[u8], count: usize) -> Option<BinSplit> {
        let mut cells = vec![[0.0f64; 2]; count * CELLS];
        columns
            .iter()
            .filter_map(|&feature| self.best_of(feature, leaves, &mut cells))
            .fold(None, better)
    }

    fn best_of(&self, feature: usize, leaves: &[u8], cells: &mut [[f64; 2]]) -> Option<BinSplit> {
        cells.fill([0.0; 2]);
        let bins = &self.sample.bins[feature];
        for ((&row, &leaf), d) in self
            .drawn
            .rows
            .iter()
            .zip(leaves)
            .zip(&self.drawn.derivatives)
        {
            let cell = &mut cells[usize::from(leaf) * CELLS + usize::from(bins[row as usize])];
            cell[0] += d[0];
            cell[1] += d[1];
        }
        let edges = self.sample.edges.count(feature);
        let mut gains = vec![[0.0f64; 2]; edges];
        for leaf in cells.chunks(CELLS) {
            add_gains(leaf, &mut gains, self.settings.penalty);
        }
        let candidates = gains.iter().enumerate().flat_map(|(e, gain)| {
            [false, true].map(|missing_right| BinSplit {
                feature,
                bin: e + 1,
                missing_right,
                gain: gain[usize::from(missing_right)],
            })
        });
        candidates.filter(|s| s.gain > 1e-9).fold(None, better)
    }
}

/// The larger gain; on a tie the one found first.
fn better(best: Option<BinSplit>, next: BinSplit) -> Option<BinSplit> {
    match best {
        Some(best) if best.gain >= next.gain => Some(best),
        _ => Some(next),
    }
}

/// Adds one leaf's gain of every split, with missing values left and right.
fn add_gains(leaf: &[[f64; 2]], gains: &mut [[f64; 2]], penalty: f64) {
    let missing = leaf[0];
    let total = leaf
        .iter()
        .fold([0.0; 2], |t, c| [t[0] + c[0], t[1] + c[1]]);
    if total[1] <= 0.0 {
        return;
    }
    let score = |g: f64, h: f64| g * g / (h + penalty);
    let parent = score(total[0], total[1]);
    let mut left = [0.0; 2];
    for (cell, gain) in leaf[1..].iter().zip(gains.iter_mut()) {
        left = [left[0] + cell[0], left[1] + cell[1]];
        for (side, gain) in gain.iter_mut().enumerate() {
            let with = if side == 0 { missing } else { [0.0; 2] };
            let (g, h) = (left[0] + with[0], left[1] + with[1]);
            *gain += score(g, h) + score(total[0] - g, total[1] - h) - parent;
        }
    }
}
