//! Errors as they are sent: a problem document under `/api`, a page elsewhere.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use crate::web::error::{Problem, WebError};
use crate::web::links::encoded;
use crate::web::pages::error_page;
use crate::web::state::AppState;

/// What an error says in its headers.
const KEPT: [&str; 5] = [
    "allow",
    "retry-after",
    "www-authenticate",
    "ratelimit",
    "ratelimit-policy",
];

/// Gives an error its body; leaves everything else as it is.
pub(super) fn explain(
    state: &AppState,
    uri: &Uri,
    id: &HeaderValue,
    response: Response,
) -> Response {
    let status = response.status();
    let error = response.extensions().get::<WebError>().cloned();
    let bare = status.is_client_error() || status.is_server_error();
    let described = response.headers().contains_key(header::CONTENT_TYPE)
        && status != StatusCode::PAYLOAD_TOO_LARGE;
    let error = match error {
        Some(error) => error,
        None if bare && !described => WebError::from_status(status),
        None => return response,
    };
    let is_api = uri.path().starts_with("/api/");
    if error.status == StatusCode::UNAUTHORIZED && !is_api {
        return to_sign_in(state, uri);
    }
    let said = response.headers().clone();
    let mut problem = error.problem(uri.path(), id);
    let mut explained = if is_api {
        problem.instance = state.site.base.below(uri.path());
        document(&problem)
    } else {
        let page = error_page(&problem, state.is_simulated()).into_string();
        let page = match state.site.base.prefix() {
            "" => page,
            _ => state.site.base.rebased(&page),
        };
        (status_of(&problem), Html(page)).into_response()
    };
    let kept = said
        .iter()
        .filter(|(name, _)| KEPT.contains(&name.as_str()));
    for (name, value) in kept {
        explained.headers_mut().append(name, value.clone());
    }
    explained
}

/// Where a page that needs an account leads who is not signed in, and back from there.
fn to_sign_in(state: &AppState, uri: &Uri) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let door = format!("/sign-in?next={}", encoded(path));
    let door = state.site.base.below(&door);
    (StatusCode::SEE_OTHER, [(header::LOCATION, door)]).into_response()
}

fn document(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status_of(problem), kind, body).into_response()
}

fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
