//! Why object storage did not do what was asked.

use std::io;
use std::path::{Path, PathBuf};

/// An operation on object storage failed; each message says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// There is an object under the name of the new one.
    #[error("{0} exists, and nothing is overwritten: choose another name")]
    Exists(String),
    /// The storage, or a setting of it, refuses.
    #[error("{address}: {reason}")]
    Storage {
        /// Address of the object or the bucket.
        address: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A local file can't be used.
    #[error("can't use {path}: {source}")]
    Io {
        /// It.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ObjectsError {
    /// Makes the error for a failure at `path`.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
