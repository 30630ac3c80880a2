//! FanGraphs' minor-league leaders as its pages ask for them: what to ask, and
//! what an answer says. Pure: whoever calls does the asking.
//!
//! Nothing of this is documented or promised by FanGraphs. It is off unless the
//! operator turns it on, and `robots.txt` has the last word.

mod robots;

pub use robots::{allows, crawl_delay};

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::Season;
use crate::ingest::lists::Sheet;

/// Leagues of affiliated ball in FanGraphs' numbers, as its pages send them.
const LEAGUES: &str = "2,4,5,6,7,8,9,10,11,14,12,13,15,16,17,18,30,32,33";
/// Levels and FanGraphs' numbers for them.
const LEVELS: [(&str, u8); 6] = [
    ("AAA", 1),
    ("AA", 2),
    ("A+", 3),
    ("A", 4),
    ("CPX", 7),
    ("DSL", 8),
];

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Names its answer: `AAA-bat`.
    pub name: String,
    /// Path and query.
    pub path: String,
}

/// The questions that cover a season: a row per player and level.
pub fn requests(season: Season) -> Vec<Request> {
    let each = LEVELS
        .iter()
        .flat_map(|level| ["bat", "pit"].map(|stats| (level, stats)));
    each.map(|((level, number), stats)| Request {
        name: format!("{level}-{stats}"),
        path: format!(
            "/api/leaders/minor-league/data?pos=all&level={number}&lg={LEAGUES}&stats={stats}&qual=0&type=0\
             &team=&season={season}&seasonEnd={season}&org=&ind=0&splitTeam=false"
        ),
    })
    .collect()
}

/// An answer as a sheet, so that it is read as the exports are.
///
/// # Errors
/// When it is no array of rows.
pub(super) fn sheet(body: &[u8]) -> Result<Sheet, String> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|error| format!("the answer is no JSON: {error}"))?;
    let rows = match &answer {
        Value::Array(rows) => rows,
        Value::Object(wrapped) => wrapped
            .get("data")
            .and_then(Value::as_array)
            .ok_or("the answer holds no rows")?,
        _ => return Err("the answer holds no rows".to_owned()),
    };
    let mut headers: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let fields = row.as_object().ok_or("a row of the answer is no object")?;
        for name in fields.keys() {
            let next = headers.len();
            headers.entry(name).or_insert(next);
        }
    }
    let mut names = vec![String::new(); headers.len()];
    for (name, &at) in &headers {
        names[at] = (*name).to_owned();
    }
    let fields = |row: &Value| names.iter().map(|name| text(&row[name.as_str()])).collect();
    let rows = rows
        .iter()
        .zip(1..)
        .map(|(row, line)| (line, Ok(fields(row))));
    let rows = rows.collect();
    Ok(Sheet {
        headers: names,
        rows,
        notes: Vec::new(),
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{requests, sheet};
    use crate::domain::Season;

    #[test]
    fn twelve_requests_cover_a_season() {
        let asked = requests(Season(2026));
        assert_eq!(asked.len(), 12);
        assert_eq!(asked[11].name, "DSL-pit");
        assert!(asked[0].path.contains("level=1&") && asked[0].path.contains("seasonEnd=2026"));
    }

    #[test]
    fn an_answer_reads_like_an_export() {
        for body in [
            r#"[{"PlayerName":"Ana Gram","IP":16.2,"TBF":70.0,"xFIP":null,"xMLBAMID":700003}]"#,
            r#"{"data":[{"PlayerName":"Ana Gram","IP":16.2}]}"#,
        ] {
            let sheet = sheet(body.as_bytes()).expect("rows");
            let at = sheet.column("IP").expect("innings");
            let row = sheet.rows[0].1.as_ref().expect("a row");
            assert_eq!(row[at], "16.2");
        }
        assert!(sheet(b"[1]").is_err() && sheet(b"{}").is_err() && sheet(b"<html>").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bodies_never_panic(body in any::<Vec<u8>>()) {
            let _ = sheet(&body);
        }
    }
}
