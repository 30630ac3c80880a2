//! The parts of a fitted role as tensors: how each is put down and read back.

use std::collections::HashMap;

use candle_core::{Result, Tensor};

use super::config::RoleConfig;
use super::tensors::{Reader, Writer, cut, whole};
use crate::domain::Role;
use crate::ml::engine::horizons::Timing;
use crate::ml::engine::scorer::{Blend, Fitted};
use crate::ml::engine::stage::{Kinds, Stage, Stages};
use crate::ml::engine::uncertainty::Uncertainty;
use crate::ml::error::Error;
use crate::ml::learners::forest::{DEPTH, Forest, LEAVES, Split, Tree};
use crate::ml::learners::quantile::Quantiles;

/// Adds the tensors of a fitted role.
pub(super) fn put(tensors: &mut HashMap<String, Tensor>, role: Role, f: &Fitted) -> Result<()> {
    let out = &mut Writer { role, tensors };
    put_quantiles(out, f)?;
    put_bases(out, f)?;
    put_forest(out, f)?;
    out.logistics("timing", f.timing.parts(), f.means.len() + 1)?;
    put_stages(out, f)?;
    put_scalars(out, f)
}

/// Reads a fitted role back.
pub(super) fn get(
    tensors: &HashMap<String, Tensor>,
    config: &RoleConfig,
) -> std::result::Result<Fitted, Error> {
    let from = &Reader {
        role: config.role,
        tensors,
    };
    let columns = 2 * config.features + config.flagged.len();
    whole(config.are_features(&config.flagged))?;
    let means: Vec<f64> = from.list("base.means")?;
    let missing: Vec<f32> = from.list("missing.shares")?;
    whole(means.len() == columns && missing.len() == config.features && config.members > 0)?;
    let (forest, counts) = forest(from, config)?;
    let (blend, uncertainty) = scalars(from)?;
    Ok(Fitted {
        quantiles: quantiles(from, config)?,
        missing,
        flagged: config.flagged.clone(),
        bases: from.logistics("base", config.members, columns)?,
        forest,
        counts,
        means,
        blend,
        stages: stages(from, config.role)?,
        timing: timing(from, columns + 1)?,
        uncertainty,
    })
}

fn put_quantiles(out: &mut Writer<'_>, f: &Fitted) -> Result<()> {
    let (knots, scores) = f.quantiles.parts();
    out.list("knots.lengths", knots.iter().map(|k| k.len() as u32))?;
    out.list("knots.values", knots.iter().flatten().copied())?;
    out.list("knots.scores", scores.iter().flatten().copied())?;
    out.list("missing.shares", f.missing.iter().copied())
}

fn quantiles(from: &Reader<'_>, config: &RoleConfig) -> std::result::Result<Quantiles, Error> {
    let lengths: Vec<u32> = from.list("knots.lengths")?;
    whole(lengths.len() == config.features)?;
    Ok(Quantiles::from_parts(
        cut(&from.list::<f32>("knots.values")?, &lengths)?,
        cut(&from.list::<f32>("knots.scores")?, &lengths)?,
    ))
}

fn put_bases(out: &mut Writer<'_>, f: &Fitted) -> Result<()> {
    out.logistics("base", f.bases.iter(), f.means.len())?;
    out.list("base.means", f.means.iter().copied())
}

fn put_forest(out: &mut Writer<'_>, f: &Fitted) -> Result<()> {
    let splits = || f.forest.trees.iter().flat_map(|t| t.splits);
    out.rows("forest.features", splits().map(|s| s.feature), DEPTH)?;
    out.rows("forest.thresholds", splits().map(|s| s.threshold), DEPTH)?;
    let missing = splits().map(|s| u8::from(s.missing_right));
    out.rows("forest.missing_right", missing, DEPTH)?;
    let leaves = f.forest.trees.iter().flat_map(|t| t.leaves);
    out.rows("forest.leaves", leaves, LEAVES)?;
    out.rows("forest.counts", f.counts.iter().flatten().copied(), LEAVES)
}

