//! Tiers: players a board should not pretend to tell apart.

use crate::domain::Prediction;

/// Players a tier must hold before the next may begin.
const SMALLEST: usize = 5;

/// The tier, from 1, of each prediction; they come highest first.
///
/// A new tier begins with the first player whose probability is below the
/// lower end of the interval of the tier's first player: from there on the
/// model does tell the two apart. A tier holds at least five players, so that
/// one narrow interval at the top does not split hairs.
pub(in crate::rankings) fn tiers(predictions: &[Prediction]) -> Vec<u32> {
    let (mut tier, mut size) = (1, 0);
    let mut floor = predictions.first().map_or(0.0, |first| first.lower);
    let number = |prediction: &Prediction| {
        if prediction.probability < floor && size >= SMALLEST {
            (tier, size, floor) = (tier + 1, 0, prediction.lower);
        }
        size += 1;
        tier
    };
    predictions.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::tiers;
    use crate::domain::{Confidence, Prediction};

    fn at(probability: f64, lower: f64) -> Prediction {
        Prediction {
            probability,
            lower,
            upper: 1.0,
            confidence: Confidence::High,
            evaluated: true,
        }
    }

    #[test]
    fn a_tier_ends_below_its_first_interval() {
        let mut board = vec![at(0.9, 0.8); 5];
        board.extend([at(0.81, 0.7), at(0.79, 0.7), at(0.71, 0.6), at(0.69, 0.5)]);
        assert_eq!(tiers(&board), [1, 1, 1, 1, 1, 1, 2, 2, 2]);
    }
}
