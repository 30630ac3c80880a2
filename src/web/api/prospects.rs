//! `/api/prospects`: board, profiles, search, comparison.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use super::table::{self, Format, csv};
use crate::domain::{Code, ProspectId};
use crate::rankings::view::{
    BoardPage, ComparablesView, CompareView, FiltersView, ProspectView, SearchView, StatsView,
};
use crate::rankings::{BoardQuery, MAX_LIMIT};
use crate::web::experiment::Shown;
use crate::web::lifetime::Lifetime;
use crate::web::error::{Problem, WebError};
use crate::web::extract::params::{Params, ProspectPath, as_of, bad, parse};

/// Most search results.
const MAX_RESULTS: usize = 50;

/// Filters, order and page of a board.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct BoardParams {
    /// Season whose board to show; the newest by default.
    pub as_of: Option<String>,
    /// `hitter` or `pitcher`.
    pub role: Option<String>,
    /// Position, such as `SS`.
    pub position: Option<String>,
    /// Level: `Rk`, `A-`, `A`, `A+`, `AA` or `AAA`.
    pub level: Option<String>,
    /// League code.
    pub league: Option<String>,
    /// Organisation code.
    pub organisation: Option<String>,
    /// `high`, `medium` or `low`.
    pub confidence: Option<String>,
    /// Youngest age, in years.
    pub age_min: Option<String>,
    /// Oldest age, in years.
    pub age_max: Option<String>,
    /// Fewest plate appearances or batters faced.
    pub min_playing_time: Option<String>,
    /// Part of a name.
    pub q: Option<String>,
    /// `rank`, `probability`, `age`, `level`, `playing_time` or `name`.
    pub sort: Option<String>,
    /// `asc` or `desc`; each sort has its usual one.
    pub order: Option<String>,
    /// Rows of a page, 1 to 200; 50 by default.
    pub limit: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// `json` or `csv`.
    pub format: Option<String>,
}

impl BoardParams {
    /// The question to the board; the error names the parameter that is wrong.
    pub fn query(&self) -> Result<BoardQuery, WebError> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let age_min = age("age_min", &self.age_min)?;
        let age_max = age("age_max", &self.age_max)?;
        if let (Some(least), Some(most)) = (age_min, age_max)
            && least > most
        {
            return Err(bad("age_min", "is above `age_max`"));
        }
        Ok(BoardQuery {
            role: parse("role", self.role.as_deref())?,
            position: parse("position", self.position.as_deref())?,
            // `+` in a query string is a space.
            level: parse(
                "level",
                self.level
                    .as_deref()
                    .map(|l| if l == "A " { "A+" } else { l }),
            )?,
            league: code("league", &self.league)?,
            organisation: code("organisation", &self.organisation)?,
            confidence: parse("confidence", self.confidence.as_deref())?,
            age_min,
            age_max,
            min_playing_time: parse("min_playing_time", self.min_playing_time.as_deref())?,
            name: some(&self.q),
            sort: parse("sort", self.sort.as_deref())?.unwrap_or_default(),
            order: parse("order", self.order.as_deref())?,
            limit: limit(&self.limit, MAX_LIMIT)?.unwrap_or(0),
            cursor: some(&self.cursor),
        })
    }
}

fn age(name: &str, text: &Option<String>) -> Result<Option<f32>, WebError> {
    let age: Option<f32> = parse(name, text.as_deref())?;
    match age {
        Some(age) if !(0.0..=100.0).contains(&age) => Err(bad(name, "an age is 0 to 100 years")),
        age => Ok(age),
    }
}

fn code(name: &str, text: &Option<String>) -> Result<Option<Code>, WebError> {
    let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let code = Code::new(text).ok_or_else(|| bad(name, "a code has at most 8 bytes"));
    code.map(Some)
}

fn limit(text: &Option<String>, most: usize) -> Result<Option<usize>, WebError> {
    match parse("limit", text.as_deref())? {
        Some(limit) if !(1..=most).contains(&limit) => {
            Err(bad("limit", format!("{limit} is not from 1 to {most}")))
        }
        limit => Ok(limit),
    }
}

/// The board: ranked prospects, filtered, sorted, in pages.
#[utoipa::path(get, path = "/api/prospects", tag = "prospects", params(BoardParams), responses(
    (status = 200, description = "A page of the board", body = BoardPage),
    (status = 400, description = "A parameter is wrong", body = Problem),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn list(
    Shown(catalog): Shown,
    Params(params): Params<BoardParams>,
) -> Result<Response, WebError> {
    let format = table::format(params.format.as_deref())?;
    let page = catalog.page(as_of(params.as_of.as_deref())?, &params.query()?)?;
    match format {
        Format::Json => json(&page, Lifetime::Rankings),
        Format::Csv => csv("prospects", table::BOARD, page.rows, Lifetime::Rankings),
    }
}

/// Season and format of one resource.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct AsOf {
    /// Season whose board to use; the newest by default.
    pub as_of: Option<String>,
}

/// A player's profile.
#[utoipa::path(get, path = "/api/prospects/{id}", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), AsOf), responses(
    (status = 200, description = "The profile", body = ProspectView),
    (status = 404, description = "Nobody has the id, or the season has no board", body = Problem)))]
pub(super) async fn show(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    Params(params): Params<AsOf>,
) -> Result<Response, WebError> {
    json(
        &catalog.prospect(id, as_of(params.as_of.as_deref())?)?,
        Lifetime::Profile,
    )
}

