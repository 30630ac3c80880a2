//! The content hash of the store.

use redb::{ReadTransaction, ReadableTable, TableError};
use serde::{Deserialize, Serialize};

use crate::store::error::StoreError;
use crate::store::record::shape::Record;
use crate::store::tables::{EachTable, StoredKey, Table, each_table};

/// Content hash over all tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// BLAKE3 over names and hashes of the tables of truth, hexadecimal. The others
    /// are listed but left out: they are made from the truth, or tell the program's
    /// own work and when it was done.
    pub hash: String,
    /// One entry per table, in a fixed order.
    pub tables: Vec<TableSum>,
}

/// Rows of a table, counted and hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Name of the table.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
    /// BLAKE3 over every key and value with their lengths, hexadecimal.
    pub hash: String,
}

impl Digest {
    /// Rows over all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// `meta` is left out: it names the store, not its content.
    pub(in crate::store) fn of(tx: &ReadTransaction) -> Result<Self, StoreError> {
        let mut digesting = Digesting {
            tx,
            truth: blake3::Hasher::new(),
            tables: Vec::new(),
        };
        each_table(&mut digesting)?;
        Ok(Self {
            hash: digesting.truth.finalize().to_hex().to_string(),
            tables: digesting.tables,
        })
    }
}

struct Digesting<'a> {
    tx: &'a ReadTransaction,
    truth: blake3::Hasher,
    tables: Vec<TableSum>,
}

impl EachTable for Digesting<'_> {
    type Error = StoreError;

    fn table<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>) -> Result<(), StoreError> {
        let mut hasher = RowHasher::default();
        match self.tx.open_table(table.definition()) {
            Err(TableError::TableDoesNotExist(_)) => {}
            Err(error) => return Err(error.into()),
            Ok(rows) => {
                for row in rows.iter()? {
                    let (key, value) = row?;
                    hasher.add(K::as_bytes(&key.value()).as_ref(), value.value());
                }
            }
        }
        let sum = hasher.sum(table.name());
        if table.kind().is_truth() {
            self.truth
                .update(sum.name.as_bytes())
                .update(sum.hash.as_bytes());
        }
        self.tables.push(sum);
        Ok(())
    }
}

/// Hash over the rows of a table, in order, with the lengths of their parts.
#[derive(Default)]
pub(in crate::store) struct RowHasher {
    hasher: blake3::Hasher,
    rows: u64,
}

impl RowHasher {
    /// Adds the next row.
    pub(in crate::store) fn add(&mut self, key: &[u8], value: &[u8]) {
        for bytes in [key, value] {
            self.hasher
                .update(&(bytes.len() as u64).to_le_bytes())
                .update(bytes);
        }
        self.rows += 1;
    }

    /// What was added, as the rows of a table.
    pub(in crate::store) fn sum(&self, table: &str) -> TableSum {
        TableSum {
            name: table.to_owned(),
            rows: self.rows,
            hash: self.hasher.finalize().to_hex().to_string(),
        }
    }
}
