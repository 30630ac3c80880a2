//! Figures of predicted probabilities against what happened.

use serde::{Deserialize, Serialize};

use super::odds::{log_odds, logistic};
use crate::domain::{Confidence, Role, Season};

/// A predicted probability and the outcome.
pub type Pair = (f64, bool);

/// Every figure of one set of predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Season predicted; absent when pooled over all.
    pub season: Option<Season>,
    /// Role; absent for both together.
    pub role: Option<Role>,
    /// Confidence the set is limited to; absent for all.
    pub confidence: Option<Confidence>,
    /// Snapshots.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Accuracy of always predicting failure.
    pub majority: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the set's base rate.
    pub brier_skill: f64,
    /// Mean log loss.
    pub log_loss: f64,
    /// Expected calibration error, 15 bins of equal count.
    pub ece: f64,
    /// Observed successes over expected.
    pub observed_to_expected: f64,
    /// Slope of the outcome on the predicted log-odds.
    pub slope: f64,
    /// Share of the 100 highest that succeeded.
    pub precision_at_100: f64,
    /// Balanced accuracy at the base-rate threshold.
    pub balanced_accuracy: f64,
}

impl Figures {
    /// The figures of `pairs`.
    pub fn of(pairs: &[Pair], season: Option<Season>, role: Option<Role>) -> Self {
        Self {
            season,
            role,
            confidence: None,
            n: pairs.len() as u32,
            base_rate: base_rate(pairs),
            majority: majority(pairs),
            auc: auc(pairs),
            brier_skill: brier_skill(pairs),
            log_loss: log_loss(pairs),
            ece: ece(pairs),
            observed_to_expected: observed_to_expected(pairs),
            slope: calibration_slope(pairs),
            precision_at_100: precision_at(pairs, 100),
            balanced_accuracy: balanced_accuracy(pairs),
        }
    }

    /// A table of figures for people.
    pub fn markdown(rows: &[Self]) -> String {
        let mut text = String::from(
            "| season | role | confidence | n | base rate | majority | AUC | Brier skill | log loss | ECE | ECE / base rate \
             | obs / exp | slope | precision@100 | balanced accuracy |\n\
             | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for r in rows {
            text += &format!(
                "| {} | {} | {} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.3} | {:.3} | {:.3} | {:.2} | {:.3} |\n",
                r.season.map_or("pooled".to_owned(), |s| s.to_string()),
                r.role.map_or("both", Role::as_str),
                r.confidence.map_or("all", Confidence::as_str),
                r.n,
                r.base_rate,
                r.majority,
                r.auc,
                r.brier_skill,
                r.log_loss,
                r.ece,
                r.ece / r.base_rate,
                r.observed_to_expected,
                r.slope,
                r.precision_at_100,
                r.balanced_accuracy
            );
        }
        text
    }
}

/// Area under the ROC curve; ties count half. NaN without both outcomes.
pub fn auc(pairs: &[Pair]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let hits = pairs.iter().filter(|p| p.1).count() as f64;
    let misses = pairs.len() as f64 - hits;
    let (mut below, mut area) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let here = tied.iter().filter(|p| p.1).count() as f64;
        let not = tied.len() as f64 - here;
        area += here * (below + not / 2.0);
        below += not;
    }
    area / (hits * misses)
}

/// Share of the outcomes that are successes.
pub fn base_rate(pairs: &[Pair]) -> f64 {
    pairs.iter().filter(|p| p.1).count() as f64 / pairs.len() as f64
}

/// Mean squared error of the probabilities.
pub fn brier(pairs: &[Pair]) -> f64 {
    let errors = pairs.iter().map(|&(p, y)| (p - outcome(y)).powi(2));
    errors.sum::<f64>() / pairs.len() as f64
}

/// One minus the Brier score over that of always predicting the base rate.
pub fn brier_skill(pairs: &[Pair]) -> f64 {
    let rate = base_rate(pairs);
    1.0 - brier(pairs) / (rate * (1.0 - rate))
}

/// Mean log loss, natural logarithm.
pub fn log_loss(pairs: &[Pair]) -> f64 {
    pairs.iter().map(|&pair| loss(pair)).sum::<f64>() / pairs.len() as f64
}

/// Log loss of one prediction.
pub(super) fn loss((probability, success): Pair) -> f64 {
    let right = if success {
        probability
    } else {
        1.0 - probability
    };
    -right.max(1e-15).ln()
}

