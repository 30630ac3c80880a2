//! `/api/reviews`, for the operator.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use utoipa::ToSchema;

use crate::domain::{Decision, ProspectId};
use crate::ingest::lists::reviews::ReviewView;
use crate::web::error::{Problem, WebError};
use crate::web::operator::Operator;
use crate::web::reviews::decide;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// People of published lists who wait for a decision.
#[derive(serde::Serialize, ToSchema)]
pub(super) struct Reviews {
    /// By publisher and name.
    reviews: Vec<ReviewView>,
}

/// Who it is.
#[derive(serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// Id of the player; left out or null when it is nobody we know.
    player: Option<u32>,
}

/// People of published lists who could not be told for certain. Needs the
/// operator's token.
#[utoipa::path(get, path = "/api/reviews", tag = "operation", responses(
    (status = 200, description = "Who waits for a decision", body = Reviews),
    (status = 403, description = "No token is set, or another one", body = Problem)))]
pub(super) async fn list(
    _: Operator,
    State(state): State<AppState>,
) -> Result<Private<Json<Reviews>>, WebError> {
    let reviews = state.reviews()?.ask(|reviews| reviews.waiting()).await??;
    Ok(Private(Json(Reviews { reviews })))
}

/// Says who it is, or with `{"player": null}` that it is nobody we know; the
/// answer holds for later lists of the publisher. Needs the operator's token.
#[utoipa::path(post, path = "/api/reviews/{key}", tag = "operation", request_body = Answer,
    params(("key" = String, Path, description = "Key of the review")), responses(
    (status = 200, description = "As decided", body = ReviewView),
    (status = 400, description = "The body is not an answer", body = Problem),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 404, description = "Nobody waits under that key", body = Problem),
    (status = 409, description = "There is no such player", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn answer(
    by: Operator,
    State(state): State<AppState>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Private<Json<ReviewView>>, WebError> {
    let answer: Answer = serde_json::from_slice(&body).map_err(|error| {
        let detail = format!("Send {{\"player\": 123456}}, or {{\"player\": null}}: {error}");
        WebError::bad_request("bad_body", detail)
    })?;
    let decision = answer
        .player
        .map_or(Decision::Dismissed, |id| Decision::Matched(ProspectId(id)));
    let review = decide(&state.reviews()?, by, key, decision).await?;
    Ok(Private(Json(review)))
}
