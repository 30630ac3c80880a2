//! Questions one can ask of a snapshot of the store.

use std::ops::RangeBounds;

use redb::{Key, ReadOnlyTable, ReadTransaction, TableError};

use super::digest::Digest;
use crate::store::error::StoreError;
use crate::store::record::shape::Record;
use crate::store::tables::{META, Table};

/// One consistent snapshot of the store.
pub struct ReadTx {
    pub(in crate::store) tx: ReadTransaction,
}

pub(in crate::store) type Rows<K> = Option<ReadOnlyTable<K, &'static [u8]>>;

impl ReadTx {
    pub(in crate::store) fn new(tx: ReadTransaction) -> Self {
        Self { tx }
    }

    /// Sequence number of the last change of the data (boards and predictions,
    /// which are made from it, do not count).
    pub fn change_seq(&self) -> Result<u64, StoreError> {
        Ok(self
            .meta("changes")?
            .and_then(|b| b.try_into().ok().map(u64::from_le_bytes))
            .unwrap_or(0))
    }

    /// True when the store holds the fictional demo league.
    pub fn is_simulated(&self) -> Result<bool, StoreError> {
        Ok(self.meta("simulated")?.is_some())
    }

    /// Content hash over all tables: equal data, equal digest.
    pub fn digest(&self) -> Result<Digest, StoreError> {
        Digest::of(&self.tx)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .tx
            .open_table(META)?
            .get(name)?
            .map(|value| value.value().to_vec()))
    }

    /// The row at `key`; `None` when there is none.
    pub(in crate::store) fn row<'k, K: Key, R: Record>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        match self.open(table)? {
            Some(rows) => table.get(&rows, key),
            None => Ok(None),
        }
    }

    /// The table, or `None` while nothing was ever written to it.
    pub(in crate::store) fn open<K: Key, R: Record>(
        &self,
        table: &Table<K, R>,
    ) -> Result<Rows<K>, StoreError> {
        match self.tx.open_table(table.definition()) {
            Ok(rows) => Ok(Some(rows)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Decodes the rows of a key range; `map` may refuse a row as damaged.
    pub(in crate::store) fn scan<'k, K: Key, R: Record, T>(
        &self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        mut map: impl for<'v> FnMut(K::SelfType<'v>, R) -> Result<T, String>,
    ) -> Result<Vec<T>, StoreError> {
        let Some(rows) = self.open(table)? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for row in rows.range(range)? {
            let (key, value) = row?;
            let record = table.decode(value.value(), || format!("{:?}", key.value()))?;
            found.push(
                map(key.value(), record)
                    .map_err(|reason| table.damaged(format!("{:?}", key.value()), reason))?,
            );
        }
        Ok(found)
    }
}
