//! L2-penalised logistic regression, solved exactly by Newton's method in f64.
//!
//! The products over all rows run as candle matrix multiplications in blocks of
//! fixed size, summed in order, so the result does not depend on threads. The
//! Hessian costs as much as a hundred gradients; near the solution it hardly
//! changes, and steps reuse its factor until they are short enough.

use candle_core::{DType, Device, Result, Tensor};

use crate::ml::figures::odds::{log_odds, logistic};

/// Rows per matrix product.
const BLOCK: usize = 4096;
const MAX_STEPS: usize = 100;
const TOLERANCE: f64 = 1e-9;
/// Longest step after which the factor of the Hessian is kept.
const NEAR: f64 = 0.03;
/// A long design is solved on every so many rows first, to start near.
const COARSE: usize = 8;
/// Rows a design has from which that pays.
const LONG: usize = 20_000;

/// Rows of a design matrix without the intercept column, row-major.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Design<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) width: usize,
    /// Outcomes from 0 to 1.
    pub(crate) labels: &'a [f32],
}

/// Weights per column, and the intercept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logistic {
    pub(crate) weights: Vec<f64>,
    pub(crate) intercept: f64,
}

/// A solution, and the factor of its Hessian, from which the regression of
/// nearly the same rows is a few gradients away.
#[derive(Clone, Debug)]
pub(crate) struct Neighbour {
    beta: Vec<f64>,
    factor: Factor,
    rows: usize,
}

impl Neighbour {
    /// Solves a design.
    pub(crate) fn fit(design: &Design<'_>, penalty: f64) -> Result<Self> {
        let start = start(design, penalty)?;
        let (beta, factor) = newton(&blocks(design)?, penalty, start, None)?;
        Ok(Self {
            beta,
            factor,
            rows: design.labels.len(),
        })
    }

    /// The regression of a design that shares most rows with this one's; the
    /// same as [`Logistic::fit`] gives to within the tolerance.
    pub(crate) fn refit(&self, design: &Design<'_>, penalty: f64) -> Result<Logistic> {
        let share = design.labels.len() as f64 / self.rows as f64;
        let factor = self.factor.scaled(share);
        let start = self.beta.clone();
        let (beta, _) = newton(&blocks(design)?, penalty, start, Some(factor))?;
        Ok(Logistic::of(beta))
    }
}

impl Logistic {
    /// Minimises log loss plus `penalty / 2` times the squared norm of
    /// the weights (the intercept is free).
    pub(crate) fn fit(design: &Design<'_>, penalty: f64) -> Result<Self> {
        Ok(Self::of(Neighbour::fit(design, penalty)?.beta))
    }

    fn of(mut beta: Vec<f64>) -> Self {
        let intercept = beta.pop().unwrap_or_default();
        Self {
            weights: beta,
            intercept,
        }
    }

