//! Players a player is measured against: those of his season, role and level.

use std::collections::HashMap;

use super::data::{BoardData, Line};
use super::entry::{RATES, rate_labels};
use crate::domain::{Group as Skill, Level, Role};
use crate::rankings::features::{Better, FeatureMeta};

/// Fewest peers for a percentile to be told.
const FEWEST: usize = 20;
/// Years of age on either side that make a player a peer of the same age.
const AGE_BAND: f32 = 1.0;
/// Where a what-if puts a feature among the level's players.
const WHAT_IF: f32 = 0.75;

/// The evaluated players of each role and level of a board: who they are, and
/// where their best quarter begins, feature by feature.
#[derive(Debug, Default)]
pub(in crate::rankings) struct Peers {
    groups: HashMap<(Role, Level), Group>,
}

#[derive(Debug, Default)]
struct Group {
    /// Places among the board's lines.
    members: Vec<u32>,
    /// A quarter is below the first and above the second; `None` where too few are known.
    quartiles: Vec<Option<(f32, f32)>>,
}

impl Peers {
    /// Groups the board's lines and takes the quartiles: work done once a board.
    pub(in crate::rankings) fn of(board: &BoardData) -> Self {
        let mut groups: HashMap<_, Group> = HashMap::new();
        for (place, line) in board.lines.iter().enumerate() {
            if line.prediction.evaluated {
                let key = (line.facts.role, line.facts.level);
                groups.entry(key).or_default().members.push(place as u32);
            }
        }
        for group in groups.values_mut() {
            let rows: Vec<Vec<f32>> = group.lines(board).map(|line| board.row_of(line)).collect();
            let width = rows.first().map_or(0, Vec::len);
            group.quartiles = (0..width).map(|i| quartiles(&rows, i)).collect();
        }
        Self { groups }
    }

    /// Shares of evaluated players of his level within a year of his age whose
    /// rate of the season is worse, 0 to 1, in the order of [`rate_labels`]; `None`
    /// when too few are known.
    pub(in crate::rankings) fn better_than(
        &self,
        board: &BoardData,
        line: &Line,
    ) -> [Option<f32>; RATES] {
        let Some(group) = self.group(line) else {
            return [None; RATES];
        };
        let peers: Vec<&Line> = group
            .lines(board)
            .filter(|peer| peer.facts.id != line.facts.id)
            .filter(|peer| (peer.facts.age - line.facts.age).abs() <= AGE_BAND)
            .collect();
        let labels = rate_labels(line.facts.role);
        std::array::from_fn(|rate| {
            let others = peers.iter().map(|peer| peer.facts.rates[rate]);
            share_worse(line.facts.rates[rate], others, labels[rate].1)
        })
    }

    /// His features `own` with those of `skill` moved to where the best quarter
    /// of his level begins, where his are worse; `None` when the peers are too
    /// few to say.
    pub(in crate::rankings) fn improved(
        &self,
        line: &Line,
        own: &[f32],
        features: &[FeatureMeta],
        skill: Skill,
    ) -> Option<Vec<f32>> {
        let group = self.group(line)?;
        if group.members.len() <= FEWEST {
            return None;
        }
        let mut changed = own.to_vec();
        for (i, feature) in features.iter().enumerate() {
            if feature.group != skill || feature.better == Better::Neither || own[i].is_nan() {
                continue;
            }
            let higher = feature.better == Better::Higher;
            let goal = group.quartiles[i].map(|(low, high)| if higher { high } else { low });
            if let Some(goal) = goal.filter(|goal| (*goal > own[i]) == higher) {
                changed[i] = goal;
            }
        }
        Some(changed)
    }

    fn group(&self, line: &Line) -> Option<&Group> {
        self.groups.get(&(line.facts.role, line.facts.level))
    }
}

impl Group {
    fn lines<'a>(&'a self, board: &'a BoardData) -> impl Iterator<Item = &'a Line> {
        let lines = &board.lines;
        self.members.iter().map(|&place| &lines[place as usize])
    }
}

/// Share of the known `others` that are worse than `own`.
pub(in crate::rankings) fn share_worse(
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

/// Where the worst and the best quarter of a feature's known values begin.
fn quartiles(rows: &[Vec<f32>], feature: usize) -> Option<(f32, f32)> {
    let mut values: Vec<f32> = rows.iter().map(|row| row[feature]).collect();
    values.retain(|value| !value.is_nan());
    if values.len() < FEWEST {
        return None;
    }
    let mut at = |share: f32| {
        let place = ((values.len() - 1) as f32 * share).round() as usize;
        *values.select_nth_unstable_by(place, f32::total_cmp).1
    };
    Some((at(1.0 - WHAT_IF), at(WHAT_IF)))
}

#[cfg(test)]
mod tests {
    use super::{quartiles, share_worse};

    #[test]
    fn shares_count_those_who_are_worse() {
        let others = || (0..40).map(|n| n as f32);
        assert_eq!(share_worse(30.0, others(), true), Some(0.75));
        assert_eq!(share_worse(30.0, others(), false), Some(9.0 / 40.0));
        assert_eq!(share_worse(f32::NAN, others(), true), None);
        assert_eq!(share_worse(1.0, others().take(19), true), None);
        let rows: Vec<Vec<f32>> = others().map(|value| vec![value]).collect();
        assert_eq!(quartiles(&rows, 0), Some((10.0, 29.0)));
        assert_eq!(quartiles(&rows[..19], 0), None);
    }
}
