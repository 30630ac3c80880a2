//! What changed of the truth, for those who follow it.

use crate::store::error::StoreError;
use crate::store::record::changes::Touched;
use crate::store::tables::{
    BATTING, CHANGES, DRAFT_PICKS, GRADES, MLB_SEASONS, MONTHS, PITCHING, PROSPECTS,
};
use crate::store::tx::read::ReadTx;

/// What a change of the truth touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruthChange {
    /// Its number; each is one more than the one before.
    pub sequence: u64,
    /// By table, in the order of their names.
    pub tables: Vec<(String, Touched)>,
}

impl ReadTx {
    /// What changed after the change `sequence`, oldest first; nothing when it is the
    /// newest. `None` when that is no longer known, or this store has never been
    /// there: whoever follows begins anew then, with all of it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn changes_since(&self, sequence: u64) -> Result<Option<Vec<TruthChange>>, StoreError> {
        let newest = self.change_seq()?;
        if sequence > newest {
            return Ok(None);
        }
        let changes = self.scan(&CHANGES, (sequence + 1)..=newest, |sequence, record| {
            let tables = record.tables.into_iter();
            Ok(TruthChange {
                sequence,
                tables: tables.map(|table| table.touched()).collect(),
            })
        })?;
        // A program from before the list raised the sequence without a note.
        let whole = changes.len() as u64 == newest - sequence;
        Ok(whole.then_some(changes))
    }

    /// Number of the last change of who there is, where he played and how well he is
    /// known, which is what the index of names follows. When none of those remembered was one, that
    /// of the newest that is forgotten.
    ///
    /// # Errors
    /// When the store fails.
    pub fn last_change_of_names(&self) -> Result<u64, StoreError> {
        let names = [
            PROSPECTS.name(),
            MONTHS.name(),
            BATTING.name(),
            PITCHING.name(),
            DRAFT_PICKS.name(),
            GRADES.name(),
            MLB_SEASONS.name(),
        ];
        let mut sequence = self.change_seq()?;
        let Some(rows) = self.open(&CHANGES)? else {
            return Ok(sequence);
        };
        for row in rows.range(..=sequence)?.rev() {
            let (key, value) = row?;
            let record = CHANGES.decode(value.value(), || key.value().to_string())?;
            let touched = record.tables.iter().any(|t| names.contains(&t.table()));
            // A number without a note may have been anything.
            if touched || key.value() != sequence {
                break;
            }
            sequence -= 1;
        }
        Ok(sequence)
    }
}
