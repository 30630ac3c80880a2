//! What every request passes first and every response last.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::access_log::Line;
use super::experiment::{Arm, Visit};
use super::lifetime::Lifetime;
use super::response_cache::{Encoding, Rendered};
use super::error::{self, WebError};
use super::headers::stamp;
use super::request_id::request_id;
use super::state::AppState;
use super::traffic::UNMATCHED;

/// Longest a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Largest response kept, in bytes.
const LARGEST_KEPT: usize = 16 * 1024 * 1024;
/// Longest path and query, in bytes.
const LONGEST_ADDRESS: usize = 4096;

/// Answers, counts and logs the answer, and gives it the headers all have.
pub(super) async fn edge(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let mut response = respond(&state, request, next, &id).await;
    let took = started.elapsed();
    let route = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
    let status = response.status().as_u16();
    state.traffic.note(route, status, took);
    if let Some(log) = &state.access_log {
        log.note(&Line {
            method: method.as_str(),
            route,
            status,
            took,
            id: id.to_str().unwrap_or_default(),
        });
    }
    stamp(response.headers_mut(), id, state.secure);
    response
}

/// Answers from the cache, or lets the handlers answer and keeps what they
/// allow to be kept.
async fn respond(state: &AppState, mut request: Request, next: Next, id: &HeaderValue) -> Response {
    let asked = request.uri().path_and_query();
    if asked.is_some_and(|asked| asked.as_str().len() > LONGEST_ADDRESS) {
        let response = StatusCode::URI_TOO_LONG.into_response();
        return explain(state, request.uri(), id, response);
    }
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let visit = Visit::of(state, &mut request);
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
        state.traffic.hit();
        let answered = answer(state, key, &entry, request.headers());
        return visit.label(state, answered);
    }
    if request.method() == Method::HEAD {
        // Rendered in full, so that the cache never keeps an empty body; the
        // router drops the body on the way out.
        *request.method_mut() = Method::GET;
    }
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let response = contained(next, request).instrument(span).await;
    let lifetime = response.extensions().get::<Lifetime>().copied();
    let lifetime = lifetime.filter(|lifetime| *lifetime != Lifetime::Unkept);
    let response = match (key, lifetime) {
        (Some(key), Some(lifetime)) if response.status() == StatusCode::OK => {
            state.traffic.miss();
            keep(state, key, lifetime, &headers, response).await
        }
        _ => explain(state, &uri, id, response),
    };
    visit.label(state, response)
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
    headers.reserve(8 + super::headers::COUNT);
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
