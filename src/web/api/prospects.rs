//! `/api/prospects`: board, profiles, search, comparison.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::respond::{self, csv, json};
use crate::domain::AsOf;
use crate::rankings::view::{
    BoardPage, ComparablesView, CompareView, FiltersView, ProspectView, SearchView, StatsView,
};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{
    AsOfParams, Asked, BoardParams, BoardQuestion, CompareParams, Comparison, Format, Moment,
    ProspectPath, Question, SearchParams, SearchQuestion, Shown, bad, fields, format, moment,
};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

/// The board: ranked prospects, filtered, sorted, in pages.
#[utoipa::path(get, path = "/api/prospects", tag = "prospects", params(BoardParams), responses(
    (status = 200, description = "A page of the board", body = BoardPage),
    (status = 400, description = "A parameter is wrong", body = Problem),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn list(
    shown: Shown,
    Asked(asked): Asked<BoardQuestion>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let page = catalog.page(asked.as_of, &asked.query)?;
        match asked.format {
            Format::Json => json(&page, Lifetime::Rankings),
            Format::Csv => csv("prospects", respond::BOARD, page.rows, Lifetime::Rankings),
        }
    });
    answer.await
}

/// A player's profile.
#[utoipa::path(get, path = "/api/prospects/{id}", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), AsOfParams), responses(
    (status = 200, description = "The profile", body = ProspectView),
    (status = 404, description = "Nobody has the id, or the season has no board", body = Problem)))]
pub(super) async fn show(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Result<Public, WebError> {
    let answer =
        shown.answer(move |catalog| json(&catalog.prospect(id, as_of)?, Lifetime::Profile));
    answer.await
}

/// The nearest past snapshots, each with what became of the player.
#[utoipa::path(get, path = "/api/prospects/{id}/comparables", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), AsOfParams), responses(
    (status = 200, description = "Nearest first, at most 20", body = ComparablesView),
    (status = 404, description = "He is not on the season's board", body = Problem)))]
pub(super) async fn comparables(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Result<Public, WebError> {
    let answer =
        shown.answer(move |catalog| json(&catalog.comparables(id, as_of)?, Lifetime::Profile));
    answer.await
}

/// Season, format and side of stat lines.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct StatsParams {
    /// Leave out what came after this season.
    as_of: Option<String>,
    /// `json` or `csv`.
    format: Option<String>,
    /// For CSV, which lines: `batting` (the default), `pitching` or `mlb`.
    side: Option<String>,
}

/// Which lines, up to when, and how to send them.
pub(super) struct StatsQuestion {
    as_of: Option<AsOf>,
    format: Format,
    side: Side,
}

/// Which lines.
#[derive(Clone, Copy)]
enum Side {
    Batting,
    Pitching,
    Majors,
}

impl Question for StatsQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: StatsParams = fields(uri)?;
        let side = match params.side.as_deref() {
            None | Some("batting") => Side::Batting,
            Some("pitching") => Side::Pitching,
            Some("mlb") => Side::Majors,
            Some(_) => return Err(bad("side", "expected one of batting, pitching, mlb")),
        };
        Ok(Self {
            format: format(params.format.as_deref())?,
            as_of: moment(params.as_of.as_deref())?,
            side,
        })
    }
}

/// A player's stat lines, newest first.
#[utoipa::path(get, path = "/api/prospects/{id}/stats", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player"), StatsParams), responses(
    (status = 200, description = "The lines", body = StatsView),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn stats(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(asked): Asked<StatsQuestion>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let (lines, kept) = (catalog.stats(id, asked.as_of)?, Lifetime::Profile);
        let file = |side| format!("{id}-{side}");
        match (asked.format, asked.side) {
            (Format::Json, _) => json(&lines, kept),
            (Format::Csv, Side::Batting) => {
                csv(&file("batting"), respond::BATTING, lines.batting, kept)
            }
            (Format::Csv, Side::Pitching) => {
                csv(&file("pitching"), respond::PITCHING, lines.pitching, kept)
            }
            (Format::Csv, Side::Majors) => csv(&file("mlb"), respond::MLB, lines.mlb, kept),
        }
    });
    answer.await
}

/// Players by name.
#[utoipa::path(get, path = "/api/prospects/search", tag = "prospects", params(SearchParams), responses(
    (status = 200, description = "Best match first", body = SearchView),
    (status = 400, description = "A parameter is wrong", body = Problem)))]
pub(super) async fn search(
    shown: Shown,
    Asked(asked): Asked<SearchQuestion>,
) -> Result<Public, WebError> {
    let (limit, format) = (asked.limit.unwrap_or(20), asked.format);
    let text = asked.required()?;
    let answer = shown.answer(move |catalog| {
        let found = catalog.search(&text, limit)?;
        let lifetime = Lifetime::of_search(found.stale);
        match format {
            Format::Json => json(&found, lifetime),
            Format::Csv => {
                let rows = found.results.iter().map(respond::SearchRow::from);
                csv("search", respond::SEARCH, rows, lifetime)
            }
        }
    });
    answer.await
}

/// Two to five players side by side.
#[utoipa::path(get, path = "/api/prospects/compare", tag = "prospects", params(CompareParams), responses(
    (status = 200, description = "The players, in the order asked for", body = CompareView),
    (status = 400, description = "Not two to five different ids", body = Problem),
    (status = 404, description = "Nobody has one of the ids", body = Problem)))]
pub(super) async fn compare(
    shown: Shown,
    Asked(asked): Asked<Comparison>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let view = catalog.compare(&asked.ids, asked.as_of)?;
        match asked.format {
            Format::Json => json(&view, Lifetime::Rankings),
            Format::Csv => {
                let rows = view.players.into_iter().filter_map(|player| player.board);
                csv("compare", respond::BOARD, rows, Lifetime::Rankings)
            }
        }
    });
    answer.await
}

/// The values the board's filters can take, counted.
#[utoipa::path(get, path = "/api/prospects/filters", tag = "prospects", params(AsOfParams), responses(
    (status = 200, description = "The filters", body = FiltersView),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn filters(
    shown: Shown,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| json(&catalog.filters(as_of)?, Lifetime::Rankings));
    answer.await
}
