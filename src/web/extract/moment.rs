//! `as_of`: the season or day that is asked about.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::params::{Question, fields, parse};
use crate::domain::AsOf;
use crate::web::error::WebError;

/// The parameter, for resources that take no other.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct AsOfParams {
    /// Season whose board to use; the newest by default.
    as_of: Option<String>,
}

/// What it says; `None` asks for the newest board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct Moment(pub(in crate::web) Option<AsOf>);

impl Question for Moment {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: AsOfParams = fields(uri)?;
        moment(params.as_of.as_deref()).map(Self)
    }
}

/// Reads the parameter of a question that has others, too.
pub(in crate::web) fn moment(text: Option<&str>) -> Result<Option<AsOf>, WebError> {
    parse("as_of", text)
}
