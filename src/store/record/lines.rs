//! Stat lines.

use serde::{Deserialize, Serialize};

use super::{Day, date, day};
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, Level, PitchingCounts, PitchingLine, Position, Season,
};

macro_rules! line_record {
    ($record:ident, $line:ident, $counts:ty) => {
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub(in crate::store) struct $record {
            level: u8,
            league: Code,
            team_id: u32,
            team: Code,
            organisation: Code,
            position: Option<u8>,
            as_of: Day,
            counts: $counts,
        }

        impl $record {
            /// What tells one club's line from another's inside a partition.
            pub(in crate::store) fn key(&self) -> (u8, Code, u32, Code, Code) {
                (
                    self.level,
                    self.league,
                    self.team_id,
                    self.team,
                    self.organisation,
                )
            }

            pub(in crate::store) fn line(&self, season: Season) -> Result<$line, String> {
                Ok($line {
                    season,
                    level: nth(Level::ALL, self.level)?,
                    club: Club {
                        league: self.league,
                        team_id: self.team_id,
                        team: self.team,
                        organisation: self.organisation,
                    },
                    position: self.position.map(|at| nth(Position::ALL, at)).transpose()?,
                    as_of: date(self.as_of),
                    counts: self.counts,
                })
            }
        }

        impl From<&$line> for $record {
            fn from(line: &$line) -> Self {
                Self {
                    level: line.level as u8,
                    league: line.club.league,
                    team_id: line.club.team_id,
                    team: line.club.team,
                    organisation: line.club.organisation,
                    position: line.position.map(|position| position as u8),
                    as_of: day(line.as_of),
                    counts: line.counts,
                }
            }
        }
    };
}

line_record!(BattingRecord, BattingLine, BattingCounts);
line_record!(PitchingRecord, PitchingLine, PitchingCounts);

fn nth<T: Copy>(all: &[T], at: u8) -> Result<T, String> {
    all.get(usize::from(at))
        .copied()
        .ok_or_else(|| format!("{at} names no value"))
}
