//! Kept answers: how they are taken in and sent out again.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::encoding::accepted;
use super::headers::COUNT;
use crate::web::error::WebError;
use crate::web::lifetime::Lifetime;
use crate::web::response_cache::{Encoding, Rendered};
use crate::web::state::AppState;

/// Largest response kept, in bytes.
const LARGEST_KEPT: usize = 16 * 1024 * 1024;

/// Keeps a response for its lifetime, and answers with it.
pub(super) async fn keep(
    state: &AppState,
    key: String,
    lifetime: Lifetime,
    headers: &HeaderMap,
    response: Response,
) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = match to_bytes(body, LARGEST_KEPT).await {
        Ok(body) => body,
        Err(error) => return WebError::internal(&error).into_response(),
    };
    let plain = HeaderValue::from_static("application/octet-stream");
    let content_type = parts.headers.remove(header::CONTENT_TYPE).unwrap_or(plain);
    let mut rendered = Rendered::new(body, content_type, lifetime);
    rendered.disposition = parts.headers.remove(header::CONTENT_DISPOSITION);
    let entry = state.cache.insert(key.clone(), rendered);
    answer(state, &key, &entry, headers)
}

/// The kept response in the form the client takes, or `304`.
pub(super) fn answer(
    state: &AppState,
    key: &str,
    entry: &Arc<Rendered>,
    asked: &HeaderMap,
) -> Response {
    let (encoding, form) = state.cache.form(key, entry, accepted(asked));
    let unchanged = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tags| matches(tags, &form.etag));
    let mut response = Response::new(if unchanged {
        Body::empty()
    } else {
        Body::from(form.body.clone())
    });
    let headers = response.headers_mut();
    headers.reserve(8 + COUNT);
    headers.insert(header::ETAG, form.etag.clone());
    // Browsers ask again each time, which costs an empty 304; so a swap of
    // boards is seen at once.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=0, must-revalidate"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, entry.content_type.clone());
    if let Some(disposition) = &entry.disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
    }
    let name = match encoding {
        Encoding::Identity => None,
        Encoding::Gzip => Some(HeaderValue::from_static("gzip")),
        Encoding::Brotli => Some(HeaderValue::from_static("br")),
    };
    headers.extend(name.map(|name| (header::CONTENT_ENCODING, name)));
    response
}

fn matches(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else {
        return false;
    };
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}
