//! What happened between two days.

use serde::Serialize;
use utoipa::ToSchema;

/// What happened between two days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MoversView {
    /// The earlier day; none while fewer than two are kept.
    pub from: Option<String>,
    /// The later day.
    pub to: Option<String>,
    /// True when different models made the two boards: probabilities then moved
    /// for that reason too, and no groups are named.
    pub other_model: bool,
    /// True for the demo league.
    pub simulated: bool,
    /// Days one can choose from, newest first.
    pub days: Vec<String>,
    /// What happened, the most important first.
    pub moves: Vec<MoveView>,
    /// How many there are of each kind.
    pub counts: Vec<KindCount>,
}

/// How many of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: &'static str,
    /// How many.
    pub count: usize,
}

/// Something that happened to a player.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MoveView {
    /// `promotion`, `demotion`, `debut`, `arrival`, `departure`, `rise`, `fall` or
    /// `transaction`.
    pub kind: &'static str,
    /// The player's id.
    pub id: u32,
    /// His name.
    pub name: String,
    /// His level now, or the last known.
    pub level: String,
    /// His organisation, when known.
    pub organisation: Option<String>,
    /// What happened, in words.
    pub what: String,
    /// Rank before; none when he was not on the board.
    pub rank_before: Option<u32>,
    /// Rank after; none when he is not on the board.
    pub rank_after: Option<u32>,
    /// Probability before.
    pub before: Option<f64>,
    /// Probability after.
    pub after: Option<f64>,
    /// The groups that moved him most, with their shares.
    pub reasons: Vec<ReasonView>,
}

/// A group's share of a move.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReasonView {
    /// The group of features.
    pub group: &'static str,
    /// Its share in log-odds.
    pub log_odds: f64,
    /// The same as a share of the change of the probability, -1 to 1.
    pub probability: f64,
}
