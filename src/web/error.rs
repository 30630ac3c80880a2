//! Why requests fail, with a status and a code to program against. The edge draws it:
//! as an RFC 9457 problem document for the API, as a page for everything else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rankings::RankingsError;
use crate::store::StoreError;

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The status in words.
    pub(super) title: String,
    /// HTTP status.
    pub(super) status: u16,
    /// Stable code to program against.
    pub(super) code: &'static str,
    /// What went wrong and what to do.
    pub(super) detail: String,
    /// Path of the request.
    pub(super) instance: String,
    /// Names the request in the server's log.
    pub(super) request_id: String,
}

/// Why a request failed.
#[derive(Clone, Debug)]
pub struct WebError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) detail: String,
    /// Seconds after which it is worth trying again.
    pub(super) retry_after: Option<u64>,
}

impl WebError {
    /// An error with a stable `code` and a `detail` that says what to do next.
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// The same, and that it is worth trying again after some seconds.
    pub(super) fn again_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// A bad query parameter, path or body.
    pub(super) fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// An error whose cause goes to the log only, unless it is a disk that is full
    /// or fails: that is for the operator to mend, and passes.
    pub(super) fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        let causes = || std::iter::successors(Some(cause), |cause| cause.source());
        let chain: Vec<String> = causes().map(ToString::to_string).collect();
        tracing::error!(error = chain.join(": "), "a request failed");
        if let Some(known) = causes().find_map(|cause| Self::of_store(cause.downcast_ref()?)) {
            return known;
        }
        let detail = "The server failed to answer; its log names the cause under this request id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// What a reader should know of a failure of the store.
    fn of_store(error: &StoreError) -> Option<Self> {
        Some(match error {
            StoreError::Full { free, reserve } => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                format!(
                    "The server's disk is full: {} MB are free and {} MB are kept in reserve. \
                     Nothing was changed; writing goes on by itself once there is room.",
                    free >> 20,
                    reserve >> 20
                ),
            ),
            StoreError::Unavailable(_) | StoreError::Unsettled(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "store_unavailable",
                "The server's disk failed. The store tries again by itself: see whether the \
                 change was kept, and repeat it in a moment.",
            ),
            _ => return None,
        })
    }

    /// What a bare status from the router means.
    pub(super) fn from_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not_found", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method_not_allowed",
                "This address does not take that method; see the `Allow` header.",
            ),
            StatusCode::URI_TOO_LONG => {
                ("address_too_long", "Path and query are limited to 4 KiB.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("body_too_large", "The request body is limited to 64 KiB.")
            }
            _ => ("request_failed", "The request could not be served."),
        };
        Self::new(status, code, detail)
    }

    pub(super) fn problem(self, path: &str, request_id: &HeaderValue) -> Problem {
        Problem {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail,
            instance: path.to_owned(),
            request_id: request_id.to_str().unwrap_or_default().to_owned(),
        }
    }
}

impl From<RankingsError> for WebError {
    fn from(error: RankingsError) -> Self {
        let (status, code) = match &error {
            RankingsError::NoBoards => (StatusCode::SERVICE_UNAVAILABLE, "no_board_loaded"),
            RankingsError::NoBoard(_) => (StatusCode::NOT_FOUND, "no_board_for_season"),
            RankingsError::NoDay { .. } => (StatusCode::NOT_FOUND, "no_board_for_day"),
            RankingsError::NoFeatures => (StatusCode::NOT_FOUND, "features_not_kept"),
            RankingsError::NotOnRecord(_) => (StatusCode::NOT_FOUND, "season_not_on_record"),
            RankingsError::UnknownProspect(_) => (StatusCode::NOT_FOUND, "unknown_prospect"),
            RankingsError::NotRanked { .. } => (StatusCode::NOT_FOUND, "not_ranked"),
            RankingsError::Cursor(_) => (StatusCode::BAD_REQUEST, "bad_cursor"),
            RankingsError::UnknownOrganisation { .. } => (StatusCode::BAD_REQUEST, "bad_parameter"),
            RankingsError::Comparison(_) => (StatusCode::BAD_REQUEST, "bad_comparison"),
            RankingsError::Source(_) => return Self::internal(&error),
        };
        Self::new(status, code, error.to_string())
    }
}

impl IntoResponse for WebError {
    /// Without a body: the edge knows the request and writes it.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
        response.extensions_mut().insert(self);
        response
    }
}
