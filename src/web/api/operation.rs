//! `/api/jobs` and `/api/quality`, for the operator.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::off_thread;
use crate::web::error::{Problem, WebError};
use crate::web::operation::{JobView, Operation, OperationError, QualityView};
use crate::web::operator::Operator;
use crate::web::state::AppState;

/// Jobs an answer lists.
pub(in crate::web) const LISTED: usize = 50;

/// Jobs.
#[derive(serde::Serialize, ToSchema)]
pub(super) struct Jobs {
    /// The newest first.
    jobs: Vec<JobView>,
}

/// The newest fifty jobs with their steps. Needs the operator's token.
#[utoipa::path(get, path = "/api/jobs", tag = "operation", responses(
    (status = 200, description = "Newest first", body = Jobs),
    (status = 403, description = "No token is set, or another one", body = Problem)))]
pub(super) async fn jobs(
    _: Operator,
    State(state): State<AppState>,
) -> Result<Json<Jobs>, WebError> {
    let operation = operation(&state)?;
    let jobs = off_thread(move || operation.jobs(LISTED)).await??;
    Ok(Json(Jobs { jobs }))
}

/// Runs the daily chain now. Needs the operator's token.
#[utoipa::path(post, path = "/api/jobs/refresh", tag = "operation", responses(
    (status = 202, description = "The job that does it", body = JobView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "Something must be done first", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn refresh(
    _: Operator,
    State(state): State<AppState>,
) -> Result<(StatusCode, Json<JobView>), WebError> {
    let operation = operation(&state)?;
    let job = off_thread(move || operation.refresh()).await??;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Calls a job off: at once when it waits, at its next checkpoint when it runs.
/// Needs the operator's token.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "operation",
    params(("id" = u64, Path, description = "Number of the job")), responses(
    (status = 202, description = "The job", body = JobView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 404, description = "There is no such job that is not over", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn cancel(
    _: Operator,
    State(state): State<AppState>,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<JobView>), WebError> {
    let operation = operation(&state)?;
    let absent = || {
        let detail = format!("There is no job {id} that is not over.");
        WebError::new(StatusCode::NOT_FOUND, "unknown_job", detail)
    };
    let job = off_thread(move || operation.cancel(id))
        .await??
        .ok_or_else(absent)?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// How fresh each source is and what the newest checks found.
#[utoipa::path(get, path = "/api/quality", tag = "operation", responses(
    (status = 200, description = "Sources and findings", body = QualityView),
    (status = 403, description = "No token is set, or another one", body = Problem)))]
pub(super) async fn quality(
    _: Operator,
    State(state): State<AppState>,
) -> Result<Json<QualityView>, WebError> {
    let operation = operation(&state)?;
    Ok(Json(off_thread(move || operation.quality()).await??))
}

/// The running operation.
pub(in crate::web) fn operation(state: &AppState) -> Result<Arc<dyn Operation>, WebError> {
    let absent = "This server shows boards only and runs no jobs.";
    let none = || WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_jobs", absent);
    state.operation.clone().ok_or_else(none)
}

impl From<OperationError> for WebError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Refused(detail) => Self::new(StatusCode::CONFLICT, "not_yet", detail),
            OperationError::Source(cause) => Self::internal(&*cause),
        }
    }
}
