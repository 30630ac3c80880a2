//! A consistent copy of the store in a file of its own, and its verification.
//!
//! [`Store::export`] copies every table from one snapshot in key order while
//! writers go on; the copy is compact and cleanly closed. The file of a live
//! store itself is never copied: that gives damaged files. [`check_copy`] opens
//! a copy with a full integrity check and decodes every row of it, so that what
//! [`Contents`] it finds can be compared with those of the snapshot.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{
    CursorMut, Database, Key, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    TableError, TableHandle, WriteTransaction,
};

use super::head::{COPY_CACHE_BYTES, Identity, SCHEMA, check_head, check_meta, identity};
use super::store::Store;
use crate::store::codec;
use crate::store::error::{OpenError, StoreError};
use crate::store::record::shape::Record;
use crate::store::tables::{EachTable, META, StoredKey, TABLE_KINDS, Table, each_table};
use crate::store::tx::digest::{RowHasher, TableSum};

/// What a snapshot or copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Which store it is.
    pub identity: Identity,
    /// Every table, the store's facts about itself (`meta`) last.
    pub tables: Vec<TableSum>,
}

/// A copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The store can't be read, or a row of it is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store holds a table of a newer program, which a copy would lose.
    #[error(
        "the store has a table `{0}` that this program does not know: use the newer afwd that wrote it"
    )]
    UnknownTable(String),
    /// The copy can't be written.
    #[error("can't write {path}: {source}")]
    Write {
        /// The copy.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Store {
    /// Copies the last commit into a new store file at `path`, which must not
    /// exist, and syncs it. Neither waits for writers nor blocks them; the
    /// snapshot is let go before this returns.
    ///
    /// Every row's checksum is checked on the way.
    ///
    /// # Errors
    /// When a row is damaged, a table unknown, or the file can't be written; the
    /// file may then be there in part.
    pub fn export(&self, path: &Path) -> Result<Contents, SnapshotError> {
        // The outer result is the store's, the inner one the copy's.
        self.read(|read| Ok(export(&read.tx, path)))?
    }
}

impl Store {
    /// Decodes every row and says what there is.
    ///
    /// # Errors
    /// When a row does not decode, or a table is unknown.
    pub fn contents(&self) -> Result<Contents, SnapshotError> {
        // The outer result is the store's, the inner one what was found.
        self.read(|read| Ok(contents(&read.tx)))?
    }
}

/// Opens the copy at `path` with a full integrity check, decodes every row, and
/// says what it holds.
///
/// # Errors
/// When it is damaged anywhere, empty, foreign, or of a newer version. A newer
/// one is not changed; nor is one without redb's mark.
pub fn check_copy(path: &Path) -> Result<Contents, OpenError> {
    check_head(path)?;
    // redb may panic on bytes made to mislead it; a file is only refused for that.
    catch_unwind(AssertUnwindSafe(|| check(path)))
        .unwrap_or_else(|_| Err(unreadable(path, "its pages contradict each other")))
}

fn contents(tx: &ReadTransaction) -> Result<Contents, SnapshotError> {
    refuse_unknown(tx)?;
    Ok(Contents {
        identity: identity(tx)?,
        tables: walk(tx, None)?,
    })
}

fn export(from: &ReadTransaction, path: &Path) -> Result<Contents, SnapshotError> {
    refuse_unknown(from)?;
    let target = Target(path);
    if path.exists() {
        return Err(target.failed(io::ErrorKind::AlreadyExists.into()));
    }
    let database = Database::builder()
        .set_cache_size(COPY_CACHE_BYTES)
        .create(path)
        .map_err(|error| target.refused(error))?;
    let copy = Copy {
        into: database.begin_write().map_err(|e| target.refused(e))?,
        target: Target(path),
    };
    let tables = walk(from, Some(&copy))?;
    copy.into.commit().map_err(|error| target.refused(error))?;
    database.close().map_err(|error| target.refused(error))?;
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| target.failed(error))?;
    Ok(Contents {
        identity: identity(from)?,
        tables,
    })
}

/// Counts and hashes every row of every table. With `copy`, checks its checksum and
/// puts it there; else decodes it.
fn walk(from: &ReadTransaction, copy: Option<&Copy<'_>>) -> Result<Vec<TableSum>, SnapshotError> {
    let sums = Vec::new();
    let mut walk = Walk { from, copy, sums };
    each_table(&mut walk)?;
    let meta = walk.rows(META, |_, _| Ok(()))?;
    walk.sums.push(meta);
    Ok(walk.sums)
}

struct Walk<'a> {
    from: &'a ReadTransaction,
    copy: Option<&'a Copy<'a>>,
    sums: Vec<TableSum>,
}