/// Expected calibration error over 15 bins of equal count.
pub fn ece(pairs: &[Pair]) -> f64 {
    const BINS: usize = 15;
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = sorted.len();
    (0..BINS)
        .map(|b| &sorted[b * n / BINS..(b + 1) * n / BINS])
        .map(|bin| bin.iter().map(|&(p, y)| p - outcome(y)).sum::<f64>().abs())
        .sum::<f64>()
        / n as f64
}

/// Observed successes over expected ones.
pub fn observed_to_expected(pairs: &[Pair]) -> f64 {
    let observed = pairs.iter().filter(|p| p.1).count() as f64;
    observed / pairs.iter().map(|p| p.0).sum::<f64>()
}

/// Slope of a logistic regression of the outcome on the predicted log-odds; 1
/// is right, under 1 is overconfident.
pub fn calibration_slope(pairs: &[Pair]) -> f64 {
    let x: Vec<f64> = pairs.iter().map(|&(p, _)| log_odds(p)).collect();
    let (mut slope, mut intercept) = (1.0, 0.0);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0; 2], [1e-12; 3]);
        for (x, &(_, y)) in x.iter().zip(pairs) {
            let p = logistic(slope * x + intercept);
            let (r, w) = (p - outcome(y), p * (1.0 - p));
            g = [g[0] + r * x, g[1] + r];
            h = [h[0] + w * x * x, h[1] + w * x, h[2] + w];
        }
        let det = h[0] * h[2] - h[1] * h[1];
        let step = [
            (h[2] * g[0] - h[1] * g[1]) / det,
            (h[0] * g[1] - h[1] * g[0]) / det,
        ];
        slope -= step[0];
        intercept -= step[1];
        if step[0].abs() + step[1].abs() < 1e-10 {
            break;
        }
    }
    slope
}

/// Share of the `k` highest that succeeded (of all, when fewer).
pub fn precision_at(pairs: &[Pair], k: usize) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    base_rate(&sorted[..k.min(sorted.len())])
}

/// Mean of sensitivity and specificity when everybody at or above the base rate
/// is called a success.
pub fn balanced_accuracy(pairs: &[Pair]) -> f64 {
    let cut = base_rate(pairs);
    let share = |wanted: bool| {
        let class = pairs.iter().filter(|p| p.1 == wanted);
        let right = class.clone().filter(|p| (p.0 >= cut) == wanted).count();
        right as f64 / class.count() as f64
    };
    (share(true) + share(false)) / 2.0
}

/// Accuracy of always predicting failure.
pub fn majority(pairs: &[Pair]) -> f64 {
    1.0 - base_rate(pairs)
}

fn outcome(success: bool) -> f64 {
    f64::from(u8::from(success))
}

#[cfg(test)]
mod tests {
    use super::{
        Pair, auc, balanced_accuracy, brier_skill, calibration_slope, ece, log_loss,
        observed_to_expected, precision_at,
    };

    const PAIRS: [Pair; 4] = [(0.9, true), (0.6, false), (0.4, true), (0.1, false)];

    #[test]
    fn figures_match_hand_calculation() {
        assert!((auc(&PAIRS) - 0.75).abs() < 1e-12);
        let brier = (0.01 + 0.36 + 0.36 + 0.01) / 4.0;
        assert!((brier_skill(&PAIRS) - (1.0 - brier / 0.25)).abs() < 1e-12);
        let loss = -(0.9f64.ln() + 0.4f64.ln() + 0.4f64.ln() + 0.9f64.ln()) / 4.0;
        assert!((log_loss(&PAIRS) - loss).abs() < 1e-12);
        assert!((observed_to_expected(&PAIRS) - 1.0).abs() < 1e-12);
        assert!((precision_at(&PAIRS, 2) - 0.5).abs() < 1e-12);
        assert!((balanced_accuracy(&PAIRS) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn ties_count_half() {
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), 0.5);
    }

    #[test]
    fn calibrated_pairs_have_slope_one_and_no_error() {
        let pairs: Vec<Pair> = (0..1000)
            .map(|i| {
                if i < 500 {
                    (0.2, i % 5 == 0)
                } else {
                    (0.6, i % 5 < 3)
                }
            })
            .collect();
        assert!((calibration_slope(&pairs) - 1.0).abs() < 1e-6);
        assert!(ece(&pairs) < 0.02);
    }
}
