//! The visitor's colours: a cookie, and a stylesheet of one rule that follows it.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::web::error::WebError;
use crate::web::extract::params::{Params, bad};

/// Which colours, and which page to return to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

/// Remembers the choice for a year and returns to the page.
pub(super) async fn choose(Params(choice): Params<Choice>) -> Result<Response, WebError> {
    let (value, age) = match choice.to.as_str() {
        "light" | "dark" => (choice.to.as_str(), 31_536_000),
        "system" => ("", 0),
        _ => return Err(bad("to", "expected one of light, dark, system")),
    };
    let cookie = format!("theme={value}; Path=/; Max-Age={age}; SameSite=Lax; HttpOnly");
    let back = if is_local(&choice.back) {
        choice.back
    } else {
        "/".to_owned()
    };
    Ok((
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, back)],
    )
        .into_response())
}

/// A path of this site: never another host's, whatever a link says.
fn is_local(back: &str) -> bool {
    let plain = back
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    plain && back.starts_with('/') && !back.starts_with("//")
}

/// The one rule. Not cached: it follows the cookie.
pub(super) async fn stylesheet(headers: HeaderMap) -> impl IntoResponse {
    let scheme = match chosen(&headers) {
        Some("dark") => "dark",
        Some("light") => "light",
        _ => "light dark",
    };
    let sent = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    (sent, format!(":root{{color-scheme:{scheme}}}"))
}

fn chosen(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix("theme="))
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_our_own_paths_are_returned_to() {
        assert!(is_local("/prospects/1?as_of=2020"));
        for back in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nX: y",
            "javascript:1",
        ] {
            assert!(!is_local(back), "{back}");
        }
    }
}