/// The trees, and how many training rows fell into each leaf.
fn forest(
    from: &Reader<'_>,
    config: &RoleConfig,
) -> std::result::Result<(Forest, Vec<[u32; LEAVES]>), Error> {
    let features: Vec<u32> = from.list("forest.features")?;
    let thresholds: Vec<f32> = from.list("forest.thresholds")?;
    let missing: Vec<u8> = from.list("forest.missing_right")?;
    let leaves: Vec<f32> = from.list("forest.leaves")?;
    let counts: Vec<u32> = from.list("forest.counts")?;
    let splits = config.trees * DEPTH;
    whole(
        config.trees.is_multiple_of(config.members)
            && [features.len(), thresholds.len(), missing.len()] == [splits; 3]
            && config.are_features(&features)
            && [leaves.len(), counts.len()] == [config.trees * LEAVES; 2],
    )?;
    let splits: Vec<Split> = features
        .into_iter()
        .zip(thresholds)
        .zip(missing)
        .map(|((feature, threshold), right)| Split {
            feature,
            threshold,
            missing_right: right == 1,
        })
        .collect();
    let trees = splits
        .chunks(DEPTH)
        .zip(leaves.chunks(LEAVES))
        .map(|(splits, leaves)| Tree::new(splits.to_vec(), std::array::from_fn(|i| leaves[i])));
    let counts = counts.chunks(LEAVES);
    Ok((
        Forest::new(trees.collect()),
        counts.map(|c| std::array::from_fn(|i| c[i])).collect(),
    ))
}

fn timing(from: &Reader<'_>, width: usize) -> std::result::Result<Timing, Error> {
    let parts = from.logistics("timing", Timing::PARTS, width)?;
    Timing::from_parts(parts).ok_or_else(|| Error::refused("its timing is incomplete"))
}

/// Each stage as one list: intercept, slope, and its terms.
fn put_stages(out: &mut Writer<'_>, f: &Fitted) -> Result<()> {
    out.list("stage.plain", numbers(&f.stages.plain))?;
    let roster = f.stages.roster.iter().flat_map(numbers);
    out.list("stage.roster", roster)
}

fn numbers(stage: &Stage) -> impl Iterator<Item = f64> + use<'_> {
    let terms = stage.terms.iter().flatten().copied();
    [stage.intercept, stage.slope].into_iter().chain(terms)
}

fn stages(from: &Reader<'_>, role: Role) -> std::result::Result<Stages, Error> {
    let [plain, roster] = Kinds::of(role).widths();
    let all: Vec<f64> = from.list("stage.roster")?;
    Ok(Stages {
        plain: stage(&from.list::<f64>("stage.plain")?, plain)?,
        roster: (!all.is_empty()).then(|| stage(&all, roster)).transpose()?,
    })
}

fn stage(numbers: &[f64], terms: usize) -> std::result::Result<Stage, Error> {
    whole(numbers.len() == 2 + 3 * terms)?;
    Ok(Stage {
        intercept: numbers[0],
        slope: numbers[1],
        terms: numbers[2..].chunks(3).map(|t| [t[0], t[1], t[2]]).collect(),
    })
}

fn put_scalars(out: &mut Writer<'_>, f: &Fitted) -> Result<()> {
    let (b, u) = (f.blend, f.uncertainty);
    let scalars = [
        b.base, b.forest, u.drift, u.sparse, u.thin, u.high, u.medium,
    ];
    out.list("scalars", scalars.into_iter())
}

fn scalars(from: &Reader<'_>) -> std::result::Result<(Blend, Uncertainty), Error> {
    let scalars: Vec<f64> = from.list("scalars")?;
    let &[base, forest, drift, sparse, thin, high, medium] = scalars.as_slice() else {
        return Err(Error::refused("its scalars are incomplete"));
    };
    let blend = Blend { base, forest };
    let uncertainty = Uncertainty {
        drift,
        sparse,
        thin,
        high,
        medium,
    };
    Ok((blend, uncertainty))
}
