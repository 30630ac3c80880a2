//! The 40-man roster: whom his club protects, as known on a snapshot's day.
//!
//! A state some weeks old is worse than none: whom clubs add before the winter's
//! draft of unprotected players is what the group tells. So it is offered for a day
//! only when the log of moves reaches that day without a gap.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::{History, RosterStep, on_roster};

/// Days before a snapshot within which the log's newest move must lie.
const FRESH: i32 = 21;
/// Days a log may be silent on the way: the spring of 2020 was the longest.
const SILENCE: i32 = 70;
/// Days a log must reach back, for most of those on a roster to have been moved.
const REACH: i32 = 330;
/// Players on a club's list on one day from which the lists are everybody's.
const EVERYBODY: usize = 600;
/// Days that halve what a selection says.
const FADING: f32 = 180.0;

/// A place on a 40-man roster, as far as known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roster {
    /// 1 when on one, 0 when on none; NaN when no log reaches the day.
    pub(super) on: f32,
    /// 1 on the day his contract is selected, halved every 180 days; 0 when on none.
    pub(super) added: f32,
}

/// Which days the log of moves reaches.
#[derive(Debug, Default)]
pub(super) struct Rosters {
    /// Days on which anybody was moved, oldest first.
    days: Vec<Date>,
    /// First day on which the clubs' own lists tell of everybody.
    listed_from: Option<Date>,
}

impl Rosters {
    /// Finds the days with moves and lists.
    pub(super) fn of(histories: &[History]) -> Self {
        let mut days = BTreeSet::new();
        let mut lists: BTreeMap<Date, usize> = BTreeMap::new();
        for step in histories.iter().flat_map(|h| &h.roster) {
            days.insert(step.day);
            if step.step == RosterStep::Listed {
                *lists.entry(step.day).or_default() += 1;
            }
        }
        let whole = lists.into_iter().find(|(_, listed)| *listed >= EVERYBODY);
        Self {
            days: days.into_iter().collect(),
            listed_from: whole.map(|(day, _)| day),
        }
    }

    /// Where the player stood on `day`.
    pub(super) fn standing(&self, history: &History, day: Date) -> Roster {
        if !self.reach(day) {
            return Roster {
                on: f32::NAN,
                added: f32::NAN,
            };
        }
        let lists = self.listed_from.filter(|&from| from <= day);
        let moves = history.roster.iter().filter(|step| step.day <= day);
        let on = on_roster(
            moves
                .filter(|s| lists.is_none_or(|from| s.day >= from))
                .copied(),
        );
        let selected = on.and_then(|on| on.selected);
        Roster {
            on: f32::from(u8::from(on.is_some())),
            added: selected.map_or(0.0, |from| {
                (-(days_between(from, day) as f32) / FADING).exp2()
            }),
        }
    }

    /// True when the log reaches `day`: its newest move is fresh, and it has no gap in
    /// the year before, or since the clubs' lists were read.
    fn reach(&self, day: Date) -> bool {
        let mut later = day;
        let mut allowed = FRESH;
        let known = &self.days[..self.days.partition_point(|d| *d <= day)];
        for &earlier in known.iter().rev() {
            if days_between(earlier, later) > allowed {
                return false;
            }
            let listed = self.listed_from.is_some_and(|from| earlier <= from);
            if listed || days_between(earlier, day) >= REACH {
                return true;
            }
            (later, allowed) = (earlier, SILENCE);
        }
        false
    }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    earlier
        .until(later)
        .map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::Rosters;
    use crate::domain::{History, RosterMove, RosterStep};
    use crate::ml::fixture::league;

    /// One player, moved every twenty days from the first to the last of two days.
    fn moved(from: Date, to: Date) -> Vec<History> {
        let mut histories = league(1);
        let mut day = from;
        while day <= to {
            histories[0].roster.push(RosterMove {
                day,
                step: RosterStep::Other,
            });
            day = day.saturating_add(jiff::Span::new().days(20));
        }
        histories
    }

    fn known(histories: &[History], day: Date) -> bool {
        !Rosters::of(histories)
            .standing(&histories[0], day)
            .on
            .is_nan()
    }

    #[test]
    fn only_a_log_that_reaches_the_day_without_a_gap_says_anything() {
        let year = moved(date(2014, 1, 1), date(2015, 12, 31));
        assert!(known(&year, date(2015, 12, 31)));
        assert!(known(&year, date(2015, 6, 1)));
        assert!(!known(&year, date(2014, 6, 1)), "half a year is too short");
        assert!(!known(&year, date(2016, 2, 1)), "the log has ended");
        let mut gap = year;
        gap[0]
            .roster
            .retain(|step| step.day.month() < 6 || step.day.month() > 8);
        assert!(!known(&gap, date(2015, 12, 31)));
        assert!(!known(&league(1), date(2015, 12, 31)));
    }

    #[test]
    fn a_selection_fades_and_nobody_knows_the_next_days_moves() {
        let mut histories = moved(date(2014, 1, 1), date(2015, 12, 31));
        let select = RosterMove {
            day: date(2015, 7, 4),
            step: RosterStep::Added,
        };
        histories[0].roster.push(select);
        histories[0].roster.sort_by_key(|step| step.day);
        let rosters = Rosters::of(&histories);
        let at = |day| rosters.standing(&histories[0], day);
        assert_eq!(
            (at(date(2015, 7, 3)).on, at(date(2015, 7, 4)).on),
            (0.0, 1.0)
        );
        assert_eq!(at(date(2015, 7, 4)).added, 1.0);
        let later = at(date(2015, 12, 31)).added;
        assert!((later - 0.5).abs() < 0.01, "{later}");
    }
}
