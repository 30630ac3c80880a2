//! What became of a file's rows, for the operator and for the quarantine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;

use super::row::Dropped;
use crate::store::Quarantined;

/// What became of a file's rows; the counts add up to `rows`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct FileReport {
    /// The file as named on the command line.
    pub file: String,
    /// Data rows read.
    pub rows: u64,
    /// Rows that were new to the store.
    pub added: u64,
    /// Rows that replaced or completed a stored one.
    pub updated: u64,
    /// Rows the store already held.
    pub unchanged: u64,
    /// Rows that repeat another row of the file exactly.
    pub duplicates: u64,
    /// Rows about somebody who could not be told for certain; those of lists wait
    /// in `afwd review list`.
    pub unmatched: u64,
    /// Rows that are none of ours (other leagues, people the operator dismissed).
    pub left_out: u64,
    /// Rows refused; see `afwd quarantine`.
    pub quarantined: u64,
    /// How many rows were refused for each reason.
    pub reasons: BTreeMap<String, u64>,
    /// How many cells were left out of rows that were kept, by column and reason.
    pub left_out_cells: BTreeMap<String, u64>,
    /// What the operator should know besides.
    pub notes: Vec<String>,
}

/// Choices of the operator that a file's columns don't answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Day the file's facts are true for, for files without an `as_of` column.
    pub as_of: Option<Date>,
}

/// Hears how far an import is.
pub trait Progress {
    /// `read` of `size` bytes and `rows` rows are done.
    fn advance(&self, read: u64, size: u64, rows: u64);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _read: u64, _size: u64, _rows: u64) {}
}

/// What is said of a file whose letters are Windows-1252's.
pub(super) const READ_AS_LATIN: &str = "the file is not UTF-8: its letters were read as Windows-1252; save it as UTF-8 if names look wrong";
/// Why a row of mixed encodings is refused.
pub(super) const NOT_UTF8: &str =
    "not valid UTF-8, though other rows are: save the whole file as UTF-8";

/// What is said where nothing shows whether the day or the month comes first.
pub(super) const MONTH_FIRST: &str =
    "dates such as 3/10/2004 were read with the month first; write 2004-03-10 if that is wrong";

/// The sentence for a row that is kept without some of its cells.
pub(super) fn kept_without(cells: &[Dropped]) -> String {
    let cells: Vec<_> = cells
        .iter()
        .map(|cell| format!("`{}` = `{}`, {}", cell.column, cell.value, cell.reason))
        .collect();
    format!("kept without {}", cells.join("; "))
}

/// A refused row as it is kept.
pub(super) fn quarantined(
    path: &Path,
    kind: &str,
    line: u32,
    reason: String,
    row: String,
) -> Quarantined {
    Quarantined {
        file: short_name(path),
        line,
        kind: kind.to_owned(),
        reason,
        row,
    }
}

/// Refused rows, then those kept without some cells; a row is listed once, for the
/// reason it was refused.
pub(super) fn aside(bad: &[Quarantined], incomplete: &[Quarantined]) -> Vec<Quarantined> {
    let refused: BTreeSet<u32> = bad.iter().map(|row| row.line).collect();
    let kept = incomplete.iter().filter(|row| !refused.contains(&row.line));
    bad.iter().chain(kept).cloned().collect()
}

/// The file with its directory: a name short enough to read, that tells files
/// of one name in several directories apart.
pub(super) fn short_name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
