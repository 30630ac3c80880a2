//! Health checks for supervisors and load balancers, and the figures for Prometheus.

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::off_thread;
use crate::web::error::WebError;
use crate::web::metrics::{CONTENT_TYPE, Metrics};
use crate::web::monitor::{Grade, Trouble};
use crate::web::operator::Operator;
use crate::web::state::AppState;

/// The process runs.
pub(in crate::web) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// A board can be served; 503 with the reasons until then. What is wrong beside that
/// is named, too.
pub(in crate::web) async fn ready(State(state): State<AppState>) -> Result<Response, WebError> {
    let board = state.catalog.board(None);
    let mut troubles = match state.monitor {
        Some(monitor) => off_thread(move || monitor.troubles()).await?,
        None => Vec::new(),
    };
    if let Err(error) = &board {
        troubles.insert(
            0,
            Trouble {
                part: "board",
                grade: Grade::Down,
                what: error.to_string(),
            },
        );
    }
    let down = troubles.iter().any(|trouble| trouble.grade == Grade::Down);
    let (code, status) = match (down, troubles.is_empty()) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        (false, false) => (StatusCode::OK, "degraded"),
        (false, true) => (StatusCode::OK, "ready"),
    };
    let board = board.ok();
    let body = json!({
        "status": status,
        "season": board.as_ref().map(|board| board.season().0),
        "model": board.as_ref().map(|board| board.model_id().to_owned()),
        "reasons": troubles,
    });
    Ok((code, Json(body)).into_response())
}

/// The figures, for the operator or, when he says so, for anybody.
pub(in crate::web) async fn metrics(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, WebError> {
    if !state.open_metrics {
        let (mut parts, _) = request.into_parts();
        Operator::from_request_parts(&mut parts, &state).await?;
    }
    let text = off_thread(move || {
        let mut metrics = Metrics::default();
        state.traffic.measure(&mut metrics);
        if let Some(monitor) = &state.monitor {
            monitor.measure(&mut metrics);
        }
        metrics.finish()
    });
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text.await?).into_response())
}
