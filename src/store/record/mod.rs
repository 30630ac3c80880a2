//! Records as stored, and their way to and from domain values.
//!
//! A record's fields are never reordered: a changed shape gets a new version
//! byte and the old record stays readable.

pub(super) mod boards;
pub(super) mod days;
pub(super) mod grades;
pub(super) mod lines;
pub(super) mod models;
pub(super) mod player_facts;
pub(super) mod players;
pub(super) mod predictions;
pub(super) mod quarantine;
pub(super) mod rosters;
pub(super) mod sources;

use jiff::civil::Date;

/// Days since 1970-01-01.
pub(in crate::store) type Day = i32;

/// The day number of a date.
pub(in crate::store) fn day(date: Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    // Dates of years -9999 to 9999 differ by less than eight million days.
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The date of a day number.
pub(in crate::store) fn date(day: Day) -> Date {
    jiff::civil::date(1970, 1, 1)
        .saturating_add(jiff::Span::new().days(day.clamp(-2_000_000, 2_000_000)))
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn days_and_dates_agree() {
        for (y, m, d) in [
            (1970, 1, 1),
            (1969, 12, 31),
            (2000, 2, 29),
            (2026, 11, 22),
            (1890, 5, 4),
        ] {
            let given = jiff::civil::date(y, m, d);
            assert_eq!(date(day(given)), given);
        }
        assert_eq!(day(jiff::civil::date(1970, 1, 2)), 1);
    }
}
