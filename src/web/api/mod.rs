//! The JSON API, one file per resource.

pub(super) mod health;
mod model;
mod openapi;
mod prospects;
mod report;
mod table;

use axum::Extension;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

pub use openapi::document;
pub(super) use prospects::off_thread;
pub use prospects::{BoardParams, SearchParams};
pub(super) use report::{SeasonPath, season_of};

use super::cache::Lifetime;
use super::error::WebError;
use super::state::AppState;

/// Every path under `/api`.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/prospects", get(prospects::list))
        .route("/api/prospects/search", get(prospects::search))
        .route("/api/prospects/compare", get(prospects::compare))
        .route("/api/prospects/filters", get(prospects::filters))
        .route("/api/prospects/{id}", get(prospects::show))
        .route("/api/prospects/{id}/stats", get(prospects::stats))
        .route(
            "/api/ml/predict/{id}",
            get(model::stored).post(model::fresh),
        )
        .route("/api/ml/explanations/{id}", get(model::explanation))
        .route("/api/ml/model", get(model::card))
        .route("/api/ml/report-card", get(report::whole))
        .route("/api/ml/report-card/{season}", get(report::season))
        .route("/api/prospects/{id}/verdicts", get(report::player))
        .route("/api/openapi.json", get(openapi::show))
}

/// `value` as JSON that may be kept for `lifetime`.
fn json(value: &impl Serialize, lifetime: Lifetime) -> Result<Response, WebError> {
    let body = serde_json::to_vec(value).map_err(|error| WebError::internal(&error))?;
    let headers = [(header::CONTENT_TYPE, "application/json")];
    Ok((Extension(lifetime), headers, body).into_response())
}
