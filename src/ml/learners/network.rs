//! A small deep ensemble as one network: members share weight matrices and have
//! scale vectors and biases of their own (BatchEnsemble, as in TabM), so eight
//! networks cost little more memory than one.

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::VarBuilder;
use serde::{Deserialize, Serialize};

use crate::ml::rng::Rng;

/// Shape of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Config {
    /// Columns of a row.
    pub(crate) inputs: usize,
    /// Units of each of the two hidden layers.
    pub(crate) hidden: usize,
    /// Members of the ensemble.
    pub(crate) members: usize,
}

/// Two hidden layers and a head per member.
#[derive(Debug)]
pub(crate) struct Network {
    first: Layer,
    second: Layer,
    /// Members by hidden by one.
    head: Tensor,
    head_bias: Tensor,
}

/// `((x * scale_in) W) * scale_out + bias` per member, W being shared.
#[derive(Debug)]
struct Layer {
    weight: Tensor,
    scale_in: Tensor,
    scale_out: Tensor,
    bias: Tensor,
}

impl Network {
    /// The network whose tensors `vb` holds.
    pub(crate) fn load(config: &Config, vb: &VarBuilder<'_>) -> Result<Self> {
        let (k, h) = (config.members, config.hidden);
        Ok(Self {
            first: Layer::load(k, config.inputs, h, &vb.pp("first"))?,
            second: Layer::load(k, h, h, &vb.pp("second"))?,
            head: vb.get((k, h, 1), "head.weight")?,
            head_bias: vb.get((k, 1, 1), "head.bias")?,
        })
    }

    /// Log-odds of every member (rows of the result) for every row of `x`.
    /// `masks` are the two hidden layers' dropout masks while training.
    pub(crate) fn forward(&self, x: &Tensor, masks: Option<&[Tensor; 2]>) -> Result<Tensor> {
        let drop = |h: Tensor, layer: usize| match masks {
            Some(masks) => h.broadcast_mul(&masks[layer]),
            None => Ok(h),
        };
        let hidden = drop(self.first.forward(&x.unsqueeze(0)?)?.relu()?, 0)?;
        let hidden = drop(self.second.forward(&hidden)?.relu()?, 1)?;
        let out = hidden.matmul(&self.head)?.broadcast_add(&self.head_bias)?;
        out.squeeze(2)
    }
}

impl Layer {
    fn load(members: usize, from: usize, to: usize, vb: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            weight: vb.get((from, to), "weight")?,
            scale_in: vb.get((members, 1, from), "scale_in")?,
            scale_out: vb.get((members, 1, to), "scale_out")?,
            bias: vb.get((members, 1, to), "bias")?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let scaled = x.broadcast_mul(&self.scale_in)?;
        let (members, n, from) = scaled.dims3()?;
        let out = scaled.reshape((members * n, from))?.matmul(&self.weight)?;
        out.reshape((members, n, ()))?
            .broadcast_mul(&self.scale_out)?
            .broadcast_add(&self.bias)
    }
}

/// Tensors to start training from, by name: uniform weights after He, input
/// scales of plus or minus one so that members differ, everything else neutral.
pub(crate) fn initial(config: &Config, rng: &mut Rng) -> Result<Vec<(String, Var)>> {
    let (k, d, h) = (config.members, config.inputs, config.hidden);
    let uniform = |rng: &mut Rng, n: usize, fan_in: usize| -> Vec<f32> {
        let bound = (6.0 / fan_in as f64).sqrt();
        (0..n)
            .map(|_| ((2.0 * rng.unit() - 1.0) * bound) as f32)
            .collect()
    };
    let signs = |rng: &mut Rng, n: usize| -> Vec<f32> {
        let sign = |u: f64| if u < 0.5 { -1.0 } else { 1.0 };
        (0..n).map(|_| sign(rng.unit())).collect()
    };
    let mut vars = Vec::new();
    let mut add = |name: &str, values: Vec<f32>, shape: &[usize]| -> Result<()> {
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
        vars.push((name.to_owned(), Var::from_tensor(&tensor)?));
        Ok(())
    };
    add("first.weight", uniform(rng, d * h, d), &[d, h])?;
    add("first.scale_in", signs(rng, k * d), &[k, 1, d])?;
    add("first.scale_out", vec![1.0; k * h], &[k, 1, h])?;
    add("first.bias", vec![0.0; k * h], &[k, 1, h])?;
    add("second.weight", uniform(rng, h * h, h), &[h, h])?;
    add("second.scale_in", vec![1.0; k * h], &[k, 1, h])?;
    add("second.scale_out", vec![1.0; k * h], &[k, 1, h])?;
    add("second.bias", vec![0.0; k * h], &[k, 1, h])?;
    // A small head: the first predictions are near the bias, whatever the member.
    let head = uniform(rng, k * h, 16 * h);
    add("head.weight", head, &[k, h, 1])?;
    add("head.bias", vec![-3.0; k], &[k, 1, 1])?;
    Ok(vars)
}

