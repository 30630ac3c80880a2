//! One page of an answer: is it what was asked, and is there more?

use serde_json::Value;

use super::ask::Ask;
use super::wire::{self, Object, object, text};
use crate::domain::Season;

/// More rows than any answer has; a declared total above it is nonsense.
const MOST_ROWS: u32 = 50_000;

/// A body is not the page that was asked for. The text says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{ask}: {reason}")]
pub struct PageError {
    ask: Ask,
    reason: String,
}

/// The rows of a page and the total it declares.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) rows: Vec<Value>,
    pub(super) total: Option<u32>,
}

impl Ask {
    /// Offset of the page after the one at `offset`, or `None` when the answer
    /// is complete.
    ///
    /// # Errors
    /// When the body is not that page: no JSON, another shape, season or level,
    /// or fewer rows than it declares.
    pub fn next(&self, body: &[u8], offset: u32) -> Result<Option<u32>, PageError> {
        self.after(&self.sheet(body)?, offset)
    }

    /// As [`Ask::next`], of a page already read.
    pub(super) fn after(&self, sheet: &Sheet, offset: u32) -> Result<Option<u32>, PageError> {
        let Some(total) = sheet.total else {
            return Ok(None);
        };
        let next = offset.saturating_add(sheet.rows.len() as u32);
        match next {
            _ if total > MOST_ROWS => Err(self.error(format!("declares {total} rows"))),
            next if next >= total => Ok(None),
            _ if sheet.rows.is_empty() => Err(self.error(format!(
                "declares {total} rows, but none are given from {offset} on"
            ))),
            next => Ok(Some(next)),
        }
    }

    /// Reads a page and checks that it is an answer to the question.
    pub(super) fn sheet(&self, body: &[u8]) -> Result<Sheet, PageError> {
        let answer: Object =
            serde_json::from_slice(body).map_err(|error| self.unreadable(body, &error))?;
        if let Some(message) = answer.get("message").and_then(Value::as_str) {
            return Err(self.error(format!("the source answered “{message}”")));
        }
        let sheet = self.rows(answer).map_err(|reason| self.error(reason))?;
        self.are_mine(&sheet.rows)
            .map_err(|reason| self.error(reason))?;
        Ok(sheet)
    }

    /// Refuses rows that answer another question. A wrong filter is not answered
    /// with an error but with other rows.
    fn are_mine(&self, rows: &[Value]) -> Result<(), String> {
        let mut objects = rows.iter().filter_map(Value::as_object);
        match self {
            Self::Transactions { from, to } => {
                // A transaction may be dated apart from when it took effect.
                let days = |row| {
                    let given = wire::date(row, "date").ok().flatten();
                    given.is_none_or(|day| (*from..=*to).contains(&day))
                };
                if rows.is_empty() || objects.any(days) {
                    Ok(())
                } else {
                    Err("no row is of the days asked for".to_owned())
                }
            }
            _ => objects.try_for_each(|row| self.is_mine(row)),
        }
    }

    fn unreadable(&self, body: &[u8], error: &serde_json::Error) -> PageError {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        self.error(match first {
            None => "the body is empty".to_owned(),
            Some(b'<') => "a web page came in place of JSON".to_owned(),
            Some(_) if error.is_eof() => "the body is cut short".to_owned(),
            Some(_) => format!("the body is not readable as JSON: {error}"),
        })
    }

    /// The rows in the answer's own layout.
    fn rows(&self, mut answer: Object) -> Result<Sheet, String> {
        let total = match self {
            Self::Lines { .. } => return self.splits(&mut answer),
            Self::Draft { year } if answer.contains_key("drafts") => {
                return picks(&mut answer, *year);
            }
            // The draft by prospect says 0 where it means the number of prospects.
            Self::Draft { .. } => wire::whole(&answer, "queriedSize")?,
            Self::Roster { team, .. } => {
                let of = wire::whole(&answer, "teamId")?.unwrap_or(*team);
                if of != *team {
                    return Err(format!("the roster is that of club {of}"));
                }
                None
            }
            _ => None,
        };
        let rows = list(&mut answer, self.list_name())?;
        Ok(Sheet { rows, total })
    }

