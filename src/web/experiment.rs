//! Who sees the challenger while a challenge runs.
//!
//! A viewer is a random cookie; the hash of viewer and challenge decides the
//! arm, so that he stays in it. Clients without cookies get the champion, and
//! `arm=champion` or `arm=challenger` asks for one by name.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use super::state::AppState;
use crate::rankings::Catalog;
use crate::rankings::models::Running;
use crate::secret;

const COOKIE: &str = "afwd_viewer";
const ARM: HeaderName = HeaderName::from_static("afwd-model-arm");
/// A year: longer than any challenge.
const COOKIE_SECONDS: u32 = 31_536_000;

/// Which model's boards a request sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// The model everybody saw before.
    Champion,
    /// The model that is tried.
    Challenger,
}

impl Arm {
    /// Its name in headers and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Champion => "champion",
            Self::Challenger => "challenger",
        }
    }

    /// The arm of a viewer in a challenge: always the same one.
    pub fn of_viewer(viewer: &str, challenge: &str, share: f64) -> Self {
        let hash = blake3::hash(format!("{viewer}\n{challenge}").as_bytes());
        let head: [u8; 8] = std::array::from_fn(|i| hash.as_bytes()[i]);
        // 53 bits are all an `f64` between 0 and 1 can hold.
        let place = (u64::from_le_bytes(head) >> 11) as f64 / (1_u64 << 53) as f64;
        if place < share {
            Self::Challenger
        } else {
            Self::Champion
        }
    }
}

/// Boards and profiles served per arm since they were last taken.
#[derive(Debug, Default)]
pub struct ArmCounters {
    views: [AtomicU64; 2],
    opens: [AtomicU64; 2],
}

impl ArmCounters {
    /// Boards and profiles served to an arm since the last call.
    pub fn take(&self, arm: Arm) -> (u64, u64) {
        let take = |counts: &[AtomicU64; 2]| counts[arm as usize].swap(0, Ordering::Relaxed);
        (take(&self.views), take(&self.opens))
    }

    fn count(&self, arm: Arm, path: &str) {
        let counts = match path.strip_prefix("/api").unwrap_or(path) {
            "/" | "/prospects" => &self.views,
            path if is_profile(path) => &self.opens,
            _ => return,
        };
        counts[arm as usize].fetch_add(1, Ordering::Relaxed);
    }
}

fn is_profile(path: &str) -> bool {
    path.strip_prefix("/prospects/")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

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
        let running = state.models.as_ref().and_then(|models| models.running());
        let mut visit = Self {
            arm: None,
            cookie: None,
            counted: asked.is_none(),
            path,
        };
        if let Some(running) = running.filter(|_| concerns(&visit.path)) {
            visit.arm = Some(asked.unwrap_or_else(|| visit.by_cookie(&running, request.headers())));
            request
                .extensions_mut()
                .insert(visit.arm.unwrap_or(Arm::Champion));
        }
        visit
    }

    fn by_cookie(&mut self, running: &Running, headers: &HeaderMap) -> Arm {
        let viewer = match viewer(headers) {
            Some(viewer) => viewer.to_owned(),
            None if self.path.starts_with("/api/") => return Arm::Champion,
            None => {
                let Some(viewer) = new_viewer() else {
                    return Arm::Champion;
                };
                let cookie = format!(
                    "{COOKIE}={viewer}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
                );
                self.cookie = HeaderValue::from_str(&cookie).ok();
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

fn viewer(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|c| c.to_str().ok())
        .flat_map(|c| c.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        let known = value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit());
        (name == COOKIE && known).then_some(value)
    })
}

/// A random name; `None` where the system has no random numbers.
fn new_viewer() -> Option<String> {
    secret::random::<16>().ok().map(|bytes| secret::hex(&bytes))
}

/// Takes `arm=` out of the query, so that handlers never see it.
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

/// The read model of the request's arm.
pub(super) struct Shown(pub(super) Arc<Catalog>);

impl FromRequestParts<AppState> for Shown {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let arm = parts.extensions.get::<Arm>().copied();
        Ok(Self(Arc::clone(state.catalog_of(arm))))
    }
}

#[cfg(test)]
mod tests {
    use super::{Arm, is_profile};

    #[test]
    fn a_viewer_stays_in_his_arm_and_the_share_is_kept() {
        let arm = |viewer: &str| Arm::of_viewer(viewer, "2022-x/1", 0.25);
        let first = arm("00ff");
        assert!((0..1000).all(|_| arm("00ff") == first));
        let challenged = (0..2000)
            .filter(|n| arm(&format!("{n:032x}")) == Arm::Challenger)
            .count();
        // Four standard deviations of a binomial with n = 2000, p = 0.25 are 77.
        assert!((423..=577).contains(&challenged), "{challenged} of 2000");
        let moved = (0..2000).filter(|n| {
            let viewer = format!("{n:032x}");
            arm(&viewer) != Arm::of_viewer(&viewer, "2022-x/2", 0.25)
        });
        assert!(moved.count() > 500, "another challenge draws afresh");
    }

    #[test]
    fn profiles_are_told_from_other_pages() {
        assert!(is_profile("/prospects/12"));
        assert!(!is_profile("/prospects/search") && !is_profile("/prospects/1/features"));
    }
}
