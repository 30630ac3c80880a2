//! The content hash of the store.

use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, TableError};
use serde::Serialize;

use crate::store::error::StoreError;
use crate::store::tables::{self, for_each_table};

/// Content hash over all tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// BLAKE3 over names and hashes of the tables that hold imported truth,
    /// hexadecimal. Predictions and boards are listed but left out: they are
    /// made from the truth, and predictions carry the time they were made.
    pub hash: String,
    /// One entry per table, in a fixed order.
    pub tables: Vec<TableDigest>,
}

/// Content hash of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableDigest {
    /// Name of the table.
    pub name: &'static str,
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
        let mut digests = Vec::new();
        macro_rules! add {
            ($table:ident) => {
                digests.push(digest(
                    tx,
                    tables::$table.name(),
                    tables::$table.definition(),
                )?);
            };
        }
        for_each_table!(add);
        let mut hasher = blake3::Hasher::new();
        for table in digests.iter().filter(|table| !is_made(table.name)) {
            hasher
                .update(table.name.as_bytes())
                .update(table.hash.as_bytes());
        }
        Ok(Self {
            hash: hasher.finalize().to_hex().to_string(),
            tables: digests,
        })
    }
}

/// True for tables made from the imported ones, and for those of the program's own work.
fn is_made(table: &str) -> bool {
    [
        tables::PREDICTIONS.name(),
        tables::COMPARABLES.name(),
        tables::BOARDS.name(),
        tables::BOARD_PAYLOADS.name(),
        tables::TRAINING_RUNS.name(),
        tables::MODEL_STATE.name(),
        tables::MODEL_LOG.name(),
        tables::DRIFT.name(),
        tables::ARM_COUNTS.name(),
        tables::CHALLENGER_BOARDS.name(),
        tables::CHALLENGER_PAYLOADS.name(),
        tables::VERDICTS.name(),
        tables::DAY_BOARDS.name(),
        tables::DAY_PAYLOADS.name(),
        tables::JOBS.name(),
        tables::JOB_KEYS.name(),
        tables::SOURCES.name(),
        tables::BUDGETS.name(),
        tables::KEPT_BODIES.name(),
        tables::STAGED.name(),
        tables::QUALITY.name(),
    ]
    .contains(&table)
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

    /// Number of rows added, and the hash in hexadecimal.
    pub(in crate::store) fn finish(&self) -> (u64, String) {
        (self.rows, self.hasher.finalize().to_hex().to_string())
    }
}

fn digest<K: Key + 'static>(
    tx: &ReadTransaction,
    name: &'static str,
    definition: TableDefinition<'static, K, &'static [u8]>,
) -> Result<TableDigest, StoreError> {
    let mut hasher = RowHasher::default();
    match tx.open_table(definition) {
        Err(TableError::TableDoesNotExist(_)) => {}
        Err(error) => return Err(error.into()),
        Ok(table) => {
            for row in table.iter()? {
                let (key, value) = row?;
                hasher.add(K::as_bytes(&key.value()).as_ref(), value.value());
            }
        }
    }
    let (rows, hash) = hasher.finish();
    Ok(TableDigest { name, rows, hash })
}
