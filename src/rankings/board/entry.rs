//! One player in one role on a season's board, with the facts of his season.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    Attribution, Club, Code, History, Horizons, Level, Position, Prediction, ProspectId, Role,
    Season,
};

/// The facts of the season a prediction stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The player.
    pub id: ProspectId,
    /// Full name.
    pub name: String,
    /// Hitter or pitcher.
    pub role: Role,
    /// Main position, when known.
    pub position: Option<Position>,
    /// Highest level played.
    pub level: Level,
    /// League of that level, unknown in some sources.
    pub league: Code,
    /// Parent organisation, unknown in some sources.
    pub organisation: Code,
    /// Club abbreviation, unknown in some sources.
    pub club: Code,
    /// Age in years on 1 July of the season; NaN without a birth date.
    pub age: f32,
    /// Plate appearances or batters faced in the season; 0 when he sat it out.
    pub playing_time: u32,
    /// The season's rates, in the order of [`rate_labels`]; NaN when undefined.
    pub rates: [f32; RATES],
    /// The playing-time-weighted average of his leagues' rates.
    pub averages: [f32; RATES],
}

/// One line of a board before it is ranked.
#[derive(Clone, Debug)]
pub struct BoardEntry {
    /// Who and where.
    pub facts: Facts,
    /// The model's answer.
    pub prediction: Prediction,
    /// The same by season.
    pub horizons: Horizons,
    /// Feature values in the order of the role's definitions; NaN is missing.
    pub features: Vec<f32>,
    /// Exact shares, in the same order.
    pub attribution: Attribution,
}

/// Rates shown per role.
pub const RATES: usize = 5;

/// Label, and whether more is better for the player, of each rate of `role`.
pub fn rate_labels(role: Role) -> [(&'static str, bool); RATES] {
    match role {
        Role::Hitter => [
            ("Strikeout rate", false),
            ("Walk rate", true),
            ("Home runs per PA", true),
            ("Isolated power", true),
            ("Steals per PA", true),
        ],
        Role::Pitcher => [
            ("Strikeout rate", true),
            ("Walk rate", false),
            ("Strikeouts minus walks", true),
            ("Home runs per batter", false),
            ("Hits per batter", false),
        ],
    }
}

/// Sums behind the rates: trials (PA or BF), at bats and five counts.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    trials: f32,
    at_bats: f32,
    counts: [f32; RATES],
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.trials += other.trials;
        self.at_bats += other.at_bats;
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
    }

    fn rates(&self, role: Role) -> [f32; RATES] {
        let iso = |i| role == Role::Hitter && i == 3;
        std::array::from_fn(|i| {
            let base = if iso(i) { self.at_bats } else { self.trials };
            if base > 0.0 {
                self.counts[i] / base
            } else {
                f32::NAN
            }
        })
    }
}

/// A line of either side, reduced to what a board shows.
struct Played {
    season: Season,
    level: Level,
    club: Club,
    position: Option<Position>,
    sums: Sums,
}

/// What every league's players did in one season: the averages rates stand beside.
#[derive(Debug, Default)]
pub struct LeagueAverages {
    sums: HashMap<(Role, Level, Code), Sums>,
}

impl LeagueAverages {
    /// Sums every line of `season`.
    pub fn of<'a>(histories: impl IntoIterator<Item = &'a History>, season: Season) -> Self {
        let mut averages = Self::default();
        for history in histories {
            for role in [Role::Hitter, Role::Pitcher] {
                for line in lines(history, role).filter(|line| line.season == season) {
                    let key = (role, line.level, line.club.league);
                    averages.sums.entry(key).or_default().add(line.sums);
                }
            }
        }
        averages
    }

    fn beside(&self, role: Role, played: &[Played]) -> [f32; RATES] {
        let mut total = [0.0; RATES];
        let mut weight = 0.0;
        for line in played {
            let Some(sums) = self.sums.get(&(role, line.level, line.club.league)) else {
                continue;
            };
            weight += line.sums.trials;
            for (sum, rate) in total.iter_mut().zip(sums.rates(role)) {
                *sum += rate * line.sums.trials;
            }
        }
        total.map(|sum| if weight > 0.0 { sum / weight } else { f32::NAN })
    }
}

impl Facts {
    /// The facts of `history` in `role` at the end of `season`, looking at
    /// nothing later; `None` when he has no line in the role by then. A player
    /// who sat the season out shows where he played last, with no playing time.
    pub fn of(
        history: &History,
        role: Role,
        season: Season,
        averages: &LeagueAverages,
    ) -> Option<Self> {
        let last = lines(history, role)
            .map(|line| line.season)
            .filter(|&s| s <= season)
            .max()?;
        let played: Vec<Played> = lines(history, role).filter(|l| l.season == last).collect();
        let top = played.iter().max_by(|a, b| {
            (a.level, a.sums.trials)
                .partial_cmp(&(b.level, b.sums.trials))
                .unwrap_or(std::cmp::Ordering::Equal)
        })?;
        let longest = played
            .iter()
            .max_by(|a, b| a.sums.trials.total_cmp(&b.sums.trials))?;
        let mut sums = Sums::default();
        played.iter().for_each(|line| sums.add(line.sums));
        let active = last == season;
        Some(Self {
            id: history.prospect.id,
            name: history.prospect.name.clone(),
            role,
            position: longest
                .position
                .or(played.iter().find_map(|line| line.position)),
            level: top.level,
            league: top.club.league,
            organisation: top.club.organisation,
            club: top.club.team,
            age: season.age(history.prospect.birth_date).unwrap_or(f32::NAN),
            playing_time: if active { sums.trials as u32 } else { 0 },
            rates: if active {
                sums.rates(role)
            } else {
                [f32::NAN; RATES]
            },
            averages: if active {
                averages.beside(role, &played)
            } else {
                [f32::NAN; RATES]
            },
        })
    }
}

fn lines(history: &History, role: Role) -> impl Iterator<Item = Played> {
    let batting = history.batting.iter().filter(move |_| role == Role::Hitter);
    let pitching = history
        .pitching
        .iter()
        .filter(move |_| role == Role::Pitcher);
    let batting = batting.map(|line| {
        let c = line.counts;
        let bases = f32::from(c.b2) + 2.0 * f32::from(c.b3) + 3.0 * f32::from(c.hr);
        let counts = [c.so.into(), c.bb.into(), c.hr.into(), bases, c.sb.into()];
        let sums = Sums {
            trials: c.pa.into(),
            at_bats: c.ab.into(),
            counts,
        };
        Played {
            season: line.season,
            level: line.level,
            club: line.club,
            position: line.position,
            sums,
        }
    });
    let pitching = pitching.map(|line| {
        let c = line.counts;
        let gap = f32::from(c.so) - f32::from(c.bb);
        let counts = [c.so.into(), c.bb.into(), gap, c.hr.into(), c.h.into()];
        let sums = Sums {
            trials: c.bf.into(),
            at_bats: c.bf.into(),
            counts,
        };
        Played {
            season: line.season,
            level: line.level,
            club: line.club,
            position: line.position,
            sums,
        }
    });
    batting.chain(pitching)
}
