//! Who may operate the site: whoever presents the operator's token, in a header or
//! through the cookie that signing in at `/admin` sets.
//!
//! [`Operator`] is the permission as a value. What changes the site takes one, and
//! only `OperatorToken::recognise` makes one.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::cookies::OPERATOR;
use crate::secret::{Secret, hex};

/// What the cookie's value is derived for; the token itself never leaves the server.
const SESSION: &str = "afwd 2026 operator sign-in cookie";
/// What the key of form tokens is derived for.
const FORMS: &str = "afwd 2026 operator form tokens";

/// The permission to change the site.
#[derive(Clone, Copy, Debug)]
pub struct Operator(());

/// What a request proved it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// `Authorization: Bearer`, which no page of another site can send.
    Header,
    /// The cookie of a sign-in, with its value.
    Cookie(String),
}

/// The operator's token.
#[derive(Clone)]
pub(super) struct OperatorToken(Arc<Secret>);

impl OperatorToken {
    /// `None` for an empty text: nobody may operate the site then.
    pub(super) fn new(token: Secret) -> Option<Self> {
        (!token.is_empty()).then(|| Self(Arc::new(token)))
    }

    /// The permission of a request with these headers, and what proves it.
    pub(super) fn recognise(&self, headers: &HeaderMap) -> Option<(Operator, Proof)> {
        if bearer(headers).is_some_and(|given| self.0.is(given)) {
            return Some((Operator(()), Proof::Header));
        }
        let cookie = OPERATOR.of(headers)?;
        let signed_in = self.session().is(&cookie);
        signed_in.then_some((Operator(()), Proof::Cookie(cookie)))
    }

    /// The value of the cookie for a visitor who gave `token`; `None` when it is not
    /// the operator's.
    pub(super) fn sign_in(&self, token: &str) -> Option<Secret> {
        self.0.is(token.trim()).then(|| self.session())
    }

    /// The key of the forms' tokens, so that an open page outlives a restart.
    pub(super) fn form_key(&self) -> Secret {
        self.derived(FORMS)
    }

    fn session(&self) -> Secret {
        self.derived(SESSION)
    }

    fn derived(&self, purpose: &str) -> Secret {
        let key = blake3::derive_key(purpose, self.0.expose().as_bytes());
        Secret::new(hex(&key))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{OperatorToken, Proof};
    use crate::secret::Secret;

    #[test]
    fn only_the_token_or_what_it_gave_makes_an_operator() {
        let token = OperatorToken::new(Secret::new("s3cret")).expect("a token");
        let proof = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.append(name, value.parse().expect("a value"));
            token.recognise(&headers).map(|(_, proof)| proof)
        };
        assert_eq!(proof("authorization", "Bearer s3cret"), Some(Proof::Header));
        assert_eq!(proof("authorization", "Bearer s3cre"), None);
        assert_eq!(proof("authorization", "s3cret"), None);
        let session = token.sign_in(" s3cret ").expect("signed in");
        let session = session.expose().to_owned();
        assert!(!session.contains("s3cret"));
        let cookie = format!("afwd_operator={session}");
        assert_eq!(proof("cookie", &cookie), Some(Proof::Cookie(session)));
        assert_eq!(proof("cookie", "afwd_operator=s3cret"), None);
        assert!(token.sign_in("other").is_none() && OperatorToken::new(Secret::new("")).is_none());
    }
}
