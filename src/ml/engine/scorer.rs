//! One role's fitted model: a bag of members, each a linear base with a forest
//! on its residual, combined and calibrated in log-odds.

use std::sync::OnceLock;

use candle_core::Result;

use super::horizons::{Timing, debuted_column};
use super::stage::{Kinds, Line, Stages};
use super::uncertainty::Uncertainty;
use crate::domain::{Attribution, Contribution, Horizons, Prediction, Role};
use crate::ml::features::definitions;
use crate::ml::figures::odds::logistic;
use crate::ml::learners::forest::{Forest, ForestTensors, LEAVES};
use crate::ml::learners::linear::Logistic;
use crate::ml::learners::quantile::Quantiles;
use crate::ml::learners::shapley::Table;

/// Rows scored at a time, to bound the memory of a whole board.
const BATCH: usize = 64;

/// Feature holding the logarithm of the career's playing time.
const TIME: &str = "playing_time_career";

/// What training produces and an artefact stores.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) quantiles: Quantiles,
    /// Share of the background without each feature.
    pub(crate) missing: Vec<f32>,
    /// Features that get a weight of their own when missing.
    pub(crate) flagged: Vec<u32>,
    /// Linear bases of the members, over scores and missing flags.
    pub(crate) bases: Vec<Logistic>,
    /// Trees of all members, in member order, equally many each.
    pub(crate) forest: Forest,
    /// Training rows per leaf: the background of explanations.
    pub(crate) counts: Vec<[u32; LEAVES]>,
    /// Mean of every linear column over the background.
    pub(crate) means: Vec<f64>,
    /// Weights of the mean base and of the mean forest.
    pub(crate) blend: Blend,
    /// What the blended score means, calibrated.
    pub(crate) stages: Stages,
    /// How the probability divides over the seasons.
    pub(crate) timing: Timing,
    pub(crate) uncertainty: Uncertainty,
}

/// Combination of a base and a forest: `base * z1 + forest * z2`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Blend {
    pub(crate) base: f64,
    pub(crate) forest: f64,
}

impl Blend {
    /// The score of a base's log-odds and a forest's residual.
    pub(crate) fn score(self, base: f64, forest: f64) -> f64 {
        self.base * base + self.forest * forest
    }
}

/// A fitted model ready to serve.
#[derive(Debug)]
pub(crate) struct Scorer {
    pub(crate) fitted: Fitted,
    base: Logistic,
    kinds: Kinds,
    tables: OnceLock<Vec<Table>>,
    tensors: ForestTensors,
    /// The feature that says how long a player's record is.
    time: usize,
    /// The feature that says whether he has been in the majors.
    debuted: usize,
}

impl Fitted {
    /// The score one member gives a row.
    pub(crate) fn score(&self, member: usize, row: &[f32]) -> f64 {
        let mut columns = Vec::with_capacity(self.means.len());
        self.columns(row, &mut columns);
        let share = self.forest.trees.len() / self.bases.len();
        let trees = &self.forest.trees[member * share..(member + 1) * share];
        let residual = trees.iter().map(|t| t.value(row)).sum();
        self.blend
            .score(self.bases[member].log_odds(&columns), residual)
    }

    /// Linear columns of a row: a score per feature, then missing flags.
    pub(crate) fn columns(&self, row: &[f32], out: &mut Vec<f32>) {
        linear_columns(&self.quantiles, &self.flagged, row, out);
    }
}

/// Appends the linear columns of a row.
pub(crate) fn linear_columns(q: &Quantiles, flagged: &[u32], row: &[f32], out: &mut Vec<f32>) {
    let from = out.len();
    out.extend(row.iter().enumerate().map(|(f, &v)| q.score(f, v)));
    // Bends: a score's upper half has a slope of its own.
    for j in from..from + row.len() {
        out.push(out[j].max(0.0));
    }
    out.extend(
        flagged
            .iter()
            .map(|&f| f32::from(u8::from(row[f as usize].is_nan()))),
    );
}

impl Scorer {
    /// Prepares tensors and explanation tables.
    pub(crate) fn new(fitted: Fitted, role: Role) -> Result<Self> {
        let width = fitted.quantiles.width();
        let tensors = ForestTensors::new(&fitted.forest, width)?;
        let base = mean_base(&fitted.bases);
        let time = definitions(role)
            .iter()
            .position(|d| d.name == TIME)
            .unwrap_or_default();
        Ok(Self {
            base,
            kinds: Kinds::of(role),
            tables: OnceLock::new(),
            tensors,
            time,
            debuted: debuted_column(role),
            fitted,
        })
    }

    /// Explanation tables, made when first needed: they follow from the trees
    /// and their leaf counts, and start-up need not wait for them.
    fn tables(&self) -> &[Table] {
        let trees = || self.fitted.forest.trees.iter().zip(&self.fitted.counts);
        self.tables
            .get_or_init(|| trees().map(|(t, c)| Table::new(t, c)).collect())
    }

