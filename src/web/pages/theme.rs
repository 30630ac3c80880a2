//! The visitor's colours: a cookie, and a stylesheet of one rule that follows it.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::web::cookies::THEME;
use crate::web::error::WebError;
use crate::web::extract::{Asked, Jar, Question, bad, fields};
use crate::web::forms::from_elsewhere;
use crate::web::links::is_local;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// Which colours, and which page to return to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

impl Question for Choice {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        fields(uri)
    }
}

/// Remembers the choice for a year and returns to the page. The links that lead here
/// stand on pages that everybody shares, so they can't carry a token; a choice that
/// another site makes for the reader is not taken.
pub(super) async fn choose(
    State(state): State<AppState>,
    headers: HeaderMap,
    Asked(choice): Asked<Choice>,
) -> Result<impl IntoResponse, WebError> {
    let scope = state.cookie_scope();
    let cookie = match choice.to.as_str() {
        "light" | "dark" => THEME.set(&choice.to, &scope),
        "system" => THEME.removed(&scope),
        _ => return Err(bad("to", "expected one of light, dark, system")),
    };
    let back = HeaderValue::try_from(&choice.back).ok();
    let back = back.filter(|_| is_local(&choice.back));
    let mut sent = HeaderMap::new();
    sent.insert(
        header::LOCATION,
        back.unwrap_or(HeaderValue::from_static("/")),
    );
    if let Some(cookie) = cookie.filter(|_| !from_elsewhere(&headers)) {
        sent.insert(header::SET_COOKIE, cookie);
    }
    Ok(Private((StatusCode::SEE_OTHER, sent)))
}

/// The one rule. Not cached: it follows the cookie.
pub(super) async fn stylesheet(State(state): State<AppState>, jar: Jar) -> impl IntoResponse {
    let scheme = match jar.value(&THEME, &state.cookie_scope()).as_deref() {
        Some("dark") => "dark",
        Some("light") => "light",
        _ => "light dark",
    };
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    Private((kind, format!(":root{{color-scheme:{scheme}}}")))
}
