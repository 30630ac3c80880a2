//! The HTML pages: a handler asks the catalog for a view, a pure function
//! renders it.

mod about;
mod board;
mod compare;
mod error;
mod features;
mod prospect;
mod report;
mod search;
mod theme;

use std::sync::Arc;

use axum::extract::{Extension, OriginalUri, State};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, http::Uri};
use maud::Markup;
use serde::Deserialize;

pub use about::about_page;
pub use board::{BoardView, board_page};
pub use compare::compare_page;
pub use error::error_page;
pub use features::features_page;
pub use prospect::prospect_page;
pub use report::{report_page, report_season_page};
pub use search::search_page;

use super::api::{BoardParams, SearchParams, SeasonPath, off_thread, season_of};
use super::cache::Lifetime;
use super::error::WebError;
use super::layout::Chrome;
use super::params::{Params, ProspectPath, as_of, bad};
use super::state::AppState;
use crate::domain::{ProspectId, Season};
use crate::rankings::Catalog;
use crate::rankings::view::SearchView;

/// Search results a page shows.
const RESULTS: usize = 20;

/// Every page's address.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(board))
        .route("/prospects/{id}", get(prospect))
        .route("/prospects/{id}/features", get(features))
        .route("/search", get(search))
        .route("/compare", get(compare))
        .route("/about", get(about))
        .route("/report-card", get(report_card))
        .route("/report-card/{season}", get(report_season))
        .route("/theme", get(theme::choose))
        .route("/theme.css", get(theme::stylesheet))
}

type Page = Result<(Extension<Lifetime>, Markup), WebError>;

async fn board(
    State(catalog): State<Arc<Catalog>>,
    uri: OriginalUri,
    Params(params): Params<BoardParams>,
) -> Page {
    let season = as_of(params.as_of.as_deref())?;
    let (page, filters) = (
        catalog.page(season, &params.query()?)?,
        catalog.filters(season)?,
    );
    let chrome = chrome(
        &catalog,
        &uri,
        format!("The board of {}", page.season),
        board::DESCRIPTION,
    );
    let view = BoardView::new(page, filters, &params);
    Ok((Extension(Lifetime::Rankings), board_page(&view, &chrome)))
}

/// Season of a page.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AsOf {
    as_of: Option<String>,
}

async fn prospect(
    ProspectPath(id): ProspectPath,
    State(catalog): State<Arc<Catalog>>,
    uri: OriginalUri,
    Params(params): Params<AsOf>,
) -> Page {
    let view = catalog.prospect(id, as_of(params.as_of.as_deref())?)?;
    let description = view
        .narrative
        .first()
        .cloned()
        .unwrap_or_else(|| format!("The record of {}.", view.name));
    let chrome = chrome(&catalog, &uri, view.name.clone(), &description);
    Ok((
        Extension(Lifetime::Profile),
        prospect_page(
            &view,
            &catalog.verdicts(id)?,
            params.as_of.is_some(),
            &chrome,
        ),
    ))
}

async fn features(
    ProspectPath(id): ProspectPath,
    State(catalog): State<Arc<Catalog>>,
    uri: OriginalUri,
    Params(params): Params<AsOf>,
) -> Page {
    let season = as_of(params.as_of.as_deref())?;
    let (name, view) = (catalog.name(id)?, catalog.explanation(id, season, None)?);
    let description =
        format!("Every feature behind the probability of {name}, with its exact share.");
    let chrome = chrome(
        &catalog,
        &uri,
        format!("{name}, every feature"),
        &description,
    );
    Ok((
        Extension(Lifetime::Prediction),
        features_page(&name, &view, &chrome),
    ))
}

async fn search(
    State(catalog): State<Arc<Catalog>>,
    uri: OriginalUri,
    Params(params): Params<SearchParams>,
) -> Page {
    let query: String = params
        .q
        .unwrap_or_default()
        .trim()
        .chars()
        .take(64)
        .collect();
    let view = if query.is_empty() {
        SearchView {
            query: String::new(),
            results: Vec::new(),
            stale: false,
        }
    } else {
        let (catalog, query) = (Arc::clone(&catalog), query.clone());
        off_thread(move || catalog.search(&query, RESULTS)).await??
    };
    let mut chrome = chrome(
        &catalog,
        &uri,
        "Search players".to_owned(),
        "Find any player by name, in any spelling.",
    );
    chrome.search = query;
    Ok((Extension(Lifetime::Search), search_page(&view, &chrome)))
}

async fn compare(State(catalog): State<Arc<Catalog>>, uri: OriginalUri) -> Page {
    let (ids, season) = comparison(&uri)?;
    let view = catalog.compare(&ids, season)?;
    let names: Vec<&str> = view
        .players
        .iter()
        .map(|player| player.name.as_str())
        .collect();
    let chrome = chrome(
        &catalog,
        &uri,
        names.join(", "),
        "Prospects side by side, each with the reasons for his number.",
    );
    Ok((Extension(Lifetime::Rankings), compare_page(&view, &chrome)))
}

/// Ids given as `ids=1,2` or, as the boxes of a form send them, `ids=1&ids=2`.
fn comparison(uri: &Uri) -> Result<(Vec<ProspectId>, Option<Season>), WebError> {
    let (mut ids, mut season) = (Vec::new(), None);
    for (name, value) in uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
    {
        match name {
            "as_of" => season = as_of(Some(value))?,
            "ids" => {
                let parts = value
                    .split(',')
                    .flat_map(|part| part.split("%2C"))
                    .flat_map(|part| part.split("%2c"))
                    .filter(|part| !part.is_empty());
                for part in parts {
                    ids.push(part.parse().map_err(|error| bad("ids", error))?);
                }
            }
            other => return Err(bad(other, "a comparison takes `ids` and `as_of` only")),
        }
    }
    Ok((ids, season))
}

async fn about(State(catalog): State<Arc<Catalog>>, uri: OriginalUri) -> impl IntoResponse {
    let chrome = chrome(
        &catalog,
        &uri,
        "How it works".to_owned(),
        about::DESCRIPTION,
    );
    (
        Extension(Lifetime::Profile),
        about_page(catalog.model_card(), &chrome),
    )
}

async fn report_card(State(catalog): State<Arc<Catalog>>, uri: OriginalUri) -> Page {
    let title = "Report card".to_owned();
    let chrome = chrome(&catalog, &uri, title, report::DESCRIPTION);
    let card = catalog.report_card();
    Ok((Extension(Lifetime::Prediction), report_page(&card, &chrome)))
}

async fn report_season(
    path: SeasonPath,
    State(catalog): State<Arc<Catalog>>,
    uri: OriginalUri,
) -> Page {
    let season = season_of(path)?;
    let section = catalog.report_of(season)?;
    let title = format!("Report card of {season}");
    let chrome = chrome(&catalog, &uri, title, report::DESCRIPTION);
    let page = report_season_page(&section, &chrome);
    Ok((Extension(Lifetime::Prediction), page))
}

fn chrome(catalog: &Catalog, uri: &Uri, title: String, description: &str) -> Chrome {
    Chrome {
        title,
        description: description.to_owned(),
        path: uri
            .path_and_query()
            .map_or("/".to_owned(), ToString::to_string),
        search: String::new(),
        simulated: catalog.is_simulated(),
    }
}
