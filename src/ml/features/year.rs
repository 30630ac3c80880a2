//! A player's seasons, made of his lines.

use super::league::Leagues;
use super::rates::{RATES, Tally};
use super::stint::{RUNGS, Stint, level_of, main_position};
use crate::domain::{Level, Position};

/// One player's season in one role, clubs summed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year {
    pub(super) season: u16,
    pub(super) playing_time: f32,
    pub(super) games: f32,
    pub(super) position: Option<Position>,
    pub(super) level: Level,
    pub(super) tally: Tally,
    /// Successes a league-average player would have had in the same chances.
    pub(super) expected: [f32; RATES],
    pub(super) by_rung: [f32; RUNGS],
    /// Playing-time-weighted mean ages of the levels and leagues played in.
    pub(super) level_age: f32,
    pub(super) league_age: f32,
    /// Rung with the most playing time.
    pub(super) main_rung: usize,
}

/// Sums stints, ordered by season, into one [`Year`] per season.
pub(super) fn years(stints: &[Stint], leagues: &Leagues) -> Vec<Year> {
    stints
        .chunk_by(|a, b| a.season == b.season)
        .map(|season| year(season, leagues))
        .collect()
}

fn year(season: &[Stint], leagues: &Leagues) -> Year {
    let mut year = Year {
        season: season[0].season,
        playing_time: 0.0,
        games: 0.0,
        position: main_position(season),
        level: Level::Rookie,
        tally: Tally::default(),
        expected: [0.0; RATES],
        by_rung: [0.0; RUNGS],
        level_age: 0.0,
        league_age: 0.0,
        main_rung: 0,
    };
    for stint in season {
        let league = leagues.league(stint);
        year.playing_time += stint.playing_time;
        year.games += stint.games;
        year.tally.add(&stint.tally);
        for rate in 0..RATES {
            year.expected[rate] += league.rate[rate] * stint.tally.den[rate];
        }
        // A line without playing time still says where he was.
        let weight = stint.playing_time + 0.01;
        year.by_rung[stint.rung] += weight;
        year.level_age += leagues.level(stint).age * weight;
        year.league_age += league.age * weight;
    }
    let total: f32 = year.by_rung.iter().sum();
    year.level_age /= total;
    year.league_age /= total;
    year.level = level_of(
        (0..RUNGS)
            .rev()
            .find(|&r| year.by_rung[r] > 0.0)
            .unwrap_or(0),
    );
    year.main_rung = (0..RUNGS)
        .max_by(|&a, &b| year.by_rung[a].total_cmp(&year.by_rung[b]))
        .unwrap_or(0);
    year
}

impl Year {
    /// Mean rung, weighted by playing time.
    pub(super) fn mean_rung(&self) -> f32 {
        let total: f32 = self.by_rung.iter().sum();
        self.by_rung
            .iter()
            .enumerate()
            .map(|(r, w)| r as f32 * w)
            .sum::<f32>()
            / total
    }

    /// Highest rung with at least 20 plate appearances or batters faced, or the
    /// main one.
    pub(super) fn top_rung(&self) -> usize {
        (0..RUNGS)
            .rev()
            .find(|&r| self.by_rung[r] >= 20.0)
            .unwrap_or(self.main_rung)
    }

    /// Share of the season's playing time on a rung.
    pub(super) fn share(&self, rung: usize) -> f32 {
        self.by_rung[rung] / self.by_rung.iter().sum::<f32>()
    }
}
