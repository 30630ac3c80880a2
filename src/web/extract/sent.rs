//! A body of JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::web::error::WebError;
use crate::web::state::AppState;

/// What a program sent as JSON. No form of a page can be sent as that.
pub(in crate::web) struct Sent<T>(pub(in crate::web) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Sent<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, WebError> {
        if !is_json(request.headers()) {
            return Err(WebError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "Send the body as JSON, with `Content-Type: application/json`.",
            ));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|error| WebError::from_status(error.status()))?;
        let read = serde_json::from_slice(&body);
        read.map(Self)
            // Where it is wrong, never what stands there: it may be a password.
            .map_err(|error| {
                let (line, column) = (error.line(), error.column());
                let detail = format!(
                    "The body is not what this address takes (line {line}, column {column}): see \
                     /api/openapi.json."
                );
                WebError::bad_request("bad_body", detail)
            })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}
