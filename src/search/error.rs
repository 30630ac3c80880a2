//! Why names can't be searched.

use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError};

/// Why the search index cannot be used. It is derived data: rebuild it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory cannot be read or written.
    #[error("the search index cannot be read or written: {0}; it is rebuilt from the store")]
    Tantivy(TantivyError),
    /// Another process, or another index over the directory, is writing it.
    #[error("the search index is being written by somebody else")]
    Busy,
    /// A file of the index could not be read.
    #[error("the search index cannot be read: {0}; it is rebuilt from the store")]
    Io(#[from] std::io::Error),
    /// Bytes have changed, or another version wrote them.
    #[error("the search index is damaged ({0}); it is rebuilt from the store")]
    Damaged(&'static str),
    /// The directory holds a file that is no part of an index.
    #[error("{} is not part of a search index; move it away or choose another directory", .0.display())]
    Foreign(PathBuf),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            other => Self::Tantivy(other),
        }
    }
}

impl From<OpenReadError> for Error {
    fn from(error: OpenReadError) -> Self {
        Self::Tantivy(error.into())
    }
}
