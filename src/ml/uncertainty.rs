//! Intervals and confidence from the spread of a model's members.

use crate::domain::{Confidence, Prediction};

/// Standard normal quantile of an 80 % interval.
const Z80: f64 = 1.281_551_565_5;

/// What turns a spread into an interval and a confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uncertainty {
    /// Standard deviation in log-odds from season to season of the base rate.
    pub(super) drift: f64,
    /// Added for snapshots without enough playing time.
    pub(super) thin: f64,
    /// Interval half-widths in log-odds up to which confidence is high, medium.
    pub(super) high: f64,
    pub(super) medium: f64,
}

impl Uncertainty {
    /// The prediction of a bag of members' calibrated log-odds.
    pub(super) fn prediction(&self, bag: &[f64], evaluated: bool) -> Prediction {
        let centre = bag.iter().sum::<f64>() / bag.len() as f64;
        let half = self.half_width(bag, evaluated);
        Prediction {
            probability: logistic(centre),
            lower: logistic(centre - half),
            upper: logistic(centre + half),
            confidence: self.confidence(half, evaluated),
            evaluated,
        }
    }

    /// Half the 80 % interval in log-odds: the members leave out one group of
    /// players each, so their spread is a grouped jackknife's.
    pub(super) fn half_width(&self, bag: &[f64], evaluated: bool) -> f64 {
        let n = bag.len() as f64;
        let centre = bag.iter().sum::<f64>() / n;
        let spread: f64 = bag.iter().map(|z| (z - centre).powi(2)).sum();
        let jackknife = (n - 1.0) / n * spread;
        let thin = if evaluated { 0.0 } else { self.thin };
        Z80 * (jackknife + self.drift.powi(2) + thin.powi(2)).sqrt()
    }

    fn confidence(&self, half: f64, evaluated: bool) -> Confidence {
        if !evaluated || half > self.medium {
            Confidence::Low
        } else if half > self.high {
            Confidence::Medium
        } else {
            Confidence::High
        }
    }
}

/// Probability of log-odds.
pub(super) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
