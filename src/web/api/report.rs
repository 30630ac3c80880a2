//! `/api/ml/report-card`: how past predictions turned out.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::domain::Season;
use crate::rankings::report::{PlayerVerdicts, ReportCard, Section};
use crate::web::experiment::Shown;
use crate::web::lifetime::Lifetime;
use crate::web::error::{Problem, WebError};
use crate::web::extract::params::{Params, ProspectPath, parse};

/// Season of the report card.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportParams {
    /// One season only; all by default.
    pub season: Option<String>,
}

/// How past predictions turned out: pooled and season by season. With `season`,
/// the pooled part is absent.
#[utoipa::path(get, path = "/api/ml/report-card", tag = "model", params(ReportParams), responses(
    (status = 200, description = "The report card", body = ReportCard),
    (status = 404, description = "The season is not on record", body = Problem)))]
pub(super) async fn whole(
    Shown(catalog): Shown,
    Params(params): Params<ReportParams>,
) -> Result<Response, WebError> {
    let card = catalog.report_card();
    let Some(season) = parse::<Season>("season", params.season.as_deref())? else {
        return json(&*card, Lifetime::Prediction);
    };
    let one = ReportCard {
        simulated: card.simulated,
        seasons: vec![catalog.report_of(season)?],
        ..ReportCard::default()
    };
    json(&one, Lifetime::Prediction)
}

/// How one season's predictions turned out.
#[utoipa::path(get, path = "/api/ml/report-card/{season}", tag = "model",
    params(("season" = u16, Path, description = "Season at whose end they were made")), responses(
    (status = 200, description = "The season", body = Section),
    (status = 404, description = "The season is not on record", body = Problem)))]
pub(super) async fn season(path: SeasonPath, Shown(catalog): Shown) -> Result<Response, WebError> {
    json(&catalog.report_of(season_of(path)?)?, Lifetime::Prediction)
}

/// `{season}` in a path.
pub(in crate::web) type SeasonPath = Path<String>;

/// The season a path names.
pub(in crate::web) fn season_of(Path(text): SeasonPath) -> Result<Season, WebError> {
    text.parse()
        .map_err(|reason: String| WebError::new(StatusCode::NOT_FOUND, "bad_season", reason))
}

/// What would have been said of a player at the end of each past season, and what
/// happened.
#[utoipa::path(get, path = "/api/prospects/{id}/verdicts", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player")), responses(
    (status = 200, description = "Season by season", body = PlayerVerdicts),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn player(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
) -> Result<Response, WebError> {
    json(&catalog.verdicts(id)?, Lifetime::Profile)
}
