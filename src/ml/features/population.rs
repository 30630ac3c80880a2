//! Who is a prospect at the end of a season, and what became of him.

use super::facts::MajorTime;
use super::sight::Sight;
use crate::domain::{Aftermath, History, MlbSeason, Role, Season};

/// Career major-league at bats and outs beyond which a player is no prospect.
const ROOKIE_AT_BATS: u32 = 130;
const ROOKIE_OUTS: u32 = 150;
/// Plate appearances and outs within the window that make a success.
const SUCCESS_PA: f32 = 500.0;
const SUCCESS_OUTS: f32 = 300.0;
/// Ages on 1 July a prospect can have.
const AGES: std::ops::RangeInclusive<f32> = 15.0..=32.99;
/// Games of the shortened season 2020 against a full one.
const SHORT_2020: f32 = 162.0 / 60.0;

/// Playing time from which a season is evaluated.
pub(super) fn evaluated_from(role: Role) -> f32 {
    match role {
        Role::Hitter => 75.0,
        Role::Pitcher => 80.0,
    }
}

/// True when the player is a prospect on the day of `sight`.
pub(super) fn eligible(history: &History, sight: &Sight) -> bool {
    let (limits, season) = (&history.rookie_limits, sight.season);
    let passed = if sight.is_over() {
        limits.passed_through(season)
    } else {
        limits.passed_on.is_some_and(|day| day <= sight.day)
            || limits.passed_by.is_some_and(|by| by < season)
    };
    let through = history.mlb.iter().filter(|m| sight.knows(m.season));
    let (ab, outs) = through.fold((0, 0), |(ab, outs), m| {
        (ab + u32::from(m.ab), outs + u32::from(m.outs))
    });
    let age = season.age(history.prospect.birth_date);
    !passed && ab <= ROOKIE_AT_BATS && outs <= ROOKIE_OUTS && age.is_none_or(|a| AGES.contains(&a))
}

/// Major-league time through the day of `sight`; `covered` are the seasons whose
/// major-league lines are known at all. Of a running season it is that of the year: what
/// it brought, and the part of the season before that is still to be played.
pub(super) fn major_time(
    history: &History,
    role: Role,
    sight: &Sight,
    covered: &[u16],
) -> MajorTime {
    let time = |m: &MlbSeason| match role {
        Role::Hitter => f32::from(m.pa),
        Role::Pitcher => f32::from(m.bf),
    };
    let seen = || history.mlb.iter().filter(|m| sight.knows(m.season));
    let of = |season: Season| seen().filter(|m| m.season == season).map(time).sum::<f32>();
    let debuted = debuted(history, sight);
    let newest = if sight.is_over() {
        sight.season
    } else {
        sight.season.minus(1)
    };
    let unknown = debuted && covered.binary_search(&newest.0).is_err();
    let or_unknown = |sum: f32| if unknown { f32::NAN } else { sum };
    let wait = 1.0 - sight.played;
    MajorTime {
        debuted,
        season: or_unknown(of(sight.season) + wait * of(sight.season.minus(1))),
        career: or_unknown(seen().map(time).sum()),
    }
}

/// True when he reached the majors by the day of `sight`.
fn debuted(history: &History, sight: &Sight) -> bool {
    let day = history.rookie_limits.debut;
    day.is_some_and(|d| d <= sight.day) || history.mlb.iter().any(|m| sight.knows(m.season))
}

/// True when he reached the majors on or before the last day of `season`.
fn debuted_through(history: &History, season: Season) -> bool {
    let day = history.rookie_limits.debut;
    day.is_some_and(|d| d <= season.last_day()) || history.mlb.iter().any(|m| m.season <= season)
}

/// What became of a player in the window after `season`, which must have closed.
pub(super) fn aftermath(history: &History, season: Season) -> Aftermath {
    let window = season.plus(1)..=season.plus(Season::WINDOW);
    let year = |m: &MlbSeason| (m.season.0 - season.0) as u8;
    let played = || history.mlb.iter().filter(|m| window.contains(&m.season));
    let first = played().map(year).min();
    let (pa, outs) = played().fold((0, 0), |(pa, outs), m| {
        (pa + u32::from(m.pa), outs + u32::from(m.outs))
    });
    Aftermath {
        pa,
        outs,
        debut: if debuted_through(history, season) {
            Some(0)
        } else {
            first
        },
        success: (1..=Season::WINDOW as u8).find(|&k| {
            let until = season.plus(u16::from(k));
            progress_with(history, season, until, |_| 1.0) > 1.0
        }),
        success_in_full_seasons: (1..=Season::WINDOW as u8).find(|&k| {
            let until = season.plus(u16::from(k));
            progress_with(history, season, until, in_full_seasons) > 1.0
        }),
    }
}

/// How far the window after `season` went towards success: the larger of plate
/// appearances over 500 and outs over 300, 2020 as played. More than 1 is success.
pub(super) fn progress(history: &History, season: Season) -> f32 {
    progress_with(history, season, season.plus(Season::WINDOW), |_| 1.0)
}

/// The same with the 60 games of 2020 counted as a full season: what the same
/// careers would have given in ordinary years.
pub(super) fn progress_in_full_seasons(history: &History, season: Season) -> f32 {
    progress_by(history, season, season.plus(Season::WINDOW))
}

/// The same by the end of `until`, a season of the window.
pub(super) fn progress_by(history: &History, season: Season, until: Season) -> f32 {
    progress_with(history, season, until, in_full_seasons)
}

fn in_full_seasons(m: &MlbSeason) -> f32 {
    if m.season.0 == 2020 { SHORT_2020 } else { 1.0 }
}

fn progress_with(
    history: &History,
    season: Season,
    until: Season,
    weight: impl Fn(&MlbSeason) -> f32,
) -> f32 {
    let window = season.plus(1)..=until;
    let (pa, outs) = history
        .mlb
        .iter()
        .filter(|m| window.contains(&m.season))
        .fold((0.0, 0.0), |(pa, outs), m| {
            (
                pa + weight(m) * f32::from(m.pa),
                outs + weight(m) * f32::from(m.outs),
            )
        });
    f32::max(pa / SUCCESS_PA, outs / SUCCESS_OUTS)
}
