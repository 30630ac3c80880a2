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

/// A read or write failed; after a failed write nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or the disk failed.
    #[error("the store failed: {0}")]
    Database(#[source] Box<redb::Error>),
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
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError,
    redb::SetDurabilityError
);
