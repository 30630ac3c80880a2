//! Cells as spreadsheets, R, pandas and publishers write them: what stands for
//! nothing, and numbers, dates, ranks, grades and ids in their spellings. Every
//! reader of rows asks here, so that a placeholder is nobody's id anywhere.

use jiff::civil::Date;

/// Largest count a row may hold: above any season's, and small enough that
/// sums of three counts fit their type.
pub(super) const MOST: u16 = 9_999;

/// Words for a missing value, lower case. `TBA` and `TBD` are codes of Tampa Bay too,
/// so only [`is_pending`] has them.
const NOTHING: [&str; 26] = [
    "na",
    "n/a",
    "n.a.",
    "#n/a",
    "#na",
    "nan",
    "<na>",
    "null",
    "(null)",
    "<null>",
    "none",
    "nil",
    "missing",
    "unknown",
    "unk",
    "undefined",
    "empty",
    "blank",
    "not available",
    "no data",
    "\\n",
    "#value!",
    "#ref!",
    "#div/0!",
    "#name?",
    "#null!",
];

/// The text of a cell, `None` where it stands for a missing value.
pub(super) fn present(text: &str) -> Option<&str> {
    let text = text.trim();
    (!is_missing(text)).then_some(text)
}

/// True for what is written where there is nothing: `NA`, `nan`, `None`, `#N/A`,
/// `MISSING`, `- - -`, `-.--`, ...
pub(super) fn is_missing(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let blank = |c: char| {
        matches!(
            c,
            '-' | '–' | '—' | '−' | '.' | '·' | '*' | '?' | '_' | '#' | ' '
        )
    };
    text.chars().all(blank)
        || (text.len() <= 13 && NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text)))
}

/// A name, which may be `Na` or `Null` but not `NA`.
pub(super) fn name(text: &str) -> Option<&str> {
    let text = text.trim();
    let capital = text.chars().next().is_some_and(char::is_uppercase)
        && text.chars().skip(1).all(char::is_lowercase);
    let surname = ["Na", "Null", "Unk", "Nil"].contains(&text);
    (!text.is_empty() && ((capital && surname) || !is_missing(text))).then_some(text)
}

/// What stands for a value that is still to come, or that nobody will give: not
/// ranked, honourable mention, to be determined.
pub(super) fn is_pending(text: &str) -> bool {
    [
        "nr",
        "tbd",
        "tba",
        "hm",
        "ur",
        "unranked",
        "not ranked",
        "ungraded",
        "not graded",
        "n/r",
    ]
    .iter()
    .any(|word| word.eq_ignore_ascii_case(text.trim()))
}

/// A whole number: `12`, `12.0`, `1,012`, `1 012`.
pub(super) fn whole(text: &str) -> Option<u32> {
    let text = text.trim();
    // Nearly every number is plain digits, and there are millions of them.
    if !text.is_empty() && text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let bare = whole_part(text)?;
    let bare = bare.strip_prefix('+').unwrap_or(bare);
    let digits = grouped(bare)?;
    digits.parse().ok()
}

/// The text without a fraction of nothing but zeroes; `None` when it has another.
fn whole_part(text: &str) -> Option<&str> {
    match text.rsplit_once('.') {
        Some((whole, zeroes)) if zeroes.bytes().all(|b| b == b'0') => Some(whole),
        Some(_) => None,
        None => match text.rsplit_once(',') {
            // A decimal comma: three digits after it would be thousands.
            Some((whole, zeroes)) if zeroes.len() < 3 && zeroes.bytes().all(|b| b == b'0') => {
                Some(whole)
            }
            _ => Some(text),
        },
    }
}

/// Digits without the separators of thousands.
fn grouped(text: &str) -> Option<String> {
    let parts: Vec<&str> = text
        .split([',', ' ', '\u{a0}', '\u{202f}', '\'', '’'])
        .collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = parts.split_first()?;
    let whole = digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|part| part.len() == 3 && digits(part));
    whole.then(|| parts.concat())
}

