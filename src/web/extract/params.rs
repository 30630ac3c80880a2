//! Validated input: query strings whose unknown or malformed parameters are
//! errors that name the parameter, and ids in paths.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::WebError;
use crate::domain::{AsOf, ProspectId};

/// The query string as `T`, which should deny unknown fields.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        let bad = |rejection: axum::extract::rejection::QueryRejection| {
            let text = rejection.body_text();
            let reason = text
                .rsplit_once("query string: ")
                .map_or(text.as_str(), |(_, r)| r);
            WebError::bad_request(
                "bad_parameter",
                format!("The query string is not understood: {reason}"),
            )
        };
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(bad)
    }
}

/// The player named by `{id}` in the path.
pub struct ProspectPath(pub ProspectId);

impl<S: Send + Sync> FromRequestParts<S> for ProspectPath {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = path.map_err(|_| WebError::from_status(StatusCode::NOT_FOUND))?;
        let id = text.parse::<ProspectId>();
        id.map(Self)
            .map_err(|e| WebError::new(StatusCode::NOT_FOUND, "bad_id", e.to_string()))
    }
}

/// Reads one parameter; an empty one, as forms send it, counts as absent.
pub(super) fn parse<T>(name: &str, text: Option<&str>) -> Result<Option<T>, WebError>
where
    T: FromStr<Err: Display>,
{
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|reason| bad(name, reason))
}

/// The season whose board is asked for.
pub(super) fn as_of(text: Option<&str>) -> Result<Option<AsOf>, WebError> {
    parse("as_of", text)
}

/// The error of the parameter `name`.
pub(super) fn bad(name: &str, reason: impl Display) -> WebError {
    WebError::bad_request("bad_parameter", format!("Parameter `{name}`: {reason}"))
}
