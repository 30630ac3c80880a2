//! The name of a request in answers, problem documents and the log.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::secret;

/// The header that carries it, in both directions.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest name taken from a client.
const LONGEST: usize = 64;

/// The client's own name for the request, if it is a plain one; else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> HeaderValue {
    match headers.get(REQUEST_ID) {
        Some(given) if is_plain(given.as_bytes()) => given.clone(),
        _ => new(),
    }
}

/// Nothing that could forge a line of the log.
fn is_plain(name: &[u8]) -> bool {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
    (1..=LONGEST).contains(&name.len()) && name.iter().all(plain)
}

/// Distinct within a run and, by its start, between runs.
fn new() -> HeaderValue {
    static START: LazyLock<u64> = LazyLock::new(|| secret::random().map_or(0, u64::from_le_bytes));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = START.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::from_str(&format!("{number:016x}")).unwrap_or(HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, is_plain};

    #[test]
    fn only_plain_names_are_taken() {
        for name in ["a", "3f2b-77_x.1", &"x".repeat(LONGEST)] {
            assert!(is_plain(name.as_bytes()), "{name}");
        }
        for name in ["", "a b", "a\nb", "ä", "a\"b", &"x".repeat(LONGEST + 1)] {
            assert!(!is_plain(name.as_bytes()), "{name}");
        }
    }
}
