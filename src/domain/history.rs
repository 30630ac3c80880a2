//! All that is known of one player: the input of every model.

use serde::{Deserialize, Serialize};

use super::{
    BattingLine, DraftPick, Grade, MlbSeason, PitchingLine, Prospect, ProspectId, Role,
    RookieLimits, RosterMove, Season,
};

/// Everything known about one player. Every row is dated, and code that looks
/// at a snapshot must ignore rows dated after it.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Who he is.
    pub prospect: Prospect,
    /// Minor-league batting, by season.
    pub batting: Vec<BattingLine>,
    /// Minor-league pitching, by season.
    pub pitching: Vec<PitchingLine>,
    /// Major-league seasons, by season.
    pub mlb: Vec<MlbSeason>,
    /// When he stopped being a rookie.
    pub rookie_limits: RookieLimits,
    /// Draft selections, oldest first.
    pub draft: Vec<DraftPick>,
    /// Published grades and ranks, oldest first.
    pub grades: Vec<Grade>,
    /// What is known of his places on 40-man rosters, oldest first.
    pub roster: Vec<RosterMove>,
}

/// Names one snapshot: a player in a role at the end of a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SnapshotId {
    /// The player.
    pub prospect: ProspectId,
    /// The season whose end it is.
    pub season: Season,
    /// Hitter or pitcher.
    pub role: Role,
}
