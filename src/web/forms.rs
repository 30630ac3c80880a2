//! Forms that change something: the token that proves that a page of ours was shown to
//! the same browser, and beneath it what browsers say of where a form comes from.
//!
//! A token is bound to the session it was shown in (the signed double submit): another
//! site can neither read it nor make one.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use maud::{Markup, Render, html};

use crate::secret::{Secret, hex, random, same};

/// Largest body of a request that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 64 * 1024;
/// Name of the field that carries the token.
pub(super) const FIELD: &str = "form_token";
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The key tokens are made with; without one no token is right.
#[derive(Clone)]
pub(super) struct FormKey(Option<Arc<Secret>>);

/// A token, rendered as a hidden field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormToken(String);

impl FormKey {
    pub(super) fn new(key: Secret) -> Self {
        Self(Some(Arc::new(key)))
    }

    /// A key of this run of the program.
    pub(super) fn random() -> Self {
        let key = Secret::random::<32>();
        if let Err(error) = &key {
            tracing::error!(%error, "forms are not taken");
        }
        Self(key.ok().map(Arc::new))
    }

    /// The token of forms shown in `session`.
    pub(super) fn token(&self, session: &str) -> FormToken {
        let signed = self.0.as_ref().map(|key| key.sign(session.as_bytes()));
        FormToken(signed.unwrap_or_default())
    }

    /// Whether `given` is the token of `session`, compared in constant time.
    pub(super) fn admits(&self, session: &str, given: &str) -> bool {
        let FormToken(right) = self.token(session);
        !right.is_empty() && same(right.as_bytes(), given.as_bytes())
    }
}

impl Render for FormToken {
    fn render(&self) -> Markup {
        html! { input type="hidden" name=(FIELD) value=(self.0); }
    }
}

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What binds forms to a browser that is not signed in; without random numbers nothing
/// does, and there is no key either.
pub(super) fn new_session() -> String {
    random::<16>().map_or(String::new(), |bytes| hex(&bytes))
}

/// True when the browser says that a page of this site sent the request. Browsers
/// that don't send `Sec-Fetch-Site` send `Origin` with every POST.
pub(super) fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let origin = text(&header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, host)| Some(host) == text(&header::HOST))
}

/// True when the browser says that another site sent the reader here. For requests by
/// GET, which browsers without `Sec-Fetch-Site` send without any origin.
pub(super) fn from_elsewhere(headers: &HeaderMap) -> bool {
    headers.contains_key(SEC_FETCH_SITE) && !from_here(headers)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use maud::Render;

    use super::{FormKey, from_elsewhere, from_here, new_session};
    use crate::secret::Secret;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let parsed = pairs.iter().map(|&(name, value)| {
            let value = value.parse().expect("a value");
            (name.parse().expect("a name"), value)
        });
        parsed.collect()
    }

    #[test]
    fn only_pages_of_this_site_may_post() {
        let host = ("host", "afwd.example:8080");
        let from = |name, value| headers(&[host, (name, value)]);
        assert!(from_here(&from("sec-fetch-site", "same-origin")));
        assert!(!from_here(&from("sec-fetch-site", "same-site")));
        assert!(from_here(&from("origin", "http://afwd.example:8080")));
        for origin in [
            "null",
            "http://afwd.example",
            "https://evil.example/afwd.example:8080",
        ] {
            assert!(!from_here(&from("origin", origin)), "{origin}");
        }
        let silent = headers(&[host]);
        assert!(!from_here(&silent), "nothing said is no permission");
        assert!(!from_elsewhere(&silent), "nor an accusation");
        assert!(from_elsewhere(&from("sec-fetch-site", "cross-site")));
    }

    #[test]
    fn a_token_holds_for_its_session_and_key_only() {
        let (key, other) = (
            FormKey::new(Secret::new("1")),
            FormKey::new(Secret::new("2")),
        );
        let token = key.token("a").to_string();
        assert!(key.admits("a", &token));
        assert!(!key.admits("b", &token) && !other.admits("a", &token));
        for wrong in ["", "00", &token[1..], &token.replace(&token[..1], "g")] {
            assert!(!key.admits("a", wrong), "{wrong}");
        }
        let none = FormKey(None);
        assert!(!none.admits("a", &none.token("a").to_string()));
        assert_ne!(new_session(), new_session());
        let field = key.token("a").render().into_string();
        assert_eq!(
            field,
            format!("<input type=\"hidden\" name=\"form_token\" value=\"{token}\">")
        );
    }
}
