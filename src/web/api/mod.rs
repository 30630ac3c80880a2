//! The JSON API, one file per resource.

mod fine_wine;
pub(super) mod health;
mod jobs;
mod model;
mod models;
mod movers;
mod openapi;
mod prospects;
mod quality;
mod report;
mod reviews;
mod table;

use axum::Extension;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

pub use fine_wine::FineWineParams;
pub(super) use jobs::{LISTED, queue};
pub use movers::MoversParams;
pub use openapi::document;
pub(super) use prospects::off_thread;
pub use prospects::{BoardParams, SearchParams};
pub(super) use quality::quality;
pub(super) use report::{SeasonPath, season_of};
pub(super) use reviews::{decide, waiting};

use super::lifetime::Lifetime;
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
            "/api/prospects/{id}/comparables",
            get(prospects::comparables),
        )
        .route(
            "/api/ml/predict/{id}",
            get(model::stored).post(model::fresh),
        )
        .route("/api/ml/explanations/{id}", get(model::explanation))
        .route("/api/ml/model", get(model::card))
        .route("/api/fine-wine", get(fine_wine::show))
        .route("/api/ml/models", get(models::list))
        .route("/api/ml/models/compare", get(models::compare))
        .route("/api/ml/models/rollback", post(models::rollback))
        .route("/api/ml/models/end-challenge", post(models::end_challenge))
        .route("/api/ml/models/{id}", get(models::show))
        .route("/api/ml/models/{id}/promote", post(models::promote))
        .route("/api/ml/models/{id}/challenge", post(models::challenge))
        .route("/api/ml/drift", get(models::drift))
        .route("/api/ml/report-card", get(report::whole))
        .route("/api/ml/report-card/{season}", get(report::season))
        .route("/api/prospects/{id}/verdicts", get(report::player))
        .route("/api/movers", get(movers::movers))
        .route("/api/prospects/{id}/history", get(movers::history))
        .route("/api/events", get(movers::events))
        .route("/api/jobs", get(jobs::jobs))
        .route("/api/jobs/refresh", post(jobs::refresh))
        .route("/api/jobs/{id}/cancel", post(jobs::cancel))
        .route("/api/quality", get(quality::show))
        .route("/api/reviews", get(reviews::list))
        .route("/api/reviews/{key}", post(reviews::answer))
        .route("/api/openapi.json", get(openapi::show))
}

/// `value` as JSON that may be kept for `lifetime`.
fn json(value: &impl Serialize, lifetime: Lifetime) -> Result<Response, WebError> {
    let body = serde_json::to_vec(value).map_err(|error| WebError::internal(&error))?;
    let headers = [(header::CONTENT_TYPE, "application/json")];
    Ok((Extension(lifetime), headers, body).into_response())
}
