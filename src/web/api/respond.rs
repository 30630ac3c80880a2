//! Answers of the API: JSON, and lists as CSV.

use serde::Serialize;

use crate::rankings::view::SearchResult;
use crate::web::error::WebError;
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

/// `value` as JSON that may be kept for `lifetime`.
pub(super) fn json(value: &impl Serialize, lifetime: Lifetime) -> Result<Public, WebError> {
    let body = serde_json::to_vec(value).map_err(|error| WebError::internal(&error))?;
    Ok(Public::new(lifetime, "application/json", body))
}

/// `rows` as CSV under a header row; `columns` names them when there are none.
pub(super) fn csv<T: Serialize>(
    file: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = T>,
    lifetime: Lifetime,
) -> Result<Public, WebError> {
    let body = write(columns, rows).map_err(|error| WebError::internal(&error))?;
    let list = Public::new(lifetime, "text/csv; charset=utf-8", body);
    Ok(list.saved_as(&format!("{file}.csv")))
}

fn write<T: Serialize>(
    columns: &[&str],
    rows: impl IntoIterator<Item = T>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// Columns of a board as CSV.
pub(super) const BOARD: &[&str] = &[
    "rank",
    "id",
    "name",
    "role",
    "position",
    "level",
    "league",
    "organisation",
    "club",
    "age",
    "playing_time",
    "probability",
    "lower",
    "upper",
    "confidence",
    "thin_data",
    "tier",
    "rank_change",
    "two_way_note",
];
/// Columns of batting lines as CSV.
pub(super) const BATTING: &[&str] = &[
    "season", "level", "league", "club", "age", "position", "as_of", "g", "pa", "ab", "h", "b2",
    "b3", "hr", "rbi", "bb", "so", "hbp", "sb", "cs", "avg", "obp", "slg", "k_rate", "bb_rate",
    "iso",
];
/// Columns of pitching lines as CSV.
pub(super) const PITCHING: &[&str] = &[
    "season", "level", "league", "club", "age", "as_of", "g", "gs", "w", "l", "sv", "ip", "outs",
    "bf", "h", "er", "hr", "bb", "so", "era", "whip", "k_rate", "bb_rate",
];
/// Columns of major-league seasons as CSV.
pub(super) const MLB: &[&str] = &["season", "pa", "hr", "ip", "so", "bb", "p_so", "p_bb"];
/// Columns of search results as CSV.
pub(super) const SEARCH: &[&str] = &[
    "id",
    "name",
    "birth_year",
    "last_season",
    "rank",
    "probability",
    "lower",
    "upper",
];

/// A search result as one CSV row.
#[derive(Serialize)]
pub(super) struct SearchRow<'a> {
    id: u32,
    name: &'a str,
    birth_year: Option<i16>,
    last_season: Option<u16>,
    rank: Option<u32>,
    probability: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
}

impl<'a> From<&'a SearchResult> for SearchRow<'a> {
    fn from(result: &'a SearchResult) -> Self {
        let board = result.board.as_ref();
        Self {
            id: result.id,
            name: &result.name,
            birth_year: result.birth_year,
            last_season: result.last_season,
            rank: board.map(|row| row.rank),
            probability: board.map(|row| row.probability),
            lower: board.map(|row| row.lower),
            upper: board.map(|row| row.upper),
        }
    }
}
