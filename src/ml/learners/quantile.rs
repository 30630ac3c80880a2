//! Rank-to-normal scaling: every feature is mapped through its training
//! quantiles to a standard normal scale, so that a linear model sees comparable
//! units and no outliers.

/// Knots per feature.
const KNOTS: usize = 65;

/// Quantile knots of every feature and the normal score at each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantiles {
    /// Increasing values per feature; equal quantiles are kept once.
    knots: Vec<Vec<f32>>,
    scores: Vec<Vec<f32>>,
}

impl Quantiles {
    /// Knots from the finite values of every column.
    pub(crate) fn fit(columns: &[Vec<f32>]) -> Self {
        let (knots, scores) = columns.iter().map(|c| knots_of(c)).unzip();
        Self { knots, scores }
    }

    /// From stored parts.
    pub(crate) fn from_parts(knots: Vec<Vec<f32>>, scores: Vec<Vec<f32>>) -> Self {
        Self { knots, scores }
    }

    /// The stored parts.
    pub(crate) fn parts(&self) -> (&[Vec<f32>], &[Vec<f32>]) {
        (&self.knots, &self.scores)
    }

    /// The knots of a feature with the share of its known training values up to
    /// each, rising to 1. Recovered from the scores to about one part in
    /// [`KNOTS`]: a value that ties more often than that is scored at its middle
    /// rank, so its ties reach as far above that rank as below.
    pub(crate) fn cumulative(&self, feature: usize) -> Vec<(f32, f64)> {
        let step = 1.0 / (KNOTS - 1) as f64;
        let ranks: Vec<f64> = self.scores[feature]
            .iter()
            .map(|&score| normal_share(f64::from(score)))
            .collect();
        let (mut below, mut shares) = (0.0, Vec::with_capacity(ranks.len()));
        for (i, &rank) in ranks.iter().enumerate() {
            let ties = 2.0 * (rank - below) > 1.5 * step;
            let next = ranks.get(i + 1).copied().unwrap_or(1.0);
            let upto = if ties { 2.0 * rank - below } else { rank };
            let upto = upto.clamp(rank, next);
            shares.push((self.knots[feature][i], upto));
            below = if ties {
                upto
            } else {
                (rank + step / 2.0).min(next)
            };
        }
        if let Some(last) = shares.last_mut() {
            last.1 = 1.0;
        }
        shares
    }

    /// Number of features.
    pub(crate) fn width(&self) -> usize {
        self.knots.len()
    }

    /// The normal score of `value`; 0, the middle, when missing.
    pub(crate) fn score(&self, feature: usize, value: f32) -> f32 {
        let (knots, scores) = (&self.knots[feature], &self.scores[feature]);
        if value.is_nan() || knots.is_empty() {
            return 0.0;
        }
        let above = knots.partition_point(|&k| k <= value);
        if above == 0 {
            return scores[0];
        }
        if above == knots.len() {
            return scores[above - 1];
        }
        let (x0, x1) = (knots[above - 1], knots[above]);
        let (y0, y1) = (scores[above - 1], scores[above]);
        y0 + (y1 - y0) * ((value - x0) / (x1 - x0))
    }
}

fn knots_of(column: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let mut sorted: Vec<f32> = column.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f32::total_cmp);
    let (mut knots, mut scores) = (Vec::new(), Vec::new());
    if sorted.is_empty() {
        return (knots, scores);
    }
    for k in 0..KNOTS {
        let share = k as f64 / (KNOTS - 1) as f64;
        let value = sorted[(share * (sorted.len() - 1) as f64).round() as usize];
        if knots.last() == Some(&value) {
            continue;
        }
        // A tie is scored at the middle of its ranks.
        let below = sorted.partition_point(|&v| v < value);
        let upto = sorted.partition_point(|&v| v <= value);
        let rank = (below + upto) as f64 / 2.0 / sorted.len() as f64;
        knots.push(value);
        scores.push(normal_quantile(rank.clamp(0.001, 0.999)) as f32);
    }
    (knots, scores)
}

/// Share of the standard normal distribution below `z`: the inverse of
/// [`normal_quantile`], by bisection.
fn normal_share(z: f64) -> f64 {
    let (mut low, mut high) = (1e-6, 1.0 - 1e-6);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if normal_quantile(middle) < z {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// Inverse of the standard normal distribution (Acklam's rational
/// approximation, relative error under 1.2e-9), for `p` strictly between 0 and 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.38357751867269e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];
    const B: [f64; 5] = [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];
    const D: [f64; 4] = [
        7.784695709041462e-03,
        3.224671290700398e-01,
        2.445134137142996e+00,
        3.754408661907416e+00,
    ];
    let poly = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, &c| sum * x + c);
    if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        poly(&C, q) / (poly(&D, q) * q + 1.0)
    } else if p > 1.0 - 0.02425 {
        -normal_quantile(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        poly(&A, r) * q / (poly(&B, r) * r + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Quantiles, normal_quantile};

    #[test]
    fn inverts_the_normal_distribution() {
        assert!((normal_quantile(0.5)).abs() < 1e-9);
        assert!((normal_quantile(0.9) - 1.2815515655).abs() < 1e-8);
        assert!((normal_quantile(0.001) + 3.0902323062).abs() < 1e-7);
    }

    #[test]
    fn scores_rise_with_the_value_and_missing_is_the_middle() {
        let column: Vec<f32> = (0..1000).map(|i| (i as f32).powi(3)).collect();
        let q = Quantiles::fit(&[column]);
        assert!(q.score(0, 500f32.powi(3)).abs() < 0.02);
        assert!(q.score(0, 900f32.powi(3)) > q.score(0, 600f32.powi(3)));
        assert_eq!(q.score(0, 1e30), q.score(0, 999f32.powi(3)));
        assert_eq!(q.score(0, f32::NAN), 0.0);
    }

    #[test]
    fn a_tie_scores_at_its_middle_rank() {
        let column: Vec<f32> = (0..100).map(|i| if i < 60 { 0.0 } else { 1.0 }).collect();
        let q = Quantiles::fit(&[column]);
        assert!((f64::from(q.score(0, 0.0)) - normal_quantile(0.3)).abs() < 1e-6);
    }
}
