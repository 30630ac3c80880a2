//! What checks found, how much it matters, and how far a model has drifted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::level::{UnknownName, named};

named!(
    /// What a check of incoming data looks at.
    Check, "check" {
        /// Fields a source added, dropped or renamed.
        Schema = "schema",
        /// Fewer rows than the source declared or than a season has.
        Completeness = "completeness",
        /// Rows that say the same thing twice.
        Duplicates = "duplicates",
        /// Rates far from those of their level and season.
        Outliers = "outliers",
        /// Two sources that contradict each other.
        Agreement = "agreement",
        /// Rows that can't be true and were set aside.
        Refused = "refused",
        /// How old a source's newest data is.
        Freshness = "freshness",
    }
);

named!(
    /// How much a finding matters, least first.
    Severity, "severity" {
        /// Worth knowing.
        Info = "info",
        /// Worth a look; the data was used.
        Warning = "warning",
        /// The data was not used, or is too old.
        Critical = "critical",
    }
);

named!(
    /// How far something has drifted from what a model learnt, least first.
    DriftLevel, "drift level" {
        /// As it was.
        Ok = "ok",
        /// Wants watching.
        Watch = "watch",
        /// Has shifted.
        Alert = "alert",
    }
);

impl DriftLevel {
    /// What it means for the operator; nothing while all is as it was.
    pub fn alarm(self) -> Option<Severity> {
        match self {
            Self::Ok => None,
            Self::Watch => Some(Severity::Info),
            Self::Alert => Some(Severity::Critical),
        }
    }
}

/// One thing a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// How much it matters.
    pub severity: Severity,
    /// Name of the source (`mlb`, `fangraphs`).
    pub source: String,
    /// The finding as a sentence a host can act on.
    pub what: String,
    /// How many rows or fields it concerns.
    pub count: u32,
    /// At most ten of them, in words.
    pub examples: Vec<String>,
}

impl Finding {
    /// Examples kept of a finding.
    pub const EXAMPLES: usize = 10;
}
