//! The key of a kept response: everything it depends on.

use std::fmt::Write;

use axum::http::Uri;

use crate::web::experiment::Arm;

/// Path and query with the pairs in order, under the version of the boards and, while a
/// challenge runs, the arm: each has responses of its own.
pub(super) fn cache_key(arm: Option<Arm>, version: u64, uri: &Uri) -> String {
    let mut key = String::with_capacity(64);
    if arm == Some(Arm::Challenger) {
        key.push_str("! ");
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
        let key = |arm, version, uri: &str| cache_key(arm, version, &uri.parse().expect("a uri"));
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
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(key(Some(Arm::Champion), 1, "/x"), of("/x"));
    }
}
