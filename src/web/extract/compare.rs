//! The question whom to compare.

use axum::http::Uri;
use utoipa::IntoParams;

use super::format::{Format, format};
use super::moment::moment;
use super::params::{Question, bad};
use crate::domain::{AsOf, ProspectId};
use crate::web::error::WebError;

/// Whom to compare.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Comparison` reads")]
pub(in crate::web) struct CompareParams {
    /// Two to five ids, separated by commas.
    ids: Option<String>,
    /// Season whose board to use; the newest by default.
    as_of: Option<String>,
    /// `json` or `csv`.
    format: Option<String>,
}

/// Whom to compare, when, and how to send it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Comparison {
    pub(in crate::web) ids: Vec<ProspectId>,
    pub(in crate::web) as_of: Option<AsOf>,
    pub(in crate::web) format: Format,
}

impl Question for Comparison {
    /// Ids are given as `ids=1,2` or, as the boxes of a form send them, `ids=1&ids=2`.
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let mut asked = Self {
            ids: Vec::new(),
            as_of: None,
            format: Format::Json,
        };
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "ids" => asked.add(&value)?,
                "as_of" => asked.as_of = moment(Some(&value))?,
                "format" => asked.format = format(Some(&value))?,
                other => {
                    let known = "a comparison takes `ids`, `as_of` and `format` only";
                    return Err(bad(other, known));
                }
            }
        }
        Ok(asked)
    }
}

impl Comparison {
    fn add(&mut self, list: &str) -> Result<(), WebError> {
        let named = list.split(',').map(str::trim).filter(|id| !id.is_empty());
        for id in named {
            self.ids
                .push(id.parse().map_err(|error| bad("ids", error))?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::Comparison;
    use crate::domain::{AsOf, ProspectId, Season};
    use crate::web::extract::params::Question;

    fn read(query: &str) -> Option<Comparison> {
        let uri: Uri = format!("/compare?{query}").parse().expect("an address");
        Comparison::read(&uri).ok()
    }

    #[test]
    fn ids_come_in_a_list_or_one_by_one() {
        let both = [ProspectId(1), ProspectId(2)];
        for query in [
            "ids=1,2",
            "ids=1%2C2",
            "ids=1%2c+2",
            "ids=1&ids=2",
            "ids=1,&ids=,2&as_of=",
        ] {
            assert_eq!(read(query).expect("a question").ids, both, "{query}");
        }
        let dated = read("ids=1,2&as_of=2020").expect("a question");
        assert_eq!(dated.as_of, Some(AsOf::Season(Season(2020))));
        assert!(read("ids=1,x").is_none() && read("who=1").is_none());
    }
}
