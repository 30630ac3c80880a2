//! What is known of the outside sources. A value of the store's own is its own record.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{Check, Finding, Severity};

/// Where a source stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// When the operator accepted the source's terms.
    pub terms_accepted: Option<Timestamp>,
    /// When its data was last applied.
    pub applied: Option<Timestamp>,
    /// The day that data is true for.
    pub data_day: Option<Date>,
    /// The run that applied it.
    pub run: String,
    /// Rows of that data.
    pub rows: u64,
    /// When it was last asked.
    pub asked: Option<Timestamp>,
    /// Why that failed; empty when it did not.
    pub error: String,
    /// Since when it answers with challenge pages.
    pub blocked_since: Option<Timestamp>,
}

impl Record for SourceState {}

/// What the checks of a day's data found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityReport {
    /// Name of the source.
    pub source: String,
    /// When it was checked.
    pub checked: Timestamp,
    /// Rows that were read.
    pub rows: u64,
    /// False when the data was refused and the earlier data kept.
    pub applied: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A body kept for conditional requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBody {
    /// `ETag`, or empty.
    pub etag: String,
    /// `Last-Modified`, or empty.
    pub last_modified: String,
    /// The body, compressed by the caller.
    pub body: Vec<u8>,
}

impl Record for KeptBody {}

record! {
    /// What the checks of a day's data found.
    QualityRecord of QualityReport {
        source: String,
        checked: Timestamp,
        rows: u64,
        applied: bool,
        findings: Vec<FindingRecord>,
    }
}

impl Record for QualityRecord {}

record! {
    /// One thing they found.
    FindingRecord of Finding {
        check: Number<Check>,
        severity: Number<Severity>,
        source: String,
        what: String,
        count: u32,
        examples: Vec<String>,
    }
}
