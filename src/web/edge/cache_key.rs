//! The key of a kept response: everything it depends on.

use std::fmt::Write;

use axum::http::Uri;

use crate::web::experiment::Arm;

/// Addresses whose answers name the site as the request does.
const NAME_THE_SITE: [&str; 1] = ["/feed.atom"];

/// Path and query with the pairs in order, under the version of the boards and, while a
/// challenge runs, the arm: each has responses of its own.
/// Where the answer names the site, that name is part of it, too.
pub(super) fn cache_key(
    arm: Option<Arm>,
    version: u64,
    uri: &Uri,
    origin: impl FnOnce() -> Option<String>,
) -> String {
    let mut key = String::with_capacity(64);
    if arm == Some(Arm::Challenger) {
        key.push_str("! ");
    }
    if NAME_THE_SITE.contains(&uri.path()) {
        key.push_str(&origin().unwrap_or_default());
        key.push(' ');
    }
    // Writing to a string cannot fail.
    let _ = write!(key, "{version:x} {}", uri.path());
    let Some(query) = uri.query() else { return key };
    key.push('?');
    if query.contains('&') {
        let mut pairs: Vec<&str> = query.split('&').collect();
        // Pairs of one name keep their order: it says whom to show first.
        pairs.sort_by_key(|pair| pair.split('=').next());
        key.push_str(&pairs.join("&"));
    } else {
        key.push_str(query);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{Arm, cache_key};

    #[test]
    fn the_order_of_parameters_does_not_matter_and_all_else_does() {
        let named = |arm, version, uri: &str, origin: &str| {
            let origin = || Some(origin.to_owned());
            cache_key(arm, version, &uri.parse().expect("a uri"), origin)
        };
        let key = |arm, version, uri| named(arm, version, uri, "http://a");
        let of = |uri| key(None, 1, uri);
        assert_eq!(of("/x?a=1&b=2"), of("/x?b=2&a=1"));
        let all = [
            of("/x?a=1"),
            of("/x?a=1&a=2"),
            of("/x?a=2&a=1"),
            of("/x"),
            of("/y?a=1"),
            of("/x?a=2"),
            key(None, 2, "/x?a=1"),
            key(Some(Arm::Challenger), 1, "/x?a=1"),
        ];
        assert_eq!(named(None, 1, "/x", "http://b"), of("/x"));
        assert_ne!(named(None, 1, "/feed.atom", "http://b"), of("/feed.atom"));
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(key(Some(Arm::Champion), 1, "/x"), of("/x"));
    }
}