    fn list_name(&self) -> &'static str {
        match self {
            Self::Teams { .. } => "teams",
            Self::Dates { .. } => "seasons",
            Self::Lines { .. } => "splits",
            Self::People { .. } => "people",
            Self::Draft { .. } => "prospects",
            Self::Transactions { .. } => "transactions",
            Self::Roster { .. } => "roster",
        }
    }

    /// The block of statistics that was asked for. A pool with nobody in it is
    /// answered without a block.
    fn splits(&self, answer: &mut Object) -> Result<Sheet, String> {
        let blocks = list(answer, "stats")?;
        let empty = blocks.is_empty();
        let mut found = blocks.into_iter().filter_map(|block| match block {
            Value::Object(block) if self.is_block(&block) => Some(block),
            _ => None,
        });
        match found.next() {
            Some(mut block) => {
                let total = wire::whole(&block, "totalSplits")?
                    .ok_or("the number of rows is not declared")?;
                let rows = list(&mut block, "splits")?;
                Ok(Sheet {
                    rows,
                    total: Some(total),
                })
            }
            None if empty => Ok(Sheet {
                rows: Vec::new(),
                total: Some(0),
            }),
            None => Err("other statistics came than those asked for".to_owned()),
        }
    }

    fn is_block(&self, block: &Object) -> bool {
        let Self::Lines { side, advanced, .. } = self else {
            return false;
        };
        let says = |key, wanted: &str| {
            let name = object(block, key).map_or("", |named| text(named, "displayName"));
            name.is_empty() || name == wanted
        };
        let kind = if *advanced {
            "seasonAdvanced"
        } else {
            "season"
        };
        says("type", kind) && says("group", side.as_str())
    }

    /// Refuses a row of another season or level.
    fn is_mine(&self, row: &Object) -> Result<(), String> {
        match self {
            Self::Lines { season, level, .. } => {
                is_season(row, "season", *season)?;
                let sport = object(row, "sport").map_or(Ok(None), |sport| wire::whole(sport, "id"));
                match sport? {
                    Some(sport) if sport != level.id() => {
                        Err(format!("a row is of level {sport}, not {}", level.id()))
                    }
                    _ => Ok(()),
                }
            }
            Self::Teams { season } => is_season(row, "season", *season),
            Self::Dates { season } => is_season(row, "seasonId", *season),
            Self::Draft { year } => is_season(row, "year", *year),
            _ => Ok(()),
        }
    }

    fn error(&self, reason: String) -> PageError {
        PageError {
            ask: self.clone(),
            reason,
        }
    }
}

fn is_season(row: &Object, key: &str, wanted: Season) -> Result<(), String> {
    match wire::whole(row, key)? {
        Some(season) if season != u32::from(wanted.0) => {
            Err(format!("a row is of {season}, not {wanted}"))
        }
        _ => Ok(()),
    }
}

fn list(answer: &mut Object, key: &str) -> Result<Vec<Value>, String> {
    match answer.remove(key) {
        Some(Value::Array(rows)) => Ok(rows),
        Some(_) => Err(format!("`{key}` is not a list")),
        None => Err(format!("there is no `{key}`")),
    }
}

