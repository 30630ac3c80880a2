//! Past players to whom the model gave like probabilities for like reasons.

use serde::Serialize;
use utoipa::ToSchema;

/// Past snapshots to which the model gave like probabilities for like reasons.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparablesView {
    /// Our id of the player.
    pub id: u32,
    /// Season of the snapshot.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// The model's probability.
    pub probability: f64,
    /// Comparables found, at most 20, of as many different players.
    pub count: u32,
    /// How many of them succeeded.
    pub successes: u32,
    /// How many of them played in the majors by the end of their windows.
    pub debuts: u32,
    /// Share that succeeded; absent without any.
    pub success_share: Option<f64>,
    /// Nearest first.
    pub comparables: Vec<ComparableView>,
}

/// One comparable and what became of him.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparableView {
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season of his snapshot.
    pub season: u16,
    /// Age on 1 July of that season, when known.
    pub age: Option<f32>,
    /// Highest level of that season.
    pub level: String,
    /// Distance in log-odds, over the groups of the explanation.
    pub distance: f32,
    /// True when he succeeded in the four seasons after.
    pub success: bool,
    /// Major-league plate appearances in them.
    pub pa: u32,
    /// Major-league innings in them, as `45.2`.
    pub ip: String,
    /// What became of him, in words.
    pub outcome: String,
}
