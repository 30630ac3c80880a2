//! Everything that is kept about a person: counted, and erased.
//!
//! Which tables that is follows from their kind. A table of such a kind whose rows
//! don't say whose they are does not pass the tests.

use jiff::Timestamp;
use redb::ReadableTable;

use crate::domain::UserId;
use crate::store::error::StoreError;
use crate::store::record::shape::Record;
use crate::store::tables::{DELETIONS, EachTable, StoredKey, Table, TableKind, each_table};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

/// Rows of one table about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsAbout {
    /// The table.
    pub table: &'static str,
    /// What it holds.
    pub kind: TableKind,
    /// How many.
    pub rows: u64,
}

impl ReadTx {
    /// How many rows of which tables are about somebody.
    pub fn rows_about(&self, user: UserId) -> Result<Vec<RowsAbout>, StoreError> {
        let mut counting = Counting {
            tx: self,
            user,
            found: Vec::new(),
        };
        each_table(&mut counting)?;
        Ok(counting.found)
    }

    /// Accounts that were deleted, and when.
    pub fn deletions(&self) -> Result<Vec<(UserId, Timestamp)>, StoreError> {
        self.scan(&DELETIONS, .., |id, at| Ok((UserId(id), at)))
    }
}

impl WriteTx {
    /// Erases everything about somebody, and notes that he is gone; says what went.
    pub fn erase_user(
        &mut self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Vec<RowsAbout>, StoreError> {
        let mut erasing = Erasing {
            tx: self,
            user,
            gone: Vec::new(),
        };
        each_table(&mut erasing)?;
        let gone = erasing.gone;
        if self.get(&DELETIONS, user.0)?.is_none() {
            self.put(&DELETIONS, user.0, &at)?;
        }
        Ok(gone)
    }
}

/// Whose a row is.
fn owner<K: StoredKey, R: Record>(key: &K::SelfType<'_>, record: &R) -> Option<UserId> {
    K::owner(key).or_else(|| record.owner())
}

struct Counting<'a> {
    tx: &'a ReadTx,
    user: UserId,
    found: Vec<RowsAbout>,
}

impl EachTable for Counting<'_> {
    type Error = StoreError;

    fn table<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>) -> Result<(), StoreError> {
        if !table.kind().is_about_people() {
            return Ok(());
        }
        let Some(stored) = self.tx.open(table)? else {
            return Ok(());
        };
        let mut rows = 0;
        for row in stored.iter()? {
            let (key, value) = row?;
            let record = table.decode(value.value(), || format!("{:?}", key.value()))?;
            rows += u64::from(owner::<K, R>(&key.value(), &record) == Some(self.user));
        }
        self.found.push(RowsAbout {
            table: table.name(),
            kind: table.kind(),
            rows,
        });
        Ok(())
    }
}

struct Erasing<'a> {
    tx: &'a mut WriteTx,
    user: UserId,
    gone: Vec<RowsAbout>,
}

impl EachTable for Erasing<'_> {
    type Error = StoreError;

    fn table<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>) -> Result<(), StoreError> {
        if !table.kind().is_about_people() {
            return Ok(());
        }
        let (tx, user) = (&mut *self.tx, self.user);
        let rows = tx.remove_where(table, .., |key, record| {
            owner::<K, R>(key, record) == Some(user)
        })?;
        self.gone.push(RowsAbout {
            table: table.name(),
            kind: table.kind(),
            rows,
        });
        Ok(())
    }
}
