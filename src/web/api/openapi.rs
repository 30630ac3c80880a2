//! The API's description, generated from the handlers and their structs.

use axum::response::Response;
use utoipa::OpenApi;

use super::{json, model, prospects, report};
use crate::web::cache::Lifetime;
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
        prospects::search,
        prospects::compare,
        prospects::filters,
        model::stored,
        model::fresh,
        model::explanation,
        model::card,
        report::whole,
        report::season,
        report::player
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
