//! Major-league seasons and the end of rookie status.

use jiff::civil::{Date, date};

use crate::domain::{BattingCounts, MlbSeason, PitchingCounts, RookieLimits, Season};

use super::random::Random;

const ROOKIE_AB: u32 = 130;
const ROOKIE_OUTS: u32 = 150;

/// Adds batting to a season.
pub(super) fn add_batting(season: &mut MlbSeason, line: &BattingCounts) {
    season.pa += line.pa;
    season.ab += line.ab;
    season.h += line.h;
    season.hr += line.hr;
    season.bb += line.bb;
    season.so += line.so;
    season.g += line.g;
}

/// Adds pitching to a season.
pub(super) fn add_pitching(season: &mut MlbSeason, line: &PitchingCounts) {
    season.outs += line.outs;
    season.bf += line.bf;
    season.p_so += line.so;
    season.p_bb += line.bb;
    season.g_pit += line.g;
    season.gs += line.gs;
}

/// Debut and the day the rookie limits were passed, from the season lines.
pub(super) fn rookie_limits(random: &mut Random, seasons: &[MlbSeason], full: f64) -> RookieLimits {
    let Some(first) = seasons.first() else {
        return RookieLimits::default();
    };
    let share = f64::from(first.pa) / full + f64::from(first.outs) / 560.0;
    let start = (1.0 - share.min(1.0)) * 150.0;
    let debut = day(first.season, start + random.between(0.0, 4.0));
    let passed_on = passing(seasons).map(|(season, part)| {
        let from = if season == first.season { start } else { 0.0 };
        day(season, from + 5.0 + (178.0 - from - 5.0) * part).max(debut)
    });
    RookieLimits {
        debut: Some(debut),
        passed_on,
        passed_by: passing(seasons).map(|(season, _)| season),
    }
}

/// The season in which a limit was passed and the part of it played until then.
fn passing(seasons: &[MlbSeason]) -> Option<(Season, f64)> {
    let (mut ab, mut outs) = (0_u32, 0_u32);
    for season in seasons {
        let part = [(ab, season.ab, ROOKIE_AB), (outs, season.outs, ROOKIE_OUTS)]
            .into_iter()
            .filter(|&(before, now, limit)| before + u32::from(now) > limit)
            .map(|(before, now, limit)| {
                f64::from(limit - before.min(limit)) / f64::from(now.max(1))
            })
            .reduce(f64::min);
        if let Some(part) = part {
            return Some((season.season, part));
        }
        ab += u32::from(season.ab);
        outs += u32::from(season.outs);
    }
    None
}

/// Day `offset` of a major-league season: from 1 April, in 2020 from 24 July.
fn day(season: Season, offset: f64) -> Date {
    let (first, length) = match season.0 {
        2020 => (date(2020, 7, 24), 65.0),
        year => (date(year as i16, 4, 1), 180.0),
    };
    let days = (offset * length / 180.0).clamp(0.0, length) as i64;
    first.saturating_add(jiff::Span::new().days(days))
}
