//! Players a player is measured against: those of his season, role and level.

use super::board::{Board, Line};
use super::entry::{RATES, rate_labels};
use super::features::{Better, FeatureMeta};
use crate::domain::Group;

/// Fewest peers for a percentile to be told.
const FEWEST: usize = 20;
/// Years of age on either side that make a player a peer of the same age.
const AGE_BAND: f32 = 1.0;
/// Where a what-if puts a feature among the level's players.
const WHAT_IF: f32 = 0.75;

/// Shares of evaluated players of his level within a year of his age whose
/// rate of the season is worse, 0 to 1, in the order of [`rate_labels`]; `None`
/// when too few are known.
pub(super) fn better_than(board: &Board, line: &Line) -> [Option<f32>; RATES] {
    let peers: Vec<&Line> = of_level(board, line)
        .filter(|peer| (peer.facts.age - line.facts.age).abs() <= AGE_BAND)
        .collect();
    let labels = rate_labels(line.facts.role);
    std::array::from_fn(|rate| {
        let others = peers.iter().map(|peer| peer.facts.rates[rate]);
        share_worse(line.facts.rates[rate], others, labels[rate].1)
    })
}

/// His features with those of `group` moved to where the best quarter of his
/// level begins, where his are worse; `None` when the peers are too few to say.
pub(super) fn improved(
    board: &Board,
    line: &Line,
    features: &[FeatureMeta],
    group: Group,
) -> Option<Vec<f32>> {
    let own = board.row_of(line);
    let peers: Vec<Vec<f32>> = of_level(board, line)
        .map(|peer| board.row_of(peer))
        .collect();
    if peers.len() < FEWEST {
        return None;
    }
    let mut changed = own.clone();
    for (i, feature) in features.iter().enumerate() {
        if feature.group != group || feature.better == Better::Neither || own[i].is_nan() {
            continue;
        }
        let higher = feature.better == Better::Higher;
        let share = if higher { WHAT_IF } else { 1.0 - WHAT_IF };
        let goal = quantile(peers.iter().map(|peer| peer[i]).collect(), share);
        if let Some(goal) = goal.filter(|goal| (*goal > own[i]) == higher) {
            changed[i] = goal;
        }
    }
    Some(changed)
}

fn of_level<'a>(board: &'a Board, line: &'a Line) -> impl Iterator<Item = &'a Line> {
    board.lines().iter().filter(move |peer| {
        peer.prediction.evaluated
            && peer.facts.role == line.facts.role
            && peer.facts.level == line.facts.level
            && peer.facts.id != line.facts.id
    })
}

/// Share of the known `others` that are worse than `own`.
pub(super) fn share_worse(
    own: f32,
    others: impl Iterator<Item = f32>,
    higher_is_better: bool,
) -> Option<f32> {
    let (mut worse, mut all) = (0_usize, 0_usize);
    for other in others.filter(|other| !other.is_nan()) {
        all += 1;
        worse += usize::from(if higher_is_better {
            other < own
        } else {
            other > own
        });
    }
    (all >= FEWEST && !own.is_nan()).then(|| worse as f32 / all as f32)
}

fn quantile(mut values: Vec<f32>, share: f32) -> Option<f32> {
    values.retain(|value| !value.is_nan());
    if values.len() < FEWEST {
        return None;
    }
    let at = ((values.len() - 1) as f32 * share).round() as usize;
    Some(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::{quantile, share_worse};

    #[test]
    fn shares_count_those_who_are_worse() {
        let others = || (0..40).map(|n| n as f32);
        assert_eq!(share_worse(30.0, others(), true), Some(0.75));
        assert_eq!(share_worse(30.0, others(), false), Some(9.0 / 40.0));
        assert_eq!(share_worse(f32::NAN, others(), true), None);
        assert_eq!(share_worse(1.0, others().take(19), true), None);
        assert_eq!(quantile(others().collect(), 0.75), Some(29.0));
    }
}
