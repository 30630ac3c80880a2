//! Changes one can make in a write transaction.
//!
//! Every method compares with what is stored and writes only what differs, so
//! that doing the same twice changes nothing. What a change counts for is said by
//! the table's kind: of the truth it raises the change sequence and is noted in the
//! list of changes, of anything else it is only written. Bulk methods open their
//! table once and are fastest with rows sorted by player.

use std::collections::BTreeMap;
use std::ops::RangeBounds;

use redb::{ReadableTable, ReadableTableMetadata, Table as RedbTable, WriteTransaction};

use crate::store::error::StoreError;
use crate::store::record::changes::{ChangeRecord, Touched, TouchedRecord};
use crate::store::record::shape::Record;
use crate::store::tables::{CHANGES, META, StoredKey, Table};

/// Changes of the truth that are remembered, at most.
const REMEMBERED: u64 = 1_000;
/// Bytes of them, at most.
const REMEMBERED_BYTES: usize = 1 << 20;

/// What a row's arrival did to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none under its key.
    Added,
    /// It replaced or completed one.
    Updated,
    /// The store already held it.
    Unchanged,
}

/// The one write transaction.
pub struct WriteTx {
    tx: WriteTransaction,
    noted: Noted,
}

/// What a transaction has changed so far.
#[derive(Default)]
pub(in crate::store) struct Noted {
    /// True when anything changed: worth a commit.
    any: bool,
    /// What of the truth, by table.
    truth: BTreeMap<&'static str, Touched>,
}

impl Noted {
    /// Notes that the row at `key` was put or dropped.
    fn row<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>, key: &K::SelfType<'_>) {
        self.about(table, K::subject(key));
    }

    fn about<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>, subject: Option<u32>) {
        self.any = true;
        if table.kind().is_truth() {
            self.truth.entry(table.name()).or_default().add(subject);
        }
    }
}

impl WriteTx {
    pub(in crate::store) fn new(tx: WriteTransaction) -> Self {
        Self {
            tx,
            noted: Noted::default(),
        }
    }

    /// Marks the store as holding the fictional demo league.
    pub fn set_simulated(&mut self) -> Result<(), StoreError> {
        self.tx
            .open_table(META)?
            .insert("simulated", [1].as_slice())?;
        self.noted.any = true;
        Ok(())
    }

