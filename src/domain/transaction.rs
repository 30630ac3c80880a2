//! Moves of players between clubs and lists.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Level;
use super::level::{UnknownName, named};

named!(
    /// What a roster transaction did to a player.
    TransactionKind, "transaction" {
        /// To a higher level.
        Promotion = "promotion",
        /// To a lower level.
        Demotion = "demotion",
        /// To another club of the same level, or to a level not known.
        Assignment = "assignment",
        /// To the injured list.
        InjuredList = "injured list",
        /// Back from the injured list.
        Activation = "activation",
        /// Let go.
        Release = "release",
        /// To another organisation for something in return.
        Trade = "trade",
        /// To another organisation without a trade: waivers, draft, purchase.
        Claim = "claim",
        /// Signed.
        Signing = "signing",
        /// Retired.
        Retirement = "retirement",
        /// Anything else.
        Other = "other",
    }
);

/// One roster transaction of a player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The source's number of it.
    pub id: u32,
    /// The day it happened.
    pub day: Date,
    /// What it did.
    pub kind: TransactionKind,
    /// The source's code (`ASG`, `SC`).
    pub code: String,
    /// The club he left, when given.
    pub from: Option<TransactionClub>,
    /// The club he joined, when given.
    pub to: Option<TransactionClub>,
}

/// A club in a transaction, as true on its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionClub {
    /// MLB Stats API team id.
    pub id: u32,
    /// Name as given.
    pub name: String,
    /// Its level; `None` for the majors and for clubs not known.
    pub level: Option<Level>,
    /// True for a major-league club.
    pub major: bool,
}