impl EachTable for Walk<'_> {
    type Error = SnapshotError;

    fn table<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>) -> Result<(), SnapshotError> {
        let copied = self.copy.is_some();
        let sum = self.rows(table.definition(), |key, row| {
            if copied {
                let checked = codec::open(row);
                checked.map_err(|reason| table.damaged(format!("{key:?}"), reason))?;
            } else {
                table.decode(row, || format!("{key:?}"))?;
            }
            Ok(())
        })?;
        self.sums.push(sum);
        Ok(())
    }
}

impl Walk<'_> {
    /// One table, each of whose rows `check` has to find sound.
    fn rows<K: Key + 'static>(
        &self,
        definition: TableDefinition<'static, K, &'static [u8]>,
        check: impl Fn(&K::SelfType<'_>, &[u8]) -> Result<(), StoreError>,
    ) -> Result<TableSum, SnapshotError> {
        let mut hasher = RowHasher::default();
        let mut table = self.copy.map(|copy| copy.table(definition)).transpose()?;
        let mut end = match (&mut table, self.copy) {
            (Some(table), Some(copy)) => Some((copy.end(table)?, copy)),
            _ => None,
        };
        if let Some(rows) = existing(self.from.open_table(definition))? {
            for row in rows.iter().map_err(StoreError::from)? {
                let (key, value) = row.map_err(StoreError::from)?;
                let (key, value) = (key.value(), value.value());
                check(&key, value)?;
                hasher.add(K::as_bytes(&key).as_ref(), value);
                if let Some((end, copy)) = &mut end {
                    end.insert_before(key, value)
                        .map_err(|error| copy.refused(error))?;
                }
            }
        }
        Ok(hasher.sum(definition.name()))
    }
}

fn check(path: &Path) -> Result<Contents, OpenError> {
    let failed = |error: &dyn std::fmt::Display| unreadable(path, &error.to_string());
    let database = Database::builder()
        .set_cache_size(COPY_CACHE_BYTES)
        .set_check_integrity_on_open(true)
        .open(path)
        .map_err(|error| failed(&error))?;
    check_meta(path, &database, SCHEMA)?;
    let tx = database.begin_read().map_err(|error| failed(&error))?;
    let contents = contents(&tx).map_err(|error| failed(&error))?;
    drop(tx);
    database.close().map_err(|error| failed(&error))?;
    Ok(contents)
}

/// A table that nobody has written to yet does not exist.
fn existing<T>(opened: Result<T, TableError>) -> Result<Option<T>, StoreError> {
    match opened {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A copy has only the tables this program knows: with another one it would
/// lose data without a word.
fn refuse_unknown(tx: &ReadTransaction) -> Result<(), SnapshotError> {
    let tables = TABLE_KINDS.iter().map(|(name, _)| *name);
    let known: BTreeSet<&str> = tables.chain([META.name()]).collect();
    let mut found = tx.list_tables().map_err(StoreError::from)?;
    match found.find(|table| !known.contains(table.name())) {
        Some(unknown) => Err(SnapshotError::UnknownTable(unknown.name().to_owned())),
        None => Ok(()),
    }
}

fn unreadable(path: &Path, reason: &str) -> OpenError {
    OpenError::Database {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The copy's path, as errors name it.
struct Target<'a>(&'a Path);

impl Target<'_> {
    fn failed(&self, source: io::Error) -> SnapshotError {
        SnapshotError::Write {
            path: self.0.to_owned(),
            source,
        }
    }

    fn refused(&self, error: impl Into<redb::Error>) -> SnapshotError {
        self.failed(match error.into() {
            redb::Error::Io(error) => error,
            other => io::Error::other(other.to_string()),
        })
    }
}

/// The copy being written.
struct Copy<'a> {
    target: Target<'a>,
    into: WriteTransaction,
}

/// A table of the copy.
type Written<'tx, K> = redb::Table<'tx, K, &'static [u8]>;

impl Copy<'_> {
    fn refused(&self, error: impl Into<redb::Error>) -> SnapshotError {
        self.target.refused(error)
    }

    fn table<K: Key + 'static>(
        &self,
        definition: TableDefinition<'static, K, &'static [u8]>,
    ) -> Result<Written<'_, K>, SnapshotError> {
        let opened = self.into.open_table(definition);
        opened.map_err(|error| self.refused(error))
    }

    /// Where rows in key order are appended.
    fn end<'t, K: Key + 'static>(
        &self,
        table: &'t mut Written<'_, K>,
    ) -> Result<CursorMut<'t, K, &'static [u8]>, SnapshotError> {
        let end = table.upper_bound_mut(Bound::<K::SelfType<'_>>::Unbounded);
        end.map_err(|error| self.refused(error))
    }
}
