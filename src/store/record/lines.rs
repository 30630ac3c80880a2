//! Stat lines.

use serde::{Deserialize, Serialize};

use super::numbers::{Number, Numbered};
use super::shape::{Day, Form, Record, record};
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, Franchise, Level, PitchingCounts, PitchingLine,
    Position, Season,
};

macro_rules! line_record {
    ($(#[$doc:meta])* $record:ident of $line:ident, $counts:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub(in crate::store) struct $record {
            pub(in crate::store) level: Number<Level>,
            pub(in crate::store) league: Code,
            pub(in crate::store) team_id: u32,
            pub(in crate::store) team: Code,
            pub(in crate::store) organisation: Code,
            pub(in crate::store) position: Option<Number<Position>>,
            pub(in crate::store) as_of: Day,
            pub(in crate::store) counts: $counts,
        }

        impl $record {
            /// What tells one club's line from another's inside a partition.
            pub(in crate::store) fn key(&self) -> (u8, Code, u32, Code, Code) {
                (
                    self.level.0.number(),
                    self.league,
                    self.team_id,
                    self.team,
                    // Sources call one organisation by several codes.
                    Franchise::canonical(self.organisation),
                )
            }

            /// Day up to which the line counts.
            pub(in crate::store) fn day(&self) -> Day {
                self.as_of
            }

            /// The line of a season.
            pub(in crate::store) fn line(self, season: Season) -> $line {
                $line {
                    season,
                    level: self.level.value(),
                    club: Club {
                        league: self.league,
                        team_id: self.team_id,
                        team: self.team,
                        organisation: Franchise::canonical(self.organisation),
                    },
                    position: self.position.value(),
                    as_of: self.as_of.value(),
                    counts: self.counts.value(),
                }
            }
        }

        impl From<&$line> for $record {
            fn from(line: &$line) -> Self {
                Self {
                    level: Number(line.level),
                    league: line.club.league,
                    team_id: line.club.team_id,
                    team: line.club.team,
                    organisation: line.club.organisation,
                    position: Form::of(&line.position),
                    as_of: Form::of(&line.as_of),
                    counts: Form::of(&line.counts),
                }
            }
        }

        /// A partition: a line per club.
        impl Record for Vec<$record> {}
    };
}

line_record!(
    /// A batting line; its season is in the key.
    BattingRecord of BattingLine, BattingCountsRecord
);
line_record!(
    /// A pitching line; its season is in the key.
    PitchingRecord of PitchingLine, PitchingCountsRecord
);

record! {
    /// Its counts.
    BattingCountsRecord of BattingCounts {
        g: u16,
        pa: u16,
        ab: u16,
        h: u16,
        b2: u16,
        b3: u16,
        hr: u16,
        rbi: u16,
        bb: u16,
        ibb: u16,
        so: u16,
        hbp: u16,
        sh: u16,
        sf: u16,
        gidp: u16,
        sb: u16,
        cs: u16,
        r: Option<u16>,
        ground_outs: Option<u16>,
        air_outs: Option<u16>,
        pitches: Option<u16>,
        swings: Option<u16>,
        whiffs: Option<u16>,
    }
}

record! {
    /// Its counts.
    PitchingCountsRecord of PitchingCounts {
        g: u16,
        gs: u16,
        w: u16,
        l: u16,
        sv: u16,
        hld: u16,
        cg: u16,
        sho: u16,
        outs: u16,
        bf: u16,
        h: u16,
        r: u16,
        er: u16,
        hr: u16,
        bb: u16,
        ibb: u16,
        so: u16,
        hbp: u16,
        wp: u16,
        bk: u16,
        ground_outs: Option<u16>,
        air_outs: Option<u16>,
        pitches: Option<u16>,
        strikes: Option<u16>,
        whiffs: Option<u16>,
    }
}
