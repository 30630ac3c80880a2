//! `/api/ml/models`: versions, comparison, decisions; `/api/ml/drift`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::respond::json;
use crate::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, ModelView, ModelsError, ModelsView,
};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Asked, Question, fields};
use crate::web::lifetime::Lifetime;
use crate::web::operator::Operator;
use crate::web::state::AppState;
use crate::web::whose::{Private, Public};

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

impl Question for Pair {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        fields(uri)
    }
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
pub(super) async fn list(State(state): State<AppState>) -> Result<Public, WebError> {
    let models = state.models()?.ask(|registry| registry.models());
    json(&models.await??, Lifetime::Unkept)
}

/// One version.
#[utoipa::path(get, path = "/api/ml/models/{id}", tag = "model",
    params(("id" = String, Path, description = "Id of the model")), responses(
    (status = 200, description = "The model", body = ModelView),
    (status = 404, description = "There is no such model", body = Problem)))]
pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Public, WebError> {
    let all = state.models()?.ask(|registry| registry.models()).await??;
    let found = all.models.into_iter().find(|model| model.model == id);
    json(&found.ok_or(ModelsError::Unknown(id))?, Lifetime::Unkept)
}

/// Two versions on the same closed seasons.
#[utoipa::path(get, path = "/api/ml/models/compare", tag = "model", params(Pair), responses(
    (status = 200, description = "Figures side by side", body = ModelComparison),
    (status = 404, description = "There is no such model", body = Problem)))]
pub(super) async fn compare(
    State(state): State<AppState>,
    Asked(pair): Asked<Pair>,
) -> Result<Public, WebError> {
    let compared = state
        .models()?
        .ask(move |registry| registry.compare(&pair.a, &pair.b));
    json(&compared.await??, Lifetime::Unkept)
}

/// Drift of the newest predicted season.
#[utoipa::path(get, path = "/api/ml/drift", tag = "model", responses(
    (status = 200, description = "The report", body = DriftView),
    (status = 404, description = "Nothing has been predicted yet", body = Problem)))]
pub(super) async fn drift(State(state): State<AppState>) -> Result<Public, WebError> {
    let report = state.models()?.ask(|registry| registry.drift()).await??;
    let absent = "No season has been predicted since drift is measured: run `afwd predict`.";
    let absent = || WebError::new(StatusCode::NOT_FOUND, "no_drift_report", absent);
    json(&report.ok_or_else(absent)?, Lifetime::Unkept)
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
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    body: Bytes,
) -> Decided {
    change_with_why(&state, by, &body, ModelChange::Promote(id)).await
}

/// Goes back to the champion before. Needs the operator's token.
#[utoipa::path(post, path = "/api/ml/models/rollback", tag = "model",
    request_body = Option<Why>, responses(
    (status = 202, description = "Rolled back; boards follow", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "There is no earlier champion", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn rollback(by: Operator, State(state): State<AppState>, body: Bytes) -> Decided {
    change_with_why(&state, by, &body, ModelChange::Rollback).await
}

/// Shows the champion to every viewer again. Needs the operator's token.
#[utoipa::path(post, path = "/api/ml/models/end-challenge", tag = "model",
    request_body = Option<Why>, responses(
    (status = 202, description = "Ended", body = DecisionView),
    (status = 403, description = "No token is set, or another one", body = Problem),
    (status = 409, description = "No challenge is under way", body = Problem),
    (status = 507, description = "The disk is full; nothing was changed", body = Problem)))]
pub(super) async fn end_challenge(
    by: Operator,
    State(state): State<AppState>,
    body: Bytes,
) -> Decided {
    change_with_why(&state, by, &body, ModelChange::EndChallenge).await
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
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    body: Bytes,
) -> Decided {
    let share: Share = serde_json::from_slice(&body).map_err(|e| bad_body(&e))?;
    let challenge = ModelChange::Challenge(id, share.share);
    change(&state, by, challenge, share.why).await
}

/// A decision that was made; the boards follow.
type Decided = Result<Private<(StatusCode, Json<DecisionView>)>, WebError>;

async fn change_with_why(
    state: &AppState,
    by: Operator,
    body: &[u8],
    wanted: ModelChange,
) -> Decided {
    let reason = match body.trim_ascii() {
        [] => Why::default(),
        body => serde_json::from_slice(body).map_err(|e| bad_body(&e))?,
    };
    change(state, by, wanted, reason.why).await
}

fn bad_body(error: &serde_json::Error) -> WebError {
    let detail = format!(
        "Send {{\"why\": \"a reason\"}}, and for a challenge also {{\"share\": 0.1}}: {error}"
    );
    WebError::bad_request("bad_body", detail)
}

async fn change(state: &AppState, by: Operator, change: ModelChange, why: String) -> Decided {
    if why.chars().count() > LONGEST_WHY {
        let detail = format!("`why` has at most {LONGEST_WHY} characters.");
        return Err(WebError::bad_request("bad_body", detail));
    }
    let registry = state.models()?;
    let decision = registry.ask(move |registry| registry.change(&by, &change, &why));
    let decision = decision.await??;
    // The boards take seconds: the answer does not wait for them.
    registry.begin(|registry| {
        if let Err(error) = registry.follow() {
            tracing::error!(?error, "the boards were not made again");
        }
    });
    Ok(Private((StatusCode::ACCEPTED, Json(decision))))
}
