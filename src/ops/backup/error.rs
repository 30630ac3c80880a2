//! Why a backup or restore failed.

use std::io;
use std::path::{Path, PathBuf};

use crate::objects::ObjectsError;
use crate::store::{OpenError, SnapshotError};

/// Result of an operation on backups.
pub type Result<T> = std::result::Result<T, BackupError>;

/// A backup or restore failed; each message says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something under the name of the new backup.
    #[error("{0} exists, and a backup never overwrites: choose another name, or move it away")]
    Exists(String),
    /// The bytes are not those of a backup.
    #[error("{name} is not a backup of this program: {reason}")]
    NotABackup {
        /// File or address.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A backup, but not as it was written.
    #[error(
        "{name} is damaged: {part} {reason}; use another backup, and keep this one for a closer look"
    )]
    Damaged {
        /// File or address.
        name: String,
        /// The member, or `the archive`.
        part: String,
        /// What is wrong.
        reason: String,
    },
    /// Written by a newer program.
    #[error(
        "{name} was made by a newer afwd ({what} {found}, this program knows up to {known}): use that version"
    )]
    Newer {
        /// File or address.
        name: String,
        /// Which version is newer.
        what: &'static str,
        /// Version in the file.
        found: u32,
        /// Newest version known.
        known: u32,
    },
    /// An encrypted backup and no key.
    #[error("{0} is encrypted: give --passphrase-file or --key-file")]
    KeyNeeded(String),
    /// An encrypted backup and another key.
    #[error(
        "{0} does not open with this key: give the passphrase or key file it was made with (it was sealed with {1})"
    )]
    WrongKey(String, &'static str),
    /// A passphrase or key file can't be used.
    #[error("can't use {path} as {what}: {reason}")]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Not enough space.
    #[error(
        "not enough space at {path}: {needed} MB are needed and {free} MB are free; make room, or choose another place"
    )]
    Full {
        /// Where.
        path: PathBuf,
        /// Megabytes needed.
        needed: u64,
        /// Megabytes free.
        free: u64,
    },
    /// Another process uses the store.
    #[error("{0} is in use by another afwd: stop that process first")]
    InUse(PathBuf),
    /// Another restore is under way, or its intent can't be carried out.
    #[error("a restore of {0} is under way in another process: wait for it to end")]
    Restoring(PathBuf),
    /// The note about a restore can't be read.
    #[error(
        "{path} is not a note this program wrote ({reason}): move it away, and restore again if data is missing"
    )]
    Intent {
        /// The note.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The data belongs to another store than the backup.
    #[error(
        "{data} holds another store (instance {there}) than the backup (instance {here}): pass --force to replace it all the same; what is there is kept until the next healthy start"
    )]
    OtherStore {
        /// The data directory.
        data: PathBuf,
        /// Its instance.
        there: String,
        /// The backup's.
        here: String,
    },
    /// A model's file has a name that no model of ours has.
    #[error("{0} can't be backed up: its name is not that of a model's file; move it away")]
    Name(PathBuf),
    /// The store can't be copied.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The store can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What is made from restored data could not be made.
    #[error("the restored data can't be made ready to serve: {0}; the old data is untouched")]
    Prepare(String),
    /// The place for backups is not named as this program understands it.
    #[error("{0}")]
    Place(String),
    /// Object storage refused.
    #[error("{name}: {reason}")]
    Bucket {
        /// Address.
        name: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The running server refused.
    #[error("the running server could not make the backup: {0}")]
    Server(String),
    /// There is no name for a temporary file.
    #[error("{0}, which the names of temporary files are made of: try again")]
    Random(String),
    /// A file or directory can't be used.
    #[error("can't use {path}: {source}")]
    Io {
        /// It.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl From<ObjectsError> for BackupError {
    fn from(error: ObjectsError) -> Self {
        match error {
            ObjectsError::Exists(address) => Self::Exists(address),
            ObjectsError::Storage { address, reason } => Self::Bucket {
                name: address,
                reason,
            },
            ObjectsError::Io { path, source } => Self::Io { path, source },
        }
    }
}

impl BackupError {
    /// Makes the error for a failure at `path`.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    /// Makes the error for damage to `part` of the archive `name`.
    pub(super) fn damaged(name: &str, part: &str, reason: impl ToString) -> Self {
        Self::Damaged {
            name: name.to_owned(),
            part: part.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// Makes the error for bytes that are no backup.
    pub(super) fn not_a_backup(name: &str, reason: impl ToString) -> Self {
        Self::NotABackup {
            name: name.to_owned(),
            reason: reason.to_string(),
        }
    }
}
