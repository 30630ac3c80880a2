//! A season's board as it is stored: every ranked player with everything a request
//! may ask of him.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::columns::{Columns, shares_below};
use super::entry::{BoardEntry, Facts, RATES, rate_labels};
use super::tiers;
use crate::domain::{FineWine, Horizons, Prediction, ProspectId, Role, Season};

/// What a board is built from.
#[derive(Debug)]
pub struct BoardInput {
    /// Season whose end the board describes.
    pub season: Season,
    /// Version of the model that made the predictions.
    pub model_id: String,
    /// True for the demo league.
    pub simulated: bool,
    /// One entry per player and role, in any order.
    pub entries: Vec<BoardEntry>,
    /// The season's late bloomers.
    pub fine_wine: FineWine,
}

/// A ranked board as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardData {
    /// Season whose end the board describes.
    pub season: Season,
    /// Version of the model that made the predictions.
    pub model_id: String,
    /// True for the demo league.
    pub simulated: bool,
    /// The shown lines in order of rank, then the lower ones of two-way players.
    pub(in crate::rankings) lines: Vec<Line>,
    pub(in crate::rankings) hitters: Columns,
    pub(in crate::rankings) pitchers: Columns,
    pub(in crate::rankings) fine_wine: FineWine,
}

/// One player in one role, ranked. The lower of a two-way player's two roles is
/// kept for its explanation and not shown on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::rankings) struct Line {
    pub(in crate::rankings) facts: Facts,
    pub(in crate::rankings) prediction: Prediction,
    pub(in crate::rankings) horizons: Horizons,
    /// Oriented so that 1 is best; NaN when the rate is.
    pub(in crate::rankings) rate_percentiles: [f32; RATES],
    pub(in crate::rankings) base: f64,
    /// Row in the role's columns.
    pub(in crate::rankings) row: u32,
    /// Rank on the board; 0 for the lower of two roles.
    pub(in crate::rankings) rank: u32,
    pub(in crate::rankings) tier: u32,
    /// Probability of the player's other role, when he has one.
    pub(in crate::rankings) other_role: Option<f64>,
    /// Rank on the previous season's board.
    pub(in crate::rankings) previous_rank: Option<u32>,
}

impl BoardData {
    /// Ranks the entries, draws the tiers, and takes percentiles of every
    /// feature among the entries of one role; `previous` is the board of the
    /// season before, for the changes of rank.
    pub fn build(input: BoardInput, previous: Option<&BoardData>) -> Self {
        let mut entries = input.entries;
        entries.sort_by(|a, b| {
            let by_probability = b
                .prediction
                .probability
                .total_cmp(&a.prediction.probability);
            by_probability
                .then(a.facts.id.cmp(&b.facts.id))
                .then(a.facts.role.cmp(&b.facts.role))
        });
        let mut columns = [Columns::default(), Columns::default()];
        let mut lines: Vec<Line> = Vec::with_capacity(entries.len());
        let mut first: HashMap<ProspectId, usize> = HashMap::new();
        for entry in entries {
            let row = columns[slot(entry.facts.role)].push(&entry);
            lines.push(Line::new(entry, row));
        }
        for i in 0..lines.len() {
            match first.get(&lines[i].facts.id) {
                Some(&shown) => pair(&mut lines, shown, i),
                None => drop(first.insert(lines[i].facts.id, i)),
            }
        }
        rank_rates(&mut lines);
        lines.sort_by_key(|line| line.rank == u32::MAX);
        number(&mut lines);
        recall(&mut lines, previous);
        let [mut hitters, mut pitchers] = columns;
        hitters.take_percentiles();
        pitchers.take_percentiles();
        let BoardInput {
            season,
            model_id,
            simulated,
            fine_wine,
            ..
        } = input;
        Self {
            season,
            model_id,
            simulated,
            lines,
            hitters,
            pitchers,
            fine_wine,
        }
    }

    /// Ranked players in order of rank.
    pub fn ids(&self) -> impl Iterator<Item = ProspectId> {
        let shown = self.lines.iter().take_while(|line| line.rank > 0);
        shown.map(|line| line.facts.id)
    }

    /// Feature values of a line.
    pub(in crate::rankings) fn row_of(&self, line: &Line) -> Vec<f32> {
        let columns = self.columns(line.facts.role);
        columns.row(line.row).map(|(value, _)| value).collect()
    }

    /// Features of a role's lines.
    pub(in crate::rankings) fn columns(&self, role: Role) -> &Columns {
        match role {
            Role::Hitter => &self.hitters,
            Role::Pitcher => &self.pitchers,
        }
    }
}

/// Marks the lower of a two-way player's lines and links both.
fn pair(lines: &mut [Line], shown: usize, lower: usize) {
    lines[shown].other_role = Some(lines[lower].prediction.probability);
    lines[lower].other_role = Some(lines[shown].prediction.probability);
    lines[lower].rank = u32::MAX;
}

fn number(lines: &mut [Line]) {
    let shown = lines
        .iter()
        .take_while(|line| line.rank != u32::MAX)
        .count();
    let predictions: Vec<Prediction> = lines[..shown].iter().map(|l| l.prediction).collect();
    let tiers = tiers::tiers(&predictions);
    let last = tiers.last().copied().unwrap_or(1);
    for (i, line) in lines.iter_mut().enumerate() {
        line.rank = if i < shown { i as u32 + 1 } else { 0 };
        line.tier = tiers.get(i).copied().unwrap_or(last);
    }
}

fn recall(lines: &mut [Line], previous: Option<&BoardData>) {
    let shown = previous
        .iter()
        .flat_map(|board| &board.lines)
        .filter(|line| line.rank > 0);
    let ranks: HashMap<ProspectId, u32> = shown.map(|l| (l.facts.id, l.rank)).collect();
    for line in lines {
        line.previous_rank = ranks.get(&line.facts.id).copied();
    }
}

/// Fills each line's rate percentiles among its role and level.
pub(in crate::rankings) fn rank_rates(lines: &mut [Line]) {
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        groups
            .entry((line.facts.role, line.facts.level))
            .or_default()
            .push(i);
    }
    for ((role, _), members) in groups {
        let labels = rate_labels(role);
        for (rate, (_, higher)) in labels.into_iter().enumerate() {
            let values: Vec<f32> = members
                .iter()
                .map(|&i| lines[i].facts.rates[rate])
                .collect();
            for (&i, share) in members.iter().zip(shares_below(&values)) {
                lines[i].rate_percentiles[rate] = if higher { share } else { 1.0 - share };
            }
        }
    }
}

impl Line {
    fn new(entry: BoardEntry, row: u32) -> Self {
        Self {
            facts: entry.facts,
            prediction: entry.prediction,
            horizons: entry.horizons,
            rate_percentiles: [f32::NAN; RATES],
            base: entry.attribution.base,
            row,
            rank: 0,
            tier: 0,
            other_role: None,
            previous_rank: None,
        }
    }
}

/// Where a role stands in an array of both.
pub(in crate::rankings) fn slot(role: Role) -> usize {
    usize::from(role == Role::Pitcher)
}
