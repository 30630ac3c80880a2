//! The question to the search.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::format::{Format, format};
use super::params::{Question, bad, fields, limit};
use crate::web::error::WebError;

/// Most search results.
const MOST: usize = 50;
/// Longest text searched for, in bytes.
const LONGEST: usize = 200;

/// What to search for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct SearchParams {
    /// A name, or what one remembers of it.
    q: Option<String>,
    /// Most results, 1 to 50; 20 by default.
    limit: Option<String>,
    /// `json` or `csv`.
    format: Option<String>,
}

/// Whom to search for, and how to send what is found.
#[derive(Clone, Debug)]
pub(in crate::web) struct SearchQuestion {
    text: String,
    pub(in crate::web) limit: Option<usize>,
    pub(in crate::web) format: Format,
}

impl Question for SearchQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: SearchParams = fields(uri)?;
        Ok(Self {
            format: format(params.format.as_deref())?,
            limit: limit(params.limit.as_deref(), MOST)?,
            text: params.q.unwrap_or_default().trim().to_owned(),
        })
    }
}

impl SearchQuestion {
    /// The text, which a program must give.
    pub(in crate::web) fn required(self) -> Result<String, WebError> {
        match self.text.len() {
            1..=LONGEST => Ok(self.text),
            _ => Err(bad("q", "give a name of 1 to 200 bytes to search for")),
        }
    }

    /// As much of the text as the search box takes; may be empty.
    pub(in crate::web) fn in_box(&self, most: usize) -> String {
        self.text.chars().take(most).collect()
    }
}
