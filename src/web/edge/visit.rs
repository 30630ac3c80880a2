//! What a challenge of the model means for one request.
//!
//! A viewer keeps his arm by a cookie. Clients without cookies get the champion, and
//! `arm=champion` or `arm=challenger` asks for one by name.

use std::sync::Arc;

use axum::extract::{OriginalUri, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use crate::rankings::models::Running;
use crate::secret;
use crate::web::cookies::READER;
use crate::web::experiment::Arm;
use crate::web::state::AppState;

const ARM: HeaderName = HeaderName::from_static("afwd-model-arm");

/// What a challenge means for one request.
pub(super) struct Visit {
    /// `None` while no challenge runs.
    pub(super) arm: Option<Arm>,
    cookie: Option<HeaderValue>,
    counted: bool,
    path: String,
}

impl Visit {
    /// Decides the arm; takes `arm` out of the request's query.
    pub(super) fn of(state: &AppState, request: &mut Request) -> Self {
        let asked = take_asked(request);
        let path = request.uri().path().to_owned();
        let mut visit = Self {
            arm: None,
            cookie: None,
            counted: asked.is_none(),
            path,
        };
        if let Some(running) = state.running().filter(|_| concerns(&visit.path)) {
            let arm = asked.unwrap_or_else(|| visit.by_cookie(state, &running, request.headers()));
            visit.arm = Some(arm);
            request.extensions_mut().insert(arm);
        }
        visit
    }

    fn by_cookie(&mut self, state: &AppState, running: &Arc<Running>, headers: &HeaderMap) -> Arm {
        let viewer = match READER
            .of(headers, &state.cookie_scope())
            .filter(|viewer| is_viewer(viewer))
        {
            Some(viewer) => viewer,
            None if self.path.starts_with("/api/") => return Arm::Champion,
            None => {
                let Some(viewer) = new_viewer() else {
                    return Arm::Champion;
                };
                self.cookie = READER.set(&viewer, &state.cookie_scope());
                viewer
            }
        };
        Arm::of_viewer(&viewer, &running.name, running.share)
    }

    /// Labels a response with its arm, keeps shared caches from mixing arms, and
    /// counts it.
    pub(super) fn label(self, state: &AppState, mut response: Response) -> Response {
        let Some(arm) = self.arm else {
            return response;
        };
        let seen = [StatusCode::OK, StatusCode::NOT_MODIFIED].contains(&response.status());
        if seen && self.counted {
            state.arms.count(arm, &self.path);
        }
        let headers = response.headers_mut();
        headers.insert(ARM, HeaderValue::from_static(arm.as_str()));
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, cookie"),
        );
        if let Some(held) = headers.get_mut(header::CACHE_CONTROL)
            && held.as_bytes().starts_with(b"public")
        {
            *held = HeaderValue::from_static("private, max-age=0, must-revalidate");
        }
        if let Some(cookie) = self.cookie {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Everything that a model's boards show in.
fn concerns(path: &str) -> bool {
    let aside = [
        "/assets/",
        "/theme",
        "/healthz",
        "/readyz",
        "/models",
        "/api/ml/models",
    ];
    !aside.iter().any(|aside| path.starts_with(aside))
}

fn is_viewer(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A random name; `None` where the system has no random numbers.
fn new_viewer() -> Option<String> {
    secret::random::<16>().ok().map(|bytes| secret::hex(&bytes))
}

/// Takes `arm=` out of the query, so that handlers never see it. The other pairs stay
/// as they were written.
fn take_asked(request: &mut Request) -> Option<Arm> {
    let query = request.uri().query()?;
    let asked = query.split('&').find_map(|pair| match pair {
        "arm=challenger" => Some(Arm::Challenger),
        "arm=champion" => Some(Arm::Champion),
        _ => None,
    })?;
    let rest: Vec<&str> = query
        .split('&')
        .filter(|p| !p.starts_with("arm="))
        .collect();
    let path = request.uri().path();
    let uri = match rest.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", rest.join("&")),
    };
    let uri: Uri = uri.parse().ok()?;
    *request.uri_mut() = uri.clone();
    request.extensions_mut().insert(OriginalUri(uri));
    Some(asked)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::{OriginalUri, Request};

    use super::{Arm, is_viewer, take_asked};

    #[test]
    fn the_arm_is_taken_out_of_the_address() {
        for (asked, arm, left) in [
            ("/?arm=champion", Some(Arm::Champion), "/"),
            (
                "/x?a=1%2B&arm=challenger&b",
                Some(Arm::Challenger),
                "/x?a=1%2B&b",
            ),
            ("/x?arm=other&b=1", None, "/x?arm=other&b=1"),
        ] {
            let mut request = Request::get(asked).body(Body::empty()).expect("a request");
            assert_eq!(take_asked(&mut request), arm);
            assert_eq!(request.uri(), left);
            let original = request.extensions().get::<OriginalUri>();
            assert_eq!(original.is_some(), arm.is_some());
        }
    }

    #[test]
    fn a_viewer_is_a_name_of_ours() {
        assert!(is_viewer("0123456789abcdef0123456789abcdef"));
        assert!(!is_viewer("") && !is_viewer("0123456789abcdef0123456789abcdeg"));
    }
}
