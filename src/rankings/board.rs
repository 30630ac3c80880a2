//! A season's board: every ranked player with everything a request may ask of
//! him, compact enough to keep many thousands in memory.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::columns::{Columns, shares_below};
use super::entry::{Entry, Facts, RATES};
use super::fine_wine::FineWine;
use super::peers::Peers;
use super::query::Filterable;
use super::tiers;
use super::view::BoardRow;
use crate::domain::{Attribution, Contribution, Horizons, Prediction, ProspectId, Role, Season};

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
    pub entries: Vec<Entry>,
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
    pub(super) lines: Vec<Line>,
    hitters: Columns,
    pitchers: Columns,
    pub(super) fine_wine: FineWine,
}

/// One player in one role, ranked. The lower of a two-way player's two roles is
/// kept for its explanation and not shown on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) facts: Facts,
    pub(super) prediction: Prediction,
    pub(super) horizons: Horizons,
    /// Oriented so that 1 is best; NaN when the rate is.
    pub(super) rate_percentiles: [f32; RATES],
    pub(super) base: f64,
    /// Row in the role's columns.
    row: u32,
    /// Rank on the board; 0 for the lower of two roles.
    pub(super) rank: u32,
    pub(super) tier: u32,
    /// Probability of the player's other role, when he has one.
    pub(super) other_role: Option<f64>,
    /// Rank on the previous season's board.
    previous_rank: Option<u32>,
}

/// A season's board, ready to answer questions.
#[derive(Debug)]
pub struct Board {
    pub(super) data: BoardData,
    /// Number of shown lines; they come first, in order of rank.
    pub(super) shown: usize,
    by_id: HashMap<ProspectId, [u32; 2]>,
    folded_names: Vec<Box<str>>,
    pub(super) filterable: Vec<Filterable>,
    /// Made when the first profile asks for it.
    peers: OnceLock<Peers>,
}

const NONE: u32 = u32::MAX;

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

    fn columns(&self, role: Role) -> &Columns {
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
fn rank_rates(lines: &mut [Line]) {
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        groups
            .entry((line.facts.role, line.facts.level))
            .or_default()
            .push(i);
    }
    for ((role, _), members) in groups {
        let labels = super::entry::rate_labels(role);
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
    fn new(entry: Entry, row: u32) -> Self {
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

impl Board {
    /// Ranks the entries of `input` against the previous season's board.
    pub fn build(input: BoardInput, previous: Option<&BoardData>) -> Self {
        Self::load(BoardData::build(input, previous))
    }

    /// Makes stored data ready to answer questions.
    pub fn load(data: BoardData) -> Self {
        let shown = data.lines.iter().take_while(|line| line.rank > 0).count();
        let mut by_id = HashMap::with_capacity(data.lines.len());
        for (i, line) in data.lines.iter().enumerate() {
            by_id.entry(line.facts.id).or_insert([NONE; 2])[slot(line.facts.role)] = i as u32;
        }
        let filterable = data.lines[..shown].iter().map(Filterable::from).collect();
        let folded_names = data.lines[..shown]
            .iter()
            .map(|l| l.facts.name.to_lowercase().into())
            .collect();
        Self {
            data,
            shown,
            by_id,
            folded_names,
            filterable,
            peers: OnceLock::new(),
        }
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
        self.data.lines[..self.shown]
            .iter()
            .map(|line| line.facts.id)
    }

    /// The player's line on the board, in the role shown.
    pub fn row(&self, id: ProspectId) -> Option<BoardRow> {
        self.line(id, None).map(|line| self.view(line))
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
        let line = self.line(id, role)?;
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

    /// The features of the prediction in `role`, or in the role shown.
    pub(super) fn features(&self, id: ProspectId, role: Option<Role>) -> Option<Vec<f32>> {
        let line = self.line(id, role)?;
        let columns = self.data.columns(line.facts.role);
        Some(columns.row(line.row).map(|(value, _)| value).collect())
    }

    pub(super) fn line(&self, id: ProspectId, role: Option<Role>) -> Option<&Line> {
        let places = self.by_id.get(&id)?;
        let place = match role {
            Some(role) => places[slot(role)],
            // The shown line of a two-way player comes before the hidden one.
            None => places[0].min(places[1]),
        };
        self.data.lines.get(place as usize)
    }

    /// Every line, the lower of two roles included.
    pub(super) fn lines(&self) -> &[Line] {
        &self.data.lines
    }

    /// Feature values of a line.
    pub(super) fn row_of(&self, line: &Line) -> Vec<f32> {
        let columns = self.data.columns(line.facts.role);
        columns.row(line.row).map(|(value, _)| value).collect()
    }

    /// Players of the same role and level.
    pub(super) fn peers(&self) -> &Peers {
        self.peers.get_or_init(|| Peers::of(self))
    }

    pub(super) fn shown_lines(&self) -> &[Line] {
        &self.data.lines[..self.shown]
    }

    pub(super) fn folded_name(&self, place: usize) -> &str {
        &self.folded_names[place]
    }

    /// Share of the role's lines with a lower value, 0 to 1, per feature.
    pub(super) fn percentiles(&self, line: &Line) -> impl Iterator<Item = Option<f32>> {
        self.data.columns(line.facts.role).percentiles(line.row)
    }

    pub(super) fn view(&self, line: &Line) -> BoardRow {
        let facts = &line.facts;
        let known = |code: &crate::domain::Code| (!code.is_unknown()).then(|| code.to_string());
        BoardRow {
            rank: line.rank,
            id: facts.id.0,
            name: facts.name.clone(),
            role: facts.role.to_string(),
            position: facts.position.map(|p| p.to_string()),
            level: facts.level.to_string(),
            league: known(&facts.league),
            organisation: known(&facts.organisation),
            club: known(&facts.club),
            age: (!facts.age.is_nan()).then(|| (facts.age * 10.0).round() / 10.0),
            playing_time: facts.playing_time,
            probability: line.prediction.probability,
            lower: line.prediction.lower,
            upper: line.prediction.upper,
            confidence: line.prediction.confidence.to_string(),
            thin_data: !line.prediction.evaluated,
            tier: line.tier,
            rank_change: line.previous_rank.map(|was| was as i32 - line.rank as i32),
            two_way_note: line.other_role.map(|p| two_way_note(facts.role, p)),
        }
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

fn two_way_note(role: Role, other_probability: f64) -> String {
    let percent = other_probability * 100.0;
    format!(
        "Two-way player: shown as a {role}, his higher probability; as a {} it is {percent:.1} %.",
        other(role)
    )
}

fn other(role: Role) -> Role {
    match role {
        Role::Hitter => Role::Pitcher,
        Role::Pitcher => Role::Hitter,
    }
}

fn slot(role: Role) -> usize {
    usize::from(role == Role::Pitcher)
}
