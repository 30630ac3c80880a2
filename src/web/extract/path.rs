//! What a path names.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::domain::{ProspectId, Season};
use crate::web::error::WebError;

/// The player named by `{id}`.
pub(in crate::web) struct ProspectPath(pub(in crate::web) ProspectId);

/// The season named by `{season}`.
pub(in crate::web) struct SeasonPath(pub(in crate::web) Season);

impl<S: Send + Sync> FromRequestParts<S> for ProspectPath {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        named(parts, state, "bad_id").await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SeasonPath {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        named(parts, state, "bad_season").await.map(Self)
    }
}

/// The path's one variable part; what it can't be is not there.
async fn named<T: FromStr<Err: Display>>(
    parts: &mut Parts,
    state: &(impl Send + Sync),
    code: &'static str,
) -> Result<T, WebError> {
    let path = Path::<String>::from_request_parts(parts, state).await;
    let Path(text) = path.map_err(|_| WebError::from_status(StatusCode::NOT_FOUND))?;
    let named = text.parse::<T>();
    named.map_err(|reason| WebError::new(StatusCode::NOT_FOUND, code, reason.to_string()))
}