    /// The row at `key`.
    pub(in crate::store) fn get<'k, K: StoredKey, R: Record>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        table.get(&self.tx.open_table(table.definition())?, key)
    }

    /// The last row of a key range, as `map` makes it.
    pub(in crate::store) fn last<'k, K: StoredKey, R: Record, T>(
        &self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        map: impl FnOnce(K::SelfType<'_>, R) -> T,
    ) -> Result<Option<T>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        let Some(row) = rows.range(range)?.next_back() else {
            return Ok(None);
        };
        let (key, value) = row?;
        let record = table.decode(value.value(), || format!("{:?}", key.value()))?;
        Ok(Some(map(key.value(), record)))
    }

    /// Every key of a table, as `map` makes it.
    pub(in crate::store) fn keys<K: StoredKey, R: Record, T>(
        &self,
        table: &Table<K, R>,
        map: impl Fn(K::SelfType<'_>) -> T,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        rows.iter()?.map(|row| Ok(map(row?.0.value()))).collect()
    }

    /// Every row of a table, in the order of the keys.
    pub(in crate::store) fn all<K: StoredKey, R: Record>(
        &self,
        table: &Table<K, R>,
    ) -> Result<Vec<R>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        rows.iter()?
            .map(|row| {
                let (key, value) = row?;
                table.decode(value.value(), || format!("{:?}", key.value()))
            })
            .collect()
    }

    /// The highest key.
    pub(in crate::store) fn last_key<R: Record>(
        &self,
        table: &Table<u64, R>,
    ) -> Result<Option<u64>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map(|(key, _)| key.value()))
    }

    /// One more than the highest key; 1 in an empty table.
    pub(in crate::store) fn next_key<R: Record>(
        &self,
        table: &Table<u32, R>,
    ) -> Result<u32, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map_or(0, |(key, _)| key.value()) + 1)
    }

    /// Puts a row.
    pub(in crate::store) fn put<'k, K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
        record: &R,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let new = table.encode(record)?;
        let held = rows.get(&key)?.is_some_and(|old| old.value() == new);
        if !held {
            rows.insert(&key, new.as_slice())?;
            self.noted.row(table, &key);
        }
        Ok(())
    }

    /// Writes `make(stored, row)` under each key where it differs from what is stored.
    pub(in crate::store) fn edit<'k, K: StoredKey, R: Record, N>(
        &mut self,
        table: &Table<K, R>,
        rows: impl Iterator<Item = (K::SelfType<'k>, N)>,
        mut make: impl FnMut(Option<R>, N) -> R,
    ) -> Result<Vec<Change>, StoreError> {
        let mut editing = self.editing(table)?;
        rows.map(|(key, row)| editing.edit(key, |old| make(old, row)))
            .collect()
    }

    /// The table, to change several rows of it one by one.
    pub(in crate::store) fn editing<'a, K: StoredKey, R: Record>(
        &'a mut self,
        table: &'a Table<K, R>,
    ) -> Result<Editing<'a, K, R>, StoreError> {
        Ok(Editing {
            table,
            rows: self.tx.open_table(table.definition())?,
            noted: &mut self.noted,
        })
    }

    /// Drops the row at `key`.
    pub(in crate::store) fn remove<'k, K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let held = rows.remove(&key)?.is_some();
        if held {
            self.noted.row(table, &key);
        }
        Ok(())
    }

    /// Drops the rows of a range whose keys `keep` does not name.
    pub(in crate::store) fn retain_in<'k, K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        keep: impl Fn(&K::SelfType<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let noted = &mut self.noted;
        rows.retain_in::<K::SelfType<'k>, _>(range, |key, _| {
            let keep = keep(&key);
            if !keep {
                noted.row(table, &key);
            }
            keep
        })?;
        Ok(())
    }

    /// Drops the rows of a range.
    pub(in crate::store) fn remove_range<'k, K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
    ) -> Result<(), StoreError> {
        self.retain_in(table, range, |_| false)
    }

    /// Drops the rows whose keys `keep` does not name.
    pub(in crate::store) fn retain<K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        keep: impl Fn(&K::SelfType<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let noted = &mut self.noted;
        rows.retain(|key, _| {
            let keep = keep(&key);
            if !keep {
                noted.row(table, &key);
            }
            keep
        })?;
        Ok(())
    }

    /// Drops the rows of a range that `goes` names; says how many.
    pub(in crate::store) fn remove_where<'k, K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        goes: impl Fn(&K::SelfType<'_>, &R) -> bool,
    ) -> Result<u64, StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let noted = &mut self.noted;
        let (mut gone, mut damaged) = (0, None);
        rows.retain_in::<K::SelfType<'k>, _>(range, |key, value| {
            let record = match table.decode(value, || format!("{key:?}")) {
                Ok(record) => record,
                Err(error) => {
                    damaged = Some(error);
                    return true;
                }
            };
            let goes = goes(&key, &record);
            if goes {
                gone += 1;
                noted.row(table, &key);
            }
            !goes
        })?;
        match damaged {
            Some(error) => Err(error),
            None => Ok(gone),
        }
    }

    /// Rows of a table.
    pub(in crate::store) fn count<K: StoredKey, R: Record>(
        &self,
        table: &Table<K, R>,
    ) -> Result<u64, StoreError> {
        Ok(self.tx.open_table(table.definition())?.len()?)
    }

    /// Drops every row.
    pub(in crate::store) fn clear<K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
    ) -> Result<(), StoreError> {
        if self.tx.delete_table(table.definition())? {
            self.noted.about(table, None);
        }
        Ok(())
    }

    /// Commits when something changed.
    pub(in crate::store) fn finish(self) -> Result<(), StoreError> {
        if !self.noted.any {
            self.tx.abort()?;
            return Ok(());
        }
        if !self.noted.truth.is_empty() {
            let next = next_sequence(&self.tx)?;
            remember(&self.tx, next, &self.noted.truth)?;
        }
        self.tx.commit().map_err(StoreError::of_commit)
    }
}