/// The nearest past snapshots, each with what became of the player.
#[utoipa::path(get, path = "/api/prospects/{id}/comparables", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), AsOf), responses(
    (status = 200, description = "Nearest first, at most 20", body = ComparablesView),
    (status = 404, description = "He is not on the season's board", body = Problem)))]
pub(super) async fn comparables(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    Params(params): Params<AsOf>,
) -> Result<Response, WebError> {
    json(
        &catalog.comparables(id, as_of(params.as_of.as_deref())?)?,
        Lifetime::Profile,
    )
}

/// Season, format and side of stat lines.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct StatsParams {
    /// Leave out what came after this season.
    pub as_of: Option<String>,
    /// `json` or `csv`.
    pub format: Option<String>,
    /// For CSV, which lines: `batting` (the default), `pitching` or `mlb`.
    pub side: Option<String>,
}

/// A player's stat lines, newest first.
#[utoipa::path(get, path = "/api/prospects/{id}/stats", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), StatsParams), responses(
    (status = 200, description = "The lines", body = StatsView),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn stats(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    Params(params): Params<StatsParams>,
) -> Result<Response, WebError> {
    let format = table::format(params.format.as_deref())?;
    let side = params.side.as_deref().unwrap_or("batting");
    let lines = catalog.stats(id, as_of(params.as_of.as_deref())?)?;
    let file = format!("{id}-{side}");
    match (format, side) {
        (Format::Json, "batting" | "pitching" | "mlb") => json(&lines, Lifetime::Profile),
        (Format::Csv, "batting") => csv(&file, table::BATTING, lines.batting, Lifetime::Profile),
        (Format::Csv, "pitching") => csv(&file, table::PITCHING, lines.pitching, Lifetime::Profile),
        (Format::Csv, "mlb") => csv(&file, table::MLB, lines.mlb, Lifetime::Profile),
        _ => Err(bad("side", "expected one of batting, pitching, mlb")),
    }
}

/// What to search for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// A name, or what one remembers of it.
    pub q: Option<String>,
    /// Most results, 1 to 50; 20 by default.
    pub limit: Option<String>,
    /// `json` or `csv`.
    pub format: Option<String>,
}

/// Players by name.
#[utoipa::path(get, path = "/api/prospects/search", tag = "prospects", params(SearchParams), responses(
    (status = 200, description = "Best match first", body = SearchView),
    (status = 400, description = "A parameter is wrong", body = Problem)))]
pub(super) async fn search(
    Shown(catalog): Shown,
    Params(params): Params<SearchParams>,
) -> Result<Response, WebError> {
    let format = table::format(params.format.as_deref())?;
    let query = params
        .q
        .as_deref()
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    if query.is_empty() || query.len() > 200 {
        return Err(bad("q", "give a name of 1 to 200 bytes to search for"));
    }
    let limit = limit(&params.limit, MAX_RESULTS)?.unwrap_or(20);
    // A search takes up to a millisecond of computing: not on the async threads.
    let found = off_thread(move || catalog.search(&query, limit)).await??;
    let lifetime = Lifetime::of_search(found.stale);
    match format {
        Format::Json => json(&found, lifetime),
        Format::Csv => {
            let rows = found.results.iter().map(table::SearchRow::from);
            csv("search", table::SEARCH, rows, lifetime)
        }
    }
}

/// Whom to compare.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct CompareParams {
    /// Two to five ids, separated by commas.
    pub ids: Option<String>,
    /// Season whose board to use; the newest by default.
    pub as_of: Option<String>,
    /// `json` or `csv`.
    pub format: Option<String>,
}

impl CompareParams {
    /// The ids to compare.
    fn ids(&self) -> Result<Vec<ProspectId>, WebError> {
        let ids = self
            .ids
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim);
        let ids = ids
            .filter(|id| !id.is_empty())
            .map(|id| id.parse().map_err(|e| bad("ids", e)));
        ids.collect()
    }
}

/// Two to five players side by side.
#[utoipa::path(get, path = "/api/prospects/compare", tag = "prospects", params(CompareParams), responses(
    (status = 200, description = "The players, in the order asked for", body = CompareView),
    (status = 400, description = "Not two to five different ids", body = Problem),
    (status = 404, description = "Nobody has one of the ids", body = Problem)))]
pub(super) async fn compare(
    Shown(catalog): Shown,
    Params(params): Params<CompareParams>,
) -> Result<Response, WebError> {
    let format = table::format(params.format.as_deref())?;
    let view = catalog.compare(&params.ids()?, as_of(params.as_of.as_deref())?)?;
    match format {
        Format::Json => json(&view, Lifetime::Rankings),
        Format::Csv => {
            let rows = view.players.into_iter().filter_map(|player| player.board);
            csv("compare", table::BOARD, rows, Lifetime::Rankings)
        }
    }
}

/// The values the board's filters can take, counted.
#[utoipa::path(get, path = "/api/prospects/filters", tag = "prospects", params(AsOf), responses(
    (status = 200, description = "The filters", body = FiltersView),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn filters(
    Shown(catalog): Shown,
    Params(params): Params<AsOf>,
) -> Result<Response, WebError> {
    json(
        &catalog.filters(as_of(params.as_of.as_deref())?)?,
        Lifetime::Rankings,
    )
}

/// Runs `work` on a thread for computing.
pub(in crate::web) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WebError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| WebError::internal(&error))
}
