//! L2-penalised logistic regression, solved exactly by Newton's method in f64.
//!
//! The products over all rows run as candle matrix multiplications in blocks of
//! fixed size, summed in order, so the result does not depend on threads.

use candle_core::{DType, Device, Result, Tensor};

/// Rows per matrix product.
const BLOCK: usize = 4096;
const MAX_STEPS: usize = 30;
const TOLERANCE: f64 = 1e-9;

/// Rows of a design matrix without the intercept column, row-major.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Design<'a> {
    pub(in super::super) values: &'a [f32],
    pub(in super::super) width: usize,
    /// Outcomes from 0 to 1.
    pub(in super::super) labels: &'a [f32],
}

/// Weights per column, and the intercept.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Logistic {
    pub(in super::super) weights: Vec<f64>,
    pub(in super::super) intercept: f64,
}

impl Logistic {
    /// Minimises log loss plus `penalty / 2` times the squared norm of
    /// the weights (the intercept is free).
    pub(in super::super) fn fit(design: &Design<'_>, penalty: f64) -> Result<Self> {
        let blocks = blocks(design)?;
        let d = design.width + 1;
        let mut beta = vec![0.0; d];
        beta[d - 1] = base_rate_log_odds(design);
        let mut last = Sums::at(&blocks, &beta, penalty)?;
        for _ in 0..MAX_STEPS {
            let mut step = solve(&mut last.hessian, last.gradient.clone());
            let (next, at) = descend(&blocks, &beta, &mut step, &last, penalty)?;
            beta = next;
            last = at;
            if step.iter().all(|s| s.abs() < TOLERANCE) {
                break;
            }
        }
        let intercept = beta.pop().unwrap_or_default();
        Ok(Self {
            weights: beta,
            intercept,
        })
    }

    /// Log-odds of a row.
    pub(in super::super) fn log_odds(&self, row: &[f32]) -> f64 {
        let products = self.weights.iter().zip(row).map(|(w, &x)| w * f64::from(x));
        self.intercept + products.sum::<f64>()
    }
}

struct Block {
    /// Rows by columns, the last column being ones.
    x: Tensor,
    labels: Vec<f32>,
}

fn blocks(design: &Design<'_>) -> Result<Vec<Block>> {
    let (n, d) = (design.labels.len(), design.width);
    (0..n)
        .step_by(BLOCK)
        .map(|from| {
            let to = (from + BLOCK).min(n);
            let rows = &design.values[from * d..to * d];
            let x = Tensor::from_slice(rows, (to - from, d), &Device::Cpu)?.to_dtype(DType::F64)?;
            let ones = Tensor::ones((to - from, 1), DType::F64, &Device::Cpu)?;
            Ok(Block {
                x: Tensor::cat(&[&x, &ones], 1)?,
                labels: design.labels[from..to].to_vec(),
            })
        })
        .collect()
}

fn base_rate_log_odds(design: &Design<'_>) -> f64 {
    let total = design.labels.len() as f64;
    let hits: f64 = design.labels.iter().map(|&y| f64::from(y)).sum();
    let rate = ((hits + 0.5) / (total + 1.0)).clamp(1e-6, 1.0 - 1e-6);
    (rate / (1.0 - rate)).ln()
}

/// The penalised loss at a point, with its derivatives.
struct Sums {
    loss: f64,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
}

impl Sums {
    fn at(blocks: &[Block], beta: &[f64], penalty: f64) -> Result<Self> {
        let d = beta.len();
        let (mut loss, mut gradient, mut hessian) = sums(blocks, beta)?;
        for j in 0..d - 1 {
            loss += penalty / 2.0 * beta[j] * beta[j];
            gradient[j] += penalty * beta[j];
            hessian[j * d + j] += penalty;
        }
        hessian[d * d - 1] += 1e-9;
        Ok(Self {
            loss,
            gradient,
            hessian,
        })
    }
}

/// Takes the Newton step, halved until the loss does not rise: far from the
/// solution a full step can overshoot.
fn descend(
    blocks: &[Block],
    beta: &[f64],
    step: &mut [f64],
    last: &Sums,
    penalty: f64,
) -> Result<(Vec<f64>, Sums)> {
    loop {
        let next: Vec<f64> = beta.iter().zip(&*step).map(|(b, s)| b - s).collect();
        let at = Sums::at(blocks, &next, penalty)?;
        let tiny = step.iter().all(|s| s.abs() < TOLERANCE);
        if at.loss <= last.loss || tiny {
            return Ok((next, at));
        }
        step.iter_mut().for_each(|s| *s /= 2.0);
    }
}

