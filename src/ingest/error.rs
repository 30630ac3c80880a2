use std::path::PathBuf;

use super::kind::FileKind;
use crate::store::StoreError;

/// A file was not imported; the store is as it was before it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("can't read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason, or that of the decompressor.
        source: std::io::Error,
    },
    /// It is another kind of file than a table.
    #[error("{path} can't be read as a table: {reason}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do.
        reason: String,
    },
    /// The file has no header.
    #[error("{0} is empty: the first line must name the columns")]
    Empty(PathBuf),
    /// Columns are missing, so it is probably another kind of file.
    #[error(
        "{path} does not look like {kind}: column {missing} is missing. {kind} needs the columns {required}"
    )]
    Columns {
        /// The file.
        path: PathBuf,
        /// The kind it was to be read as.
        kind: FileKind,
        /// Columns that are missing.
        missing: String,
        /// Columns the kind needs.
        required: String,
    },
    /// A column is there that only files of another kind have.
    #[error(
        "{path} does not look like {kind}: it has a column `{column}`. Name the kind the file holds"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The kind it was to be read as.
        kind: FileKind,
        /// The column.
        column: &'static str,
    },
    /// It is no list, or one that can't be used as it is.
    #[error("{path} can't be imported: {reason}")]
    NotAList {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
