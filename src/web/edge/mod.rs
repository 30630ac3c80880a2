//! What every request passes first and every response last.

mod cache_key;
mod encoding;
mod gateway;
mod headers;
mod kept;
mod problems;
mod rebase;
mod request_id;
mod visit;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::access_log::Line;
use super::error::WebError;
use super::state::AppState;
use super::traffic::UNMATCHED;
use super::whose::{self, Glance, PRIVATE};
use cache_key::cache_key;
pub(super) use gateway::Counted;
use headers::stamp;
use kept::{answer, keep};
use problems::explain;
use rebase::rebase;
use request_id::request_id;
use visit::Visit;

/// Longest a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest path and query, in bytes.
const LONGEST_ADDRESS: usize = 4096;

/// Answers, counts and logs the answer, and gives it the headers all have.
pub(super) async fn edge(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let from = gateway::asks_across(&request);
    let mut response = guarded(&state, request, next, &id).await;
    if let Some(from) = from {
        from.share(&state, response.headers_mut());
    }
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
    stamp(response.headers_mut(), id, state.is_secure());
    response
}

/// Answers what the gateway lets pass.
async fn guarded(state: &AppState, mut request: Request, next: Next, id: &HeaderValue) -> Response {
    if let Some(told) = gateway::preflight(state, &request) {
        return told;
    }
    match gateway::admit(state, &mut request) {
        Ok(passage) => {
            let mut response = respond(state, request, next, id).await;
            passage.label(response.headers_mut());
            response
        }
        Err(exceeded) => explain(state, request.uri(), id, exceeded.into_response()),
    }
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
    let key = readable.then(|| {
        let origin = || state.site.origin(request.headers(), state.secure);
        let version = state.version(visit.arm);
        cache_key(visit.arm, version, request.uri(), origin)
    });
    if let Some(key) = &key
        && let Some(entry) = state.cache.get(key)
    {
        state.traffic.hit();
        let answered = answer(state, key, &entry, request.headers());
        return visit.label(state, answered);
    }
    let response = handle(state, request, next, id, key).await;
    visit.label(state, response)
}

/// Lets the handlers answer; keeps under `key` what is everybody's.
async fn handle(
    state: &AppState,
    mut request: Request,
    next: Next,
    id: &HeaderValue,
    key: Option<String>,
) -> Response {
    if request.method() == Method::HEAD {
        // Rendered in full, so that the cache never keeps an empty body; the
        // router drops the body on the way out.
        *request.method_mut() = Method::GET;
    }
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let glance = Glance::default();
    request.extensions_mut().insert(glance.clone());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let response = contained(next, request).instrument(span).await;
    let response = rebase(state, response).await;
    if glance.was_taken() {
        return personal(explain(state, &uri, id, response), &glance);
    }
    match (key, whose::lifetime(&response)) {
        (Some(key), Some(lifetime)) if response.status() == StatusCode::OK => {
            state.traffic.miss();
            keep(state, key, lifetime, &headers, response).await
        }
        _ => explain(state, &uri, id, response),
    }
}

/// An answer of a handler that looked at who is asking: one reader's, whatever its type.
fn personal(mut response: Response, glance: &Glance) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, PRIVATE);
    // What a handler sets itself comes last, and is what browsers keep.
    let own: Vec<HeaderValue> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    headers.remove(header::SET_COOKIE);
    for cookie in glance.cookies().into_iter().chain(own) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
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
