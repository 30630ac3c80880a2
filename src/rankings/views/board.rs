//! What a board shows: its rows and the values it can be filtered by.

use serde::Serialize;
use utoipa::ToSchema;

/// One line of a board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoardRow {
    /// Rank on the whole board of the season, from 1.
    pub rank: u32,
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Position of the season, when known.
    pub position: Option<String>,
    /// Highest level played in the season.
    pub level: String,
    /// League code, when known.
    pub league: Option<String>,
    /// Organisation code, when known for the season.
    pub organisation: Option<String>,
    /// Club name, when known.
    pub club: Option<String>,
    /// Age on 1 July of the season, when the birth date is known.
    pub age: Option<f32>,
    /// Plate appearances (hitters) or batters faced (pitchers) in the season.
    pub playing_time: u32,
    /// Probability of success.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// True when there was too little playing time to evaluate the season.
    pub thin_data: bool,
    /// Tier, from 1: players of one tier can't be told apart by the model.
    pub tier: u32,
    /// Change of rank since the previous season's board; positive is up; absent
    /// for new arrivals.
    pub rank_change: Option<i32>,
    /// For a two-way player, why this role's probability is the one shown.
    pub two_way_note: Option<String>,
}

/// A page of the board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoardPage {
    /// Season whose end the board describes.
    pub season: u16,
    /// Version of the model that made the predictions.
    pub model: String,
    /// True for the fictional demo league.
    pub simulated: bool,
    /// Rows matching the filters, over all pages.
    pub total: u32,
    /// Rows on the unfiltered board.
    pub board_size: u32,
    /// The rows, in the requested order.
    pub rows: Vec<BoardRow>,
    /// Pass as `cursor` for the next page; absent on the last.
    pub next_cursor: Option<String>,
}

/// The values filters can take on one season's board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FiltersView {
    /// Season of the board.
    pub season: u16,
    /// Seasons with a board, newest first.
    pub seasons: Vec<u16>,
    /// Roles on the board.
    pub roles: Vec<FilterValue>,
    /// Positions on the board.
    pub positions: Vec<FilterValue>,
    /// Levels, highest first.
    pub levels: Vec<FilterValue>,
    /// League codes.
    pub leagues: Vec<FilterValue>,
    /// Organisation codes.
    pub organisations: Vec<FilterValue>,
    /// Confidence levels.
    pub confidences: Vec<FilterValue>,
    /// Orders a board can be sorted by.
    pub sorts: Vec<String>,
    /// Youngest and oldest age on the board.
    pub age_range: Option<(f32, f32)>,
    /// Largest playing time on the board.
    pub max_playing_time: u32,
}

/// One choice of a filter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FilterValue {
    /// Value to pass as the query parameter.
    pub value: String,
    /// Players it would show.
    pub count: u32,
}