/// A network over named tensors; variables among them can be trained.
pub(crate) fn over(config: &Config, vars: &[(String, Var)]) -> Result<Network> {
    let tensors = vars
        .iter()
        .map(|(name, var)| (name.clone(), var.as_tensor().clone()))
        .collect();
    let vb = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    Network::load(config, &vb)
}

/// Mean log loss of every member against outcomes from 0 to 1, one per column.
pub(crate) fn loss(log_odds: &Tensor, targets: &Tensor) -> Result<Tensor> {
    // ln(1 + e^z) - y z, without overflow.
    let soft = log_odds.abs()?.neg()?.exp()?.affine(1.0, 1.0)?.log()?;
    let product = log_odds.broadcast_mul(targets)?;
    ((log_odds.relu()? + soft)? - product)?.mean_all()
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};
    use candle_nn::{AdamW, Optimizer, ParamsAdamW};

    use super::{Config, initial, loss, over};
    use crate::ml::rng::Rng;

    const CONFIG: Config = Config {
        inputs: 3,
        hidden: 4,
        members: 2,
    };

    fn rows(n: usize) -> (Tensor, Tensor) {
        let mut rng = Rng::new(3, 3);
        let values: Vec<f32> = (0..3 * n).map(|_| rng.unit() as f32 - 0.5).collect();
        let targets: Vec<f32> = values
            .chunks(3)
            .map(|r| f32::from(u8::from(r[0] + r[1] > 0.0)))
            .collect();
        let x = Tensor::from_vec(values, (n, 3), &Device::Cpu).expect("shape");
        let y = Tensor::from_vec(targets, (1, n), &Device::Cpu).expect("shape");
        (x, y)
    }

    /// One member of the network, computed by hand.
    fn by_hand(vars: &[(String, candle_core::Var)], member: usize, x: &[f32]) -> f32 {
        let of = |name: &str, from: usize, n: usize| -> Vec<f32> {
            let var = &vars.iter().find(|v| v.0 == name).expect("a tensor").1;
            let all = var.flatten_all().and_then(|t| t.to_vec1::<f32>());
            all.expect("values")[from..from + n].to_vec()
        };
        let layer = |name: &str, x: &[f32]| -> Vec<f32> {
            let (d, h, k) = (x.len(), 4, member);
            let get = |part: &str, width: usize| of(&format!("{name}.{part}"), k * width, width);
            let (scale_in, scale_out, bias) =
                (get("scale_in", d), get("scale_out", h), get("bias", h));
            let weight = of(&format!("{name}.weight"), 0, d * h);
            (0..h)
                .map(|j| {
                    let sum: f32 = (0..d).map(|i| x[i] * scale_in[i] * weight[i * h + j]).sum();
                    (sum * scale_out[j] + bias[j]).max(0.0)
                })
                .collect()
        };
        let hidden = layer("second", &layer("first", x));
        let head = of("head.weight", member * 4, 4);
        let sum: f32 = hidden.iter().zip(&head).map(|(h, w)| h * w).sum();
        sum + of("head.bias", member, 1)[0]
    }

    #[test]
    fn forward_is_what_the_formula_says() {
        let vars = initial(&CONFIG, &mut Rng::new(1, 9)).expect("tensors");
        let network = over(&CONFIG, &vars).expect("a network");
        let (x, _) = rows(5);
        let out = network.forward(&x, None).and_then(|t| t.to_vec2::<f32>());
        let (out, x) = (out.expect("runs"), x.to_vec2::<f32>().expect("values"));
        for (member, out) in out.iter().enumerate() {
            for (value, row) in out.iter().zip(&x) {
                assert!((value - by_hand(&vars, member, row)).abs() < 1e-5);
            }
        }
        assert_ne!(out[0], out[1], "members differ from the start");
    }

    #[test]
    fn gradient_steps_lower_the_loss() {
        let vars = initial(&CONFIG, &mut Rng::new(1, 9)).expect("tensors");
        let network = over(&CONFIG, &vars).expect("a network");
        let params = ParamsAdamW {
            lr: 0.02,
            ..ParamsAdamW::default()
        };
        let trained = vars.iter().map(|v| v.1.clone()).collect();
        let mut optimiser = AdamW::new(trained, params).expect("an optimiser");
        let (x, y) = rows(200);
        let now = || loss(&network.forward(&x, None)?, &y);
        let scalar = |t: Tensor| t.to_scalar::<f32>().expect("a number");
        let before = scalar(now().expect("a loss"));
        for _ in 0..60 {
            optimiser
                .backward_step(&now().expect("a loss"))
                .expect("a step");
        }
        let after = scalar(now().expect("a loss"));
        assert!(after < 0.5 * before, "{before} {after}");
    }

    #[test]
    fn the_loss_is_finite_however_sure() {
        let z = Tensor::new(&[[-200f32, 200.0]], &Device::Cpu).expect("a tensor");
        let y = Tensor::new(&[[1f32, 1.0]], &Device::Cpu).expect("a tensor");
        let found = loss(&z, &y).and_then(|t| t.to_scalar::<f32>());
        assert!((found.expect("a number") - 100.0).abs() < 1e-3);
    }
}
