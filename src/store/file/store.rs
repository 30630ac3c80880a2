//! Transactions: a closure over one snapshot, or over one durable write.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use redb::{Durability, WriteTransaction};

use super::reopen::Handle;
use super::reserve::Reserve;
use crate::store::error::StoreError;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

/// The open store. Clones share it; the file is closed with the last one.
///
/// It survives the failures of its disk: see `reopen.rs`.
#[derive(Clone)]
pub struct Store {
    pub(in crate::store) handle: Arc<Handle>,
    reserve: Reserve,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    pub(in crate::store) fn new(handle: Handle, reserve: Reserve) -> Self {
        Self {
            handle: Arc::new(handle),
            reserve,
        }
    }

    /// Calls `f` with a snapshot of the last commit. Other reads and a write may
    /// go on beside it; keep it short, since a held snapshot keeps old pages alive.
    /// When the disk fails under it, the store is opened again and `f` called once
    /// more.
    ///
    /// # Errors
    /// What `f` returns, and failures of the database.
    #[track_caller]
    pub fn read<T>(&self, f: impl Fn(&ReadTx) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let by = Location::caller();
        let answer = match self.read_once(by, &f) {
            (generation, Err(error)) if self.handle.after_read(generation, &error) => {
                self.read_once(by, &f).1
            }
            (_, answer) => answer,
        };
        answer.map_err(StoreError::outward)
    }

    /// Calls `f` with the one write transaction and commits what it did; when this
    /// returns `Ok`, it is on disk. When `f` fails or changes nothing, nothing is
    /// written. Waits for a write in progress.
    ///
    /// # Errors
    /// What `f` returns, and failures of the database. [`StoreError::Full`] when
    /// the disk has less room than is kept in reserve; `f` is not called then.
    /// [`StoreError::Unsettled`] when the disk failed during the commit.
    pub fn write<T>(
        &self,
        f: impl FnOnce(&mut WriteTx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let turn = self.handle.turn();
        self.handle.ages.warn();
        self.reserve.check(self.handle.opener())?;
        let (generation, tx) = self.handle.begin_write(&turn)?;
        let written = write(tx, f);
        if let Err(error) = &written {
            self.handle.after_write(generation, error, &turn);
        }
        drop(turn);
        let explain = |error| self.reserve.explain(error, self.handle.opener());
        written.map_err(explain)
    }

    /// Why nothing can be written right now, in words; `None` when all is well.
    /// Reads may work all the same. Asking also makes the store try to recover.
    pub fn trouble(&self) -> Option<String> {
        let failed = self.handle.trouble();
        failed.or_else(|| {
            let checked = self.reserve.check(self.handle.opener());
            checked.err().map(|error| error.to_string())
        })
    }

    /// Age of the oldest read under way; `None` when there is none. It stays below
    /// a second but for backups; see `read_ages.rs`.
    pub fn oldest_read(&self) -> Option<Duration> {
        self.handle.ages.oldest()
    }

    fn read_once<T>(
        &self,
        by: &'static Location<'static>,
        f: &impl Fn(&ReadTx) -> Result<T, StoreError>,
    ) -> (u64, Result<T, StoreError>) {
        let (generation, begun) = self.handle.begin_read(by);
        let answer = begun.and_then(|(tx, _reading)| f(&ReadTx::new(tx)));
        (generation, answer)
    }
}

fn write<T>(
    mut tx: WriteTransaction,
    f: impl FnOnce(&mut WriteTx) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    tx.set_durability(Durability::Immediate)?;
    // Opening after a crash then takes milliseconds, and the commit is two-phase.
    tx.set_quick_repair(true);
    let mut write = WriteTx::new(tx);
    let value = f(&mut write)?;
    write.finish()?;
    Ok(value)
}
