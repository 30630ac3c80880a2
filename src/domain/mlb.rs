//! Major-league seasons and rookie limits: what outcomes are made of.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Season;

/// One player's major-league season, stints summed, both sides of the ball.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MlbSeason {
    /// Season played.
    pub season: Season,
    /// Plate appearances.
    pub pa: u16,
    /// At bats.
    pub ab: u16,
    /// Hits.
    pub h: u16,
    /// Home runs.
    pub hr: u16,
    /// Walks drawn.
    pub bb: u16,
    /// Strikeouts as a batter.
    pub so: u16,
    /// Outs recorded as a pitcher (innings times three).
    pub outs: u16,
    /// Batters faced.
    pub bf: u16,
    /// Strikeouts as a pitcher.
    pub p_so: u16,
    /// Walks allowed.
    pub p_bb: u16,
    /// Games as a batter or fielder.
    pub g: u16,
    /// Games pitched.
    pub g_pit: u16,
    /// Games started as a pitcher.
    pub gs: u16,
}

impl MlbSeason {
    /// A season in which nothing has happened yet.
    pub fn empty(season: Season) -> Self {
        Self {
            season,
            pa: 0,
            ab: 0,
            h: 0,
            hr: 0,
            bb: 0,
            so: 0,
            outs: 0,
            bf: 0,
            p_so: 0,
            p_bb: 0,
            g: 0,
            g_pit: 0,
            gs: 0,
        }
    }
}

/// When a player stopped being a rookie (130 at bats or 50 innings), as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RookieLimits {
    /// First day in the majors.
    pub debut: Option<Date>,
    /// Day the rookie limits were passed.
    pub passed_on: Option<Date>,
    /// End of the season by which they are known to have been passed, where
    /// only the season is known.
    pub passed_by: Option<Season>,
}

impl RookieLimits {
    /// True when the limits were passed on or before the last day of `season`.
    pub fn passed_through(&self, season: Season) -> bool {
        self.passed_on.is_some_and(|day| day <= season.last_day())
            || self.passed_by.is_some_and(|by| by <= season)
    }
}
