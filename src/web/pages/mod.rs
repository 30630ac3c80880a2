//! The HTML pages: a handler asks the catalog for a view, a pure function
//! renders it.

mod about;
mod admin;
mod board;
mod comparables;
mod compare;
mod error;
mod features;
mod fine_wine;
mod models;
mod movers;
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
pub use comparables::comparables_page;
pub use compare::compare_page;
pub use error::error_page;
pub use features::features_page;
pub use fine_wine::fine_wine_page;
pub use models::models_page;
pub use movers::movers_page;
pub use prospect::prospect_page;
pub use report::{report_page, report_season_page};
pub use search::search_page;

use super::api::{
    BoardParams, FineWineParams, MoversParams, SearchParams, SeasonPath, off_thread, season_of,
};
use super::experiment::Shown;
use super::lifetime::Lifetime;
use super::error::WebError;
use super::layout::Chrome;
use super::extract::params::{Params, ProspectPath, as_of, bad};
use super::state::AppState;
use crate::domain::{AsOf as Moment, ProspectId};
use crate::rankings::Catalog;
use crate::rankings::models::ModelsError;
use crate::rankings::view::SearchView;

/// Search results a page shows.
const RESULTS: usize = 20;

/// Every page's address.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(board))
        .route("/prospects/{id}", get(prospect))
        .route("/prospects/{id}/features", get(features))
        .route("/prospects/{id}/comparables", get(comparables))
        .route("/search", get(search))
        .route("/compare", get(compare))
        .route("/fine-wine", get(fine_wine))
        .route("/about", get(about))
        .route("/movers", get(movers))
        .route("/models", get(models))
        .route("/report-card", get(report_card))
        .route("/report-card/{season}", get(report_season))
        .route("/theme", get(theme::choose))
        .route("/theme.css", get(theme::stylesheet))
        .merge(admin::routes())
}

type Page = Result<(Extension<Lifetime>, Markup), WebError>;

async fn board(
    Shown(catalog): Shown,
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
    Shown(catalog): Shown,
    uri: OriginalUri,
    Params(params): Params<AsOf>,
) -> Page {
    let view = catalog.prospect(id, as_of(params.as_of.as_deref())?)?;
    let description = view
        .narrative
        .first()
        .filter(|_| view.board.is_some())
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
    Shown(catalog): Shown,
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

async fn comparables(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    uri: OriginalUri,
    Params(params): Params<AsOf>,
) -> Page {
    let season = as_of(params.as_of.as_deref())?;
    let (name, view) = (catalog.name(id)?, catalog.comparables(id, season)?);
    let description = format!("Past players most like {name}, and what became of them.");
    let chrome = chrome(&catalog, &uri, format!("Players like {name}"), &description);
    Ok((
        Extension(Lifetime::Profile),
        comparables_page(&name, &view, &chrome),
    ))
}

async fn fine_wine(
    Shown(catalog): Shown,
    uri: OriginalUri,
    Params(params): Params<FineWineParams>,
) -> Page {
    let (season, role) = params.read()?;
    let view = catalog.fine_wine(season, role)?;
    let title = format!("Fine wine of {}", view.season);
    let chrome = chrome(&catalog, &uri, title, fine_wine::DESCRIPTION);
    Ok((
        Extension(Lifetime::Rankings),
        fine_wine_page(&view, season.is_some(), &chrome),
    ))
}

async fn movers(
    Shown(catalog): Shown,
    uri: OriginalUri,
    Params(params): Params<MoversParams>,
) -> Page {
    let query = params.query()?;
    let kind = query.kind;
    let chrome = chrome(
        &catalog,
        &uri,
        "Since yesterday".to_owned(),
        movers::DESCRIPTION,
    );
    let view = off_thread(move || catalog.movers(&query)).await??;
    Ok((
        Extension(Lifetime::Rankings),
        movers_page(&view, kind, &chrome),
    ))
}

async fn search(
    Shown(catalog): Shown,
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
    let lifetime = Lifetime::of_search(view.stale);
    Ok((Extension(lifetime), search_page(&view, &chrome)))
}

async fn compare(Shown(catalog): Shown, uri: OriginalUri) -> Page {
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
fn comparison(uri: &Uri) -> Result<(Vec<ProspectId>, Option<Moment>), WebError> {
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

async fn about(Shown(catalog): Shown, uri: OriginalUri) -> impl IntoResponse {
    let chrome = chrome(
        &catalog,
        &uri,
        "How it works".to_owned(),
        about::DESCRIPTION,
    );
    (
        Extension(Lifetime::Profile),
        about_page(&catalog.model_card(), &chrome),
    )
}

async fn models(
    State(state): State<AppState>,
    Shown(catalog): Shown,
    uri: OriginalUri,
) -> Result<Markup, WebError> {
    let chrome = chrome(&catalog, &uri, "Models".to_owned(), models::DESCRIPTION);
    let Some(registry) = state.models else {
        return Err(WebError::from_status(axum::http::StatusCode::NOT_FOUND));
    };
    let read = off_thread(move || Ok((registry.models()?, registry.drift()?)));
    let (models, drift) = read
        .await?
        .map_err(|error: ModelsError| WebError::from(error))?;
    Ok(models_page(&models, drift.as_ref(), &chrome))
}

async fn report_card(Shown(catalog): Shown, uri: OriginalUri) -> Page {
    let title = "Report card".to_owned();
    let chrome = chrome(&catalog, &uri, title, report::DESCRIPTION);
    let card = catalog.report_card();
    Ok((Extension(Lifetime::Prediction), report_page(&card, &chrome)))
}

async fn report_season(path: SeasonPath, Shown(catalog): Shown, uri: OriginalUri) -> Page {
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
        note: catalog.note(),
        trial: catalog.trial(),
    }
}
