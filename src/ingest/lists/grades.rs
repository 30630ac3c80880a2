//! Ranks, grades and ages as publishers write them. Errors end a sentence that begins
//! with the column and the value.

use crate::ingest::cell::{self, MOST};
use crate::ingest::plausible::check;

/// Half a step of the 20-80 scale, as a plus says it.
const PLUS: f32 = 2.0;

/// Words for how sure a grade is, or what stands beside it.
const ASIDES: [&str; 22] = [
    "low",
    "medium",
    "med",
    "moderate",
    "high",
    "extreme",
    "safe",
    "very",
    "v",
    "risk",
    "variance",
    "fv",
    "ofp",
    "grade",
    "overall",
    "med-high",
    "low-med",
    "medium-high",
    "low-medium",
    "mod",
    "ext",
    "average",
];

/// A rank: `12`, `12.0`, `12.`, `#12`, `No. 12`, `12th`, and however a tie is told
/// (`T-12`, `T12`, `12T`, `=12`, `12=`, `12 (tie)`).
pub(crate) fn rank(text: &str) -> Result<u16, String> {
    let lower = text.to_ascii_lowercase();
    let bare = lower.split(['(', '[']).next().unwrap_or_default().trim();
    let bare = [
        "tied", "tie", "rank", "no.", "no", "nr.", "t-", "t", "#", "=", "№",
    ]
    .iter()
    .fold(bare, |bare, sign| {
        bare.strip_prefix(sign).unwrap_or(bare).trim_start()
    });
    let bare = [
        "tied", "tie", "-t", "t", "=", "st", "nd", "rd", "th", ".", ")", "*",
    ]
    .iter()
    .fold(bare, |bare, sign| {
        bare.strip_suffix(sign).unwrap_or(bare).trim_end()
    });
    // `12th` has lost its `t` first.
    let bare = bare.strip_suffix(['s', 'n', 'r']).unwrap_or(bare);
    match cell::whole(bare.trim_end_matches('.')).and_then(|rank| u16::try_from(rank).ok()) {
        Some(rank) if (1..=MOST).contains(&rank) => Ok(rank),
        _ => Err("not a rank".to_owned()),
    }
}

/// A grade from 20 to 80: `55`, `45+` (half a step, 47), `FV 50`, `60/High` and `60 High`
/// with how sure it is, `45 / 60` for present and future, of which the future one counts,
/// `50 (55)`, of which the one outside the brackets counts.
pub(crate) fn grade(text: &str) -> Result<f32, String> {
    let bare = match text.split(['(', '[']).next() {
        Some(outside) if !outside.trim().is_empty() => outside,
        _ => text.trim_matches(['(', ')', '[', ']']),
    };
    let wrong = || "not a grade from 20 to 80".to_owned();
    let parts: Vec<&str> = bare
        .split(['/', '|', ' ', ',', ';', ':'])
        .filter(|part| !part.is_empty())
        .collect();
    // A decimal comma is not two grades.
    if let Some(value) = cell::number(bare.trim()) {
        return on_scale(value as f32);
    }
    let mut last = None;
    for part in parts {
        let word = part.trim_matches(['-', '.', '–']).to_ascii_lowercase();
        if ASIDES.contains(&word.as_str()) {
            continue;
        }
        let part = part
            .strip_prefix("FV")
            .or(part.strip_prefix("fv"))
            .unwrap_or(part);
        if part == "+" && last.is_some() {
            last = last.map(|value| value + PLUS);
            continue;
        }
        let (number, plus) = part
            .strip_suffix('+')
            .map_or((part, 0.0), |number| (number, PLUS));
        let value = cell::number(number).ok_or_else(wrong)?;
        last = Some(on_scale(value as f32)? + plus);
    }
    last.ok_or_else(wrong)
}

fn on_scale(value: f32) -> Result<f32, String> {
    check((20.0..=80.0).contains(&value), || {
        "not on the 20-80 scale".to_owned()
    })?;
    Ok(value)
}

/// An age in years: `19.6`, `19,6`, `19 yrs`, or years and days as `19-104`.
pub(crate) fn age(text: &str) -> Result<f32, String> {
    let bare = text.split(['(', '[']).next().unwrap_or_default();
    let bare = bare
        .trim()
        .trim_end_matches(|c: char| c.is_alphabetic() || c == '.')
        .trim();
    let years_and_days = bare.split_once('-').and_then(|(years, days)| {
        let days = cell::whole(days).filter(|&days| days < 366)?;
        Some(f64::from(cell::whole(years)?) + f64::from(days) / 365.25)
    });
    match years_and_days.or_else(|| cell::number(bare)) {
        Some(age) if (10.0..=60.0).contains(&age) => Ok(age as f32),
        _ => Err("not the age of a player".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{age, grade, rank};

    #[test]
    fn grades_are_read_as_published() {
        for (text, expected) in [
            ("55", 55.0),
            ("45+", 47.0),
            ("45 +", 47.0),
            ("45 / 60", 60.0),
            ("45/60+", 62.0),
            ("40 / 35", 35.0),
            ("60.0", 60.0),
            ("52,5", 52.5),
            ("60/High", 60.0),
            ("60 High", 60.0),
            ("60/Very High", 60.0),
            ("60, Extreme", 60.0),
            ("High/60", 60.0),
            ("70/Medium", 70.0),
            ("FV 45+", 47.0),
            ("FV45+", 47.0),
            ("50 (55)", 50.0),
            ("(50)", 50.0),
            ("55 OFP", 55.0),
            ("45/55", 55.0),
        ] {
            assert_eq!(grade(text), Ok(expected), "{text}");
        }
        for wrong in [
            "90", "5", "high", "NaN", "inf", "+", "B+", "45-50", "55-", "", "5/6",
        ] {
            assert!(grade(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranks_are_read_as_published() {
        for text in [
            "12", "12.", "12.0", "T-12", "T12", "12T", "t-12", "=12", "12=", "12 (tie)", "12th",
            "#12", "No. 12", "No 12", "T 12", "12 T", "12-T", "12 tie", "#12.", "Tied 12", "12*",
            "12)",
        ] {
            assert_eq!(rank(text), Ok(12), "{text}");
        }
        assert_eq!(
            (rank("1st"), rank("22nd"), rank("3rd"), rank("1,012")),
            (Ok(1), Ok(22), Ok(3), Ok(1012))
        );
        for wrong in ["0", "first", "12-13", "4.8", "-1", "HM", "12/13", ""] {
            assert!(rank(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ages_are_read_as_published() {
        for (text, expected) in [
            ("21", 21.0),
            ("21.5", 21.5),
            ("21,5", 21.5),
            ("21 yrs", 21.0),
            ("21y", 21.0),
            ("21 (4/1)", 21.0),
            ("19.6277777", 19.627_777),
        ] {
            assert_eq!(age(text), Ok(expected), "{text}");
        }
        assert!((age("21-104").expect("an age") - 21.28).abs() < 0.01);
        for wrong in ["NaN", "190", "young", "", "-21"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = (rank(&text), grade(&text), age(&text));
        }
    }
}
