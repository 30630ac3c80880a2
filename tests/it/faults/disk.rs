//! A disk that fails when it is told to.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use afwd::store::{Disk, DiskFile, Files};

/// Files behind a switch. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultyDisk(Arc<State>);

#[derive(Debug, Default)]
struct State {
    calls: AtomicU64,
    /// The call that fails, from 1; 0 for none.
    fails_at: AtomicU64,
    /// Whether those after it fail too.
    lasting: AtomicBool,
    full: AtomicBool,
    read_only: AtomicBool,
}

impl FaultyDisk {
    /// A disk whose call number `call` fails, with those after it if `lasting`.
    pub(crate) fn failing_at(call: u64, lasting: bool) -> Self {
        let disk = Self::default();
        disk.0.fails_at.store(call, Ordering::SeqCst);
        disk.0.lasting.store(lasting, Ordering::SeqCst);
        disk
    }

    /// Calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// From now on every call fails.
    pub(crate) fn fail(&self) {
        self.0.lasting.store(true, Ordering::SeqCst);
        self.0.fails_at.store(1, Ordering::SeqCst);
    }

    /// After so many more calls every call fails.
    pub(crate) fn fail_after(&self, more: u64) {
        self.0.lasting.store(true, Ordering::SeqCst);
        self.0
            .fails_at
            .store(self.calls() + more + 1, Ordering::SeqCst);
    }

    /// From now on no call fails.
    pub(crate) fn heal(&self) {
        self.0.fails_at.store(0, Ordering::SeqCst);
    }

    /// Whether there is room beside the file.
    pub(crate) fn set_full(&self, full: bool) {
        self.0.full.store(full, Ordering::SeqCst);
    }

    /// Whether nothing may be written, as after an error of the file system.
    pub(crate) fn set_read_only(&self, read_only: bool) {
        self.0.read_only.store(read_only, Ordering::SeqCst);
    }

    fn change(&self) -> io::Result<()> {
        if self.0.read_only.load(Ordering::SeqCst) {
            return Err(io::Error::other("planted read-only file system"));
        }
        self.call()
    }

    fn call(&self) -> io::Result<()> {
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let fails_at = self.0.fails_at.load(Ordering::SeqCst);
        let lasting = self.0.lasting.load(Ordering::SeqCst);
        if fails_at != 0 && (call == fails_at || lasting && call > fails_at) {
            return Err(io::Error::other("planted failure of the disk"));
        }
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn DiskFile>> {
        if writable {
            self.change()?;
        }
        self.call()?;
        let file = Files.open(path, writable)?;
        Ok(Box::new(FaultyFile(self.clone(), file)))
    }

    fn free(&self, _: &Path) -> io::Result<u64> {
        let full = self.0.full.load(Ordering::SeqCst);
        Ok(if full { 0 } else { u64::MAX })
    }
}

#[derive(Debug)]
struct FaultyFile(FaultyDisk, Box<dyn DiskFile>);

impl DiskFile for FaultyFile {
    fn len(&self) -> io::Result<u64> {
        self.0.call()?;
        self.1.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.call()?;
        self.1.read(offset, out)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.change()?;
        self.1.write(offset, data)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.change()?;
        self.1.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.change()?;
        self.1.sync()
    }
}
