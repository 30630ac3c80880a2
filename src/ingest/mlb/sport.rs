//! Levels as the MLB Stats API numbers them.

use std::fmt;

use crate::domain::{Level, Season};

/// A level of play, by the number the API calls a sport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sport {
    /// The major leagues.
    Majors,
    /// Triple-A. Until 2019 the API counts the Mexican League among it.
    TripleA,
    /// Double-A.
    DoubleA,
    /// High-A.
    HighA,
    /// Single-A.
    SingleA,
    /// Short-season A, until 2019.
    ShortSeasonA,
    /// Rookie and complex leagues.
    Rookie,
    /// The advanced rookie leagues, which had a number of their own in 2019.
    AdvancedRookie,
}

impl Sport {
    /// Every level, highest first.
    pub const ALL: [Self; 8] = [
        Self::Majors,
        Self::TripleA,
        Self::DoubleA,
        Self::HighA,
        Self::SingleA,
        Self::ShortSeasonA,
        Self::Rookie,
        Self::AdvancedRookie,
    ];

    /// The API's number.
    pub fn id(self) -> u32 {
        match self {
            Self::Majors => 1,
            Self::TripleA => 11,
            Self::DoubleA => 12,
            Self::HighA => 13,
            Self::SingleA => 14,
            Self::ShortSeasonA => 15,
            Self::Rookie => 16,
            Self::AdvancedRookie => 5442,
        }
    }

    /// The level with this number, if it is one of ours.
    pub fn from_id(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|sport| sport.id() == id)
    }

    /// The level of the minors; `None` for the majors.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Majors => None,
            Self::TripleA => Some(Level::TripleA),
            Self::DoubleA => Some(Level::DoubleA),
            Self::HighA => Some(Level::HighA),
            Self::SingleA => Some(Level::A),
            Self::ShortSeasonA => Some(Level::ShortSeasonA),
            Self::Rookie | Self::AdvancedRookie => Some(Level::Rookie),
        }
    }

    /// True when the level was played in the season. There were no minor
    /// leagues in 2020.
    pub fn played_in(self, season: Season) -> bool {
        match self {
            Self::Majors => true,
            _ if season.0 == 2020 => false,
            Self::ShortSeasonA => season.0 <= 2019,
            Self::AdvancedRookie => season.0 == 2019,
            _ => true,
        }
    }

    /// The levels played in the season, highest first.
    pub fn of(season: Season) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |sport| sport.played_in(season))
    }

    /// True where clubs play from April to September.
    pub fn full_season(self) -> bool {
        !matches!(
            self,
            Self::ShortSeasonA | Self::Rookie | Self::AdvancedRookie
        )
    }
}

impl fmt::Display for Sport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Majors => "MLB",
            Self::AdvancedRookie => "Rk+",
            other => other.level().map_or("", Level::as_str),
        })
    }
}
