//! A history with nothing later than a day in it.

use jiff::civil::Date;

use crate::domain::History;

/// What was known of a player on a day: nothing dated later.
pub(in crate::rankings) fn known_on(mut history: History, day: Date) -> History {
    history.batting.retain(|line| line.as_of <= day);
    history.pitching.retain(|line| line.as_of <= day);
    // Major-league seasons are whole: the running one is known when it is over.
    history.mlb.retain(|mlb| mlb.season.last_day() <= day);
    history
        .draft
        .retain(|pick| pick.year.last_day() <= day || pick.year.0 as i16 == day.year());
    history
        .grades
        .retain(|grade| grade.published.is_some_and(|published| published <= day));
    history.roster.retain(|step| step.day <= day);
    history
}
