//! Questions in query strings: read whole, refused with the name of what is wrong.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::web::error::WebError;

/// What a query string asks for.
pub(in crate::web) trait Question: Sized {
    /// Reads the query of `uri`; the error names the parameter that is wrong.
    fn read(uri: &Uri) -> Result<Self, WebError>;
}

/// The question of the request.
pub(in crate::web) struct Asked<Q>(pub(in crate::web) Q);

impl<Q: Question, S: Send + Sync> FromRequestParts<S> for Asked<Q> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        Q::read(&parts.uri).map(Self)
    }
}

/// The parameters as `T`, which should deny unknown ones.
pub(in crate::web) fn fields<T: DeserializeOwned>(uri: &Uri) -> Result<T, WebError> {
    let bad = |rejection: axum::extract::rejection::QueryRejection| {
        let text = rejection.body_text();
        let reason = text.rsplit_once("query string: ");
        let reason = reason.map_or(text.as_str(), |(_, reason)| reason);
        let detail = format!("The query string is not understood: {reason}");
        WebError::bad_request("bad_parameter", detail)
    };
    let Query(fields) = Query::try_from_uri(uri).map_err(bad)?;
    Ok(fields)
}

/// Reads one parameter; an empty one, as forms send it, counts as absent.
pub(in crate::web) fn parse<T>(name: &str, text: Option<&str>) -> Result<Option<T>, WebError>
where
    T: FromStr<Err: Display>,
{
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|reason| bad(name, reason))
}

/// A number of rows from 1 to `most`.
pub(in crate::web) fn limit(text: Option<&str>, most: usize) -> Result<Option<usize>, WebError> {
    match parse("limit", text)? {
        Some(limit) if !(1..=most).contains(&limit) => {
            Err(bad("limit", format!("{limit} is not from 1 to {most}")))
        }
        limit => Ok(limit),
    }
}

/// The error of the parameter `name`.
pub(in crate::web) fn bad(name: &str, reason: impl Display) -> WebError {
    WebError::bad_request("bad_parameter", format!("Parameter `{name}`: {reason}"))
}
