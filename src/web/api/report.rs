//! `/api/ml/report-card`: how past predictions turned out.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::respond::json;
use crate::domain::Season;
use crate::rankings::report::{PlayerVerdicts, ReportCard, Section};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Asked, ProspectPath, Question, SeasonPath, Shown, fields, parse};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

/// Season of the report card.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct ReportParams {
    /// One season only; all by default.
    season: Option<String>,
}

/// One season, or all.
pub(super) struct ReportQuestion(Option<Season>);

impl Question for ReportQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: ReportParams = fields(uri)?;
        parse("season", params.season.as_deref()).map(Self)
    }
}

/// How past predictions turned out: pooled and season by season. With `season`,
/// the pooled part is absent.
#[utoipa::path(get, path = "/api/ml/report-card", tag = "model", params(ReportParams), responses(
    (status = 200, description = "The report card", body = ReportCard),
    (status = 404, description = "The season is not on record", body = Problem)))]
pub(super) async fn whole(
    shown: Shown,
    Asked(ReportQuestion(asked)): Asked<ReportQuestion>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let card = catalog.report_card();
        let Some(season) = asked else {
            return json(&*card, Lifetime::Prediction);
        };
        let one = ReportCard {
            simulated: card.simulated,
            seasons: vec![catalog.report_of(season)?],
            ..ReportCard::default()
        };
        json(&one, Lifetime::Prediction)
    });
    answer.await
}

/// How one season's predictions turned out.
#[utoipa::path(get, path = "/api/ml/report-card/{season}", tag = "model",
    params(("season" = u16, Path, description = "Season at whose end they were made")), responses(
    (status = 200, description = "The season", body = Section),
    (status = 404, description = "The season is not on record", body = Problem)))]
pub(super) async fn season(
    SeasonPath(season): SeasonPath,
    shown: Shown,
) -> Result<Public, WebError> {
    let answer =
        shown.answer(move |catalog| json(&catalog.report_of(season)?, Lifetime::Prediction));
    answer.await
}

/// What would have been said of a player at the end of each past season, and what
/// happened.
#[utoipa::path(get, path = "/api/prospects/{id}/verdicts", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player")), responses(
    (status = 200, description = "Season by season", body = PlayerVerdicts),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn player(
    ProspectPath(id): ProspectPath,
    shown: Shown,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| json(&catalog.verdicts(id)?, Lifetime::Profile));
    answer.await
}
