//! Intervals and confidence from the spread of a model's members.

use crate::domain::{Confidence, Prediction};
use crate::ml::figures::odds::{Z80, logistic};

/// Career playing time that halves the variance of a record.
const FAMILIAR: f64 = 150.0;

/// What turns a spread into an interval and a confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Uncertainty {
    /// Standard deviation in log-odds from season to season of the base rate.
    pub(crate) drift: f64,
    /// Standard deviation in log-odds of a player with little playing time; it
    /// shrinks with the root of the career's, see [`FAMILIAR`].
    pub(crate) sparse: f64,
    /// Added for snapshots without enough playing time in the season.
    pub(crate) thin: f64,
    /// Widths of the interval, in probability, up to which confidence is high, medium.
    pub(crate) high: f64,
    pub(crate) medium: f64,
}

impl Uncertainty {
    /// The prediction of a bag of members' calibrated log-odds; `time` is the
    /// career's playing time in the role.
    pub(crate) fn prediction(&self, bag: &[f64], time: f64, evaluated: bool) -> Prediction {
        let centre = bag.iter().sum::<f64>() / bag.len() as f64;
        let half = self.half_width(bag, time, evaluated);
        let (lower, upper) = (logistic(centre - half), logistic(centre + half));
        Prediction {
            probability: logistic(centre),
            lower,
            upper,
            confidence: self.confidence(upper - lower, evaluated),
            evaluated,
        }
    }

    /// Half the 80 % interval in log-odds: the members leave out one group of
    /// players each, so their spread is a grouped jackknife's. It is widened by
    /// the drift of the base rate and by how little a short record says.
    fn half_width(&self, bag: &[f64], time: f64, evaluated: bool) -> f64 {
        let n = bag.len() as f64;
        let centre = bag.iter().sum::<f64>() / n;
        let spread: f64 = bag.iter().map(|z| (z - centre).powi(2)).sum();
        let jackknife = (n - 1.0) / n * spread;
        let thin = if evaluated { 0.0 } else { self.thin };
        let sparse = self.sparse.powi(2) / (1.0 + time / FAMILIAR);
        Z80 * (jackknife + self.drift.powi(2) + sparse + thin.powi(2)).sqrt()
    }

    fn confidence(&self, width: f64, evaluated: bool) -> Confidence {
        if !evaluated || width > self.medium {
            Confidence::Low
        } else if width > self.high {
            Confidence::Medium
        } else {
            Confidence::High
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Uncertainty;
    use crate::domain::Confidence;

    const U: Uncertainty = Uncertainty {
        drift: 0.1,
        sparse: 0.6,
        thin: 0.3,
        high: 0.1,
        medium: 0.2,
    };

    #[test]
    fn intervals_hold_the_probability_and_widen_with_spread_and_little_data() {
        let calm = U.prediction(&[-1.0, -1.02, -0.98], 2000.0, true);
        let torn = U.prediction(&[-1.5, -1.0, -0.5], 2000.0, true);
        let fresh = U.prediction(&[-1.0, -1.02, -0.98], 80.0, true);
        for p in [calm, torn, fresh] {
            assert!(p.lower < p.probability && p.probability < p.upper);
        }
        assert!(torn.upper - torn.lower > calm.upper - calm.lower);
        assert!(fresh.upper - fresh.lower > calm.upper - calm.lower);
        assert_eq!(calm.confidence, Confidence::High);
        assert_eq!(torn.confidence, Confidence::Low);
    }

    #[test]
    fn too_little_playing_time_is_never_more_than_low() {
        let p = U.prediction(&[-1.0, -1.0, -1.0], 5000.0, false);
        assert_eq!(p.confidence, Confidence::Low);
    }
}
