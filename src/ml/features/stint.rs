//! One line of either side of the ball.

use super::rates::{self, Tally};
use crate::domain::{BattingLine, Club, Code, Level, PitchingLine, Position, Role};

/// Rungs of the ladder: foreign rookie, complex, advanced rookie, A-, A, A+, AA, AAA.
pub(super) const RUNGS: usize = 8;

/// A line reduced to what features need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stint {
    pub(super) season: u16,
    pub(super) rung: usize,
    pub(super) league: Code,
    pub(super) position: Option<Position>,
    /// Plate appearances or batters faced.
    pub(super) playing_time: f32,
    pub(super) games: f32,
    pub(super) tally: Tally,
}

fn rung(level: Level, club: &Club) -> usize {
    match level {
        Level::Rookie if club.is_foreign_rookie() => 0,
        Level::Rookie if matches!(club.league.as_str(), "APP" | "PIO") => 2,
        Level::Rookie => 1,
        Level::ShortSeasonA => 3,
        Level::A => 4,
        Level::HighA => 5,
        Level::DoubleA => 6,
        Level::TripleA => 7,
    }
}

pub(super) fn level_of(rung: usize) -> Level {
    match rung {
        0..=2 => Level::Rookie,
        3 => Level::ShortSeasonA,
        4 => Level::A,
        5 => Level::HighA,
        6 => Level::DoubleA,
        _ => Level::TripleA,
    }
}

impl Stint {
    fn of_batting(line: &BattingLine) -> Self {
        Self {
            season: line.season.0,
            rung: rung(line.level, &line.club),
            league: line.club.league,
            position: line.position,
            playing_time: f32::from(line.counts.pa),
            games: f32::from(line.counts.g),
            tally: Tally::of_batting(&line.counts),
        }
    }

    fn of_pitching(line: &PitchingLine) -> Self {
        Self {
            season: line.season.0,
            rung: rung(line.level, &line.club),
            league: line.club.league,
            position: line.position,
            playing_time: f32::from(line.counts.bf),
            games: rates::games_pitched(&line.counts),
            tally: Tally::of_pitching(&line.counts),
        }
    }
}

/// The player's affiliated lines in the role that make him a prospect of that
/// role: no batting of a season spent as a pitcher, no pitching of a fielder
/// who faced fewer than 80 batters. Oldest season first.
pub(super) fn stints(batting: &[BattingLine], pitching: &[PitchingLine], role: Role) -> Vec<Stint> {
    let mut stints: Vec<Stint> = match role {
        Role::Hitter => batting
            .iter()
            .filter(|l| !l.club.is_unaffiliated())
            .map(Stint::of_batting)
            .collect(),
        Role::Pitcher => pitching
            .iter()
            .filter(|l| !l.club.is_unaffiliated())
            .map(Stint::of_pitching)
            .collect(),
    };
    // A fixed order whatever the order of the lines: sums of floats depend on it.
    stints.sort_by_key(|s| {
        (
            s.season,
            s.rung,
            s.league,
            s.playing_time as u32,
            s.games as u32,
        )
    });
    let mut kept = Vec::with_capacity(stints.len());
    for season in stints.chunk_by(|a, b| a.season == b.season) {
        if belongs(season, role) {
            kept.extend(
                season
                    .iter()
                    .filter(|s| role == Role::Pitcher || s.position != Some(Position::P)),
            );
        }
    }
    kept
}

fn belongs(season: &[Stint], role: Role) -> bool {
    let main = main_position(season);
    match role {
        Role::Hitter => main != Some(Position::P),
        Role::Pitcher => {
            matches!(main, None | Some(Position::P | Position::TWP))
                || season.iter().map(|s| s.playing_time).sum::<f32>() >= 80.0
        }
    }
}

/// The position of most playing time; the earlier one of the list where two tie.
pub(super) fn main_position(season: &[Stint]) -> Option<Position> {
    let mut totals: Vec<(Position, f32)> = Vec::new();
    for stint in season {
        if let Some(position) = stint.position {
            match totals.iter_mut().find(|(p, _)| *p == position) {
                Some((_, total)) => *total += stint.playing_time,
                None => totals.push((position, stint.playing_time)),
            }
        }
    }
    totals
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(position, _)| position)
}
