//! `/api/ml`: predictions, explanations and the model's facts.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::respond::json;
use crate::domain::{AsOf, ProspectId, Role};
use crate::rankings::view::{ExplanationView, ModelCardView};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{
    AsOfParams, Asked, Moment, ProspectPath, Question, Shown, fields, moment, parse,
};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

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
