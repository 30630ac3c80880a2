//! Rows that imports refused.

use serde::{Deserialize, Serialize};

use super::shape::Record;

/// A row an import refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// Name of the file.
    pub file: String,
    /// Line in the file, from 1; the header is line 1.
    pub line: u32,
    /// Kind of import.
    pub kind: String,
    /// Why it was refused.
    pub reason: String,
    /// The row as read.
    pub row: String,
}

/// A refused row; file and line are in the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct QuarantineRecord {
    pub(in crate::store) kind: String,
    pub(in crate::store) reason: String,
    pub(in crate::store) row: String,
}

impl Record for QuarantineRecord {}
