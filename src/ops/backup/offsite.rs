//! An archive in object storage, fetched to be read.

use std::path::{Path, PathBuf};

use super::Result;
use super::scratch::{Scratch, need_space};
use crate::objects::Bucket;

/// An archive fetched from a bucket; deleted when dropped.
pub struct LocalCopy {
    path: PathBuf,
    _scratch: Scratch,
}

impl LocalCopy {
    /// Fetches the object `name` of `bucket` into a temporary directory in `dir`.
    ///
    /// # Errors
    /// When it is not there, or does not fit.
    pub fn fetch(bucket: &Bucket, name: &str, dir: &Path) -> Result<Self> {
        let scratch = Scratch::new(dir)?;
        let path = scratch.path().join("backup");
        need_space(scratch.path(), bucket.size(name)?)?;
        bucket.get(name, &path)?;
        Ok(Self {
            path,
            _scratch: scratch,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
