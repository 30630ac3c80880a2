//! What jobs are to do: plain data, kept in the store as JSON. A field is never
//! renamed; a new one has a default.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Name of the jobs of [`DailyRun`].
pub const DAILY: &str = "daily";
/// Name of the jobs of [`Backfill`].
pub const BACKFILL: &str = "backfill";
/// Name of the jobs of [`Training`].
pub const TRAINING: &str = "training";

/// The daily chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyRun {
    /// The local day the run belongs to.
    pub day: Date,
    /// True when every step runs as soon as it can, not at its hour.
    pub at_once: bool,
}

/// Past seasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// First season.
    pub first: u16,
    /// Last season.
    pub last: u16,
}

/// Training of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The week's Monday.
    pub monday: Date,
}
