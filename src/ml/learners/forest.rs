//! Oblivious trees as a model: every level of a tree asks one question, so the
//! answers are the bits of the leaf's index.

use candle_core::{DType, Device, Result, Tensor};

/// Questions per tree.
pub(crate) const DEPTH: usize = 6;
/// Leaves per tree.
pub(crate) const LEAVES: usize = 1 << DEPTH;

/// One question: is the feature at least `threshold`?
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) feature: u32,
    pub(crate) threshold: f32,
    pub(crate) missing_right: bool,
}

impl Split {
    fn goes_right(&self, row: &[f32]) -> bool {
        let value = row[self.feature as usize];
        if value.is_nan() {
            self.missing_right
        } else {
            value >= self.threshold
        }
    }
}

/// A tree with exactly [`DEPTH`] questions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    pub(crate) splits: [Split; DEPTH],
    pub(crate) leaves: [f32; LEAVES],
}

impl Tree {
    /// A tree from up to [`DEPTH`] questions; missing ones ask nothing (every
    /// value, present or not, goes left).
    pub(crate) fn new(splits: Vec<Split>, leaves: [f32; LEAVES]) -> Self {
        let nothing = Split {
            feature: 0,
            threshold: f32::INFINITY,
            missing_right: false,
        };
        let splits = std::array::from_fn(|i| splits.get(i).copied().unwrap_or(nothing));
        Self { splits, leaves }
    }

    /// Leaf a row falls into.
    pub(crate) fn leaf(&self, row: &[f32]) -> usize {
        let bits = self.splits.iter().enumerate();
        bits.fold(0, |leaf, (i, split)| {
            leaf | usize::from(split.goes_right(row)) << i
        })
    }

    /// Leaf value of a row.
    pub(crate) fn value(&self, row: &[f32]) -> f64 {
        f64::from(self.leaves[self.leaf(row)])
    }
}

/// Trees whose leaf values are summed.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Forest {
    pub(crate) trees: Vec<Tree>,
}

impl Forest {
    /// The sum of `trees`.
    pub(crate) fn new(trees: Vec<Tree>) -> Self {
        Self { trees }
    }

    /// Log-odds of a row.
    pub(crate) fn log_odds(&self, row: &[f32]) -> f64 {
        self.trees.iter().map(|t| t.value(row)).sum()
    }
}

/// A forest as candle tensors, for whole boards at once.
#[derive(Debug)]
pub(crate) struct ForestTensors {
    trees: usize,
    /// Column asked: the feature's own, or its second copy where a missing
    /// value goes right.
    columns: Tensor,
    thresholds: Tensor,
    bits: Tensor,
    offsets: Tensor,
    leaves: Tensor,
}

impl ForestTensors {
    /// The tensors of a forest over `width` features.
    pub(crate) fn new(forest: &Forest, width: usize) -> Result<Self> {
        let trees = forest.trees.len();
        let cpu = &Device::Cpu;
        let splits = || forest.trees.iter().flat_map(|t| t.splits);
        let column = |s: Split| s.feature + if s.missing_right { width as u32 } else { 0 };
        Ok(Self {
            trees,
            columns: Tensor::from_iter(splits().map(column), cpu)?,
            thresholds: Tensor::from_iter(splits().map(|s| s.threshold), cpu)?.unsqueeze(1)?,
            bits: Tensor::from_iter((0..DEPTH).map(|d| (1u32 << d) as f32), cpu)?
                .reshape((1, DEPTH, 1))?,
            offsets: Tensor::from_iter((0..trees).map(|t| (t * LEAVES) as f32), cpu)?
                .unsqueeze(1)?,
            leaves: Tensor::from_iter(forest.trees.iter().flat_map(|t| t.leaves), cpu)?
                .to_dtype(DType::F64)?,
        })
    }

    /// Log-odds of `rows` (row-major, `width` features each) per tree group:
    /// the trees are cut into `groups` equal runs and each is summed.
    pub(crate) fn log_odds(&self, rows: &[f32], width: usize, groups: usize) -> Result<Vec<f64>> {
        let n = rows.len() / width;
        // Missing values are minus infinity in the first copy of a row and plus
        // infinity in the second: both directions become plain comparisons.
        // Features are the outer dimension, so that selecting one copies a run.
        let mut both = vec![0.0; 2 * width * n];
        for (i, row) in rows.chunks(width).enumerate() {
            for (f, &x) in row.iter().enumerate() {
                both[f * n + i] = if x.is_nan() { f32::NEG_INFINITY } else { x };
                both[(width + f) * n + i] = if x.is_nan() { f32::INFINITY } else { x };
            }
        }
        let x = Tensor::from_vec(both, (2 * width, n), &Device::Cpu)?;
        let asked = x.index_select(&self.columns, 0)?;
        let right = asked.broadcast_ge(&self.thresholds)?.to_dtype(DType::F32)?;
        let bits = right
            .reshape((self.trees, DEPTH, n))?
            .broadcast_mul(&self.bits)?;
        let leaf = bits.sum(1)?.broadcast_add(&self.offsets)?;
        let leaf = leaf.to_dtype(DType::U32)?.flatten_all()?;
        let values = self.leaves.index_select(&leaf, 0)?;
        let values = values.reshape((groups, self.trees / groups, n))?.sum(1)?;
        values.t()?.contiguous()?.flatten_all()?.to_vec1()
    }
}
