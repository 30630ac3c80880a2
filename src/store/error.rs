use std::path::PathBuf;

/// The store could not be opened. Each message says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no store yet.
    #[error(
        "no store at {0}: import data first (`afwd import KIND FILE...`) or give its directory with --data"
    )]
    Missing(PathBuf),
    /// The file has no bytes.
    #[error(
        "{0} is empty, so it is not a store: restore it from a backup, or move it away and import again"
    )]
    Empty(PathBuf),
    /// The file was not written by this program.
    #[error(
        "{path} is not a store of this program ({reason}): give another directory with --data, or restore the file from a backup"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file was written by a newer version.
    #[error(
        "{path} has schema version {found}, this program knows up to {known}: use the newer afwd that wrote it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version in the file.
        found: u32,
        /// Newest version this program reads.
        known: u32,
    },
    /// Another process has the store open.
    #[error(
        "{0} is in use by another afwd: stop that process, or use its web pages and API instead"
    )]
    AlreadyOpen(PathBuf),
    /// The file's pages do not agree with their checksums.
    #[error("{path} is damaged ({reason}): restore it from a backup with `afwd restore FILE`")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file could not be brought to this program's version.
    #[error(
        "can't bring {path} up to date: {reason}; nothing is lost, and the next start goes on where this one stopped"
    )]
    Migration {
        /// The file.
        path: PathBuf,
        /// What failed.
        reason: String,
    },
    /// The directory or file can't be used.
    #[error("can't use {path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("can't open {path}: {reason}")]
    Database {
        /// The file.
        path: PathBuf,
        /// The database's reason.
        reason: String,
    },
}

/// A read or write failed; after a failed write nothing of it is stored, unless it
/// is [`Self::Unsettled`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or the disk failed.
    #[error("the store failed: {0}")]
    Database(#[source] Box<redb::Error>),
    /// The disk has less room than is kept in reserve.
    #[error(
        "the disk is full ({} MB are free, {} MB are kept in reserve): make room, and writing goes on by itself", .free >> 20, .reserve >> 20
    )]
    Full {
        /// Bytes free.
        free: u64,
        /// Bytes that are kept free.
        reserve: u64,
    },
    /// The disk failed, and the store could not be opened for it yet.
    #[error("the store can't be used right now ({0}); it tries again by itself")]
    Unavailable(String),
    /// The disk failed during the commit.
    #[error(
        "the disk failed while a change was being saved ({0}), and whether it was kept is not known: look, and try again"
    )]
    Unsettled(#[source] Box<redb::Error>),
    /// Stored bytes are not what was written.
    #[error("damaged row in table `{table}` at key {key}: {reason}; restore from a backup")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// A value can't be stored.
    #[error("can't store a value: {0}")]
    Encode(String),
    /// The closure of a transaction gave up for its own reason.
    #[error("{0}")]
    Refused(String),
}

impl StoreError {
    /// True when the database has to be opened again. What reads meet in damaged
    /// pages stays there, so that does not count for them.
    pub(super) fn is_of_the_handle(&self, writing: bool) -> bool {
        use redb::Error::{Corrupted, DatabaseClosed, Io, LockPoisoned, PreviousIo};
        match self {
            Self::Unavailable(_) | Self::Unsettled(_) => true,
            Self::Database(error) => match **error {
                Io(_) | PreviousIo | DatabaseClosed | LockPoisoned(_) => true,
                Corrupted(_) => writing,
                _ => false,
            },
            _ => false,
        }
    }

    /// What a commit met: a poisoned transaction is not committed, but when the
    /// disk fails the new state may or may not be on it.
    pub(super) fn of_commit(error: redb::CommitError) -> Self {
        match error {
            redb::CommitError::Storage(error) => Self::Unsettled(Box::new(error.into())),
            other => other.into(),
        }
    }

    /// What callers are told of a failing disk.
    pub(super) fn outward(self) -> Self {
        match self {
            Self::Database(ref error) if self.is_of_the_handle(false) => {
                Self::Unavailable(error.to_string())
            }
            other => other,
        }
    }

    /// True when the disk had no room left.
    pub(super) fn is_full(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match self {
            Self::Database(error) | Self::Unsettled(error) => match **error {
                redb::Error::Io(ref io) => matches!(io.kind(), StorageFull | QuotaExceeded),
                _ => false,
            },
            _ => false,
        }
    }
}

macro_rules! from_redb {
    ($($error:ty),+) => {
        $(impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Database(Box::new(error.into()))
            }
        })+
    };
}

from_redb!(
    redb::Error,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    redb::SetDurabilityError
);
