//! Temporary files and directories that their maker holds a lock on: what is not
//! locked was left by a process that died, and is cleared away.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with, statvfs};
use rustix::io::Errno;

use super::{BackupError, Result};
use crate::data_dir::TEMPORARY;
use crate::secret;

const PARTIAL_SUFFIX: &str = ".afwd-partial";
/// Space that an operation leaves free.
const SPARE_BYTES: u64 = 32 << 20;

/// A temporary directory; removed when dropped.
pub(super) struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// A new directory in `parent`, readable by its owner only.
    pub(super) fn new(parent: &Path) -> Result<Self> {
        let path = parent.join(format!("{TEMPORARY}tmp-{}", random_name()?));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(BackupError::at(&path))?;
        let lock = File::open(&path).map_err(BackupError::at(&path))?;
        // A file system without locks has no other process's sweep to fear.
        let _ = lock.try_lock();
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: what stays is swept by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A file under a temporary name beside its target; removed when dropped
/// without having been named.
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
    file: File,
    named: bool,
}

impl Partial {
    /// A new file that will be `target`, which must not exist.
    pub(super) fn new(target: &Path) -> Result<Self> {
        let exists = || BackupError::Exists(target.display().to_string());
        if target.symlink_metadata().is_ok() {
            return Err(exists());
        }
        let name = target.file_name().ok_or_else(|| {
            BackupError::Place(format!("{} is not the name of a file", target.display()))
        })?;
        let partial = format!(
            ".{}.{}{PARTIAL_SUFFIX}",
            name.to_string_lossy(),
            random_name()?
        );
        let path = directory(target).join(partial);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options.open(&path).map_err(BackupError::at(&path))?;
        let _ = file.try_lock();
        Ok(Self {
            path,
            target: target.to_owned(),
            file,
            named: false,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Gives the file its name, unless something has it by now, and makes that last.
    pub(super) fn name(mut self) -> Result<()> {
        let at = BackupError::at(&self.path);
        self.file.sync_all().map_err(&at)?;
        rename_new(&self.path, &self.target).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(self.target.display().to_string()),
            _ => at(error),
        })?;
        drop(at);
        self.named = true;
        sync_dir(directory(&self.target))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Clears away what processes that died left in `dir`, if it is there.
pub(super) fn sweep(dir: &Path) -> Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(BackupError::at(dir))?,
    };
    for entry in entries {
        let entry = entry.map_err(BackupError::at(dir))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let directory = name.starts_with(TEMPORARY);
        let partial = name.starts_with('.') && name.ends_with(PARTIAL_SUFFIX);
        if (directory || partial) && is_left(&entry.path()) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file or a whole directory; being gone already is fine.
pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::at(path)(error)),
        _ => Ok(()),
    }
}

/// True when no process holds the lock on `path`.
pub(super) fn is_left(path: &Path) -> bool {
    match File::open(path).map(|file| file.try_lock()) {
        Ok(Err(TryLockError::WouldBlock)) => false,
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Refuses when `bytes` more do not fit at `dir`.
pub(super) fn need_space(dir: &Path, bytes: u64) -> Result<()> {
    let free = free_bytes(dir)?;
    let needed = bytes.saturating_add(SPARE_BYTES);
    if free >= needed {
        return Ok(());
    }
    Err(BackupError::Full {
        path: dir.to_owned(),
        needed: needed >> 20,
        free: free >> 20,
    })
}

/// Bytes that may be written at `dir`.
pub(super) fn free_bytes(dir: &Path) -> Result<u64> {
    let stat = statvfs(dir).map_err(|error| BackupError::at(dir)(error.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Makes renames in `dir` last.
pub(super) fn sync_dir(dir: &Path) -> Result<()> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(BackupError::at(dir))
}

/// The directory a path is in.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A name that no other process or thread makes.
pub(super) fn random_name() -> Result<String> {
    let bytes = secret::random::<8>().map_err(|error| BackupError::Random(error.to_string()))?;
    Ok(secret::hex(&bytes))
}

/// Renames without overwriting, atomically where the file system can.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if to.symlink_metadata().is_err() => {
            fs::rename(from, to)
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            Err(io::ErrorKind::AlreadyExists.into())
        }
        renamed => Ok(renamed?),
    }
}
