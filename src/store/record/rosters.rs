//! Where players are.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Day, date};
use crate::domain::{Code, Level, Position};

/// Where a player was as of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// The day the fact was recorded for.
    pub as_of: jiff::civil::Date,
    /// Organisation code, when known.
    pub organisation: Code,
    /// Organisation name, empty when unknown.
    pub organisation_name: String,
    /// Club name, empty when unknown.
    pub club: String,
    /// Level, when known.
    pub level: Option<Level>,
    /// Position on that day, when known.
    pub position: Option<Position>,
}

/// A player's place on a 40-man roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterStatus {
    /// The day from which it holds.
    pub day: Date,
    /// The source's code (`A`, `40M`, `D60`); empty when he is on no roster.
    pub code: String,
    /// MLB Stats API id of the club, 0 when he is on no roster.
    pub club: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct AffiliationRecord {
    pub(in crate::store) organisation: Code,
    pub(in crate::store) organisation_name: String,
    pub(in crate::store) club: String,
    pub(in crate::store) level: Option<Level>,
    pub(in crate::store) position: Option<Position>,
}

impl AffiliationRecord {
    pub(in crate::store) fn affiliation(self, as_of: Day) -> Affiliation {
        Affiliation {
            as_of: date(as_of),
            organisation: self.organisation,
            organisation_name: self.organisation_name,
            club: self.club,
            level: self.level,
            position: self.position,
        }
    }
}

impl From<&Affiliation> for AffiliationRecord {
    fn from(at: &Affiliation) -> Self {
        Self {
            organisation: at.organisation,
            organisation_name: at.organisation_name.clone(),
            club: at.club.clone(),
            level: at.level,
            position: at.position,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct RosterRecord {
    pub(in crate::store) code: String,
    pub(in crate::store) club: u32,
}
