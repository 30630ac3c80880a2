//! How far a season has got on a day.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use crate::domain::{History, Season};

/// A month and a day of it.
type YearDay = (i8, i8);

/// First and last day of the full-season leagues, from a season on.
const CALENDARS: [(u16, YearDay, YearDay); 4] = [
    (0, (4, 7), (9, 2)),
    (2020, (4, 9), (9, 7)),
    (2021, (5, 4), (9, 26)),
    (2022, (4, 6), (9, 22)),
];

/// Share of the season's calendar that has been played by the end of `day`: 0 before
/// its first game, 1 once it is over.
pub(super) fn share(season: Season, day: Date) -> f32 {
    let of = CALENDARS.iter().rfind(|(from, ..)| *from <= season.0);
    let (_, opening, closing) = of.unwrap_or(&CALENDARS[0]);
    let at = |(month, day): (i8, i8)| date(season.0 as i16, month, day);
    let (opening, closing) = (at(*opening), at(*closing));
    let length = days(opening, closing) as f32;
    (days(opening, day) as f32 / length).clamp(0.0, 1.0)
}

/// The day on which a share of the season's calendar has been played; its last day for
/// all of it.
pub(super) fn day(season: Season, played: f32) -> Date {
    let mut day = season.last_day();
    while share(season, day) > played {
        let Ok(before) = day.yesterday() else {
            break;
        };
        day = before;
    }
    day
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// The newest day up to which anybody's lines of each season count.
#[derive(Debug)]
pub(super) struct Reached(BTreeMap<Season, Date>);

impl Reached {
    /// Finds the newest day of each season.
    pub(super) fn of(histories: &[History]) -> Self {
        let mut newest: BTreeMap<Season, Date> = BTreeMap::new();
        let batting = histories.iter().flat_map(|h| &h.batting);
        let pitching = histories.iter().flat_map(|h| &h.pitching);
        let lines = batting.map(|l| (l.season, l.as_of));
        for (season, as_of) in lines.chain(pitching.map(|l| (l.season, l.as_of))) {
            let day = newest.entry(season).or_insert(as_of);
            *day = (*day).max(as_of);
        }
        Self(newest)
    }

    /// The day a season's lines reach: its last one when there are none.
    pub(super) fn day(&self, season: Season) -> Date {
        let last = season.last_day();
        self.0.get(&season).map_or(last, |day| (*day).min(last))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{day, share};
    use crate::domain::Season;

    #[test]
    fn a_season_goes_from_nothing_to_all() {
        let at = |month, day| share(Season(2017), date(2017, month, day));
        assert_eq!(
            [at(1, 1), at(4, 7), at(9, 2), at(12, 31)],
            [0.0, 0.0, 1.0, 1.0]
        );
        assert!((at(6, 20) - 0.5).abs() < 0.01, "{}", at(6, 20));
        assert!(share(Season(2021), date(2021, 5, 4)) == 0.0);
    }

    #[test]
    fn the_day_of_a_share_has_that_share() {
        for season in [2012, 2021, 2026].map(Season) {
            for played in [0.0, 0.15, 0.4, 0.7] {
                let found = share(season, day(season, played));
                assert!((found - played).abs() < 0.01, "{season} {played} {found}");
            }
            assert_eq!(day(season, 1.0), season.last_day());
        }
    }
}
