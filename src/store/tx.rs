//! Transactions: a closure over one snapshot, or over one durable write.

use std::sync::Arc;

use redb::{Database, Durability, ReadableDatabase};

use super::error::StoreError;
use super::read::ReadTx;
use super::write::WriteTx;

/// The open store. Clones share it; the file is closed with the last one.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database: Arc::new(database),
        }
    }

    /// Calls `f` with a snapshot of the last commit. Other reads and a write may
    /// go on beside it; keep it short, since a held snapshot keeps old pages alive.
    ///
    /// # Errors
    /// What `f` returns, and failures of the database.
    pub fn read<T>(
        &self,
        f: impl FnOnce(&ReadTx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        f(&ReadTx::new(self.database.begin_read()?))
    }

    /// Calls `f` with the one write transaction and commits what it did; when this
    /// returns `Ok`, it is on disk. When `f` fails or changes nothing, nothing is
    /// written. Hooks registered with [`WriteTx::on_commit`] run after the commit,
    /// in order. Waits for a write in progress.
    ///
    /// # Errors
    /// What `f` returns, and failures of the database.
    pub fn write<T>(
        &self,
        f: impl FnOnce(&mut WriteTx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tx = self.database.begin_write()?;
        tx.set_durability(Durability::Immediate)?;
        // Opening after a crash then takes milliseconds, and the commit is two-phase.
        tx.set_quick_repair(true);
        let mut write = WriteTx::new(tx);
        let value = f(&mut write)?;
        for hook in write.finish()? {
            hook();
        }
        Ok(value)
    }
}
