//! `/api/quality`, for the operator.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::jobs::no_jobs;
use super::off_thread;
use crate::web::error::{Problem, WebError};
use crate::web::operator::Operator;
use crate::web::quality::{Quality, QualityView};
use crate::web::state::AppState;

/// How fresh each source is and what the newest checks found.
#[utoipa::path(get, path = "/api/quality", tag = "operation", responses(
    (status = 200, description = "Sources and findings", body = QualityView),
    (status = 403, description = "No token is set, or another one", body = Problem)))]
pub(super) async fn show(
    _: Operator,
    State(state): State<AppState>,
) -> Result<Json<QualityView>, WebError> {
    Ok(Json(quality(&state).await?))
}

/// How good the data is, for the API or a page.
pub(in crate::web) async fn quality(state: &AppState) -> Result<QualityView, WebError> {
    let quality: Arc<dyn Quality> = state.quality.clone().ok_or_else(no_jobs)?;
    off_thread(move || quality.quality())
        .await?
        .map_err(|cause| WebError::internal(&*cause))
}
