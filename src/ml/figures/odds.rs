//! Probability and log-odds.

/// Standard normal quantile of an 80 % interval.
pub(crate) const Z80: f64 = 1.281_551_565_5;

/// Probabilities are kept this far from 0 and 1, so that log-odds are finite.
const LEAST: f64 = 1e-9;

/// Probability of log-odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Log-odds of a probability, which is taken for at least 1e-9 and at most 1 - 1e-9.
pub(crate) fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(LEAST, 1.0 - LEAST);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::{log_odds, logistic};

    #[test]
    fn one_undoes_the_other_and_certainty_is_finite() {
        for p in [0.001, 0.05, 0.5, 0.97] {
            assert!((logistic(log_odds(p)) - p).abs() < 1e-12);
        }
        assert_eq!(log_odds(0.5), 0.0);
        assert!(log_odds(0.0).is_finite() && log_odds(1.0).is_finite());
    }
}