/// A number with a fraction, whose sign may be a comma: `21.5`, `21,5`, `1,012.5`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, bare) = match text.strip_prefix(['-', '−']) {
        Some(bare) => (-1.0, bare),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match (bare.rsplit_once('.'), bare.rsplit_once(',')) {
        (Some(parts), _) => parts,
        (None, Some((whole, fraction))) if fraction.len() != 3 && !whole.contains(',') => {
            (whole, fraction)
        }
        _ => (bare, ""),
    };
    let whole = if whole.is_empty() && !fraction.is_empty() {
        "0".to_owned()
    } else {
        grouped(whole)?
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{whole}.{fraction}0")
        .parse()
        .ok()
        .map(|value: f64| sign * value)
}

/// A count from 0 to [`MOST`]; the error ends a sentence.
pub(super) fn count(text: &str) -> Result<u16, String> {
    whole(text)
        .and_then(|count| u16::try_from(count).ok())
        .filter(|&count| count <= MOST)
        .ok_or_else(|| format!("not a count from 0 to {MOST}"))
}

/// An id that is a number; 0, -1 and the like stand for nobody.
pub(super) fn numeric_id(text: &str) -> Result<Option<u32>, String> {
    let Some(text) = present(text) else {
        return Ok(None);
    };
    if is_placeholder(text) {
        return Ok(None);
    }
    whole(text)
        .map(Some)
        .ok_or_else(|| "not a whole number".to_owned())
}

/// True for a number that is put where there is no id: `0`, `-1`, `-999`.
fn is_placeholder(text: &str) -> bool {
    let bare = text.strip_suffix(".0").unwrap_or(text);
    bare.strip_prefix('-')
        .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        || (!bare.is_empty() && bare.bytes().all(|b| b == b'0'))
}

/// The id of another service: letters, digits and a few signs, with at least one
/// digit; a bare `sa` is nobody's.
pub(super) fn service_id(text: &str) -> Option<&str> {
    let text = present(text)?;
    let text = text.strip_suffix(".0").unwrap_or(text);
    let known = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '.' | '*' | '+'));
    (known
        && text.len() <= 24
        && !is_placeholder(text)
        && text.contains(|c: char| c.is_ascii_digit()))
    .then_some(text)
}

/// A rate: `0.19`, `19.0%`, `19.0 %`, or `19.0` where the column is of `percentages`
/// that lost their sign.
pub(super) fn share(text: &str, percentages: bool) -> Option<f64> {
    let text = text.trim();
    let value = match text.strip_suffix('%') {
        Some(percent) => number(percent)? / 100.0,
        None if percentages => number(text)? / 100.0,
        None => number(text)?,
    };
    (-1.0..=1.0).contains(&value).then_some(value)
}

/// Which of two numbers of a date such as `3/10/2004` is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DayOrder {
    /// The second, as in the United States.
    #[default]
    Second,
    /// The first, as nearly everywhere else.
    First,
}

impl DayOrder {
    /// What the dates of a column show by a number above 12; `None` when they show
    /// nothing, or both.
    pub(super) fn of<'a>(dates: impl Iterator<Item = &'a str>) -> Option<Self> {
        let (mut first, mut second) = (false, false);
        for [a, b, _] in dates.filter_map(slashed) {
            first |= a > 12;
            second |= b > 12;
        }
        match (first, second) {
            (true, false) => Some(Self::First),
            (false, true) => Some(Self::Second),
            _ => None,
        }
    }
}

/// True when a date can be read in two ways.
pub(super) fn is_ambiguous(text: &str) -> bool {
    !text.contains('.') && slashed(text).is_some_and(|[a, b, _]| a <= 12 && b <= 12 && a != b)
}

/// The three numbers of `3/10/2004`, `3.10.2004`, `03-10-2004`.
fn slashed(text: &str) -> Option<[i16; 3]> {
    let day = text.trim().split([' ', 'T']).next()?;
    let mut parts = day.split(['/', '.', '-']);
    let mut next = || {
        let part = parts.next()?;
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits {
            part.parse::<i16>().ok().map(|number| (number, part.len()))
        } else {
            None
        }
    };
    let ((a, la), (b, lb), (c, lc)) = (next()?, next()?, next()?);
    (la <= 2 && lb <= 2 && (lc == 2 || lc == 4) && parts.next().is_none())
        .then(|| [a, b, if lc == 4 { c } else { century(c) }])
}

