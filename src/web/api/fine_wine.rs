//! `/api/fine-wine`: late bloomers and what became of earlier ones.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::domain::{AsOf, Role};
use crate::rankings::view::FineWineView;
use crate::web::experiment::Shown;
use crate::web::lifetime::Lifetime;
use crate::web::error::{Problem, WebError};
use crate::web::extract::params::{Params, as_of, parse};

/// Season and role of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FineWineParams {
    /// Season whose board to use; the newest by default.
    pub as_of: Option<String>,
    /// `hitter` or `pitcher`; both by default.
    pub role: Option<String>,
}

impl FineWineParams {
    /// Season and role; the error names the parameter that is wrong.
    pub fn read(&self) -> Result<(Option<AsOf>, Option<Role>), WebError> {
        Ok((
            as_of(self.as_of.as_deref())?,
            parse("role", self.role.as_deref())?,
        ))
    }
}

/// Late bloomers of a season, the most probable first, and what became of
/// those of seasons whose windows have closed.
#[utoipa::path(get, path = "/api/fine-wine", tag = "prospects", params(FineWineParams), responses(
    (status = 200, description = "The late bloomers", body = FineWineView),
    (status = 400, description = "A parameter is wrong", body = Problem),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn show(
    Shown(catalog): Shown,
    Params(params): Params<FineWineParams>,
) -> Result<Response, WebError> {
    let (season, role) = params.read()?;
    json(&catalog.fine_wine(season, role)?, Lifetime::Rankings)
}