/// A table open for changes.
pub(in crate::store) struct Editing<'a, K: StoredKey, R: Record> {
    table: &'a Table<K, R>,
    rows: RedbTable<'a, K, &'static [u8]>,
    noted: &'a mut Noted,
}

impl<K: StoredKey, R: Record> Editing<'_, K, R> {
    /// Writes `make(stored)` under `key` where it differs from what is stored.
    pub(in crate::store) fn edit(
        &mut self,
        key: K::SelfType<'_>,
        make: impl FnOnce(Option<R>) -> R,
    ) -> Result<Change, StoreError> {
        let old = self.rows.get(&key)?.map(|value| value.value().to_vec());
        let record = old
            .as_deref()
            .map(|bytes| self.table.decode(bytes, || format!("{key:?}")))
            .transpose()?;
        let new = self.table.encode(&make(record))?;
        let change = match old {
            Some(old) if old == new => return Ok(Change::Unchanged),
            Some(_) => Change::Updated,
            None => Change::Added,
        };
        self.rows.insert(&key, new.as_slice())?;
        self.noted.row(self.table, &key);
        Ok(change)
    }
}

/// Raises the change sequence.
fn next_sequence(tx: &WriteTransaction) -> Result<u64, StoreError> {
    let mut meta = tx.open_table(META)?;
    let stored = meta
        .get("changes")?
        .and_then(|row| row.value().try_into().ok());
    let next = stored.map_or(0, u64::from_le_bytes) + 1;
    meta.insert("changes", next.to_le_bytes().as_slice())?;
    Ok(next)
}

/// Notes what the change `sequence` touched, and forgets the oldest.
fn remember(
    tx: &WriteTransaction,
    sequence: u64,
    truth: &BTreeMap<&'static str, Touched>,
) -> Result<(), StoreError> {
    let touched = truth.iter();
    let touched = touched.map(|(table, touched)| TouchedRecord::new(table, touched));
    let record = ChangeRecord {
        tables: touched.collect(),
    };
    let mut rows = tx.open_table(CHANGES.definition())?;
    rows.insert(sequence, CHANGES.encode(&record)?.as_slice())?;
    let mut first = sequence.saturating_sub(REMEMBERED - 1);
    let mut bytes = 0;
    for row in rows.range(first..)?.rev() {
        let (key, value) = row?;
        bytes += value.value().len();
        if bytes > REMEMBERED_BYTES && key.value() < sequence {
            first = key.value() + 1;
            break;
        }
    }
    rows.retain_in(..first, |_, _| false)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use redb::backends::InMemoryBackend;
    use redb::{Database, ReadableTable, ReadableTableMetadata};

    use super::{REMEMBERED, REMEMBERED_BYTES, remember};
    use crate::store::record::changes::Touched;
    use crate::store::tables::CHANGES;

    /// Sequence of the oldest change, number and bytes of all after `changes` of them.
    fn after(changes: u64, touched: &Touched) -> (u64, u64, usize) {
        let database = Database::builder().create_with_backend(InMemoryBackend::new());
        let tx = database.expect("memory").begin_write().expect("a write");
        let truth = BTreeMap::from([("batting", touched.clone())]);
        for sequence in 1..=changes {
            remember(&tx, sequence, &truth).expect("room");
        }
        let rows = tx.open_table(CHANGES.definition()).expect("the table");
        let first = rows.first().expect("a read").expect("a row").0.value();
        let all = rows.iter().expect("a read");
        let bytes = all.map(|row| row.expect("a row").1.value().len()).sum();
        (first, rows.len().expect("a number"), bytes)
    }

    #[test]
    fn the_newest_changes_are_remembered() {
        let one = Touched::of(700_001..700_002);
        assert_eq!(after(10, &one).1, 10);
        let (first, rows, _) = after(REMEMBERED + 20, &one);
        assert_eq!((first, rows), (21, REMEMBERED));
        let (first, rows, bytes) = after(300, &Touched::of(700_000..705_000));
        assert!(
            bytes <= REMEMBERED_BYTES && bytes > REMEMBERED_BYTES * 9 / 10,
            "{bytes}"
        );
        assert_eq!(first, 301 - rows);
    }
}
