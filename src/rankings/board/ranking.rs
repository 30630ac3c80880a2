//! A season's board in memory, ready to answer questions.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::data::{BoardData, BoardInput, Line, slot};
use super::filterable::Filterable;
use super::peers::Peers;
use super::row::{other, row};
use crate::domain::name::{FoldedName, fold_name};
use crate::domain::{
    Attribution, Contribution, Franchise, Group, Prediction, ProspectId, Role, Season, fold,
};
use crate::rankings::features::FeatureMeta;
use crate::rankings::group_shares::{GroupShares, by_group};
use crate::rankings::views::BoardRow;

/// A season's board, ready to answer questions.
#[derive(Debug)]
pub struct Board {
    pub(in crate::rankings) data: BoardData,
    /// Number of shown lines; they come first, in order of rank.
    pub(in crate::rankings) shown: usize,
    by_id: HashMap<ProspectId, [u32; 2]>,
    /// For sorting.
    folded_names: Vec<Box<str>>,
    /// For the filter by name.
    names: Vec<FoldedName>,
    pub(in crate::rankings) filterable: Vec<Filterable>,
    /// Made when the first profile asks for it.
    peers: OnceLock<Peers>,
    /// Shares of each line's groups, where the board is one kept of a day: it has no
    /// features then.
    groups: Option<Vec<GroupShares>>,
}

const NONE: u32 = u32::MAX;

impl Board {
    /// Ranks the entries of `input` against the previous season's board.
    pub fn build(input: BoardInput, previous: Option<&BoardData>) -> Self {
        Self::load(BoardData::build(input, previous))
    }

    /// Makes stored data ready to answer questions.
    pub fn load(mut data: BoardData) -> Self {
        // Boards kept from before may have other codes.
        for line in &mut data.lines {
            line.facts.organisation = Franchise::canonical(line.facts.organisation);
        }
        let shown = data.ids().count();
        let mut by_id = HashMap::with_capacity(data.lines.len());
        for (i, line) in data.lines.iter().enumerate() {
            by_id.entry(line.facts.id).or_insert([NONE; 2])[slot(line.facts.role)] = i as u32;
        }
        let filterable = data.lines[..shown].iter().map(Filterable::from).collect();
        let folded_names = data.lines[..shown]
            .iter()
            .map(|l| fold(&l.facts.name).into())
            .collect();
        let names = data.lines[..shown]
            .iter()
            .map(|l| fold_name(&l.facts.name))
            .collect();
        Self {
            data,
            shown,
            by_id,
            folded_names,
            names,
            filterable,
            peers: OnceLock::new(),
            groups: None,
        }
    }

    /// The board of a kept day: `groups` are the shares of its lines.
    pub(in crate::rankings) fn with_groups(self, groups: Vec<GroupShares>) -> Self {
        Self {
            groups: Some(groups),
            ..self
        }
    }

    /// False for the board of a day of which the groups' shares are kept only.
    pub(in crate::rankings) fn knows_features(&self) -> bool {
        self.groups.is_none()
    }

    /// What is stored of it.
    pub fn data(&self) -> &BoardData {
        &self.data
    }

    /// Season whose end the board describes.
    pub fn season(&self) -> Season {
        self.data.season
    }

    /// Version of the model that made it.
    pub fn model_id(&self) -> &str {
        &self.data.model_id
    }

    /// True for the demo league.
    pub fn simulated(&self) -> bool {
        self.data.simulated
    }

    /// Number of ranked players.
    pub fn len(&self) -> usize {
        self.shown
    }

    /// True when nobody is ranked.
    pub fn is_empty(&self) -> bool {
        self.shown == 0
    }

    /// Ranked players in order of rank.
    pub fn ids(&self) -> impl Iterator<Item = ProspectId> {
        self.data.ids()
    }

    /// The player's line on the board, in the role shown.
    pub fn row(&self, id: ProspectId) -> Option<BoardRow> {
        self.line(id, None).map(row)
    }

