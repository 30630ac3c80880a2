//! Training of a network: mini-batches, AdamW, dropout and early stopping, all
//! drawn from one seeded generator.

use std::collections::HashMap;

use candle_core::{Device, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW};

use super::network::{self, Config, Network};
use crate::ml::error::Error;
use crate::ml::rng::Rng;

const BATCH: usize = 512;
const EPOCHS: usize = 12;
/// Epochs without a lower loss on the held-out season before training stops.
const PATIENCE: usize = 2;
const DROPOUT: f64 = 0.2;
const STEP: ParamsAdamW = ParamsAdamW {
    lr: 0.002,
    beta1: 0.9,
    beta2: 0.999,
    eps: 1e-8,
    weight_decay: 0.02,
};
/// Rows to learn from or to judge by.
pub(crate) struct Rows {
    pub(crate) x: Tensor,
    /// Outcomes from 0 to 1, as one row.
    pub(crate) targets: Tensor,
}

/// Minimises the loss on `rows` until it no longer falls on `judge`; gives the
/// best tensors and the epochs they took.
pub(crate) fn descend(
    config: &Config,
    rows: &Rows,
    judge: &Rows,
    rng: &mut Rng,
) -> Result<(HashMap<String, Tensor>, usize), Error> {
    let vars = network::initial(config, rng)?;
    let net = network::over(config, &vars)?;
    let mut optimiser = AdamW::new(vars.iter().map(|v| v.1.clone()).collect(), STEP)?;
    let (mut best, mut kept) = (f32::INFINITY, (copies(&vars)?, 0));
    for epoch in 1..=EPOCHS {
        pass(&net, &mut optimiser, rows, config.hidden, rng)?;
        let loss = mean_loss(&net, judge)?;
        if loss < best {
            best = loss;
            kept = (copies(&vars)?, epoch);
        } else if epoch >= kept.1 + PATIENCE {
            break;
        }
    }
    Ok(kept)
}

/// One pass over the rows in random order.
fn pass(
    net: &Network,
    optimiser: &mut AdamW,
    rows: &Rows,
    hidden: usize,
    rng: &mut Rng,
) -> Result<(), Error> {
    let mut order: Vec<u32> = (0..rows.x.dim(0)? as u32).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    for batch in order.chunks(BATCH) {
        let index = Tensor::from_slice(batch, batch.len(), &Device::Cpu)?;
        let masks = [
            mask(batch.len(), hidden, rng)?,
            mask(batch.len(), hidden, rng)?,
        ];
        let out = net.forward(&rows.x.index_select(&index, 0)?, Some(&masks))?;
        let loss = network::loss(&out, &rows.targets.index_select(&index, 1)?)?;
        optimiser.backward_step(&loss)?;
    }
    Ok(())
}

/// A dropout mask, shared by the members.
fn mask(rows: usize, hidden: usize, rng: &mut Rng) -> Result<Tensor, Error> {
    let keep = (1.0 / (1.0 - DROPOUT)) as f32;
    let values: Vec<f32> = (0..rows * hidden)
        .map(|_| if rng.unit() < DROPOUT { 0.0 } else { keep })
        .collect();
    Ok(Tensor::from_vec(values, (1, rows, hidden), &Device::Cpu)?)
}

fn mean_loss(net: &Network, rows: &Rows) -> Result<f32, Error> {
    let out = net.forward(&rows.x, None)?;
    Ok(network::loss(&out, &rows.targets)?.to_scalar()?)
}

fn copies(vars: &[(String, Var)]) -> Result<HashMap<String, Tensor>, Error> {
    vars.iter()
        .map(|(name, var)| Ok((name.clone(), var.as_tensor().copy()?.detach())))
        .collect()
}
