//! What another service counts of a player.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ProspectId, Role, Season};

/// What another service counts of a player's season at a level. It is compared
/// with our own lines and used for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaderCounts {
    /// The day the figures are true for.
    pub published: Date,
    /// Plate appearances, or batters faced where the export has them.
    pub plate_appearances: Option<u16>,
    /// Outs of a pitcher.
    pub outs: Option<u16>,
    /// Strikeouts per plate appearance, 0 to 1.
    pub strikeouts: Option<f64>,
    /// Walks per plate appearance, 0 to 1.
    pub walks: Option<f64>,
    /// Runs created against the league of 100, of a hitter.
    pub wrc_plus: Option<f64>,
    /// Fielding-independent earned runs, of a pitcher.
    pub fip: Option<f64>,
}

/// A row of another service's leaderboard.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderLine {
    /// The player.
    pub player: ProspectId,
    /// The season.
    pub season: Season,
    /// As a hitter or as a pitcher.
    pub role: Role,
    /// Level as published (`AA`, `CPX`); empty for the whole season.
    pub level: String,
    /// The figures.
    pub counts: LeaderCounts,
}
