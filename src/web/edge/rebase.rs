//! Answers of a site that is not at the root of its host.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::web::error::WebError;
use crate::web::state::AppState;

/// Largest page, in bytes.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// Puts the links of a page, and where a redirect leads, below the base of the site.
/// A page is rendered once for all its readers, so that this costs next to nothing.
pub(super) async fn rebase(state: &AppState, mut response: Response) -> Response {
    let base = &state.site.base;
    if base.prefix().is_empty() {
        return response;
    }
    if let Some(target) = response.headers_mut().get_mut(header::LOCATION)
        && let Ok(path) = target.to_str()
        && path.starts_with('/')
        && let Ok(below) = HeaderValue::try_from(base.below(path))
    {
        *target = below;
    }
    let html = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html");
    if !response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(html)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let page = match to_bytes(body, LARGEST_PAGE).await {
        Ok(page) => page,
        Err(error) => return WebError::internal(&error).into_response(),
    };
    let page = base.rebased(&String::from_utf8_lossy(&page));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}