    /// Roles the player has a prediction in, the shown one first.
    pub fn roles(&self, id: ProspectId) -> Vec<Role> {
        let Some(shown) = self.line(id, None) else {
            return Vec::new();
        };
        let mut roles = vec![shown.facts.role];
        roles.extend(shown.other_role.map(|_| other(shown.facts.role)));
        roles
    }

    /// The prediction in `role`, or in the role shown on the board.
    pub fn prediction(&self, id: ProspectId, role: Option<Role>) -> Option<(Role, Prediction)> {
        self.line(id, role)
            .map(|line| (line.facts.role, line.prediction))
    }

    /// The exact explanation in `role`, or in the role shown on the board.
    /// Shares are kept in single precision; what rounding loses (about 1e-7)
    /// is given back to the largest share, so that they add up exactly.
    pub fn attribution(&self, id: ProspectId, role: Option<Role>) -> Option<Attribution> {
        let line = self.line(id, role).filter(|_| self.knows_features())?;
        let columns = self.data.columns(line.facts.role);
        let shares = columns.row(line.row).enumerate();
        let contributions = shares.map(|(feature, (value, log_odds))| Contribution {
            feature: feature as u16,
            value,
            log_odds: f64::from(log_odds),
        });
        let contributions = contributions.collect();
        let mut attribution = Attribution {
            base: line.base,
            contributions,
        };
        let p = line.prediction.probability;
        settle(&mut attribution, (p / (1.0 - p)).ln());
        Some(attribution)
    }

    /// Log-odds of each group of features; with the base they add up to those of the
    /// probability.
    pub(in crate::rankings) fn group_shares(
        &self,
        line: &Line,
        features: &[FeatureMeta],
    ) -> GroupShares {
        if let Some(groups) = &self.groups {
            return groups[line.row as usize];
        }
        let attribution = self.attribution(line.facts.id, Some(line.facts.role));
        attribution.map_or([0.0; Group::ALL.len()], |attribution| {
            by_group(&attribution.contributions, features)
        })
    }

    /// The features of the prediction in `role`, or in the role shown.
    pub(in crate::rankings) fn features(
        &self,
        id: ProspectId,
        role: Option<Role>,
    ) -> Option<Vec<f32>> {
        let line = self.line(id, role).filter(|_| self.knows_features())?;
        Some(self.data.row_of(line))
    }

    pub(in crate::rankings) fn line(&self, id: ProspectId, role: Option<Role>) -> Option<&Line> {
        let places = self.by_id.get(&id)?;
        let place = match role {
            Some(role) => places[slot(role)],
            // The shown line of a two-way player comes before the hidden one.
            None => places[0].min(places[1]),
        };
        self.data.lines.get(place as usize)
    }

    /// Feature values of a line.
    pub(in crate::rankings) fn row_of(&self, line: &Line) -> Vec<f32> {
        self.data.row_of(line)
    }

    /// Players of the same role and level.
    pub(in crate::rankings) fn peers(&self) -> &Peers {
        self.peers.get_or_init(|| Peers::of(&self.data))
    }

    pub(in crate::rankings) fn shown_lines(&self) -> &[Line] {
        &self.data.lines[..self.shown]
    }

    pub(in crate::rankings) fn folded_name(&self, place: usize) -> &str {
        &self.folded_names[place]
    }

    pub(in crate::rankings) fn name_at(&self, place: usize) -> &FoldedName {
        &self.names[place]
    }

    /// Share of the role's lines with a lower value, 0 to 1, per feature.
    pub(in crate::rankings) fn percentiles(
        &self,
        line: &Line,
    ) -> impl Iterator<Item = Option<f32>> {
        self.data.columns(line.facts.role).percentiles(line.row)
    }
}

/// A board shared by every request that reads it.
pub type SharedBoard = Arc<Board>;

fn settle(attribution: &mut Attribution, log_odds: f64) {
    let difference = log_odds - attribution.log_odds();
    let shares = attribution.contributions.iter_mut();
    let largest = shares.max_by(|a, b| a.log_odds.abs().total_cmp(&b.log_odds.abs()));
    // A larger gap is not rounding, and hiding it would falsify the explanation.
    if let Some(share) = largest.filter(|_| difference.abs() < 1e-4) {
        share.log_odds += difference;
    }
}
