//! What every request passes first and every response last.

use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::arms::{Arm, Visit};
use super::cache::{Encoding, Lifetime, Rendered};
use super::error::{self, WebError};
use super::state::AppState;

/// Longest a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Largest response kept, in bytes.
const LARGEST_KEPT: usize = 16 * 1024 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers from the cache, or lets the handlers answer and keeps what they
/// allow to be kept.
pub(super) async fn edge(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request_id();
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let visit = Visit::of(&state, &mut request);
    let arm = visit.arm;
    let version = state.catalog_of(arm).version();
    // Every arm has responses of its own.
    let key = readable.then(|| match arm {
        Some(Arm::Challenger) => format!("! {}", cache_key(version, request.uri())),
        _ => cache_key(version, request.uri()),
    });
    if let Some(key) = &key
        && let Some(entry) = state.cache.get(key)
    {
        let answered = answer(&state, key, &entry, request.headers());
        return stamp(visit.label(&state, answered), id);
    }
    if request.method() == Method::HEAD {
        // Rendered in full, so that the cache never keeps an empty body; the
        // router drops the body on the way out.
        *request.method_mut() = Method::GET;
    }
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let response = contained(next, request).await;
    let lifetime = response.extensions().get::<Lifetime>().copied();
    let lifetime = lifetime.filter(|lifetime| *lifetime != Lifetime::Unkept);
    let response = match (key, lifetime) {
        (Some(key), Some(lifetime)) if response.status() == StatusCode::OK => {
            keep(&state, key, lifetime, &headers, response).await
        }
        _ => explain(&state, &uri, &id, response),
    };
    stamp(visit.label(&state, response), id)
}

/// Runs the handlers; a panic or an overlong run fails this request alone.
async fn contained(next: Next, request: Request) -> Response {
    let mut run = pin!(next.run(request));
    let guarded = std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(cx))).unwrap_or_else(|_| {
            let crash = std::io::Error::other("the handler panicked");
            WebError::internal(&crash).into_response().into()
        })
    });
    tokio::time::timeout(TIMEOUT, guarded)
        .await
        .unwrap_or_else(|_| {
            let detail = "The request took longer than 30 seconds and was given up.";
            WebError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
        })
}

async fn keep(
    state: &AppState,
    key: String,
    lifetime: Lifetime,
    headers: &HeaderMap,
    response: Response,
) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = match to_bytes(body, LARGEST_KEPT).await {
        Ok(body) => body,
        Err(error) => return WebError::internal(&error).into_response(),
    };
    let plain = HeaderValue::from_static("application/octet-stream");
    let content_type = parts.headers.remove(header::CONTENT_TYPE).unwrap_or(plain);
    let mut rendered = Rendered::new(body, content_type, lifetime);
    rendered.disposition = parts.headers.remove(header::CONTENT_DISPOSITION);
    let entry = state.cache.insert(key.clone(), rendered);
    answer(state, &key, &entry, headers)
}

/// The cached response in the form the client takes, or `304`.
fn answer(state: &AppState, key: &str, entry: &Arc<Rendered>, asked: &HeaderMap) -> Response {
    let (encoding, form) = state.cache.form(key, entry, accepted(asked));
    let unchanged = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tags| matches(tags, &form.etag));
    let mut response = Response::new(if unchanged {
        Body::empty()
    } else {
        Body::from(form.body.clone())
    });
    let headers = response.headers_mut();
    headers.reserve(12);
    headers.insert(header::ETAG, form.etag.clone());
    // Browsers ask again each time, which costs an empty 304; so a swap of
    // boards is seen at once.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=0, must-revalidate"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, entry.content_type.clone());
    if let Some(disposition) = &entry.disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
    }
    match encoding {
        Encoding::Identity => None,
        Encoding::Gzip => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        }
        Encoding::Brotli => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"))
        }
    };
    response
}

/// Gives an error its body: a problem document under `/api`, a page elsewhere.
fn explain(state: &AppState, uri: &Uri, id: &HeaderValue, response: Response) -> Response {
    let status = response.status();
    let error = response.extensions().get::<WebError>().cloned();
    let bare = status.is_client_error() || status.is_server_error();
    let described = response.headers().contains_key(header::CONTENT_TYPE)
        && status != StatusCode::PAYLOAD_TOO_LARGE;
    let error = match error {
        Some(error) => error,
        None if bare && !described => WebError::from_status(status),
        None => return response,
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let problem = error.problem(uri.path(), id);
    let mut explained = if uri.path().starts_with("/api/") {
        error::document(&problem)
    } else {
        error::page(&problem, state.catalog.is_simulated())
    };
    if let Some(allow) = allow {
        explained.headers_mut().insert(header::ALLOW, allow);
    }
    explained
}

/// The headers every response carries.
fn stamp(mut response: Response, id: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    let csp = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(csp),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Path and query with the parameters in order, under the version of the boards.
fn cache_key(version: u64, uri: &Uri) -> String {
    use std::fmt::Write;
    let mut key = String::with_capacity(64);
    // Writing to a string cannot fail.
    let _ = write!(key, "{version:x} {}", uri.path());
    let Some(query) = uri.query() else { return key };
    key.push('?');
    if query.contains('&') {
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        key.push_str(&pairs.join("&"));
    } else {
        key.push_str(query);
    }
    key
}

/// The best encoding the client takes: brotli, then gzip.
fn accepted(headers: &HeaderMap) -> Encoding {
    let listed = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok());
    let mut best = Encoding::Identity;
    for item in listed.flat_map(|list| list.split(',')) {
        let (name, quality) = item.split_once(';').unwrap_or((item, ""));
        let refused = quality
            .trim()
            .strip_prefix("q=")
            .is_some_and(|q| q.parse() == Ok(0.0_f32));
        match name.trim() {
            "br" if !refused => return Encoding::Brotli,
            "gzip" if !refused => best = Encoding::Gzip,
            _ => {}
        }
    }
    best
}

fn matches(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else {
        return false;
    };
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Distinct within a run and, by its start, between runs.
fn request_id() -> HeaderValue {
    // The standard library seeds its hashers at random.
    static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = START.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed));
    HeaderValue::from_str(&format!("{number:016x}")).unwrap_or(HeaderValue::from_static("0"))
}
