//! The API's description, collected from the handlers as their routes are declared.

use std::sync::Arc;

use axum::Extension;
use utoipa::OpenApi;
use utoipa::openapi::{self, Content, Ref, RefOr, Response, ResponseBuilder};

use super::respond::json;
use crate::web::error::WebError;
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

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

/// The document with what the edge may answer to any request to the API, and problems
/// under the type they are sent with.
pub(in crate::web) fn completed(mut document: openapi::OpenApi) -> openapi::OpenApi {
    let any = [
        ("400", "A parameter that is not known, or can't be read"),
        (
            "429",
            "Too many requests within a minute: `Retry-After` says when to ask again",
        ),
        (
            "503",
            "This server lacks the part that answers, or it can't be used right now",
        ),
    ];
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
            for (status, description) in any {
                let told = || ResponseBuilder::new().description(description);
                let told = || told().content(JSON, problem()).build().into();
                responses.entry(status.to_owned()).or_insert_with(told);
            }
            responses.values_mut().for_each(name_problem);
        }
    }
    document
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name("Problem")))
}

/// A problem is sent under a type of its own, which handlers don't repeat.
fn name_problem(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    if response.content.get(JSON) == Some(&RefOr::T(problem())) {
        response.content.clear();
        response
            .content
            .insert(PROBLEM.to_owned(), RefOr::T(problem()));
    }
}

/// Serves the document, which the router carries.
pub(super) async fn show(
    Extension(document): Extension<Arc<openapi::OpenApi>>,
) -> Result<Public, WebError> {
    json(&*document, Lifetime::Prediction)
}
