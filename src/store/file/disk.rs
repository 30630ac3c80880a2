//! Where the bytes of the store are: files, or what a test puts in their place.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use redb::StorageBackend;

/// Opens files that exist, and knows the space around them. Give another one to
/// [`crate::store::Config`] to see what the store does when the disk fails.
pub trait Disk: Debug + Send + Sync {
    /// The file at `path`; for reading only unless `writable`.
    ///
    /// # Errors
    /// When it can't be opened.
    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn DiskFile>>;

    /// Bytes that may still be written beside `path`.
    ///
    /// # Errors
    /// When that can't be told.
    fn free(&self, path: &Path) -> io::Result<u64>;
}

/// An open file. Several threads may use it at once.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether it is")]
pub trait DiskFile: Debug + Send + Sync {
    /// Bytes in it.
    ///
    /// # Errors
    /// When the disk fails; so do the others.
    fn len(&self) -> io::Result<u64>;

    /// Fills `out` from the bytes at `offset`.
    ///
    /// # Errors
    /// When the file ends before, or the disk fails.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;

    /// Writes all of `data` at `offset`.
    ///
    /// # Errors
    /// When the disk fails or is full.
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;

    /// Cuts the file off or fills it up with zeros.
    ///
    /// # Errors
    /// When the disk fails or is full.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Returns once everything written would survive a loss of power.
    ///
    /// # Errors
    /// When the disk fails; what was written since the last sync may be lost then.
    fn sync(&self) -> io::Result<()>;
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files;

impl Disk for Files {
    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(writable).open(path)?;
        Ok(Box::new(file))
    }

    fn free(&self, path: &Path) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(path)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

impl DiskFile for File {
    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(out, offset)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.write_all_at(data, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        Self::set_len(self, len)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

/// A file as redb asks for it. It has no locks: the store holds its own for as
/// long as it lives, also while the database is closed and opened again.
#[derive(Debug)]
pub(in crate::store) struct Backend(pub(in crate::store) Box<dyn DiskFile>);

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}
