//! `/api/ml`: predictions, explanations and the model's facts.

use axum::Extension;
use axum::body::Bytes;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::respond::json;
use crate::domain::{AsOf, ProspectId, Role};
use crate::rankings::RankingsError;
use crate::rankings::view::{ExplanationView, ModelCardView};
use crate::web::edge::Counted;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{
    AsOfParams, Asked, Entitled, Moment, ProspectPath, Question, Shown, fields, moment, parse,
};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

/// Predictions in one batch at most.
const LARGEST_BATCH: usize = 100;

/// Season and role of an explanation.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct ExplanationParams {
    /// Season whose board to use; the newest by default.
    as_of: Option<String>,
    /// `hitter` or `pitcher`, for two-way players; the role shown on the board by default.
    role: Option<String>,
}

/// Which of a player's explanations.
pub(super) struct ExplanationQuestion {
    as_of: Option<AsOf>,
    role: Option<Role>,
}

impl Question for ExplanationQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: ExplanationParams = fields(uri)?;
        Ok(Self {
            role: parse("role", params.role.as_deref())?,
            as_of: moment(params.as_of.as_deref())?,
        })
    }
}

/// The stored prediction with its explanation.
#[utoipa::path(get, path = "/api/ml/predict/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), ExplanationParams), responses(
    (status = 200, description = "The prediction", body = ExplanationView),
    (status = 404, description = "He has no prediction", body = Problem)))]
pub(super) async fn stored(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(asked): Asked<ExplanationQuestion>,
) -> Result<Public, WebError> {
    explained(id, shown, asked).await
}

/// A prediction computed now, with its explanation.
#[utoipa::path(post, path = "/api/ml/predict/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), AsOfParams), responses(
    (status = 200, description = "The prediction", body = ExplanationView),
    (status = 404, description = "He is no prospect in the season", body = Problem)))]
pub(super) async fn fresh(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| json(&catalog.predict(id, as_of)?, Lifetime::Unkept));
    answer.await
}

/// Players to predict.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// Our ids, from 1 to 100 of them.
    #[schema(min_items = 1, max_items = 100)]
    ids: Vec<u32>,
    /// Season or day whose board to use; the newest by default.
    #[serde(default)]
    as_of: Option<String>,
}

/// What came of one player of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BatchEntry {
    /// Our id.
    id: u32,
    /// The prediction with its explanation; absent where there is none.
    prediction: Option<ExplanationView>,
    /// Why there is none.
    error: Option<String>,
}

/// Predictions computed now, each with its explanation, in the order asked for. A batch
/// of n counts as n requests. For the tier premium, where everybody does not have it.
#[utoipa::path(post, path = "/api/ml/batch-predict", tag = "model", request_body = Batch, responses(
    (status = 200, description = "One entry for each id", body = Vec<BatchEntry>),
    (status = 400, description = "No list of 1 to 100 ids, or no such moment", body = Problem),
    (status = 401, description = "Nobody is signed in, and it is not everybody's", body = Problem),
    (status = 403, description = "The tier premium is needed", body = Problem),
    (status = 404, description = "There is no board of then", body = Problem)))]
pub(super) async fn batch(
    _entitled: Entitled,
    shown: Shown,
    counted: Option<Extension<Counted>>,
    body: Bytes,
) -> Result<Response, WebError> {
    let Batch { ids, as_of } = serde_json::from_slice(&body).map_err(|error| bad_batch(&error))?;
    let more = match ids.len() {
        1..=LARGEST_BATCH => ids.len() as u32 - 1,
        0 => return Err(bad_batch(&"`ids` is empty")),
        _ => return Err(bad_batch(&"`ids` has more than 100 of them: ask in parts")),
    };
    if let Some(Extension(counted)) = counted
        && let Err(exceeded) = counted.more(more)
    {
        return Ok(exceeded.into_response());
    }
    let as_of = moment(as_of.as_deref())?;
    let answer = shown.answer(move |catalog| {
        let entry = |id| match catalog.predict(ProspectId(id), as_of) {
            Ok(prediction) => Ok(BatchEntry {
                id,
                prediction: Some(prediction),
                error: None,
            }),
            Err(
                error @ (RankingsError::UnknownProspect(_)
                | RankingsError::NotRanked { .. }
                | RankingsError::NoFeatures),
            ) => Ok(BatchEntry {
                id,
                prediction: None,
                error: Some(error.to_string()),
            }),
            Err(error) => Err(error),
        };
        let entries: Result<Vec<_>, _> = ids.into_iter().map(entry).collect();
        json(&entries?, Lifetime::Unkept)
    });
    Ok(answer.await?.into_response())
}

fn bad_batch(reason: &dyn std::fmt::Display) -> WebError {
    let detail = format!("{reason}; send JSON such as {{\"ids\": [660271, 700001]}}.");
    WebError::bad_request("bad_body", detail)
}

/// The exact explanation of a board's prediction: base plus shares is the
/// log-odds of the shown probability.
#[utoipa::path(get, path = "/api/ml/explanations/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), ExplanationParams), responses(
    (status = 200, description = "The explanation", body = ExplanationView),
    (status = 404, description = "He has no prediction", body = Problem)))]
pub(super) async fn explanation(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    Asked(asked): Asked<ExplanationQuestion>,
) -> Result<Public, WebError> {
    explained(id, shown, asked).await
}

async fn explained(
    id: ProspectId,
    shown: Shown,
    asked: ExplanationQuestion,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let view = catalog.explanation(id, asked.as_of, asked.role)?;
        json(&view, Lifetime::Prediction)
    });
    answer.await
}

/// The facts of the model that made the board.
#[utoipa::path(get, path = "/api/ml/model", tag = "model", responses(
    (status = 200, description = "The model card", body = ModelCardView)))]
pub(super) async fn card(shown: Shown) -> Result<Public, WebError> {
    let answer = shown.answer(|catalog| json(&*catalog.model_card(), Lifetime::Prediction));
    answer.await
}
