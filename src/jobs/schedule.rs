//! When the day's run and the week's training are due, by New York's clock.

use jiff::civil::{Date, Time, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Hours of the daily chain in New York. All lie outside the hour that daylight
/// saving time skips or repeats, so each happens once on every day.
pub const TIMES: [Time; 5] = [
    time(6, 0, 0, 0),
    time(6, 30, 0, 0),
    time(7, 0, 0, 0),
    time(7, 30, 0, 0),
    time(8, 0, 0, 0),
];

/// When models are trained again, on Mondays in season.
const TRAINING: Time = time(9, 0, 0, 0);
/// Months in which minor-league baseball is played.
const IN_SEASON: std::ops::RangeInclusive<i8> = 4..=9;

/// New York's time zone.
///
/// # Errors
/// When neither the system nor the program has a time zone database.
pub fn new_york() -> anyhow::Result<TimeZone> {
    Ok(TimeZone::get("America/New_York")?)
}

/// The day in New York at `now`.
pub fn day(now: Timestamp, zone: &TimeZone) -> Date {
    now.to_zoned(zone.clone()).date()
}

/// The day whose run began last: today from six o'clock on, else yesterday. After
/// downtime this is one day, however many were missed.
pub fn current_run(now: Timestamp, zone: &TimeZone) -> Date {
    let local = now.to_zoned(zone.clone());
    if local.time() >= TIMES[0] {
        local.date()
    } else {
        before(local.date(), 1)
    }
}

/// When the steps of the run of `day` are due, in the order of [`TIMES`].
pub fn due(day: Date, zone: &TimeZone) -> [Timestamp; TIMES.len()] {
    TIMES.map(|at| instant(day, at, zone))
}

/// The Monday whose training is due at `now`, while it is the season; `None` out of season.
pub fn current_training(now: Timestamp, zone: &TimeZone) -> Option<Date> {
    let local = now.to_zoned(zone.clone());
    let since = i64::from(local.date().weekday().since(Weekday::Monday));
    let monday = before(local.date(), since);
    let begun = since > 0 || local.time() >= TRAINING;
    let monday = if begun { monday } else { before(monday, 7) };
    IN_SEASON.contains(&monday.month()).then_some(monday)
}

fn before(date: Date, days: i64) -> Date {
    date.saturating_sub(days.days())
}

fn instant(day: Date, at: Time, zone: &TimeZone) -> Timestamp {
    // A civil time in a zone is ambiguous only around a change of clocks, and
    // out of range only at the ends of the calendar.
    zone.to_zoned(day.to_datetime(at))
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::{Date, date};
    use jiff::{SignedDuration, Timestamp, ToSpan};

    use super::{TIMES, current_run, current_training, day, due, new_york};

    /// Looks at the clock every `minutes` from 2007 through 2037, as the queue
    /// does, and counts the runs each local day gets, and when.
    fn runs(minutes: i64) -> BTreeMap<Date, Vec<Timestamp>> {
        let zone = new_york().expect("a time zone database");
        let mut now = "2007-01-01T12:00:00Z".parse::<Timestamp>().expect("a time");
        let end = "2038-01-01T05:00:00Z".parse::<Timestamp>().expect("a time");
        let mut runs: BTreeMap<Date, Vec<Timestamp>> = BTreeMap::new();
        while now < end {
            let run = current_run(now, &zone);
            runs.entry(run).or_insert_with(|| vec![now]);
            now += SignedDuration::from_mins(minutes);
        }
        runs
    }

    #[test]
    fn every_local_day_of_thirty_one_years_has_one_run_at_six() {
        let zone = new_york().expect("a time zone database");
        let runs = runs(30);
        let mut expected = date(2007, 1, 1);
        for (run, begun) in runs.iter().skip(1) {
            expected = expected.tomorrow().expect("in range");
            assert_eq!(*run, expected);
            let local = begun[0].to_zoned(zone.clone());
            assert_eq!((local.date(), local.time()), (*run, TIMES[0]), "{run}");
        }
        assert_eq!(expected, date(2037, 12, 31));
    }

    #[test]
    fn gaps_are_23_24_or_25_hours_and_steps_never_overlap_a_clock_change() {
        let zone = new_york().expect("a time zone database");
        let mut at = date(2007, 1, 1);
        let mut changes = (0, 0);
        while at < date(2037, 12, 31) {
            let next = at.tomorrow().expect("in range");
            let times = due(at, &zone);
            for (time, wanted) in times.iter().zip(TIMES) {
                let local = time.to_zoned(zone.clone());
                assert_eq!((local.date(), local.time()), (at, wanted));
            }
            match due(next, &zone)[0].duration_since(times[0]).as_hours() {
                24 => {}
                23 => changes.0 += 1,
                25 => changes.1 += 1,
                other => panic!("{at}: {other} hours"),
            }
            at = next;
        }
        assert_eq!(changes, (31, 31), "one spring and one autumn a year");
    }

    #[test]
    fn downtime_is_caught_up_once() {
        let zone = new_york().expect("a time zone database");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        // Down since the run of the 1st; up again on the 4th before six, then after.
        assert_eq!(
            current_run(at("2026-07-04T09:00:00Z"), &zone),
            date(2026, 7, 3)
        );
        assert_eq!(
            current_run(at("2026-07-04T10:00:00Z"), &zone),
            date(2026, 7, 4)
        );
        assert_eq!(day(at("2026-07-04T02:00:00Z"), &zone), date(2026, 7, 3));
    }

    #[test]
    fn training_is_due_once_a_week_in_season() {
        let zone = new_york().expect("a time zone database");
        let mut now = "2026-01-01T00:00:00Z".parse::<Timestamp>().expect("a time");
        let mut weeks = std::collections::BTreeSet::new();
        for _ in 0..365 * 24 {
            weeks.extend(current_training(now, &zone));
            now += SignedDuration::from_hours(1);
        }
        let first = *weeks.first().expect("some");
        let last = *weeks.last().expect("some");
        assert_eq!((first, last), (date(2026, 4, 6), date(2026, 9, 28)));
        assert_eq!(weeks.len(), 26);
        assert!(
            weeks
                .iter()
                .all(|monday| monday.weekday() == jiff::civil::Weekday::Monday)
        );
        assert_eq!(first + 175.days(), last);
    }
}
