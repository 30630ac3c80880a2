//! Who is asking. Whoever looks gets a private answer, whatever he makes of it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::web::cookies;
use crate::web::error::WebError;
use crate::web::forms::from_here;
use crate::web::operator::{Operator, Proof};
use crate::web::state::AppState;
use crate::web::whose::Glance;

/// Who is asking.
#[derive(Clone, Debug)]
pub(in crate::web) enum Viewer {
    /// Nobody we know.
    Nobody,
    /// The operator, and how we know.
    Operator(Operator, Proof),
}

/// The cookies of the request.
pub(in crate::web) struct Jar(HeaderMap);

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Glance::mark(&parts.extensions);
        let token = state.operator_token.as_ref();
        let known = token.and_then(|token| token.recognise(&parts.headers));
        Ok(known.map_or(Self::Nobody, |(operator, proof)| {
            Self::Operator(operator, proof)
        }))
    }
}

impl Viewer {
    /// The operator's permission.
    ///
    /// # Errors
    /// When somebody else asks, or nobody is the operator here.
    pub(in crate::web) fn operator(&self, state: &AppState) -> Result<Operator, WebError> {
        match self {
            Self::Operator(operator, _) => Ok(*operator),
            Self::Nobody if state.operator_token.is_none() => Err(closed()),
            Self::Nobody => Err(refused(
                "bad_admin_token",
                "This is for the operator: sign in at /admin, or send the operator's token as \
                 `Authorization: Bearer TOKEN`.",
            )),
        }
    }

    /// Whether only a page of this site can have sent what the viewer sends.
    pub(in crate::web) fn proved_by_header(&self) -> bool {
        matches!(self, Self::Operator(_, Proof::Header))
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let Ok(viewer) = Viewer::from_request_parts(parts, state).await;
        let operator = viewer.operator(state)?;
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        if reads || viewer.proved_by_header() || from_here(&parts.headers) {
            return Ok(operator);
        }
        Err(cross_site())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Jar {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Glance::mark(&parts.extensions);
        Ok(Self(parts.headers.clone()))
    }
}

impl Jar {
    /// The value of a cookie.
    pub(in crate::web) fn value(&self, kind: &cookies::Kind) -> Option<String> {
        kind.of(&self.0)
    }
}

/// Why nobody may operate the site.
pub(in crate::web) fn closed() -> WebError {
    refused(
        "no_admin_token",
        "Operating this site over the web is off: set AFWD_ADMIN_TOKEN to a long random text, \
         start the server again, and sign in at /admin or send it as `Authorization: Bearer TOKEN`.",
    )
}

/// The error of a form that no page of this site sent.
pub(in crate::web) fn cross_site() -> WebError {
    refused(
        "cross_site",
        "A form of another site may not change this one: use the pages under /admin.",
    )
}

fn refused(code: &'static str, detail: &str) -> WebError {
    WebError::new(StatusCode::FORBIDDEN, code, detail)
}
