//! What was normal: rates and ages of every league and level of a season.
//!
//! An average uses lines of its own season only, so a snapshot that looks at
//! seasons up to its own never sees a later one.

use std::collections::HashMap;

use super::rates::{RATES, Tally};
use super::stint::{RUNGS, Stint};
use crate::domain::Code;

/// Playing time under which a league's average is not trusted and the whole
/// level's is taken.
const LEAGUE_MINIMUM: f64 = 4000.0;

/// Averages of one league-season, or of one level-season.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Average {
    pub(super) rate: [f32; RATES],
    /// Playing-time-weighted mean age, NaN when no age is known.
    pub(super) age: f32,
    playing_time: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    num: [f64; RATES],
    den: [f64; RATES],
    playing_time: f64,
    age: f64,
    aged: f64,
}

/// The averages of every season.
#[derive(Debug, Default)]
pub(super) struct Leagues {
    sums: HashMap<(u16, usize, Code), Sums>,
    averages: HashMap<(u16, usize, Code), Average>,
}

impl Leagues {
    /// Counts one line of a player aged `age` on 1 July of the season.
    pub(super) fn count(&mut self, stint: &Stint, age: Option<f32>) {
        let level = (stint.season, stint.rung, Code::default());
        let league = (stint.season, stint.rung, stint.league);
        self.sums.entry(level).or_default().add(stint, age);
        if league != level {
            self.sums.entry(league).or_default().add(stint, age);
        }
    }

    /// Turns counts into averages.
    pub(super) fn finish(mut self) -> Self {
        self.averages = self.sums.drain().map(|(k, s)| (k, s.average())).collect();
        self
    }

    /// The averages of the line's league, or of its level when the league is
    /// unknown or tiny.
    pub(super) fn league(&self, stint: &Stint) -> Average {
        self.averages
            .get(&(stint.season, stint.rung, stint.league))
            .filter(|a| a.playing_time >= LEAGUE_MINIMUM)
            .copied()
            .unwrap_or_else(|| self.level(stint))
    }

    /// The averages of the line's level in its season.
    pub(super) fn level(&self, stint: &Stint) -> Average {
        debug_assert!(stint.rung < RUNGS);
        self.averages
            .get(&(stint.season, stint.rung, Code::default()))
            .copied()
            .unwrap_or_default()
    }
}

impl Sums {
    fn add(&mut self, stint: &Stint, age: Option<f32>) {
        let Tally { num, den } = &stint.tally;
        for rate in 0..RATES {
            self.num[rate] += f64::from(num[rate]);
            self.den[rate] += f64::from(den[rate]);
        }
        self.playing_time += f64::from(stint.playing_time);
        if let Some(age) = age {
            self.age += f64::from(age) * f64::from(stint.playing_time);
            self.aged += f64::from(stint.playing_time);
        }
    }

    fn average(&self) -> Average {
        let rate = std::array::from_fn(|r| {
            if self.den[r] > 0.0 {
                (self.num[r] / self.den[r]) as f32
            } else {
                0.0
            }
        });
        let age = if self.aged > 0.0 {
            (self.age / self.aged) as f32
        } else {
            f32::NAN
        };
        Average {
            rate,
            age,
            playing_time: self.playing_time,
        }
    }
}