    /// Log-odds of a row.
    pub(crate) fn log_odds(&self, row: &[f32]) -> f64 {
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
    log_odds(((hits + 0.5) / (total + 1.0)).clamp(1e-6, 1.0 - 1e-6))
}

/// Where to begin: the base rate, or the solution on a share of the rows.
fn start(design: &Design<'_>, penalty: f64) -> Result<Vec<f64>> {
    let (n, d) = (design.labels.len(), design.width);
    if n < LONG {
        let mut beta = vec![0.0; d + 1];
        beta[d] = base_rate_log_odds(design);
        return Ok(beta);
    }
    let rows = || (0..n).step_by(COARSE);
    let values: Vec<f32> = rows()
        .flat_map(|i| &design.values[i * d..(i + 1) * d])
        .copied()
        .collect();
    let labels: Vec<f32> = rows().map(|i| design.labels[i]).collect();
    let coarse = Design {
        values: &values,
        width: d,
        labels: &labels,
    };
    Ok(Neighbour::fit(&coarse, penalty / COARSE as f64)?.beta)
}

/// Newton's steps from `beta` until they are shorter than the tolerance; returns
/// the solution and the last factor.
fn newton(
    blocks: &[Block],
    penalty: f64,
    mut beta: Vec<f64>,
    mut factor: Option<Factor>,
) -> Result<(Vec<f64>, Factor)> {
    let mut slope = Slope::at(blocks, &beta, penalty)?;
    let mut length = f64::INFINITY;
    for _ in 0..MAX_STEPS {
        let mut step = match &factor {
            Some(factor) => factor.solve(slope.gradient.clone()),
            None => {
                let fresh = Factor::of(hessian(blocks, &beta, penalty)?, beta.len());
                let step = fresh.solve(slope.gradient.clone());
                factor = Some(fresh);
                step
            }
        };
        (beta, slope) = descend(blocks, &beta, &mut step, &slope, penalty)?;
        let now = step.iter().fold(0.0, |m: f64, s| m.max(s.abs()));
        if now < TOLERANCE {
            break;
        }
        // Far off, or no longer closing in: the curvature here is needed.
        if now > NEAR || now > length / 2.0 {
            factor = None;
        }
        length = now;
    }
    let factor = match factor {
        Some(factor) => factor,
        None => Factor::of(hessian(blocks, &beta, penalty)?, beta.len()),
    };
    Ok((beta, factor))
}

/// The penalised loss at a point and its gradient.
struct Slope {
    loss: f64,
    gradient: Vec<f64>,
}

impl Slope {
    fn at(blocks: &[Block], beta: &[f64], penalty: f64) -> Result<Self> {
        let d = beta.len();
        let (mut loss, mut gradient) = (0.0, vec![0.0; d]);
        for block in blocks {
            let mut residual = Vec::with_capacity(block.labels.len());
            for (z, &y) in block.log_odds(beta)?.into_iter().zip(&block.labels) {
                // ln(1 + e^z) - y z, without overflow.
                loss += z.max(0.0) + (-z.abs()).exp().ln_1p() - f64::from(y) * z;
                residual.push(logistic(z) - f64::from(y));
            }
            let residual = Tensor::from_vec(residual, (1, block.labels.len()), &Device::Cpu)?;
            let sums = residual.matmul(&block.x)?.flatten_all()?.to_vec1::<f64>()?;
            gradient.iter_mut().zip(sums).for_each(|(sum, x)| *sum += x);
        }
        for (gradient, beta) in gradient.iter_mut().zip(beta).take(d - 1) {
            loss += penalty / 2.0 * beta * beta;
            *gradient += penalty * beta;
        }
        Ok(Self { loss, gradient })
    }
}

/// Takes the step, halved until the loss does not rise: far from the solution a
/// full one can overshoot.
fn descend(
    blocks: &[Block],
    beta: &[f64],
    step: &mut [f64],
    last: &Slope,
    penalty: f64,
) -> Result<(Vec<f64>, Slope)> {
    loop {
        let next: Vec<f64> = beta.iter().zip(&*step).map(|(b, s)| b - s).collect();
        let at = Slope::at(blocks, &next, penalty)?;
        let tiny = step.iter().all(|s| s.abs() < TOLERANCE);
        if at.loss <= last.loss || tiny {
            return Ok((next, at));
        }
        step.iter_mut().for_each(|s| *s /= 2.0);
    }
}

impl Block {
    fn log_odds(&self, beta: &[f64]) -> Result<Vec<f64>> {
        let coefficients = Tensor::from_slice(beta, (beta.len(), 1), &Device::Cpu)?;
        self.x.matmul(&coefficients)?.flatten_all()?.to_vec1()
    }
}

/// Second derivatives of the penalised loss, row-major.
fn hessian(blocks: &[Block], beta: &[f64], penalty: f64) -> Result<Vec<f64>> {
    let d = beta.len();
    let mut hessian = vec![0.0; d * d];
    for block in blocks {
        let curvature: Vec<f64> = block
            .log_odds(beta)?
            .into_iter()
            .map(logistic)
            .map(|p| (p * (1.0 - p)).max(1e-10))
            .collect();
        let curvature = Tensor::from_vec(curvature, (block.labels.len(), 1), &Device::Cpu)?;
        let weighted = block.x.broadcast_mul(&curvature)?;
        let transposed = block.x.t()?.contiguous()?;
        let sums = transposed
            .matmul(&weighted)?
            .flatten_all()?
            .to_vec1::<f64>()?;
        hessian.iter_mut().zip(sums).for_each(|(sum, x)| *sum += x);
    }
    for j in 0..d - 1 {
        hessian[j * d + j] += penalty;
    }
    hessian[d * d - 1] += 1e-9;
    Ok(hessian)
}

/// The lower Cholesky factor of a symmetric positive definite matrix, row-major.
#[derive(Clone, Debug)]
struct Factor {
    lower: Vec<f64>,
    width: usize,
}

impl Factor {
    fn of(mut matrix: Vec<f64>, width: usize) -> Self {
        let d = width;
        for i in 0..d {
            for j in 0..=i {
                let (a, b) = (&matrix[i * d..i * d + j], &matrix[j * d..j * d + j]);
                let dot: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                let rest = matrix[i * d + j] - dot;
                matrix[i * d + j] = if i == j {
                    rest.max(1e-12).sqrt()
                } else {
                    rest / matrix[j * d + j]
                };
            }
        }
        Self {
            lower: matrix,
            width,
        }
    }

