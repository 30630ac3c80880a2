//! What was said of a player at the end of a past season, and what became of him.

use serde::{Deserialize, Serialize};

use super::{Level, Prediction, SnapshotId};

/// What would have been said of a player at the end of a past season, and what
/// happened in the four seasons after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Player, season and role.
    pub snapshot: SnapshotId,
    /// Model that had seen only windows closed by the end of the season.
    pub model_id: String,
    /// What it says.
    pub prediction: Prediction,
    /// What a model of age and level alone says, 0 to 1.
    pub baseline: f64,
    /// Rank among the evaluated predictions of the season, both roles together,
    /// from 1; 0 for thin data.
    pub rank: u32,
    /// Highest level of the season.
    pub level: Level,
    /// Age on 1 July of the season, when known.
    pub age: Option<f32>,
    /// More than 500 plate appearances or 300 outs in the window, as played.
    pub success: bool,
    /// The same with the 60 games of 2020 counted as a full season.
    pub success_in_full_seasons: bool,
    /// What he did in the majors within the window.
    pub majors: MajorsInWindow,
}

/// Major-league time within a snapshot's outcome window, as played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MajorsInWindow {
    /// True when he played in the majors at all.
    pub reached: bool,
    /// Plate appearances.
    pub pa: u32,
    /// Outs recorded as a pitcher.
    pub outs: u32,
}
