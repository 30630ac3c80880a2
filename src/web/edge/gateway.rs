//! Who asks how much of the API, and which other sites may: what Kong does for others.
//!
//! Pages, their assets and health checks are not counted: people who read are never
//! turned away. Nor is the operator.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::client::ClientAddress;
use crate::web::error::WebError;
use crate::web::operator::recognise;
use crate::web::rate_limit::{Allowance, Caller, Quota, RateLimiter, Refused, WINDOW};
use crate::web::serve::subscriber;
use crate::web::state::AppState;
use crate::web::whose::PRIVATE;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What a page of another site may send with a request.
const HEADERS: &str = "authorization, content-type, if-none-match";
/// What it may read of an answer's headers.
const EXPOSED: &str = "etag, ratelimit, ratelimit-policy, retry-after, x-request-id";
/// How long a browser may remember what other sites may do.
const REMEMBERED: &str = "7200";

/// Everything below it is counted, and may be read by other sites.
const API: &str = "/api/";
/// What is not: the stream that open pages listen to, and messages of Stripe, which come
/// as they come and prove where from.
const UNCOUNTED: [&str; 2] = ["/api/events", "/api/billing/webhook"];
/// Fresh predictions.
const PREDICTIONS: &str = "/api/ml/predict/";

/// Whom the rest of a request counts for, in its extensions: what asks for much at once
/// has more of it counted.
#[derive(Clone)]
pub(in crate::web) struct Counted {
    limiter: Arc<RateLimiter>,
    caller: Caller,
}

/// What the gateway says of a request.
pub(super) enum Passage {
    /// It is not counted.
    Free,
    /// It was counted, and this is left.
    Counted(Allowance),
}

impl Counted {
    /// Counts `units` requests more.
    ///
    /// # Errors
    /// When that is more than the caller may ask now.
    pub(in crate::web) fn more(&self, units: u32) -> Result<(), Exceeded> {
        let asked = self.limiter.ask(self.caller, Quota::Requests, units);
        asked.map(drop).map_err(Exceeded)
    }
}

/// Counts a request, and notes in it whom for.
///
/// # Errors
/// When the caller asked too much within the last minute.
pub(super) fn admit(state: &AppState, request: &mut Request) -> Result<Passage, Exceeded> {
    let limiter = state.rate_limiter.as_ref().filter(|_| is_counted(request));
    let Some((limiter, caller)) = limiter.zip(caller(state, request)) else {
        return Ok(Passage::Free);
    };
    let counted = limiter.ask(caller, Quota::Requests, 1).map_err(Exceeded)?;
    let fresh = request.method() == Method::POST && request.uri().path().starts_with(PREDICTIONS);
    let tighter = match fresh {
        true => limiter
            .ask(caller, Quota::Predictions, 1)
            .map_err(Exceeded)?,
        false => None,
    };
    let limiter = Arc::clone(limiter);
    request.extensions_mut().insert(Counted { limiter, caller });
    Ok(tighter.or(counted).map_or(Passage::Free, Passage::Counted))
}

/// True for what the API answers. A browser's question whether it may ask is none.
fn is_counted(request: &Request) -> bool {
    let path = request.uri().path();
    path.starts_with(API) && !UNCOUNTED.contains(&path) && request.method() != Method::OPTIONS
}

/// Who is counted; `None` for the operator, and for a process of this machine that does
/// not say whom it speaks for.
fn caller(state: &AppState, request: &Request) -> Option<Caller> {
    let (headers, scope) = (request.headers(), state.cookie_scope());
    let token = state.operator_token.as_ref();
    if token.is_some_and(|token| recognise(token, headers, &scope).is_some()) {
        return None;
    }
    if let Some((member, _)) = state.member(headers, &scope) {
        let reader = Caller::Reader(member.user().0, member.premium().is_some());
        return member.operator().is_none().then_some(reader);
    }
    let ClientAddress(address) = request.extensions().get::<ClientAddress>()?;
    address.map(|address| Caller::Address(subscriber(address)))
}

