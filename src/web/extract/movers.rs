//! The question what happened between two days.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::params::{Question, bad, fields, parse};
use crate::rankings::{MOVES, MoversQuery};
use crate::web::error::WebError;

/// Moves asked for at most.
const MOST: usize = 1000;

/// Which days to compare.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct MoversParams {
    /// The earlier day, `2026-07-02`; the kept day before the later one by default.
    from: Option<String>,
    /// The later day; the newest kept one by default.
    to: Option<String>,
    /// One kind only: `debut`, `promotion`, `arrival`, `rise`, `fall`, `demotion`,
    /// `departure` or `transaction`.
    kind: Option<String>,
    /// At most so many, 1 to 1000; 100 by default.
    limit: Option<String>,
}

impl Question for MoversQuery {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: MoversParams = fields(uri)?;
        let limit = parse::<usize>("limit", params.limit.as_deref())?;
        if limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            return Err(bad("limit", format!("expected 1 to {MOST}")));
        }
        Ok(Self {
            from: parse("from", params.from.as_deref())?,
            to: parse("to", params.to.as_deref())?,
            kind: kind(params.kind.as_deref())?,
            limit,
        })
    }
}

fn kind(text: Option<&str>) -> Result<Option<&'static str>, WebError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let known = MOVES.into_iter().find(|known| *known == text);
    let unknown = || bad("kind", format!("expected one of {}", MOVES.join(", ")));
    known.map(Some).ok_or_else(unknown)
}
