//! `/api/ml`: predictions, explanations and the model's facts.

use axum::Json;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use super::prospects::AsOf;
use crate::rankings::view::{ExplanationView, ModelCardView};
use crate::web::experiment::Shown;
use crate::web::lifetime::Lifetime;
use crate::web::error::{Problem, WebError};
use crate::web::extract::params::{Params, ProspectPath, as_of, parse};

/// Season and role of an explanation.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct ExplanationParams {
    /// Season whose board to use; the newest by default.
    pub as_of: Option<String>,
    /// `hitter` or `pitcher`, for two-way players; the role shown on the board by default.
    pub role: Option<String>,
}

/// The stored prediction with its explanation.
#[utoipa::path(get, path = "/api/ml/predict/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), ExplanationParams), responses(
    (status = 200, description = "The prediction", body = ExplanationView),
    (status = 404, description = "He has no prediction", body = Problem)))]
pub(super) async fn stored(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    Params(params): Params<ExplanationParams>,
) -> Result<Response, WebError> {
    let role = parse("role", params.role.as_deref())?;
    let view = catalog.explanation(id, as_of(params.as_of.as_deref())?, role)?;
    json(&view, Lifetime::Prediction)
}

/// A prediction computed now, with its explanation.
#[utoipa::path(post, path = "/api/ml/predict/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), AsOf), responses(
    (status = 200, description = "The prediction", body = ExplanationView),
    (status = 404, description = "He is no prospect in the season", body = Problem)))]
pub(super) async fn fresh(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
    Params(params): Params<AsOf>,
) -> Result<Json<ExplanationView>, WebError> {
    let season = as_of(params.as_of.as_deref())?;
    Ok(Json(catalog.predict(id, season)?))
}

/// The exact explanation of a board's prediction: base plus shares is the
/// log-odds of the shown probability.
#[utoipa::path(get, path = "/api/ml/explanations/{id}", tag = "model",
    params(("id" = u32, Path, description = "Our id of the player"), ExplanationParams), responses(
    (status = 200, description = "The explanation", body = ExplanationView),
    (status = 404, description = "He has no prediction", body = Problem)))]
pub(super) async fn explanation(
    id: ProspectPath,
    catalog: Shown,
    params: Params<ExplanationParams>,
) -> Result<Response, WebError> {
    stored(id, catalog, params).await
}

/// The facts of the model that made the board.
#[utoipa::path(get, path = "/api/ml/model", tag = "model", responses(
    (status = 200, description = "The model card", body = ModelCardView)))]
pub(super) async fn card(Shown(catalog): Shown) -> Result<Response, WebError> {
    json(&*catalog.model_card(), Lifetime::Prediction)
}
