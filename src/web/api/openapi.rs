//! The API's description, collected from the handlers as their routes are declared.

use std::sync::Arc;

use axum::Extension;
use utoipa::OpenApi;
use utoipa::openapi;

use super::respond::json;
use crate::web::error::WebError;
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

#[derive(OpenApi)]
#[openapi(info(
    title = "A Fine Wine Dynasty",
    description = "Every minor-league prospect ranked with a calibrated, explained probability. \
        Probabilities and rates are numbers from 0 to 1; errors are RFC 9457 problem documents."
))]
struct Introduction;

/// The OpenAPI 3.1 document without any path.
pub(in crate::web) fn introduction() -> openapi::OpenApi {
    Introduction::openapi()
}

/// Serves the document, which the router carries.
pub(super) async fn show(
    Extension(document): Extension<Arc<openapi::OpenApi>>,
) -> Result<Public, WebError> {
    json(&*document, Lifetime::Prediction)
}
