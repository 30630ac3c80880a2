//! Opening a store: create it whole or not at all, refuse what is not ours.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::Database;

use super::disk::{Disk, Files};
use super::head::{SCHEMA, check_head, check_meta, refuse, write_meta};
use super::migrate::Plan;
use super::reopen::{Handle, Opener, guarded};
use super::reserve::Reserve;
use super::store::Store;
use crate::store::error::OpenError;

/// Name of the store's file in its directory.
pub const FILE: &str = crate::data_dir::STORE;

/// Where the store is and what it may use.
#[derive(Clone, Debug)]
pub struct Config {
    /// Directory that holds the store's file.
    pub dir: PathBuf,
    /// Bytes of page cache.
    pub cache_bytes: usize,
    /// Room on the disk that writes leave free.
    pub reserve: Reserve,
    /// What holds the file.
    pub disk: Arc<dyn Disk>,
}

impl Config {
    /// The store in `dir` with a page cache of 24 MiB and the usual reserve.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            cache_bytes: 24 << 20,
            reserve: Reserve::Usual,
            disk: Arc::new(Files),
        }
    }

    fn opener(&self) -> Opener {
        Opener {
            path: self.dir.join(FILE),
            cache_bytes: self.cache_bytes,
            disk: Arc::clone(&self.disk),
            writable: true,
        }
    }
}

/// What to do when there is no store yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Make an empty one.
    CreateIfAbsent,
    /// Refuse.
    MustExist,
}

impl Store {
    /// Opens the store of `config`, after every page has agreed with its checksum
    /// (a tenth of a second for 150 MB).
    ///
    /// # Errors
    /// When it is missing (and may not be created), empty, not ours, written by a
    /// newer version, damaged, in use, or unreadable; nothing is changed in these
    /// cases. When it can't be brought up to date; what was done then stays done.
    pub fn open(config: &Config, opening: Opening) -> Result<Self, OpenError> {
        Self::open_with(config, opening, &Plan::TODAY)
    }

    /// Opens the store of `config` for reading alone, after every page has agreed
    /// with its checksum. The file is not changed, also when a killed process left
    /// it or an older version wrote it; nobody else can open it meanwhile.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn look(config: &Config) -> Result<Self, OpenError> {
        let opener = Opener {
            writable: false,
            ..config.opener()
        };
        let path = opener.path.clone();
        if !path.exists() {
            return Err(OpenError::Missing(config.dir.clone()));
        }
        check_head(&path)?;
        let lock = lock(&path)?;
        let database =
            guarded(|| opener.open_overlay(true)).map_err(|error| refuse(&path, error))?;
        let meta = check_meta(&path, &database, SCHEMA)?;
        let handle = Handle::new(opener, database, meta.instance, lock);
        Ok(Self::new(handle, config.reserve))
    }

    /// As [`Self::open`], with the migrations of `plan`.
    pub(super) fn open_with(
        config: &Config,
        opening: Opening,
        plan: &Plan,
    ) -> Result<Self, OpenError> {
        let opener = config.opener();
        let path = opener.path.clone();
        match (path.exists(), opening) {
            (true, _) => {}
            (false, Opening::MustExist) => return Err(OpenError::Missing(config.dir.clone())),
            (false, Opening::CreateIfAbsent) => create(&config.dir, &path)?,
        }
        check_head(&path)?;
        let lock = lock(&path)?;
        // Opening for writing changes the file, so what is refused is refused before.
        let seen = guarded(|| opener.open_overlay(true)).map_err(|error| refuse(&path, error))?;
        let before = check_meta(&path, &seen, plan.head)?;
        plan.copy_before(&opener, &seen, &before)?;
        drop(seen);
        let database = guarded(|| opener.open()).map_err(|error| refuse(&path, error))?;
        plan.run(&database, &path, &before)?;
        let meta = check_meta(&path, &database, plan.head)?;
        let handle = Handle::new(opener, database, meta.instance, lock);
        Ok(Self::new(handle, config.reserve))
    }
}

/// The lock that a store holds on its file.
fn lock(path: &Path) -> Result<File, OpenError> {
    let file = File::open(path).map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(OpenError::AlreadyOpen(path.to_owned())),
        // A file system without locks can't keep others out.
        _ => Ok(file),
    }
}

/// Writes a new store under another name and renames it when it is complete, so
/// that a crash never leaves a file that looks like a store and is none.
fn create(dir: &Path, path: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io {
        path: dir.to_owned(),
        source,
    };
    fs::create_dir_all(dir).map_err(io)?;
    let partial = path.with_extension(crate::data_dir::UNFINISHED_STORE);
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
        _ => {}
    }
    let database = Database::create(&partial).map_err(|error| refuse(&partial, error.into()))?;
    write_meta(&database).map_err(|error| OpenError::Database {
        path: partial.clone(),
        reason: error.to_string(),
    })?;
    database
        .close()
        .map_err(|error| refuse(&partial, error.into()))?;
    fs::rename(&partial, path).map_err(io)?;
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(io)
}