    /// Calibrated log-odds of every member for `rows`, row-major.
    fn members(&self, rows: &[f32], width: usize) -> Result<Vec<f64>> {
        let members = self.fitted.bases.len();
        let mut out = self.tensors.log_odds(rows, width, members)?;
        let blend = self.fitted.blend;
        let mut columns = Vec::new();
        for (row, out) in rows.chunks(width).zip(out.chunks_mut(members)) {
            columns.clear();
            self.fitted.columns(row, &mut columns);
            let line = self.line(row);
            for (base, out) in self.fitted.bases.iter().zip(out) {
                // A member's forest is summed here; the mean over members is taken below.
                *out = line.log_odds(blend.score(base.log_odds(&columns), *out));
            }
        }
        Ok(out)
    }

    /// What the score of a row means.
    fn line(&self, row: &[f32]) -> Line {
        self.kinds.line(&self.fitted.stages, row)
    }

    /// Predictions of `rows`; `evaluated` says which have enough playing time.
    pub(crate) fn predict(
        &self,
        rows: &[f32],
        width: usize,
        evaluated: &[bool],
    ) -> Result<Vec<Prediction>> {
        let members = self.fitted.bases.len();
        let mut out = Vec::with_capacity(evaluated.len());
        for (rows, evaluated) in rows.chunks(BATCH * width).zip(evaluated.chunks(BATCH)) {
            let log_odds = self.members(rows, width)?;
            let bags = log_odds
                .chunks(members)
                .zip(rows.chunks(width))
                .zip(evaluated);
            for ((bag, row), &evaluated) in bags {
                out.push(self.prediction(bag, row, evaluated));
            }
        }
        Ok(out)
    }

    /// Probabilities of `rows`, each by the one member of `members`.
    pub(crate) fn by_member(
        &self,
        rows: &[f32],
        width: usize,
        members: &[usize],
    ) -> Result<Vec<f64>> {
        let bag = self.fitted.bases.len();
        let mut out = Vec::with_capacity(members.len());
        for (rows, chosen) in rows.chunks(BATCH * width).zip(members.chunks(BATCH)) {
            let log_odds = self.members(rows, width)?;
            let own = log_odds.chunks(bag).zip(chosen);
            out.extend(own.map(|(bag, &k)| logistic(bag[k])));
        }
        Ok(out)
    }

    /// Prediction of one row, without tensors.
    pub(crate) fn predict_row(&self, row: &[f32], evaluated: bool) -> Prediction {
        let line = self.line(row);
        let bag: Vec<f64> = (0..self.fitted.bases.len())
            .map(|member| line.log_odds(self.fitted.score(member, row)))
            .collect();
        self.prediction(&bag, row, evaluated)
    }

    /// Probabilities by season of a row whose probability is this.
    pub(crate) fn horizons(&self, row: &[f32], probability: f64) -> Horizons {
        let mut columns = Vec::with_capacity(self.fitted.means.len() + 1);
        self.fitted.columns(row, &mut columns);
        let debuted = row[self.debuted] == 1.0;
        self.fitted.timing.horizons(columns, probability, debuted)
    }

    fn prediction(&self, bag: &[f64], row: &[f32], evaluated: bool) -> Prediction {
        let time = f64::from(row[self.time]).exp_m1();
        self.fitted.uncertainty.prediction(bag, time, evaluated)
    }

    /// The exact explanation of a row: contributions are each feature's linear
    /// part against the background's mean, plus its Shapley values in every tree, and
    /// what the second stage makes of them.
    pub(crate) fn explain(&self, row: &[f32]) -> Attribution {
        let blend = self.fitted.blend;
        let scale = blend.forest / self.fitted.bases.len() as f64;
        let mut columns = Vec::with_capacity(self.fitted.means.len());
        self.fitted.columns(row, &mut columns);
        let linear = |j: usize| {
            blend.base * self.base.weights[j] * (f64::from(columns[j]) - self.fitted.means[j])
        };
        let width = row.len();
        let mut log_odds: Vec<f64> = (0..width).map(|j| linear(j) + linear(width + j)).collect();
        for (k, &feature) in self.fitted.flagged.iter().enumerate() {
            log_odds[feature as usize] += linear(2 * width + k);
        }
        let mut mean = blend.base * self.mean_log_odds();
        for (tree, table) in self.fitted.forest.trees.iter().zip(self.tables()) {
            mean += scale * table.base;
            for (&feature, value) in table.features.iter().zip(table.of(tree.leaf(row))) {
                log_odds[feature as usize] += scale * value;
            }
        }
        let stages = &self.fitted.stages;
        let base = self.kinds.explain(stages, row, mean, &mut log_odds);
        let contributions = log_odds.into_iter().zip(row).enumerate();
        Attribution {
            base,
            contributions: contributions
                .map(|(f, (log_odds, &value))| Contribution {
                    feature: f as u16,
                    value,
                    log_odds,
                })
                .collect(),
        }
    }

    fn mean_log_odds(&self) -> f64 {
        let products = self
            .base
            .weights
            .iter()
            .zip(&self.fitted.means)
            .map(|(w, m)| w * m);
        self.base.intercept + products.sum::<f64>()
    }
}

fn mean_base(bases: &[Logistic]) -> Logistic {
    let n = bases.len() as f64;
    let width = bases.first().map_or(0, |b| b.weights.len());
    Logistic {
        weights: (0..width)
            .map(|j| bases.iter().map(|b| b.weights[j]).sum::<f64>() / n)
            .collect(),
        intercept: bases.iter().map(|b| b.intercept).sum::<f64>() / n,
    }
}
