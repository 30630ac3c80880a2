//! Health checks for supervisors and load balancers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::rankings::Catalog;

/// The process runs.
pub(in crate::web) async fn alive() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// A board can be served; 503 with the reasons until then.
pub(in crate::web) async fn ready(State(catalog): State<Arc<Catalog>>) -> Response {
    match catalog.board(None) {
        Ok(board) => {
            let body =
                json!({ "status": "ready", "season": board.season().0, "model": board.model_id() });
            Json(body).into_response()
        }
        Err(error) => {
            let body = json!({ "status": "not ready", "reasons": [error.to_string()] });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
