//! The API's description, generated from the handlers and their structs.

use axum::response::Response;
use utoipa::OpenApi;

use super::{fine_wine, jobs, json, model, models, movers, prospects, quality, report, reviews};
use crate::web::lifetime::Lifetime;
use crate::web::error::WebError;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "A Fine Wine Dynasty",
        description = "Every minor-league prospect ranked with a calibrated, explained probability. \
            Probabilities and rates are numbers from 0 to 1; errors are RFC 9457 problem documents."
    ),
    paths(
        prospects::list,
        prospects::show,
        prospects::stats,
        prospects::comparables,
        prospects::search,
        prospects::compare,
        prospects::filters,
        fine_wine::show,
        model::stored,
        model::fresh,
        model::explanation,
        model::card,
        models::list,
        models::show,
        models::compare,
        models::drift,
        models::promote,
        models::rollback,
        models::end_challenge,
        models::challenge,
        report::whole,
        report::season,
        report::player,
        movers::movers,
        movers::history,
        movers::events,
        jobs::jobs,
        jobs::refresh,
        jobs::cancel,
        quality::show,
        reviews::list,
        reviews::answer
    )
)]
struct Api;

/// The OpenAPI 3.1 document.
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// Serves the document.
pub(super) async fn show() -> Result<Response, WebError> {
    json(&document(), Lifetime::Prediction)
}
