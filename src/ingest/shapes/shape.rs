//! What every kind of file has: how a row becomes a value, which rows say the same,
//! and how values are stored.

use crate::ingest::report::Options;
use crate::ingest::row::{Header, Row};
use crate::store::{Change, StoreError, WriteTx};

/// How one kind of file is read.
pub(in crate::ingest) trait Shape: Sized + PartialEq {
    /// Columns without which a file is not of this kind.
    const REQUIRED: &'static [&'static str];

    /// Columns of which a file of this kind has at least one; empty when
    /// [`Shape::REQUIRED`] says it all.
    const ANY_OF: &'static [&'static str] = &[];

    /// Columns that are read where they are there.
    const OPTIONAL: &'static [&'static str] = &[];

    /// Columns that only files of another kind have.
    const FOREIGN: &'static [&'static str] = &[];

    /// What makes two rows speak of the same thing, in the order of the store.
    type Key: Ord;

    /// Reads and checks one row; the error is the reason for the quarantine.
    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String>;

    /// The row's key.
    fn key(&self) -> Self::Key;

    /// Sets apart what a file says twice, of rows sorted by key.
    fn settle(rows: Vec<Judged<Self>>) -> Settled<Self> {
        without_repeats(rows)
    }

    /// Puts rows sorted by key; says what each did.
    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError>;

    /// What the operator should know before the rows are read.
    fn notes(_header: &Header, _options: &Options) -> Vec<String> {
        Vec::new()
    }
}

/// A good row.
pub(in crate::ingest) struct Judged<S> {
    pub(in crate::ingest) line: u32,
    /// As read.
    pub(in crate::ingest) text: csv::StringRecord,
    pub(in crate::ingest) item: S,
    /// Rows of the file that are in it.
    pub(in crate::ingest) rows: u64,
}

/// A file's good rows once none of them says what another says.
pub(in crate::ingest) struct Settled<S> {
    /// What is stored, sorted by key.
    pub(in crate::ingest) kept: Vec<Judged<S>>,
    /// Rows that repeat another.
    pub(in crate::ingest) duplicates: u64,
    /// Rows whose content others have.
    pub(in crate::ingest) left_out: u64,
    /// Line, text and reason of those that contradict another.
    pub(in crate::ingest) refused: Vec<(u32, csv::StringRecord, String)>,
    /// What the operator is told of it.
    pub(in crate::ingest) notes: Vec<String>,
}

impl<S> Default for Settled<S> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            duplicates: 0,
            left_out: 0,
            refused: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Drops exact repeats and refuses rows that contradict another. Which of them stays
/// does not depend on their order in the file.
fn without_repeats<S: Shape>(rows: Vec<Judged<S>>) -> Settled<S> {
    let mut settled = Settled::default();
    let mut kept: Vec<Judged<S>> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let Some(held) = kept
            .last_mut()
            .filter(|held| held.item.key() == row.item.key())
        else {
            kept.push(row);
            continue;
        };
        if held.item == row.item {
            settled.duplicates += 1;
            continue;
        }
        if row.text.iter().lt(held.text.iter()) {
            std::mem::swap(held, &mut row);
        }
        let reason = format!(
            "contradicts line {} of the file, which says the same otherwise",
            held.line
        );
        settled.refused.push((row.line, row.text, reason));
    }
    settled.kept = kept;
    settled
}

/// The stronger of two changes that one row made.
pub(super) fn either(a: Change, b: Change) -> Change {
    match (a, b) {
        (Change::Unchanged, other) => other,
        (Change::Added, _) => Change::Added,
        (Change::Updated, _) => Change::Updated,
    }
}
