//! Where a player stands among those of the same season and level.

use std::collections::HashMap;

use super::rates::{RATES, bat, pit};
use super::year::Year;
use crate::domain::Role;

/// Playing time from which a player counts as a peer.
const REGULAR: f32 = 50.0;

/// Shares of peers, 0 to 1; NaN without a known age.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// Share of the level's players who are older.
    pub(super) older: f32,
    /// Share of players within a year of his age whose season was worse.
    pub(super) worse: f32,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            older: f32::NAN,
            worse: f32::NAN,
        }
    }
}

/// Ages and scores of every season and level, youngest first.
#[derive(Debug, Default)]
pub(super) struct Peers(HashMap<(u16, usize), Vec<(f32, f32)>>);

/// One number for a season: shrunk weighted on-base average of a hitter,
/// shrunk fielding-independent runs of a pitcher (sign turned), both against
/// the league.
pub(super) fn score(year: &Year, role: Role, prior: &[f32; RATES]) -> f32 {
    let (rate, sign) = match role {
        Role::Hitter => (bat::WOBA, 1.0),
        Role::Pitcher => (pit::FIP, -1.0),
    };
    let above = year.tally.num[rate] - year.expected[rate];
    sign * above / (year.tally.den[rate] + prior[rate])
}

impl Peers {
    /// Counts one player's season.
    pub(super) fn count(&mut self, year: &Year, score: f32) {
        let age = year.age;
        if year.playing_time >= REGULAR && age.is_finite() {
            self.0
                .entry((year.season, year.main_rung))
                .or_default()
                .push((age, score));
        }
    }

    /// Orders everybody by age.
    pub(super) fn finish(mut self) -> Self {
        for peers in self.0.values_mut() {
            peers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        }
        self
    }

    /// Where a season of that age and score stands.
    pub(super) fn standing(&self, year: &Year, score: f32) -> Standing {
        let age = year.age;
        let Some(peers) = self.0.get(&(year.season, year.main_rung)) else {
            return Standing::default();
        };
        if !age.is_finite() {
            return Standing::default();
        }
        let older = peers.len() - peers.partition_point(|p| p.0 <= age);
        let from = peers.partition_point(|p| p.0 < age - 1.0);
        let to = peers.partition_point(|p| p.0 <= age + 1.0);
        let worse = peers[from..to].iter().filter(|p| p.1 < score).count();
        let share = |part: usize, all: usize| (part as f32 + 0.5) / (all as f32 + 1.0);
        Standing {
            older: share(older, peers.len()),
            worse: share(worse, to - from),
        }
    }
}
