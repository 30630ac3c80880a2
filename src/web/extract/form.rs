//! Forms as they are shown and as they come back.

use std::convert::Infallible;

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

use super::viewer::{Viewer, cross_site};
use crate::web::cookies::FORM;
use crate::web::error::WebError;
use crate::web::forms::{BODY_LIMIT, FIELD, FormToken, from_here, new_session};
use crate::web::state::AppState;

/// What the forms of a page are bound to: the reader's sign-in, or a cookie of his browser.
pub(in crate::web) struct FormSession {
    /// The token for the page's forms.
    pub(in crate::web) token: FormToken,
    /// To be set with the page, for a browser that brought no session.
    pub(in crate::web) cookie: Option<HeaderValue>,
}

impl FromRequestParts<AppState> for FormSession {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let viewer = Viewer::from_request_parts(parts, state).await?;
        let (session, cookie) = match session(&viewer, parts, state) {
            Some(session) => (session, None),
            None => {
                let session = new_session();
                let cookie = FORM.set(&session, &state.cookie_scope());
                (session, cookie)
            }
        };
        let token = state.form_key.token(&session);
        Ok(Self { token, cookie })
    }
}

fn session(viewer: &Viewer, parts: &Parts, state: &AppState) -> Option<String> {
    let signed_in = viewer.session();
    signed_in.or_else(|| FORM.of(&parts.headers, &state.cookie_scope()))
}

/// The fields of a form that a page of ours showed to the same browser.
pub(in crate::web) struct Submitted<T>(pub(in crate::web) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Submitted<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, WebError> {
        let request = checked(request, state).await?;
        let form = Form::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields))
            .map_err(|error| WebError::new(error.status(), "bad_form", error.body_text()))
    }
}

/// A form without fields, that a page of ours showed to the same browser.
pub(in crate::web) struct Confirmed;

impl FromRequest<AppState> for Confirmed {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, WebError> {
        checked(request, state).await.map(|_| Self)
    }
}

/// The request, once it is known to come from a page that was shown to its browser.
async fn checked(request: Request, state: &AppState) -> Result<Request, WebError> {
    let (mut parts, body) = request.into_parts();
    let Ok(viewer) = Viewer::from_request_parts(&mut parts, state).await;
    if viewer.proved_by_header() {
        return Ok(Request::from_parts(parts, body));
    }
    if !from_here(&parts.headers) {
        return Err(cross_site());
    }
    let session = session(&viewer, &parts, state);
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| WebError::from_status(StatusCode::PAYLOAD_TOO_LARGE))?;
    let token = token(&body);
    if !session.is_some_and(|session| state.form_key.admits(&session, &token)) {
        return Err(stale());
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn token(body: &[u8]) -> String {
    let mut fields = form_urlencoded::parse(body);
    let token = fields.find_map(|(name, value)| (name == FIELD).then_some(value));
    token.unwrap_or_default().into_owned()
}

fn stale() -> WebError {
    let detail = "The form was not shown to this browser in its present session, or its page is old: \
                  go back, load the page again and repeat. The browser must accept cookies.";
    WebError::new(StatusCode::FORBIDDEN, "stale_form", detail)
}