/// The year two digits stand for.
fn century(year: i16) -> i16 {
    if year <= 40 { 2000 + year } else { 1900 + year }
}

/// A date: `2024-07-01`, with a time after it, `2024/07/01`, `20240701`, `7/1/2024`,
/// `1.7.2024`, `July 1, 2024`, `1 Jul 2024`, `1-Jul-24`, or the number of days a
/// spreadsheet counts. The error ends a sentence.
pub(super) fn date(text: &str, order: DayOrder) -> Result<Date, String> {
    let text = text.trim();
    let wrong = || "not a date such as 2024-07-01".to_owned();
    let found = iso(text)
        .or_else(|| by_numbers(text, order))
        .or_else(|| by_month_name(text))
        .or_else(|| spreadsheet_day(text));
    found
        .filter(|day| (1800..=2200).contains(&day.year()))
        .ok_or_else(wrong)
}

fn iso(text: &str) -> Option<Date> {
    if text.len() == 10
        && let Ok(day) = text.parse()
    {
        return Some(day);
    }
    let day = text.get(..10).unwrap_or(text);
    let rest = text.get(10..).unwrap_or("");
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return Date::strptime("%Y%m%d", day).ok();
    }
    let mut parts = day.split(['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    Date::new(
        year.parse().ok()?,
        month.trim().parse().ok()?,
        day.trim().parse().ok()?,
    )
    .ok()
}

