//! Who may operate the site by the operator's own token: whoever presents it in a
//! header, or through the cookie that signing in at `/admin` sets. Readers who run the
//! site may, too, with their accounts.
//!
//! What changes the site takes an [`Operator`].

use axum::http::{HeaderMap, header};

use super::cookies::{OPERATOR, Scope};
pub use crate::auth::Operator;
use crate::auth::OperatorToken;

/// What a request proved something with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// `Authorization: Bearer`, which no page of another site can send.
    Header,
    /// The cookie of a sign-in; forms are bound to this.
    Cookie(String),
}

/// The permission of a request with these headers, and what proves it.
pub(super) fn recognise(
    token: &OperatorToken,
    headers: &HeaderMap,
    scope: &Scope,
) -> Option<(Operator, Proof)> {
    if let Some(operator) = bearer(headers).and_then(|given| token.admit(given)) {
        return Some((operator, Proof::Header));
    }
    let cookie = OPERATOR.of(headers, scope)?;
    let operator = token.admit_session(&cookie)?;
    Some((operator, Proof::Cookie(cookie)))
}

/// The token of `Authorization: Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Proof, recognise};
    use crate::auth::OperatorToken;
    use crate::secret::Secret;
    use crate::web::cookies::Scope;

    #[test]
    fn only_the_token_or_what_it_gave_makes_an_operator() {
        let token = OperatorToken::new(Secret::new("s3cret")).expect("a token");
        let scope = Scope {
            path: "/".to_owned(),
            secure: false,
        };
        let proof = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.append(name, value.parse().expect("a value"));
            recognise(&token, &headers, &scope).map(|(_, proof)| proof)
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
