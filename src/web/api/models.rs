//! `/api/ml/models`: versions, comparison, decisions; `/api/ml/drift`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::off_thread;
use crate::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, ModelView, Models, ModelsError,
    ModelsView,
};
use crate::web::error::{Problem, WebError};
use crate::web::operator::Operator;
use crate::web::extract::params::Params;
use crate::web::state::AppState;

/// Two models.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Pair {
    /// Id of the first.
    a: String,
    /// Id of the second.
    b: String,
}

/// How many viewers see the challenger.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Share {
    /// Above 0 and at most 1.
    share: f64,
    /// The reason, for the log of decisions.
    #[serde(default)]
    #[schema(max_length = 500)]
    why: String,
}

/// Why a change is made. The body may be left out.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// The reason, for the log of decisions.
    #[serde(default)]
    #[schema(max_length = 500)]
    why: String,
}

/// Longest reason, in characters.
const LONGEST_WHY: usize = 500;

/// Every version, champion and challenger, and the log of decisions.
#[utoipa::path(get, path = "/api/ml/models", tag = "model", responses(
    (status = 200, description = "The registry", body = ModelsView)))]
pub(super) async fn list(State(state): State<AppState>) -> Result<Json<ModelsView>, WebError> {
    let models = registry(&state)?;
    Ok(Json(off_thread(move || models.models()).await??))
}

/// One version.
#[utoipa::path(get, path = "/api/ml/models/{id}", tag = "model",
    params(("id" = String, Path, description = "Id of the model")), responses(
    (status = 200, description = "The model", body = ModelView),
    (status = 404, description = "There is no such model", body = Problem)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<ModelView>, WebError> {
    let models = registry(&state)?;
    let all = off_thread(move || models.models()).await??.models;
    let found = all.into_iter().find(|model| model.model == id);
    found
        .map(Json)
        .ok_or_else(|| ModelsError::Unknown(id).into())
}

/// Two versions on the same closed seasons.
#[utoipa::path(get, path = "/api/ml/models/compare", tag = "model", params(Pair), responses(
    (status = 200, description = "Figures side by side", body = ModelComparison),
    (status = 404, description = "There is no such model", body = Problem)))]
pub(super) async fn compare(
    State(state): State<AppState>,
    Params(pair): Params<Pair>,
) -> Result<Json<ModelComparison>, WebError> {
    let models = registry(&state)?;
    Ok(Json(
        off_thread(move || models.compare(&pair.a, &pair.b)).await??,
    ))
}

/// Drift of the newest predicted season.
#[utoipa::path(get, path = "/api/ml/drift", tag = "model", responses(
    (status = 200, description = "The report", body = DriftView),
    (status = 404, description = "Nothing has been predicted yet", body = Problem)))]
pub(super) async fn drift(State(state): State<AppState>) -> Result<Json<DriftView>, WebError> {
    let models = registry(&state)?;
    let report = off_thread(move || models.drift()).await??;
    let absent = "No season has been predicted since drift is measured: run `afwd predict`.";
    report
        .map(Json)
        .ok_or_else(|| WebError::new(StatusCode::NOT_FOUND, "no_drift_report", absent))
}

/// Makes a model champion. Needs `Authorization: Bearer` with the operator's token.
#[utoipa::path(post, path = "/api/ml/models/{id}/promote", tag = "model",
    request_body = Option<Why>,
    params(("id" = String, Path, description = "Id of the model")), responses(
    (status = 202, description = "Promoted; boards follow", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 404, description = "There is no such model", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn promote(
    _: Operator,
    state: State<AppState>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    change_with_why(state, &body, ModelChange::Promote(id)).await
}

/// Goes back to the champion before. Needs the operator's token.
#[utoipa::path(post, path = "/api/ml/models/rollback", tag = "model",
    request_body = Option<Why>, responses(
    (status = 202, description = "Rolled back; boards follow", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "There is no earlier champion", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn rollback(
    _: Operator,
    state: State<AppState>,
    body: Bytes,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    change_with_why(state, &body, ModelChange::Rollback).await
}

/// Shows the champion to every viewer again. Needs the operator's token.
#[utoipa::path(post, path = "/api/ml/models/end-challenge", tag = "model",
    request_body = Option<Why>, responses(
    (status = 202, description = "Ended", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "No challenge is under way", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn end_challenge(
    _: Operator,
    state: State<AppState>,
    body: Bytes,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    change_with_why(state, &body, ModelChange::EndChallenge).await
}

/// Shows a model to a share of viewers. Needs the operator's token.
///
/// While a challenge runs, every answer that a model's boards show in names its
/// arm in the header `AFWD-Model-Arm`: `champion` or `challenger`. The query
/// parameter `arm` asks for one by name.
#[utoipa::path(post, path = "/api/ml/models/{id}/challenge", tag = "model", request_body = Share,
    params(("id" = String, Path, description = "Id of the model")), responses(
    (status = 202, description = "Begun; boards follow", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "It can't challenge", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn challenge(
    _: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    let share: Share = serde_json::from_slice(&body).map_err(|e| bad_body(&e))?;
    let challenge = ModelChange::Challenge(id, share.share);
    change(&state, challenge, share.why).await
}

async fn change_with_why(
    State(state): State<AppState>,
    body: &[u8],
    wanted: ModelChange,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    let reason = match body.trim_ascii() {
        [] => Why::default(),
        body => serde_json::from_slice(body).map_err(|e| bad_body(&e))?,
    };
    change(&state, wanted, reason.why).await
}

fn bad_body(error: &serde_json::Error) -> WebError {
    let detail = format!(
        "Send {{\"why\": \"a reason\"}}, and for a challenge also {{\"share\": 0.1}}: {error}"
    );
    WebError::bad_request("bad_body", detail)
}

/// Makes an authorized change.
async fn change(
    state: &AppState,
    change: ModelChange,
    why: String,
) -> Result<(StatusCode, Json<DecisionView>), WebError> {
    if why.chars().count() > LONGEST_WHY {
        let detail = format!("`why` has at most {LONGEST_WHY} characters.");
        return Err(WebError::bad_request("bad_body", detail));
    }
    let models = registry(state)?;
    let decision = {
        let models = Arc::clone(&models);
        off_thread(move || models.change(&change, &why)).await??
    };
    // The boards take seconds: the answer does not wait for them.
    tokio::task::spawn_blocking(move || {
        if let Err(error) = models.follow() {
            tracing::error!(?error, "the boards were not made again");
        }
    });
    Ok((StatusCode::ACCEPTED, Json(decision)))
}

fn registry(state: &AppState) -> Result<Arc<dyn Models>, WebError> {
    let absent = "This server shows boards only and keeps no models.";
    let none = || WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_registry", absent);
    state.models.clone().ok_or_else(none)
}

impl From<ModelsError> for WebError {
    fn from(error: ModelsError) -> Self {
        match error {
            ModelsError::Unknown(id) => {
                let detail = format!("There is no model {id}; GET /api/ml/models lists them.");
                Self::new(StatusCode::NOT_FOUND, "unknown_model", detail)
            }
            ModelsError::Refused(detail) => {
                Self::new(StatusCode::CONFLICT, "change_refused", detail)
            }
            ModelsError::Source(cause) => Self::internal(&*cause),
        }
    }
}