    /// The factor of the matrix times `by`.
    fn scaled(&self, by: f64) -> Self {
        let root = by.sqrt();
        Self {
            lower: self.lower.iter().map(|x| x * root).collect(),
            width: self.width,
        }
    }

    /// Solves `matrix * x = right`.
    fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        let (d, lower) = (self.width, &self.lower);
        for i in 0..d {
            let dot: f64 = (0..i).map(|k| lower[i * d + k] * right[k]).sum();
            right[i] = (right[i] - dot) / lower[i * d + i];
        }
        for i in (0..d).rev() {
            let dot: f64 = (i + 1..d).map(|k| lower[k * d + i] * right[k]).sum();
            right[i] = (right[i] - dot) / lower[i * d + i];
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::{Design, Factor, Logistic, Neighbour};
    use crate::ml::figures::odds::logistic;

    #[test]
    fn solves_a_symmetric_system() {
        let factor = Factor::of(vec![4.0, 1.0, 1.0, 3.0], 2);
        let x = factor.solve(vec![1.0, 2.0]);
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-12 && (x[1] - 7.0 / 11.0).abs() < 1e-12);
        let half = factor.scaled(0.5).solve(vec![1.0, 2.0]);
        assert!((half[0] - 2.0 / 11.0).abs() < 1e-12);
    }

    fn data(rows: usize) -> (Vec<f32>, Vec<f32>) {
        let values: Vec<f32> = (0..2 * rows)
            .map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0)
            .collect();
        let labels = (0..rows)
            .map(|i| f32::from(u8::from(values[2 * i] + 0.3 * values[2 * i + 1] > 0.4)))
            .collect();
        (values, labels)
    }

    #[test]
    fn a_neighbour_leads_to_the_same_solution_and_so_does_a_coarse_start() {
        let (values, labels) = data(super::LONG + 50);
        let whole = Design {
            values: &values,
            width: 2,
            labels: &labels,
        };
        let part = Design {
            values: &values[..2 * 15_000],
            width: 2,
            labels: &labels[..15_000],
        };
        let near = Neighbour::fit(&whole, 3.0).expect("fits");
        let refit = near.refit(&part, 3.0).expect("fits");
        let alone = Logistic::fit(&part, 3.0).expect("fits");
        assert!((refit.intercept - alone.intercept).abs() < 1e-7);
        for (a, b) in refit.weights.iter().zip(&alone.weights) {
            assert!((a - b).abs() < 1e-7, "{refit:?} {alone:?}");
        }
    }

    #[test]
    fn the_gradient_vanishes_at_the_fit() {
        let (values, labels) = data(200);
        let design = Design {
            values: &values,
            width: 2,
            labels: &labels,
        };
        let fit = Logistic::fit(&design, 2.0).expect("fits");
        let mut gradient = [2.0 * fit.weights[0], 2.0 * fit.weights[1], 0.0];
        for (row, y) in values.chunks(2).zip(&labels) {
            let p = logistic(fit.log_odds(row));
            let r = p - f64::from(*y);
            gradient[0] += r * f64::from(row[0]);
            gradient[1] += r * f64::from(row[1]);
            gradient[2] += r;
        }
        assert!(gradient.iter().all(|g| g.abs() < 1e-6), "{gradient:?}");
    }
}
