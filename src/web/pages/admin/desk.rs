//! What the operator's pages share: their frame, and how their forms are answered.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::Markup;

use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::Frame;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// A page of the operator's, or why there is none.
pub(super) type Desk = Result<Private<Markup>, WebError>;
/// What became of a form, or why it was not taken.
pub(super) type Done = Result<Private<(StatusCode, HeaderMap)>, WebError>;

/// The frame of an operator's page.
pub(super) async fn frame(
    state: &AppState,
    here: Here,
    title: &'static str,
) -> Result<Frame, WebError> {
    let about = "For the operator of this site.";
    let framed = state
        .shown(None)
        .ask(move |catalog| here.frame(catalog, title.to_owned(), about));
    framed.await
}

/// The answer to a form: the browser goes on to `path`, with a cookie set or removed.
pub(super) fn back_to(path: &'static str, cookie: Option<HeaderValue>) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, HeaderValue::from_static(path));
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, headers)
}
