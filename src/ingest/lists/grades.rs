//! Ranks, grades and ages as publishers write them.

use crate::ingest::plausible::{MOST, check};

/// A rank, `12`, `12.0`, `12.` or `T-12`; empty is unranked.
pub(crate) fn rank(column: &str, text: &str) -> Result<Option<u16>, String> {
    let bare = text.trim_start_matches("T-").trim_start_matches('#');
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    let bare = bare.strip_suffix('.').unwrap_or(bare).trim();
    if is_nothing(bare) {
        return Ok(None);
    }
    match bare.parse::<u16>() {
        Ok(rank) if (1..=MOST).contains(&rank) => Ok(Some(rank)),
        _ => Err(format!("`{column}` = `{}` is not a rank", brief(text))),
    }
}

/// A grade from 20 to 80: `55`, `45+` (half a step, 47), `45 / 60` for present
/// and future, of which the future one counts; empty is not graded.
pub(crate) fn grade(column: &str, text: &str) -> Result<Option<f32>, String> {
    let future = text.rsplit('/').next().unwrap_or(text).trim();
    if is_nothing(future) {
        // `45 /` says what he is, not what he will be.
        return Ok(None);
    }
    let (number, plus) = future
        .strip_suffix('+')
        .map_or((future, 0.0), |number| (number.trim(), 2.0));
    let value: f32 = number
        .parse()
        .map_err(|_| format!("`{column}` = `{}` is not a grade", brief(text)))?;
    check((20.0..=80.0).contains(&value), || {
        format!("`{column}` = {value} is not on the 20-80 scale")
    })?;
    Ok(Some(value + plus))
}

/// An age in years; `19.6`, or empty.
pub(crate) fn age(text: &str) -> Result<Option<f32>, String> {
    if is_nothing(text) {
        return Ok(None);
    }
    match text.parse::<f32>() {
        Ok(age) if (10.0..=60.0).contains(&age) => Ok(Some(age)),
        _ => Err(format!("the age `{}` is not one of a player", brief(text))),
    }
}

/// A date, `2024-07-01`, with a time after it, or `7/1/2024`; empty is unknown.
pub(crate) fn date(column: &str, text: &str) -> Result<Option<jiff::civil::Date>, String> {
    if is_nothing(text) {
        return Ok(None);
    }
    let wrong = || {
        format!(
            "`{column}` = `{}` is not a date such as 2024-07-01",
            brief(text)
        )
    };
    let parts: Vec<&str> = text.split('/').collect();
    if let [month, day, year] = parts[..] {
        let number = |text: &str| text.trim().parse::<i16>().map_err(|_| wrong());
        let (year, month, day) = (number(year)?, number(month)?, number(day)?);
        check(year >= 1000, wrong)?;
        let small = |number: i16| i8::try_from(number).map_err(|_| wrong());
        return jiff::civil::Date::new(year, small(month)?, small(day)?)
            .map(Some)
            .map_err(|_| wrong());
    }
    let day = text.get(..10).unwrap_or(text);
    day.parse().map(Some).map_err(|_| wrong())
}

/// True for what publishers write where there is nothing.
fn is_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "-" | "–" | "—" | "--" | "NR" | "N/A" | "NA" | "null" | "None"
    )
}

/// Enough of a value to find it by.
fn brief(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::{any, proptest};

    use super::{age, date, grade, rank};

    #[test]
    fn grades_are_read_as_published() {
        for (text, expected) in [
            ("", None),
            ("-", None),
            ("55", Some(55.0)),
            ("45+", Some(47.0)),
            ("45 / 60", Some(60.0)),
            ("45/60+", Some(62.0)),
            ("40 / 35", Some(35.0)),
            ("60.0", Some(60.0)),
        ] {
            assert_eq!(grade("FV", text), Ok(expected), "{text}");
        }
        for wrong in ["90", "5", "high", "NaN", "inf", "+"] {
            assert!(grade("FV", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranks_ages_and_dates_are_read_as_published() {
        assert_eq!(rank("Rk", "12."), Ok(Some(12)));
        assert_eq!(rank("Rk", "1.0"), Ok(Some(1)));
        assert_eq!(rank("Rk", "NR"), Ok(None));
        assert!(rank("Rk", "0").is_err() && rank("Rk", "first").is_err());
        assert_eq!(age("19.6277777"), Ok(Some(19.627_778)));
        assert!(age("NaN").is_err() && age("190").is_err());
        assert_eq!(date("D", "2001-02-03 00:00"), Ok(Some(day(2001, 2, 3))));
        assert_eq!(date("D", "2/3/2001"), Ok(Some(day(2001, 2, 3))));
        assert!(date("D", "31/31/2001").is_err() && date("D", "2/3/01").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = (rank("a", &text), grade("b", &text), age(&text), date("c", &text));
        }
    }
}
