//! Reading JSON without trusting it: every key may be missing, and a value of
//! the wrong kind is a sentence, not a panic.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::domain::ProspectId;
use crate::ingest::cell::{self, DayOrder, MOST};

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// Keys with MLB's prose, which is never kept.
const PROSE: [&str; 3] = ["description", "blurb", "scoutingReport"];

/// Characters kept of a refused row.
const KEPT: usize = 500;

/// The object under `key`, if there is one.
pub(super) fn object<'a>(row: &'a Object, key: &str) -> Option<&'a Object> {
    row.get(key)?.as_object()
}

/// The text under `key`, empty when there is none.
pub(super) fn text<'a>(row: &'a Object, key: &str) -> &'a str {
    row.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
}

/// The whole number under `key`, written as a number or as text; `None` when
/// it is absent or marked as undefined (`-`, `-.--`).
pub(super) fn whole(row: &Object, key: &str) -> Result<Option<u32>, String> {
    let wrong = |value: &dyn std::fmt::Display| format!("`{key}` = {value} is not a whole number");
    match row.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => {
            let exact = number.as_u64().or_else(|| whole_float(number.as_f64()?));
            let small = exact.and_then(|number| u32::try_from(number).ok());
            small.map(Some).ok_or_else(|| wrong(number))
        }
        Some(Value::String(text)) if cell::is_missing(text) => Ok(None),
        Some(Value::String(text)) => cell::whole(text).map(Some).ok_or_else(|| wrong(text)),
        Some(other) => Err(wrong(other)),
    }
}

/// A count, 0 when absent.
pub(super) fn count(row: &Object, key: &str) -> Result<u16, String> {
    Ok(optional_count(row, key)?.unwrap_or(0))
}

/// A count that may be unknown.
pub(super) fn optional_count(row: &Object, key: &str) -> Result<Option<u16>, String> {
    let number = whole(row, key)?;
    let count = number.map(|number| u16::try_from(number).ok().filter(|&count| count <= MOST));
    match count {
        Some(None) => Err(format!(
            "`{key}` = {} is not a count from 0 to {MOST}",
            number.unwrap_or(0)
        )),
        other => Ok(other.flatten()),
    }
}

/// Outs: the number itself where given, else innings, whose decimal is a number
/// of outs (`98.1` is 295).
pub(super) fn outs(row: &Object) -> Result<u16, String> {
    if let Some(outs) = optional_count(row, "outs")? {
        return Ok(outs);
    }
    match text(row, "inningsPitched") {
        missing if cell::is_missing(missing) => Ok(0),
        innings => outs_of(innings)
            .ok_or_else(|| format!("`inningsPitched` = {innings} is not a number of innings")),
    }
}

fn outs_of(innings: &str) -> Option<u16> {
    let (whole, thirds) = innings.split_once('.').unwrap_or((innings, "0"));
    let thirds: u16 = match thirds {
        "0" => 0,
        "1" => 1,
        "2" => 2,
        _ => return None,
    };
    let outs = whole
        .parse::<u16>()
        .ok()?
        .checked_mul(3)?
        .checked_add(thirds)?;
    (outs <= MOST).then_some(outs)
}

/// The id of a thing named by an object with an `id`.
pub(super) fn id(thing: &Object) -> Result<u32, String> {
    match whole(thing, "id")? {
        Some(id) if id > 0 => Ok(id),
        _ => Err("no id".to_owned()),
    }
}

/// The person under `key`.
pub(super) fn person<'a>(row: &'a Object, key: &str) -> Result<(ProspectId, &'a Object), String> {
    let person = object(row, key).ok_or_else(|| format!("no `{key}`"))?;
    Ok((player(person)?, person))
}

/// The id of a person.
pub(super) fn player(person: &Object) -> Result<ProspectId, String> {
    match id(person)? {
        id if id < ProspectId::FIRST_SIMULATED => Ok(ProspectId(id)),
        id => Err(format!("{id} is outside the range of MLBAM ids")),
    }
}

/// A date as `2024-03-01` or `03/01/2024`; a time after it is cut off.
pub(super) fn date(row: &Object, key: &str) -> Result<Option<Date>, String> {
    let Some(text) = cell::present(text(row, key)) else {
        return Ok(None);
    };
    cell::date(text, DayOrder::Second)
        .map(Some)
        .map_err(|_| format!("`{key}` = {text} is not a date"))
}

/// The row as text for the quarantine: cut, and without MLB's prose.
pub(super) fn as_read(row: &Value) -> String {
    let mut row = row.clone();
    if let Value::Object(fields) = &mut row {
        fields.retain(|key, _| !PROSE.contains(&key.as_str()));
    }
    row.to_string().chars().take(KEPT).collect()
}

fn whole_float(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..1e9).contains(&number)).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::{Value, json};

    use super::{Object, as_read, count, date, optional_count, outs};

    fn row(value: Value) -> Object {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn innings_are_counted_in_outs() {
        for (innings, wanted) in [("98.1", 295), ("112.2", 338), ("0.0", 0), ("7", 21)] {
            assert_eq!(outs(&row(json!({ "inningsPitched": innings }))), Ok(wanted));
        }
        for wrong in ["98.3", "98.15", "x", "-5.1", "99999.0"] {
            assert!(
                outs(&row(json!({ "inningsPitched": wrong }))).is_err(),
                "{wrong}"
            );
        }
        assert_eq!(
            outs(&row(json!({"outs": 7, "inningsPitched": "98.1"}))),
            Ok(7)
        );
        assert_eq!(outs(&row(json!({"inningsPitched": "-.--"}))), Ok(0));
    }

    #[test]
    fn counts_are_whole_and_of_this_world() {
        let fields = row(json!({
            "a": 12, "b": "12", "c": 12.0, "d": null, "e": "-.--",
            "f": -3, "g": 1.5, "h": "many", "i": 1_000_000, "j": [], "k": 0, "l": "NaN",
        }));
        for key in ["a", "b", "c"] {
            assert_eq!(count(&fields, key), Ok(12), "{key}");
        }
        for key in ["d", "e", "l", "absent"] {
            assert_eq!(optional_count(&fields, key), Ok(None), "{key}");
        }
        for key in ["f", "g", "h", "i", "j"] {
            assert!(count(&fields, key).is_err(), "{key}");
        }
        assert_eq!(count(&fields, "k"), Ok(0));
    }

    #[test]
    fn dates_come_in_two_spellings() {
        let fields = row(
            json!({"a": "2024-03-01", "b": "03/01/2024", "c": "2024-03-01T00:00:00Z", "d": "soon"}),
        );
        for key in ["a", "b", "c"] {
            assert_eq!(
                date(&fields, key),
                Ok(Some(civil::date(2024, 3, 1))),
                "{key}"
            );
        }
        assert!(date(&fields, "d").is_err());
        assert_eq!(date(&fields, "absent"), Ok(None));
    }

    #[test]
    fn a_refused_row_is_kept_without_prose() {
        assert_eq!(
            as_read(&json!({"id": 1, "description": "long"})),
            r#"{"id":1}"#
        );
    }
}
