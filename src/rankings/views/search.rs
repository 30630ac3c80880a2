//! Players found by name.

use serde::Serialize;
use utoipa::ToSchema;

use super::board::BoardRow;

/// Players found by name.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchView {
    /// What was searched for.
    pub query: String,
    /// Best match first.
    pub results: Vec<SearchResult>,
    /// True while the index lags behind the store.
    pub stale: bool,
}

/// One player found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchResult {
    /// Our id.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Birth year, when known.
    pub birth_year: Option<i16>,
    /// His line on the newest board, when he has one.
    pub board: Option<BoardRow>,
    /// Last season with a minor-league line.
    pub last_season: Option<u16>,
    /// Organisation he was with last, or that drafted him.
    pub organisation: Option<String>,
}