/// Log loss, gradient and Hessian, the latter row-major.
fn sums(blocks: &[Block], beta: &[f64]) -> Result<(f64, Vec<f64>, Vec<f64>)> {
    let d = beta.len();
    let mut loss = 0.0;
    let mut gradient = vec![0.0; d];
    let mut hessian = vec![0.0; d * d];
    let coefficients = Tensor::from_slice(beta, (d, 1), &Device::Cpu)?;
    for block in blocks {
        let log_odds = block
            .x
            .matmul(&coefficients)?
            .flatten_all()?
            .to_vec1::<f64>()?;
        let (mut residual, mut curvature) = (Vec::new(), Vec::new());
        for (z, &y) in log_odds.iter().zip(&block.labels) {
            let p = 1.0 / (1.0 + (-z).exp());
            // ln(1 + e^z) - y z, without overflow.
            loss += z.max(0.0) + (-z.abs()).exp().ln_1p() - f64::from(y) * z;
            residual.push(p - f64::from(y));
            curvature.push((p * (1.0 - p)).max(1e-10));
        }
        let n = residual.len();
        let transposed = block.x.t()?.contiguous()?;
        let residual = Tensor::from_vec(residual, (n, 1), &Device::Cpu)?;
        let curvature = Tensor::from_vec(curvature, (n, 1), &Device::Cpu)?;
        let g = transposed
            .matmul(&residual)?
            .flatten_all()?
            .to_vec1::<f64>()?;
        let weighted = block.x.broadcast_mul(&curvature)?;
        let h = transposed
            .matmul(&weighted)?
            .flatten_all()?
            .to_vec1::<f64>()?;
        gradient.iter_mut().zip(g).for_each(|(sum, x)| *sum += x);
        hessian.iter_mut().zip(h).for_each(|(sum, x)| *sum += x);
    }
    Ok((loss, gradient, hessian))
}

/// Solves `matrix * x = right` for a symmetric positive definite matrix by
/// Cholesky factorisation in place.
fn solve(matrix: &mut [f64], mut right: Vec<f64>) -> Vec<f64> {
    let d = right.len();
    for i in 0..d {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| matrix[i * d + k] * matrix[j * d + k]).sum();
            let rest = matrix[i * d + j] - dot;
            matrix[i * d + j] = if i == j {
                rest.max(1e-12).sqrt()
            } else {
                rest / matrix[j * d + j]
            };
        }
    }
    for i in 0..d {
        let dot: f64 = (0..i).map(|k| matrix[i * d + k] * right[k]).sum();
        right[i] = (right[i] - dot) / matrix[i * d + i];
    }
    for i in (0..d).rev() {
        let dot: f64 = (i + 1..d).map(|k| matrix[k * d + i] * right[k]).sum();
        right[i] = (right[i] - dot) / matrix[i * d + i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::{Design, Logistic, solve};

    #[test]
    fn solves_a_symmetric_system() {
        let mut matrix = vec![4.0, 1.0, 1.0, 3.0];
        let x = solve(&mut matrix, vec![1.0, 2.0]);
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-12 && (x[1] - 7.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn the_gradient_vanishes_at_the_fit() {
        let values: Vec<f32> = (0..400)
            .map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0)
            .collect();
        let labels: Vec<f32> = (0..200)
            .map(|i| f32::from(u8::from(values[2 * i] + 0.3 * values[2 * i + 1] > 0.4)))
            .collect();
        let design = Design {
            values: &values,
            width: 2,
            labels: &labels,
        };
        let fit = Logistic::fit(&design, 2.0).expect("fits");
        let mut gradient = [2.0 * fit.weights[0], 2.0 * fit.weights[1], 0.0];
        for (row, y) in values.chunks(2).zip(&labels) {
            let p = 1.0 / (1.0 + (-fit.log_odds(row)).exp());
            let r = p - f64::from(*y);
            gradient[0] += r * f64::from(row[0]);
            gradient[1] += r * f64::from(row[1]);
            gradient[2] += r;
        }
        assert!(gradient.iter().all(|g| g.abs() < 1e-6), "{gradient:?}");
    }
}
