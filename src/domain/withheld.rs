//! Why a player has no prediction.

use std::fmt;

use super::{History, Role, Season};

/// Career plate appearances or batters faced below which a prediction would
/// rest on a guess.
const FEWEST: u32 = 20;

/// Why no probability is given, where one would be invented rather than measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Without a birth date, age for level is unknown: the feature that counts most.
    BirthDate,
    /// Fewer than 20 plate appearances or batters faced in his whole career.
    PlayingTime {
        /// The role he has so few in.
        role: Role,
        /// How many.
        trials: u32,
    },
}

impl Withheld {
    /// Why the player's probability in `role` at the end of `season` is
    /// withheld; `None` when it is given.
    pub fn of(history: &History, role: Role, season: Season) -> Option<Self> {
        if history.prospect.birth_date.is_none() {
            return Some(Self::BirthDate);
        }
        let trials = match role {
            Role::Hitter => sum(
                history.batting.iter().map(|l| (l.season, l.counts.pa)),
                season,
            ),
            Role::Pitcher => sum(
                history.pitching.iter().map(|l| (l.season, l.counts.bf)),
                season,
            ),
        };
        (trials < FEWEST).then_some(Self::PlayingTime { role, trials })
    }
}

fn sum(lines: impl Iterator<Item = (Season, u16)>, until: Season) -> u32 {
    let seen = lines.filter(|line| line.0 <= until);
    seen.map(|line| u32::from(line.1)).sum()
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BirthDate => write!(
                f,
                "his birth date is not known, and age for level counts most"
            ),
            Self::PlayingTime { role, trials } => {
                let unit = match role {
                    Role::Hitter => "plate appearances",
                    Role::Pitcher => "batters faced",
                };
                write!(
                    f,
                    "he has {trials} {unit} in his career, too few to say anything"
                )
            }
        }
    }
}
