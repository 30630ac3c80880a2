//! What is kept of a day's board, as values.

use crate::domain::{
    Code, FineWine, Group, Horizons, Level, Position, Prediction, ProspectId, Role, SEASONS, Season,
};

/// Rates kept per player.
pub(in crate::store) const DAY_RATES: usize = 5;

/// A day's board as it is kept: what is shown of that day, rounded to more digits than
/// are shown. Probabilities are kept to a millionth, rates and seasons to a
/// hundred-thousandth, log-odds to a ten-thousandth. Names are those of today; percentiles are taken again from the
/// rates; features and their shares are not kept, the groups' shares are.
#[derive(Clone, Debug, PartialEq)]
pub struct DayBoard {
    /// Season whose board it was.
    pub season: Season,
    /// Version of the model that made it.
    pub model_id: String,
    /// True for the demo league.
    pub simulated: bool,
    /// The ranked lines in order of rank, then the lower ones of two-way players.
    pub lines: Vec<DayLine>,
    /// The late bloomers of the day.
    pub bloomers: FineWine,
}

/// A player in one role on a day's board.
#[derive(Clone, Debug, PartialEq)]
pub struct DayLine {
    /// The player.
    pub id: ProspectId,
    /// Hitter or pitcher.
    pub role: Role,
    /// Rank, from 1; 0 for the lower of two roles.
    pub rank: u32,
    /// Tier, from 1.
    pub tier: u32,
    /// Rank on the previous season's board.
    pub previous_rank: Option<u32>,
    /// What the model said.
    pub prediction: Prediction,
    /// The same by season.
    pub horizons: Horizons,
    /// Main position, when known.
    pub position: Option<Position>,
    /// Highest level played in the season.
    pub level: Level,
    /// League of that level.
    pub league: Code,
    /// Parent organisation.
    pub organisation: Code,
    /// Club abbreviation.
    pub club: Code,
    /// Age in years on 1 July; NaN without a birth date.
    pub age: f32,
    /// Plate appearances or batters faced in the season.
    pub playing_time: u32,
    /// The season's rates; NaN when undefined.
    pub rates: [f32; DAY_RATES],
    /// The average rates of his leagues; NaN when undefined.
    pub averages: [f32; DAY_RATES],
    /// Log-odds of the average snapshot the model learnt from.
    pub base: f64,
    /// Log-odds of each group of features, in the order of [`DAY_GROUPS`].
    pub groups: [f64; DAY_GROUPS.len()],
}

/// What a kept day says of one player.
#[derive(Clone, Debug, PartialEq)]
pub struct DayStanding {
    /// Rank, from 1.
    pub rank: u32,
    /// Probability of success.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// Version of the model.
    pub model_id: String,
}

/// The groups in the order of their columns. A new group takes the next column, and
/// the columns of one that goes stay empty: kept days have these.
pub const DAY_GROUPS: [Group; 13] = [
    Group::AgeForLevel,
    Group::Level,
    Group::Power,
    Group::Contact,
    Group::Discipline,
    Group::Speed,
    Group::Stuff,
    Group::Command,
    Group::RunPrevention,
    Group::TrackRecord,
    Group::Role,
    Group::Durability,
    Group::Pedigree,
];

/// Seasons of the window whose success is kept: that of the last is the probability.
pub(in crate::store) const SUCCESSES: usize = SEASONS - 1;
