//! Changes one can make in a write transaction.
//!
//! Every method compares with what is stored and writes only what differs, so
//! that doing the same twice changes nothing. Bulk methods open their table once
//! and are fastest with rows sorted by player.

use std::ops::RangeBounds;

use redb::{Key, ReadableTable, ReadableTableMetadata, Table as RedbTable, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::error::StoreError;
use crate::store::tables::{META, Table};

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
    pub(in crate::store) tx: WriteTransaction,
    /// True when data changed: bumps the change sequence.
    pub(in crate::store) data: bool,
    /// True when anything changed: worth a commit.
    pub(in crate::store) any: bool,
}

impl WriteTx {
    pub(in crate::store) fn new(tx: WriteTransaction) -> Self {
        Self {
            tx,
            data: false,
            any: false,
        }
    }

    /// Marks the store as holding the fictional demo league.
    pub fn set_simulated(&mut self) -> Result<(), StoreError> {
        self.tx
            .open_table(META)?
            .insert("simulated", [1].as_slice())?;
        self.any = true;
        Ok(())
    }

    /// The row at `key` of a table of made things.
    pub(in crate::store) fn made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        table.get(&self.tx.open_table(table.definition())?, key)
    }

    /// The last row of a key range, as `map` makes it.
    pub(in crate::store) fn last<'k, K: Key, R: Serialize + DeserializeOwned, T>(
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
    pub(in crate::store) fn keys<K: Key, R: Serialize + DeserializeOwned, T>(
        &self,
        table: &Table<K, R>,
        map: impl Fn(K::SelfType<'_>) -> T,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        rows.iter()?.map(|row| Ok(map(row?.0.value()))).collect()
    }

    /// Puts a row that is made, not imported: the change sequence stays.
    pub(in crate::store) fn put_made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
        record: &R,
    ) -> Result<(), StoreError> {
        self.put_raw(table, key, &table.encode(record)?)
    }

    /// As [`Self::put_made`], with bytes that only their owner can decode.
    pub(in crate::store) fn put_raw<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.tx.open_table(table.definition())?.insert(key, bytes)?;
        self.any = true;
        Ok(())
    }

    /// Every row of a table of made things, in the order of the keys.
    pub(in crate::store) fn all_made<K: Key, R: Serialize + DeserializeOwned>(
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

    /// Drops the row at `key` of a table of made things.
    pub(in crate::store) fn drop_made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<(), StoreError> {
        self.any |= self
            .tx
            .open_table(table.definition())?
            .remove(&key)?
            .is_some();
        Ok(())
    }

    /// Drops a range of rows of a table of made things.
    pub(in crate::store) fn drop_range<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let before = rows.len()?;
        rows.retain_in::<K::SelfType<'k>, _>(range, |_, _| false)?;
        self.any |= rows.len()? != before;
        Ok(())
    }

    /// Drops the rows of a table of made things whose keys `keep` does not name.
    pub(in crate::store) fn keep_where<K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        keep: impl Fn(K::SelfType<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let before = rows.len()?;
        rows.retain(|key, _| keep(key))?;
        self.any |= rows.len()? != before;
        Ok(())
    }

    /// The highest key.
    pub(in crate::store) fn last_key<R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<u64, R>,
    ) -> Result<Option<u64>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map(|(key, _)| key.value()))
    }

    /// One more than the highest key; 1 in an empty table.
    pub(in crate::store) fn next_key<R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<u32, R>,
    ) -> Result<u32, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map_or(0, |(key, _)| key.value()) + 1)
    }

    /// Drops every row of a table of made things.
    pub(in crate::store) fn clear<K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
    ) -> Result<(), StoreError> {
        self.tx
            .open_table(table.definition())?
            .retain(|_, _| false)?;
        self.any = true;
        Ok(())
    }

    /// Commits when something changed.
    pub(in crate::store) fn finish(self) -> Result<(), StoreError> {
        if !self.any {
            self.tx.abort()?;
            return Ok(());
        }
        if self.data {
            let mut meta = self.tx.open_table(META)?;
            let stored = meta
                .get("changes")?
                .and_then(|row| row.value().try_into().ok());
            let next = stored.map_or(0, u64::from_le_bytes) + 1;
            meta.insert("changes", next.to_le_bytes().as_slice())?;
        }
        self.tx.commit().map_err(StoreError::of_commit)
    }

    /// Writes `make(stored, row)` under each key where it differs from what is stored.
    pub(in crate::store) fn edit<'k, K: Key, R, N>(
        &mut self,
        table: &Table<K, R>,
        rows: impl Iterator<Item = (K::SelfType<'k>, N)>,
        mut make: impl FnMut(Option<R>, N) -> R,
    ) -> Result<Vec<Change>, StoreError>
    where
        R: Serialize + DeserializeOwned,
    {
        let mut stored = self.tx.open_table(table.definition())?;
        let mut changes = Vec::new();
        for (key, row) in rows {
            let change = edit_one(table, &mut stored, key, |old| make(old, row))?;
            changes.push(change);
        }
        drop(stored);
        self.note(&changes);
        Ok(changes)
    }

    pub(in crate::store) fn note(&mut self, changes: &[Change]) {
        self.data |= changes.iter().any(|change| *change != Change::Unchanged);
        self.any |= self.data;
    }
}

/// As [`WriteTx::edit`], of one row of an open table; says what became of it.
pub(in crate::store) fn edit_one<'k, K: Key, R: Serialize + DeserializeOwned>(
    table: &Table<K, R>,
    stored: &mut RedbTable<'_, K, &'static [u8]>,
    key: K::SelfType<'k>,
    make: impl FnOnce(Option<R>) -> R,
) -> Result<Change, StoreError> {
    let old = stored.get(&key)?.map(|value| value.value().to_vec());
    let record = old
        .as_deref()
        .map(|bytes| table.decode(bytes, || format!("{key:?}")))
        .transpose()?;
    let new = table.encode(&make(record))?;
    let change = match old {
        Some(old) if old == new => return Ok(Change::Unchanged),
        Some(_) => Change::Updated,
        None => Change::Added,
    };
    stored.insert(key, new.as_slice())?;
    Ok(change)
}
