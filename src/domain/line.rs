//! Lines of minor-league statistics: counts, never rates.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Code, Level, Position, Season};

/// Where a stat line was played, as true on the day it was recorded.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Club {
    /// League code as published (`EAS`, `DSL`); unknown in some sources.
    pub league: Code,
    /// MLB Stats API team id, 0 when unknown.
    pub team_id: u32,
    /// Club abbreviation (`GRN`), unknown in sources that give the organisation only.
    pub team: Code,
    /// Parent organisation (`NYM`) where the source said so for that season.
    pub organisation: Code,
}

/// Batting counts. Optional counts are those some parks and sources do not record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct BattingCounts {
    pub g: u16,
    pub pa: u16,
    pub ab: u16,
    pub h: u16,
    pub b2: u16,
    pub b3: u16,
    pub hr: u16,
    pub rbi: u16,
    pub bb: u16,
    pub ibb: u16,
    pub so: u16,
    pub hbp: u16,
    pub sh: u16,
    pub sf: u16,
    pub gidp: u16,
    pub sb: u16,
    pub cs: u16,
    pub r: Option<u16>,
    pub ground_outs: Option<u16>,
    pub air_outs: Option<u16>,
    pub pitches: Option<u16>,
    pub swings: Option<u16>,
    pub whiffs: Option<u16>,
}

/// Pitching counts; `outs` is innings pitched times three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct PitchingCounts {
    pub g: u16,
    pub gs: u16,
    pub w: u16,
    pub l: u16,
    pub sv: u16,
    pub hld: u16,
    pub cg: u16,
    pub sho: u16,
    pub outs: u16,
    pub bf: u16,
    pub h: u16,
    pub r: u16,
    pub er: u16,
    pub hr: u16,
    pub bb: u16,
    pub ibb: u16,
    pub so: u16,
    pub hbp: u16,
    pub wp: u16,
    pub bk: u16,
    pub ground_outs: Option<u16>,
    pub air_outs: Option<u16>,
    pub pitches: Option<u16>,
    pub strikes: Option<u16>,
    pub whiffs: Option<u16>,
}

/// One player's season-to-date batting for one club at one level.
///
/// Lines are cumulative: where a season has lines of several `as_of` months for
/// one side, only those of the newest month count (the store returns just these).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BattingLine {
    /// Season played.
    pub season: Season,
    /// Level of the club.
    pub level: Level,
    /// Club, league and organisation.
    pub club: Club,
    /// Main position in that season; unknown in some recent sources.
    pub position: Option<Position>,
    /// Day up to which the line counts; the season's last day for a complete season.
    pub as_of: Date,
    /// What was counted.
    pub counts: BattingCounts,
}

/// One player's season-to-date pitching for one club at one level; see [`BattingLine`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PitchingLine {
    /// Season played.
    pub season: Season,
    /// Level of the club.
    pub level: Level,
    /// Club, league and organisation.
    pub club: Club,
    /// Main position in that season; unknown in some recent sources.
    pub position: Option<Position>,
    /// Day up to which the line counts; the season's last day for a complete season.
    pub as_of: Date,
    /// What was counted.
    pub counts: PitchingCounts,
}

impl Club {
    /// True for leagues that are not affiliated ball (the Mexican League, which
    /// the MLB Stats API listed as AAA until 2019).
    pub fn is_unaffiliated(&self) -> bool {
        self.league.as_str() == "MEX"
    }

    /// True for the foreign rookie leagues (Dominican and Venezuelan).
    pub fn is_foreign_rookie(&self) -> bool {
        matches!(self.league.as_str(), "DSL" | "VSL")
    }
}
