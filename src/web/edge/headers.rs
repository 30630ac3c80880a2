//! The headers every answer carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::request_id::REQUEST_ID;

/// Nothing from elsewhere, nothing inline, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
form-action 'self'; frame-ancestors 'none'";
/// Two years of HTTPS only.
const TRANSPORT: &str = "max-age=63072000";
const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// How many there are at most.
pub(super) const COUNT: usize = 8;

/// Adds them; `secure` when the site is served by HTTPS.
pub(super) fn stamp(headers: &mut HeaderMap, id: HeaderValue, secure: bool) {
    headers.insert(REQUEST_ID, id);
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (COOP, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        let value = HeaderValue::from_static(TRANSPORT);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
