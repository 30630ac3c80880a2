//! Stat lines as shown, with their rates.

use serde::Serialize;
use utoipa::ToSchema;

/// A rate of the season beside the average of its level.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateView {
    /// Name for people (`Strikeout rate`).
    pub label: String,
    /// The player's rate.
    pub value: f32,
    /// Playing-time-weighted average of the leagues and levels he played in.
    pub level_average: f32,
    /// Percentile among the season's board rows of the same role and level, 0
    /// to 1, oriented so that 1 is best for the player.
    pub percentile: f32,
    /// True when a higher value is better for the player.
    pub higher_is_better: bool,
}

/// A player's lines.
#[derive(Clone, Debug, PartialEq, Default, Serialize, ToSchema)]
pub struct StatsView {
    /// Batting lines, newest first.
    pub batting: Vec<BattingView>,
    /// Pitching lines, newest first.
    pub pitching: Vec<PitchingView>,
    /// Major-league seasons, newest first.
    pub mlb: Vec<MlbView>,
}

/// A batting line as shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct BattingView {
    pub season: u16,
    pub level: String,
    pub league: Option<String>,
    pub club: Option<String>,
    pub age: Option<f32>,
    pub position: Option<String>,
    /// Day up to which the line counts.
    pub as_of: String,
    pub g: u16,
    pub pa: u16,
    pub ab: u16,
    pub h: u16,
    pub b2: u16,
    pub b3: u16,
    pub hr: u16,
    pub rbi: u16,
    pub bb: u16,
    pub so: u16,
    pub hbp: u16,
    pub sb: u16,
    pub cs: u16,
    pub avg: Option<f32>,
    pub obp: Option<f32>,
    pub slg: Option<f32>,
    pub k_rate: Option<f32>,
    pub bb_rate: Option<f32>,
    /// Isolated power.
    pub iso: Option<f32>,
}

/// A pitching line as shown; `ip` is written as innings (`45.2`), `outs` is the count.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct PitchingView {
    pub season: u16,
    pub level: String,
    pub league: Option<String>,
    pub club: Option<String>,
    pub age: Option<f32>,
    /// Day up to which the line counts.
    pub as_of: String,
    pub g: u16,
    pub gs: u16,
    pub w: u16,
    pub l: u16,
    pub sv: u16,
    pub ip: String,
    pub outs: u16,
    pub bf: u16,
    pub h: u16,
    pub er: u16,
    pub hr: u16,
    pub bb: u16,
    pub so: u16,
    pub era: Option<f32>,
    pub whip: Option<f32>,
    pub k_rate: Option<f32>,
    pub bb_rate: Option<f32>,
}

/// A major-league season as shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct MlbView {
    pub season: u16,
    pub pa: u16,
    pub hr: u16,
    pub ip: String,
    pub so: u16,
    pub bb: u16,
    pub p_so: u16,
    pub p_bb: u16,
}
