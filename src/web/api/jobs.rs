//! `/api/jobs`, for the operator.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use crate::web::error::{Problem, WebError};
use crate::web::jobs::{JobView, LISTED};
use crate::web::operator::Operator;
use crate::web::state::AppState;
use crate::web::whose::Private;

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
) -> Result<Private<Json<Jobs>>, WebError> {
    let jobs = state.jobs()?.ask(|queue| queue.jobs(LISTED)).await??;
    Ok(Private(Json(Jobs { jobs })))
}

/// Runs the daily chain now. Needs the operator's token.
#[utoipa::path(post, path = "/api/jobs/refresh", tag = "operation", responses(
    (status = 202, description = "The job that does it", body = JobView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "Something must be done first", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn refresh(by: Operator, State(state): State<AppState>) -> Accepted {
    let job = state.jobs()?.ask(move |queue| queue.refresh(&by)).await??;
    Ok(Private((StatusCode::ACCEPTED, Json(job))))
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
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<u64>,
) -> Accepted {
    let absent = || {
        let detail = format!("There is no job {id} that is not over.");
        WebError::new(StatusCode::NOT_FOUND, "unknown_job", detail)
    };
    let job = state.jobs()?.ask(move |queue| queue.cancel(&by, id));
    let job = job.await??.ok_or_else(absent)?;
    Ok(Private((StatusCode::ACCEPTED, Json(job))))
}

/// A job that was changed.
type Accepted = Result<Private<(StatusCode, Json<JobView>)>, WebError>;
