//! The API's description, collected from the handlers as their routes are declared.

use std::sync::Arc;

use axum::Extension;
use utoipa::OpenApi;
use utoipa::openapi::{self, Content, Ref, ResponseBuilder};

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

/// The document with what the gateway may answer to any request to the API.
pub(in crate::web) fn with_limits(mut document: openapi::OpenApi) -> openapi::OpenApi {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    let too_many = ResponseBuilder::new()
        .description("Too many requests within a minute: `Retry-After` says when to ask again")
        .content("application/problem+json", problem)
        .build();
    let counted = document.paths.paths.iter_mut();
    for (_, item) in counted.filter(|(path, _)| path.starts_with("/api/")) {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.insert("429".to_owned(), too_many.clone().into());
        }
    }
    document
}

/// Serves the document, which the router carries.
pub(super) async fn show(
    Extension(document): Extension<Arc<openapi::OpenApi>>,
) -> Result<Public, WebError> {
    json(&*document, Lifetime::Prediction)
}