impl Passage {
    /// Tells the caller what is left to him.
    pub(super) fn label(&self, headers: &mut HeaderMap) {
        match self {
            // A batch was counted again, with all that is in it.
            Self::Counted(allowance) if !headers.contains_key(LIMIT) => {
                describe(allowance, headers);
            }
            Self::Counted(_) | Self::Free => {}
        }
    }
}

/// More than a caller may ask.
#[derive(Debug)]
pub(in crate::web) struct Exceeded(Refused);

impl IntoResponse for Exceeded {
    fn into_response(self) -> Response {
        let Self(Refused { allowance, wait }) = self;
        let of = match allowance.quota {
            Quota::Requests => "requests to the API",
            Quota::Predictions => "fresh predictions",
        };
        let limit = allowance.limit;
        let detail = match wait.map(seconds) {
            Some(wait) => format!(
                "You have had {limit} {of} within the last minute, as many as there are: ask again \
                 in {wait} s. Pages are not counted; stored answers (GET) are cheaper than fresh ones."
            ),
            None => format!("{limit} {of} a minute is the most there is: ask for fewer at once."),
        };
        let error = WebError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
        let mut response = error.into_response();
        describe(&allowance, response.headers_mut());
        if let Some(wait) = wait {
            let wait = HeaderValue::from(seconds(wait));
            response.headers_mut().insert(header::RETRY_AFTER, wait);
        }
        response
    }
}

/// The fields of draft-ietf-httpapi-ratelimit-headers-10.
fn describe(allowance: &Allowance, headers: &mut HeaderMap) {
    let name = match allowance.quota {
        Quota::Requests => "requests",
        Quota::Predictions => "predictions",
    };
    let Allowance {
        limit,
        left,
        whole_in,
        ..
    } = allowance;
    let (window, whole_in) = (WINDOW.as_secs(), seconds(*whole_in));
    let fields = [
        (POLICY, format!("\"{name}\";q={limit};w={window}")),
        (LIMIT, format!("\"{name}\";r={left};t={whole_in}")),
    ];
    for (field, value) in fields {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(field, value);
        }
    }
}

/// In whole seconds, rounded up: then it is over.
fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000) as u64
}

/// What a browser is told that asks whether a page of another site may ask the API;
/// `None` for any other request.
pub(super) fn preflight(state: &AppState, request: &Request) -> Option<Response> {
    let asked = request.headers();
    let is_asked = request.method() == Method::OPTIONS
        && request.uri().path().starts_with(API)
        && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let origin = asked.get(header::ORIGIN).filter(|_| is_asked)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let listed = state.cross_origin.allows(origin);
    let (origin, methods) = match listed {
        true => (origin.clone(), "GET, HEAD, POST, PUT, PATCH, DELETE"),
        false => (HeaderValue::from_static("*"), "GET, HEAD"),
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let fixed = |text| HeaderValue::from_static(text);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, fixed(methods));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, fixed(REMEMBERED));
    headers.insert(header::VARY, fixed("origin"));
    if listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, fixed(HEADERS));
    }
    Some(response)
}

/// Whoever asks the API, maybe for a page of another site.
pub(super) struct Across {
    origin: Option<HeaderValue>,
    reads: bool,
}

/// Notes who asks the API; `None` for everything else.
pub(super) fn asks_across(request: &Request) -> Option<Across> {
    let answered = request.uri().path().starts_with(API) && request.method() != Method::OPTIONS;
    answered.then(|| Across {
        origin: request.headers().get(header::ORIGIN).cloned(),
        reads: matches!(*request.method(), Method::GET | Method::HEAD),
    })
}

impl Across {
    /// Lets other sites read an answer: what is everybody's any of them, what is one
    /// reader's those that are allowed to. Cookies are sent by none.
    pub(super) fn share(self, state: &AppState, headers: &mut HeaderMap) {
        let is_public = self.reads && headers.get(header::CACHE_CONTROL) != Some(&PRIVATE);
        let shared = match self.origin {
            _ if is_public => HeaderValue::from_static("*"),
            Some(origin) if state.cross_origin.allows(&origin) => origin,
            _ => return,
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, shared);
        let exposed = HeaderValue::from_static(EXPOSED);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}
