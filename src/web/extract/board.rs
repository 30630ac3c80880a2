//! The question to a board: filters, order, page and form, read in one place.

use axum::http::Uri;
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use super::format::{Format, format};
use super::moment::moment;
use super::params::{Question, bad, fields, limit, parse};
use crate::domain::{AsOf, Code, Franchise};
use crate::rankings::{ALL_ROWS, BoardQuery, MAX_LIMIT, RankingsError};
use crate::web::error::WebError;
use crate::web::links::Query;

/// Parameters that narrow the board.
pub(in crate::web) const FILTERS: [&str; 10] = [
    "role",
    "position",
    "level",
    "league",
    "organisation",
    "confidence",
    "age_min",
    "age_max",
    "min_playing_time",
    "q",
];

/// Filters, order and page of a board.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct BoardParams {
    /// Season whose board to show; the newest by default.
    as_of: Option<String>,
    /// `hitter` or `pitcher`.
    role: Option<String>,
    /// Position, such as `SS`.
    position: Option<String>,
    /// Level: `Rk`, `A-`, `A`, `A+`, `AA` or `AAA`.
    #[serde(deserialize_with = "level")]
    level: Option<String>,
    /// League code.
    league: Option<String>,
    /// Organisation by any of its codes, its city or its nickname.
    organisation: Option<String>,
    /// `high`, `medium` or `low`.
    confidence: Option<String>,
    /// Youngest age, in years.
    age_min: Option<String>,
    /// Oldest age, in years.
    age_max: Option<String>,
    /// Fewest plate appearances or batters faced.
    min_playing_time: Option<String>,
    /// Part of a name.
    q: Option<String>,
    /// `rank`, `probability`, `age`, `level`, `playing_time` or `name`.
    sort: Option<String>,
    /// `asc` or `desc`; each sort has its usual one.
    order: Option<String>,
    /// Rows of a page, 1 to 1000; 50 by default. As CSV any number, all of them by default.
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// `json` or `csv`.
    format: Option<String>,
}

/// What is asked of which board, and how it is to be sent.
#[derive(Clone, Debug)]
pub(in crate::web) struct BoardQuestion {
    pub(in crate::web) as_of: Option<AsOf>,
    pub(in crate::web) query: BoardQuery,
    pub(in crate::web) format: Format,
    /// The parameters as given, for links to the same list.
    pub(in crate::web) given: Query,
}

impl Question for BoardQuestion {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        let params: BoardParams = fields(uri)?;
        let format = format(params.format.as_deref())?;
        Ok(Self {
            format,
            as_of: moment(params.as_of.as_deref())?,
            query: params.query(format)?,
            given: params.given(),
        })
    }
}

impl BoardParams {
    fn query(&self, format: Format) -> Result<BoardQuery, WebError> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let age_min = age("age_min", &self.age_min)?;
        let age_max = age("age_max", &self.age_max)?;
        if let (Some(least), Some(most)) = (age_min, age_max)
            && least > most
        {
            return Err(bad("age_min", "is above `age_max`"));
        }
        Ok(BoardQuery {
            role: parse("role", self.role.as_deref())?,
            position: parse("position", self.position.as_deref())?,
            level: parse("level", self.level.as_deref())?,
            league: code("league", &self.league)?,
            organisation: organisation(&self.organisation)?,
            confidence: parse("confidence", self.confidence.as_deref())?,
            age_min,
            age_max,
            min_playing_time: parse("min_playing_time", self.min_playing_time.as_deref())?,
            name: some(&self.q),
            among: None,
            sort: parse("sort", self.sort.as_deref())?.unwrap_or_default(),
            order: parse("order", self.order.as_deref())?,
            limit: self.rows(format)?,
            cursor: some(&self.cursor),
        })
    }

    /// Rows of the page: a file that is saved holds all of them unless told otherwise.
    fn rows(&self, format: Format) -> Result<usize, WebError> {
        let (most, usual) = match format {
            Format::Json => (MAX_LIMIT, 0),
            Format::Csv => (ALL_ROWS, ALL_ROWS),
        };
        Ok(limit(self.limit.as_deref(), most)?.unwrap_or(usual))
    }

    /// Everything but `format`, which each link chooses itself.
    fn given(self) -> Query {
        Query::new([
            ("as_of", self.as_of),
            ("q", self.q),
            ("role", self.role),
            ("position", self.position),
            ("level", self.level),
            ("league", self.league),
            ("organisation", self.organisation),
            ("confidence", self.confidence),
            ("age_min", self.age_min),
            ("age_max", self.age_max),
            ("min_playing_time", self.min_playing_time),
            ("sort", self.sort),
            ("order", self.order),
            ("limit", self.limit),
            ("cursor", self.cursor),
        ])
    }
}

/// A level whose plus sign somebody wrote as it is: in a query that is a blank.
fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let level = Option::<String>::deserialize(deserializer)?;
    Ok(level.map(|level| match level.as_str() {
        "A " => "A+".to_owned(),
        _ => level,
    }))
}

fn age(name: &str, text: &Option<String>) -> Result<Option<f32>, WebError> {
    let age: Option<f32> = parse(name, text.as_deref())?;
    match age {
        Some(age) if !(0.0..=100.0).contains(&age) => Err(bad(name, "an age is 0 to 100 years")),
        age => Ok(age),
    }
}

/// An organisation by any of its codes, its city or its nickname.
fn organisation(text: &Option<String>) -> Result<Option<Code>, WebError> {
    let Some(text) = text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    // A code may be of a league of its own: the board knows.
    Code::new(text)
        .or_else(|| Franchise::named(text).map(Franchise::code))
        .map(Some)
        .ok_or_else(|| RankingsError::unknown_organisation(text).into())
}

fn code(name: &str, text: &Option<String>) -> Result<Option<Code>, WebError> {
    let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let code = Code::new(text).ok_or_else(|| bad(name, "a code has at most 8 bytes"));
    code.map(Some)
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;
    use utoipa::IntoParams;
    use utoipa::openapi::path::ParameterIn;

    use super::{BoardParams, BoardQuestion, FILTERS};
    use crate::domain::Level;
    use crate::web::extract::params::Question;

    fn read(query: &str) -> BoardQuestion {
        let uri: Uri = format!("/?{query}").parse().expect("an address");
        BoardQuestion::read(&uri).expect("a question")
    }

    /// Values that every parameter takes.
    fn sample(name: &str) -> &'static str {
        match name {
            "as_of" => "2020",
            "role" => "hitter",
            "position" => "SS",
            "level" => "AA",
            "confidence" => "high",
            "sort" => "age",
            "order" => "desc",
            "format" => "csv",
            _ => "7",
        }
    }

    #[test]
    fn links_repeat_every_documented_parameter_but_the_format() {
        let documented = BoardParams::into_params(|| Some(ParameterIn::Query));
        let names: Vec<String> = documented.into_iter().map(|param| param.name).collect();
        for name in &names {
            let given = read(&format!("{name}={}", sample(name))).given;
            let expected = if name == "format" { "" } else { sample(name) };
            assert_eq!(given.get(name), expected, "{name}");
        }
        assert!(
            FILTERS
                .iter()
                .all(|filter| names.iter().any(|name| name == filter))
        );
    }

    #[test]
    fn a_plus_sign_that_arrived_as_a_blank_is_one() {
        for query in ["level=A+", "level=A%2B"] {
            let asked = read(query);
            assert_eq!(asked.query.level, Some(Level::HighA));
            assert_eq!(asked.given.get("level"), "A+");
        }
        assert_eq!(read("level=A").query.level, Some(Level::A));
    }
}