/// The picks of every round.
fn picks(answer: &mut Object, year: Season) -> Result<Sheet, String> {
    let Some(Value::Object(mut drafts)) = answer.remove("drafts") else {
        return Err("`drafts` is not an object".to_owned());
    };
    is_season(&drafts, "draftYear", year)?;
    let mut rows = Vec::new();
    for round in list(&mut drafts, "rounds")? {
        let Value::Object(mut round) = round else {
            return Err("a round is not an object".to_owned());
        };
        rows.extend(list(&mut round, "picks")?);
    }
    Ok(Sheet { rows, total: None })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PageError;
    use crate::domain::Season;
    use crate::ingest::mlb::{Ask, Side, Sport};

    const ASK: Ask = Ask::Lines {
        season: Season(2025),
        level: Sport::DoubleA,
        side: Side::Hitting,
        advanced: false,
    };

    fn page(total: u32, rows: usize) -> Value {
        let row = json!({"season": "2025", "sport": {"id": 12}, "player": {"id": 1}});
        json!({"stats": [{
            "type": {"displayName": "season"}, "group": {"displayName": "hitting"},
            "totalSplits": total, "splits": vec![row; rows],
        }]})
    }

    fn next(ask: &Ask, body: &Value, offset: u32) -> Result<Option<u32>, PageError> {
        ask.next(body.to_string().as_bytes(), offset)
    }

    #[test]
    fn pages_go_on_until_the_declared_total() {
        assert_eq!(next(&ASK, &page(5, 2), 0), Ok(Some(2)));
        assert_eq!(next(&ASK, &page(5, 2), 2), Ok(Some(4)));
        assert_eq!(next(&ASK, &page(5, 1), 4), Ok(None));
        assert_eq!(next(&ASK, &json!({"stats": []}), 0), Ok(None));
    }

    #[test]
    fn what_is_not_the_page_says_why() {
        let mut season = page(1, 1);
        season["stats"][0]["splits"][0]["season"] = json!("2024");
        let mut sport = page(1, 1);
        sport["stats"][0]["splits"][0]["sport"]["id"] = json!(11);
        let mut kind = page(1, 1);
        kind["stats"][0]["type"]["displayName"] = json!("career");
        let mut undeclared = page(1, 1);
        undeclared["stats"][0]["totalSplits"].take();
        for (body, wanted) in [
            (page(5, 0), "declares 5 rows, but none are given from 0 on"),
            (page(5_000_000, 1), "declares 5000000 rows"),
            (season, "a row is of 2024, not 2025"),
            (sport, "a row is of level 11, not 12"),
            (kind, "other statistics came"),
            (undeclared, "is not declared"),
            (json!({"people": []}), "there is no `stats`"),
            (json!({"stats": 7}), "`stats` is not a list"),
            (
                json!({"messageNumber": 10, "message": "Object not found"}),
                "Object not found",
            ),
        ] {
            let error = next(&ASK, &body, 0).expect_err(wanted).to_string();
            assert!(
                error.contains(wanted) && error.starts_with("2025 AA hitting: "),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_not_json_says_what_it_is() {
        let whole = page(3, 3).to_string();
        for (body, wanted) in [
            ("", "the body is empty"),
            ("<html>", "a web page"),
            (&whole[..whole.len() / 2], "cut short"),
            ("{\"stats\": NaN}", "not readable"),
            ("[]", "not readable"),
        ] {
            let error = ASK.next(body.as_bytes(), 0).expect_err(wanted).to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn the_draft_by_prospect_counts_what_was_queried() {
        let ask = Ask::Draft { year: Season(2024) };
        let body = json!({"totalSize": 0, "queriedSize": 3, "prospects": [{"year": "2024"}, {}]});
        assert_eq!(next(&ask, &body, 0), Ok(Some(2)));
        assert_eq!(next(&ask, &body, 2), Ok(None));
    }

    #[test]
    fn a_roster_of_another_club_is_refused() {
        let day = jiff::civil::date(2025, 7, 1);
        let ask = Ask::Roster { team: 147, day };
        assert_eq!(
            next(&ask, &json!({"roster": [], "teamId": 147}), 0),
            Ok(None)
        );
        assert!(next(&ask, &json!({"roster": [], "teamId": 111}), 0).is_err());
    }

    #[test]
    fn transactions_of_other_days_only_are_refused() {
        let (from, to) = (jiff::civil::date(2026, 7, 1), jiff::civil::date(2026, 7, 2));
        let ask = Ask::Transactions { from, to };
        let rows = |days: &[&str]| {
            let rows: Vec<Value> = days.iter().map(|day| json!({"date": day})).collect();
            json!({"transactions": rows})
        };
        assert_eq!(
            next(&ask, &rows(&["2026-06-30", "2026-07-01"]), 0),
            Ok(None)
        );
        assert_eq!(next(&ask, &rows(&[]), 0), Ok(None));
        assert!(next(&ask, &rows(&["2025-07-01"]), 0).is_err());
    }
}
