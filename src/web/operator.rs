//! Who may operate the site: whoever presents the operator's token, in a header
//! or through the cookie that signing in at `/admin` sets.
//!
//! [`Operator`] is the permission as a value: a handler that changes something
//! takes one, and there is no other way to get it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};

use super::error::WebError;
use super::state::AppState;
use crate::secret::{Secret, hex};

/// Name of the cookie.
const COOKIE: &str = "afwd_operator";
/// What the cookie's value is derived for; the token itself never leaves the server.
const PURPOSE: &str = "afwd 2026 operator sign-in cookie";

/// The request comes from the operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator(());

impl FromRequestParts<AppState> for Operator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let Some(token) = &state.admin_token else {
            return Err(refused(
                "no_admin_token",
                "Operating this site over the web is off: set AFWD_ADMIN_TOKEN to a long random text, \
                 start the server again, and sign in at /admin or send it as `Authorization: Bearer TOKEN`.",
            ));
        };
        if bearer(&parts.headers).is_some_and(|given| token.is(given)) {
            return Ok(Self(()));
        }
        let signed_in = cookie(&parts.headers).is_some_and(|given| derived(token).is(given));
        if !signed_in {
            return Err(refused(
                "bad_admin_token",
                "This is for the operator: sign in at /admin, or send the operator's token as \
                 `Authorization: Bearer TOKEN`.",
            ));
        }
        if !matches!(parts.method, Method::GET | Method::HEAD) && !from_here(&parts.headers) {
            return Err(refused(
                "cross_site",
                "A form of another site may not change this one: use the pages under /admin.",
            ));
        }
        Ok(Self(()))
    }
}

/// The cookie for a visitor who gave `token`; `None` when it is not the operator's.
pub(super) fn sign_in(state: &AppState, token: &str) -> Option<String> {
    let own = state.admin_token.as_ref()?;
    own.is(token.trim()).then(|| {
        format!(
            "{COOKIE}={}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict{}",
            derived(own).expose(),
            if state.secure { "; Secure" } else { "" }
        )
    })
}

/// The cookie that ends a sign-in.
pub(super) fn sign_out() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
}

fn refused(code: &'static str, detail: &str) -> WebError {
    WebError::new(StatusCode::FORBIDDEN, code, detail)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lists = headers.get_all(header::COOKIE).iter();
    let mut pairs = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

fn derived(token: &Secret) -> Secret {
    let key = blake3::derive_key(PURPOSE, token.expose().as_bytes());
    Secret::new(hex(&key))
}

/// True when the browser says that a page of this site sent the request. Browsers
/// that don't send `Sec-Fetch-Site` send `Origin` with every POST.
fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let origin = text("origin").and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| Some(host) == text("host"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{cookie, from_here};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| {
                (
                    name.parse().expect("a name"),
                    value.parse().expect("a value"),
                )
            })
            .collect()
    }

    #[test]
    fn only_pages_of_this_site_may_post() {
        let host = ("host", "afwd.example:8080");
        assert!(from_here(&headers(&[
            host,
            ("sec-fetch-site", "same-origin")
        ])));
        assert!(!from_here(&headers(&[
            host,
            ("sec-fetch-site", "same-site")
        ])));
        assert!(from_here(&headers(&[
            host,
            ("origin", "http://afwd.example:8080")
        ])));
        for origin in [
            "null",
            "http://afwd.example",
            "https://evil.example/afwd.example:8080",
        ] {
            assert!(
                !from_here(&headers(&[host, ("origin", origin)])),
                "{origin}"
            );
        }
        assert!(
            !from_here(&headers(&[host])),
            "nothing said is no permission"
        );
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(
            cookie(&headers(&[("cookie", "a=b; afwd_operator=77")])),
            Some("77")
        );
        assert_eq!(
            cookie(&headers(&[(
                "cookie",
                "xafwd_operator=77; afwd_operatorx=1"
            )])),
            None
        );
    }
}
