//! `format`: what a list is sent as.

use super::params::bad;
use crate::web::error::WebError;

/// What a list is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Format {
    Json,
    Csv,
}

/// Reads the parameter.
pub(in crate::web) fn format(text: Option<&str>) -> Result<Format, WebError> {
    match text {
        None | Some("" | "json") => Ok(Format::Json),
        Some("csv") => Ok(Format::Csv),
        Some(other) => Err(bad(
            "format",
            format!("unknown format `{other}`: expected json or csv"),
        )),
    }
}