fn by_numbers(text: &str, order: DayOrder) -> Option<Date> {
    let [a, b, year] = slashed(text)?;
    let dotted = text.contains('.');
    let (day, month) = match order {
        // Dots are written where the day comes first.
        _ if a > 12 || (dotted && b <= 12) => (a, b),
        _ if b > 12 => (b, a),
        DayOrder::First => (a, b),
        DayOrder::Second => (b, a),
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn by_month_name(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let words: Vec<&str> = text
        .split([' ', ',', '-', '/', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    let words: [&str; 3] = match words[..] {
        // `Mon, 1 July 2024`
        [_, a, b, c] if b.len() > 2 || c.len() == 4 => [a, b, c],
        [a, b, c] => [a, b, c],
        _ => return None,
    };
    let month = |word: &str| {
        let short = word.get(..3)?.to_ascii_lowercase();
        let at = MONTHS.iter().position(|month| *month == short)?;
        word.chars()
            .all(char::is_alphabetic)
            .then(|| i8::try_from(at + 1).ok())
            .flatten()
    };
    let day = |word: &str| {
        let bare = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        bare.parse::<i8>().ok()
    };
    let (month, day) = match (month(words[0]), month(words[1])) {
        (Some(month), None) => (month, day(words[1])?),
        (None, Some(month)) => (month, day(words[0])?),
        _ => return None,
    };
    let year: i16 = words[2].parse().ok()?;
    let year = if words[2].len() == 2 {
        century(year)
    } else {
        year
    };
    Date::new(year, month, day).ok()
}

/// Days since 1899-12-30, as spreadsheets count them, from 1927 to 2064.
fn spreadsheet_day(text: &str) -> Option<Date> {
    let days: f64 = text.parse().ok()?;
    if !(10_000.0..60_000.0).contains(&days) || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let first = jiff::civil::date(1899, 12, 30);
    first.checked_add(jiff::Span::new().days(days as i64)).ok()
}

/// Enough of a value to find it by.
pub(super) fn brief(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::{any, proptest};

    use super::{
        DayOrder, date, is_ambiguous, is_missing, name, number, numeric_id, service_id, share,
        whole,
    };

    #[test]
    fn placeholders_are_nothing_everywhere() {
        for text in [
            "", " ", "-", "--", "- - -", "–", ".---", "-.--", "NA", "na", "N/A", "#N/A", "nan",
            "NaN", "None", "null", "NULL", "MISSING", "Unknown", "<NA>", "?", "*", "\\N",
        ] {
            assert!(is_missing(text), "{text}");
            assert_eq!(service_id(text), None, "{text}");
            assert_eq!(numeric_id(text), Ok(None), "{text}");
        }
        for text in ["0", "-1", "0.0", "-1.0", "-999", "000"] {
            assert_eq!(
                (service_id(text), numeric_id(text)),
                (None, Ok(None)),
                "{text}"
            );
        }
        assert_eq!(service_id("sa"), None);
        assert_eq!(service_id("sa3014435"), Some("sa3014435"));
        assert_eq!(service_id("27608.0"), Some("27608"));
        assert_eq!(service_id("*06abc*"), Some("*06abc*"));
        assert_eq!(
            (name("NA"), name("Na"), name("nan")),
            (None, Some("Na"), None)
        );
        assert!(!is_missing("TBA") && !is_missing("TBD") && !is_missing("Nash"));
    }

    #[test]
    fn numbers_are_read_in_their_spellings() {
        for (text, expected) in [
            ("12", Some(12)),
            ("12.0", Some(12)),
            ("12,0", Some(12)),
            ("2025.00", Some(2025)),
            ("1,012", Some(1012)),
            ("1 012", Some(1012)),
            ("1,012.0", Some(1012)),
            ("10,12", None),
            ("1.012", None),
            ("12.5", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(whole(text), expected, "{text}");
        }
        for (text, expected) in [
            ("21.5", Some(21.5)),
            ("21,5", Some(21.5)),
            ("21,375", Some(21_375.0)),
            (".250", Some(0.25)),
            ("-0.5", Some(-0.5)),
            ("1,012.5", Some(1012.5)),
            ("NaN", None),
            ("inf", None),
            ("1.2.3", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
        for (text, expected) in [
            ("0.19", Some(0.19)),
            ("19.0%", Some(0.19)),
            ("19,0 %", Some(0.19)),
            ("1", Some(1.0)),
            ("19.0", None),
        ] {
            assert_eq!(share(text, false), expected, "{text}");
        }
        assert_eq!(share("0.9", true), Some(0.9 / 100.0));
    }

    #[test]
    fn dates_are_read_as_sources_write_them() {
        let july = Ok(day(2024, 7, 1));
        for text in [
            "2024-07-01",
            "2024-07-01 00:00:00",
            "2024-07-01T00:00:00Z",
            "2024/7/1",
            "20240701",
            "7/1/2024",
            "07/01/24",
            "July 1, 2024",
            "Jul 1 2024",
            "1 July 2024",
            "1-Jul-24",
            "Jul. 1st, 2024",
            "Mon, 1 Jul 2024",
            "1.7.2024",
            "45474",
            "45474.0",
        ] {
            assert_eq!(date(text, DayOrder::Second), july, "{text}");
        }
        assert_eq!(date("1/7/2024", DayOrder::First), july);
        assert_eq!(date("31/12/2004", DayOrder::Second), Ok(day(2004, 12, 31)));
        for wrong in [
            "31/31/2001",
            "soon",
            "2024",
            "24-07",
            "1e5",
            "9/9",
            "2024-13-01",
        ] {
            assert!(date(wrong, DayOrder::Second).is_err(), "{wrong}");
        }
        assert_eq!(
            DayOrder::of(["3/10/2004", "13/1/2004"].into_iter()),
            Some(DayOrder::First)
        );
        assert_eq!(
            DayOrder::of(["3/10/2004", "1/13/2004"].into_iter()),
            Some(DayOrder::Second)
        );
        assert_eq!(DayOrder::of(["3/10/2004", "2004-01-01"].into_iter()), None);
        assert!(
            is_ambiguous("3/10/2004") && !is_ambiguous("13/10/2004") && !is_ambiguous("3/3/2004")
        );
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = (whole(&text), number(&text), share(&text, true), numeric_id(&text));
            let _ = (service_id(&text), date(&text, DayOrder::First), name(&text));
        }
    }
}
