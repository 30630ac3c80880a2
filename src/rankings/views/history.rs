//! A player's rank and probability over time.

use serde::Serialize;
use utoipa::ToSchema;

/// A player's rank and probability over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryView {
    /// The player's id.
    pub id: u32,
    /// His name.
    pub name: String,
    /// Ends of seasons and kept days, oldest first.
    pub points: Vec<HistoryPoint>,
}

/// One board's word on a player.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryPoint {
    /// A season such as `2024`, or a day such as `2026-07-03`.
    pub as_of: String,
    /// Rank; none for the lower of a two-way player's roles.
    pub rank: u32,
    /// Probability of success.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// Version of the model.
    pub model: String,
}
