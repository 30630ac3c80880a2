//! `/api/jobs`, for the operator.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::off_thread;
use crate::web::error::{Problem, WebError};
use crate::web::jobs::{JobView, Jobs as Queue};
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
    let queue = queue(&state)?;
    let jobs = off_thread(move || queue.jobs(LISTED)).await??;
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
    let queue = queue(&state)?;
    let job = off_thread(move || queue.refresh()).await??;
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
    let queue = queue(&state)?;
    let absent = || {
        let detail = format!("There is no job {id} that is not over.");
        WebError::new(StatusCode::NOT_FOUND, "unknown_job", detail)
    };
    let job = off_thread(move || queue.cancel(id))
        .await??
        .ok_or_else(absent)?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// The running queue.
pub(in crate::web) fn queue(state: &AppState) -> Result<Arc<dyn Queue>, WebError> {
    state.jobs.clone().ok_or_else(no_jobs)
}

/// What a server answers that has neither jobs nor sources.
pub(super) fn no_jobs() -> WebError {
    let absent = "This server shows boards only and runs no jobs.";
    WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_jobs", absent)
}
