//! What the pages of accounts share: their frame, their fields, and how their forms are
//! answered.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::auth::{AuthError, LONGEST_PASSWORD, SHORTEST_PASSWORD};
use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::links::is_local;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// An answer for one reader, or why there is none.
pub(super) type Answer = Result<Private<Response>, WebError>;

/// The frame of a page about accounts.
pub(super) async fn frame(
    state: &AppState,
    here: Here,
    title: &'static str,
) -> Result<Frame, WebError> {
    let about = "Your account.";
    let framed = state
        .shown(None)
        .ask(move |catalog| here.frame(catalog, title.to_owned(), about));
    framed.await
}

/// A page, with the cookies it needs.
pub(super) fn shown(page: Markup, cookies: impl IntoIterator<Item = HeaderValue>) -> Answer {
    Ok(Private((with(cookies), page).into_response()))
}

/// The answer to a form that was taken: the browser goes on to `path`.
pub(super) fn go_to(path: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Answer {
    let mut headers = with(cookies);
    let path = HeaderValue::try_from(path).ok().filter(|_| is_local(path));
    let path = path.unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, path);
    Ok(Private((StatusCode::SEE_OTHER, headers).into_response()))
}

/// The answer to a form that was not taken: `draw` shows it again, with what was wrong.
/// What is not the reader's to mend is an error.
pub(super) fn again(error: AuthError, draw: impl FnOnce(&str) -> Markup) -> Answer {
    let told = WebError::from(error);
    let is_ours = told.status.is_server_error() && told.retry_after.is_none();
    if is_ours {
        return Err(told);
    }
    let mut headers = HeaderMap::new();
    let after = told.retry_after.map(HeaderValue::from);
    headers.extend(after.map(|after| (header::RETRY_AFTER, after)));
    let page = draw(&told.detail);
    Ok(Private((told.status, headers, page).into_response()))
}

/// A page that says one thing and leads on.
pub(super) fn said(frame: &Frame, lead: &str, next: (&str, &str)) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { (frame.title) }
                p.lead { (lead) }
                p { a.action href=(next.0) { (next.1) } }
            }
        },
    )
}

/// What was wrong with a form, where something was.
pub(super) fn notice(wrong: Option<&str>) -> Markup {
    html! { @if let Some(wrong) = wrong { div.notice role="alert" { p { (wrong) } } } }
}

/// A field for a mail address by which password managers know the account.
pub(super) fn mail_field(value: &str) -> Markup {
    html! {
        label for="mail" { "Mail address" }
        input id="mail" type="email" name="mail" value=(value) required autocomplete="username"
            maxlength="254" inputmode="email" spellcheck="false" autocapitalize="none";
    }
}

/// A field for a password to be chosen.
pub(super) fn new_password_field(id: &str) -> Markup {
    let hint = format!("{id}-hint");
    html! {
        label for=(id) { "New password" }
        input id=(id) type="password" name="password" required autocomplete="new-password"
            minlength=(SHORTEST_PASSWORD) maxlength=(LONGEST_PASSWORD) aria-describedby=(hint);
        p.small id=(hint) { "At least " (SHORTEST_PASSWORD) " characters, not easily guessed. Any characters will do: four words that have nothing to do with each other are a good password." }
    }
}

/// A field for the password one has.
pub(super) fn password_field(id: &str) -> Markup {
    html! {
        label for=(id) { "Your password" }
        input id=(id) type="password" name="password" required autocomplete="current-password"
            maxlength=(LONGEST_PASSWORD);
    }
}

/// A time as it is shown.
pub(in crate::web::pages) fn time(text: &str) -> Markup {
    let minutes = text.get(..16).unwrap_or(text).replace('T', " ");
    html! { time datetime=(text) { (minutes) " UTC" } }
}

fn with(cookies: impl IntoIterator<Item = HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_is_shown_to_the_minute() {
        let shown = time("2026-12-01T11:27:03Z").into_string();
        let wanted = r#"<time datetime="2026-12-01T11:27:03Z">2026-12-01 11:27 UTC</time>"#;
        assert_eq!(shown, wanted);
    }
}
