//! The question who the late bloomers are.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::moment::moment;
use super::params::{Question, fields, parse};
use crate::domain::{AsOf, Role};
use crate::web::error::WebError;

/// Season and role of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct FineWineParams {
    /// Season whose board to use; the newest by default.
    as_of: Option<String>,
    /// `hitter` or `pitcher`; both by default.
    role: Option<String>,
}

/// Late bloomers when, and of which role.
#[derive(Clone, Copy, Debug)]
pub(in crate::web) struct FineWineQuestion {
    pub(in crate::web) as_of: Option<AsOf>,
    pub(in crate::web) role: Option<Role>,
}

impl Question for FineWineQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: FineWineParams = fields(uri)?;
        Ok(Self {
            as_of: moment(params.as_of.as_deref())?,
            role: parse("role", params.role.as_deref())?,
        })
    }
}
