//! Health checks for supervisors and load balancers, and the figures for Prometheus.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::web::error::WebError;
use crate::web::extract::Viewer;
use crate::web::metrics::{CONTENT_TYPE, Metrics};
use crate::web::monitor::{Impact, Trouble};
use crate::web::state::AppState;

/// The process runs.
pub(super) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// A board can be served; 503 with the reasons until then. What is wrong beside that
/// is named, too.
pub(super) async fn ready(State(state): State<AppState>) -> Result<Response, WebError> {
    let board = state.shown(None).ask(|catalog| {
        let board = catalog.board(None);
        board.map(|board| (board.season().0, board.model_id().to_owned()))
    });
    let board = board.await?;
    let mut troubles = match &state.monitor {
        Some(monitor) => monitor.ask(|monitor| monitor.troubles()).await?,
        None => Vec::new(),
    };
    if let Err(error) = &board {
        let no_board = Trouble {
            part: "board",
            impact: Impact::Down,
            what: error.to_string(),
        };
        troubles.insert(0, no_board);
    }
    let down = troubles
        .iter()
        .any(|trouble| trouble.impact == Impact::Down);
    let (code, status) = match (down, troubles.is_empty()) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        (false, false) => (StatusCode::OK, "degraded"),
        (false, true) => (StatusCode::OK, "ready"),
    };
    let board = board.ok();
    let body = json!({
        "status": status,
        "season": board.as_ref().map(|(season, _)| season),
        "model": board.as_ref().map(|(_, model)| model),
        "reasons": troubles,
    });
    Ok((code, Json(body)).into_response())
}

/// The figures, for the operator or, when he says so, for anybody.
pub(super) async fn metrics(
    State(state): State<AppState>,
    viewer: Viewer,
) -> Result<Response, WebError> {
    if !state.open_metrics {
        viewer.operator(&state)?;
    }
    let mut metrics = Metrics::default();
    state.traffic.measure(&mut metrics);
    if let Some(monitor) = &state.monitor {
        let measured = monitor.ask(move |monitor| {
            monitor.measure(&mut metrics);
            metrics
        });
        metrics = measured.await?;
    }
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], metrics.finish()).into_response())
}
