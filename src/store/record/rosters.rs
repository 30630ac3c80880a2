//! Where players are and how they got there.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::numbers::Number;
use super::shape::{Day, Form, Record, record};
use crate::domain::{Code, Level, Position, Transaction, TransactionClub, TransactionKind};

/// Where a player was as of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// The day the fact was recorded for.
    pub as_of: Date,
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

/// Where a player was; the day is in the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct AffiliationRecord {
    pub(in crate::store) organisation: Code,
    pub(in crate::store) organisation_name: String,
    pub(in crate::store) club: String,
    pub(in crate::store) level: Option<Number<Level>>,
    pub(in crate::store) position: Option<Number<Position>>,
}

impl Record for AffiliationRecord {}

impl AffiliationRecord {
    /// The affiliation recorded for a day.
    pub(in crate::store) fn affiliation(self, as_of: Day) -> Affiliation {
        Affiliation {
            as_of: as_of.value(),
            organisation: self.organisation,
            organisation_name: self.organisation_name,
            club: self.club,
            level: self.level.value(),
            position: self.position.value(),
        }
    }
}

impl From<&Affiliation> for AffiliationRecord {
    fn from(at: &Affiliation) -> Self {
        Self {
            organisation: at.organisation,
            organisation_name: at.organisation_name.clone(),
            club: at.club.clone(),
            level: Form::of(&at.level),
            position: Form::of(&at.position),
        }
    }
}

/// A place on a 40-man roster; the day is in the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct RosterRecord {
    pub(in crate::store) code: String,
    pub(in crate::store) club: u32,
}

impl Record for RosterRecord {}

record! {
    /// A roster transaction.
    TransactionRecord of Transaction {
        id: u32,
        day: Date,
        kind: Number<TransactionKind>,
        code: String,
        from: Option<TransactionClubRecord>,
        to: Option<TransactionClubRecord>,
    }
}

impl Record for TransactionRecord {}

record! {
    /// A club in it.
    TransactionClubRecord of TransactionClub {
        id: u32,
        name: String,
        level: Option<Number<Level>>,
        major: bool,
    }
}
