//! The shapes of the files: one per kind.

mod draft;
mod eligibility;
mod lines;
mod mlb;
mod players;
mod scouting;

pub(super) use draft::Draft;
pub(super) use eligibility::Eligibility;
pub(super) use lines::{Batting, Pitching};
pub(super) use mlb::MlbSeasons;
pub(super) use players::Players;
pub(super) use scouting::Scouting;

use super::import::Options;
use super::plausible::check;
use super::rank;
use super::row::{Header, Row};
use crate::store::{Change, StoreError, WriteTx};

/// How one kind of file is read.
pub(super) trait Shape: Sized + PartialEq {
    /// Columns without which a file is not of this kind.
    const REQUIRED: &'static [&'static str];

    /// Columns of which a file of this kind has at least one; empty when
    /// [`Shape::REQUIRED`] says it all.
    const ANY_OF: &'static [&'static str] = &[];

    /// Columns that only files of another kind have.
    const FOREIGN: &'static [&'static str] = &[];

    /// What makes two rows speak of the same thing, in the order of the store.
    type Key: Ord;

    /// Reads and checks one row; the error is the reason for the quarantine.
    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String>;

    /// The row's key.
    fn key(&self) -> Self::Key;

    /// Puts rows sorted by key; says what each did.
    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError>;

    /// What the operator should know before the rows are read.
    fn notes(_header: &Header, _options: &Options) -> Vec<String> {
        Vec::new()
    }
}

/// The stronger of two changes that one row made.
fn either(a: Change, b: Change) -> Change {
    match (a, b) {
        (Change::Unchanged, other) => other,
        (Change::Added, _) => Change::Added,
        (Change::Updated, _) => Change::Updated,
    }
}
