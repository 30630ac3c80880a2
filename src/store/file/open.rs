//! Opening a store: create it whole or not at all, refuse what is not ours.

use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{Database, ReadableDatabase, TableError};

use super::disk::{Disk, Files};
use crate::store::error::OpenError;
use super::reopen::{Handle, Opener, guarded};
use super::migrate::Plan;
use super::reserve::Reserve;
use crate::store::tables::META;
use super::store::Store;

/// Version of the tables and records of this program.
pub(in crate::store) const SCHEMA: u32 = 1;
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
        let database = guarded(|| opener.open_overlay(true)).map_err(|error| refuse(&path, error))?;
        let meta = check_meta(&path, &database, SCHEMA)?;
        let handle = Handle::new(opener, database, meta.instance, lock);
        Ok(Self::new(handle, config.reserve))
    }

    /// As [`Self::open`], with the migrations of `plan`.
    pub(in crate::store) fn open_with(
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

fn write_meta(database: &Database) -> Result<(), redb::Error> {
    let tx = database.begin_write()?;
    {
        let mut meta = tx.open_table(META)?;
        meta.insert("schema", SCHEMA.to_le_bytes().as_slice())?;
        meta.insert("instance", instance().as_slice())?;
        meta.insert("changes", 0_u64.to_le_bytes().as_slice())?;
    }
    tx.commit()?;
    Ok(())
}

/// A name for this store that no other has: std's hasher keys are random.
fn instance() -> [u8; 8] {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new()
        .hash_one(std::process::id())
        .to_le_bytes()
}

/// Refuses an empty or foreign file before redb touches it.
pub(in crate::store) fn check_head(path: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    File::open(path)
        .map_err(io)?
        .take(4)
        .read_to_end(&mut head)
        .map_err(io)?;
    match head.as_slice() {
        [] => Err(OpenError::Empty(path.to_owned())),
        b"redb" => Ok(()),
        _ => Err(OpenError::Foreign {
            path: path.to_owned(),
            reason: "it is no redb file".into(),
        }),
    }
}

/// What a database says of itself.
pub(in crate::store) struct Meta {
    /// Its random name.
    pub(in crate::store) instance: Vec<u8>,
    /// Version of its tables and records.
    pub(in crate::store) schema: u32,
    /// The version it is on its way to, and the next step.
    pub(in crate::store) migrating: Option<(u32, u32)>,
}

/// Refuses a database that is not ours, or of a version after `known`.
pub(in crate::store) fn check_meta(
    path: &Path,
    database: &impl ReadableDatabase,
    known: u32,
) -> Result<Meta, OpenError> {
    let foreign = |reason: &str| OpenError::Foreign {
        path: path.to_owned(),
        reason: reason.into(),
    };
    let failed = |error: redb::Error| refuse(path, error);
    let tx = database
        .begin_read()
        .map_err(|error| failed(error.into()))?;
    let meta = match tx.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_)) => return Err(foreign("it has no meta table")),
        Err(error) => return Err(failed(error.into())),
    };
    let read = |name: &str| {
        meta.get(name)
            .map(|row| row.map(|row| row.value().to_vec()))
            .map_err(|error| failed(error.into()))
    };
    let instance = read("instance")?.ok_or_else(|| foreign("it has no instance name"))?;
    let schema = read("schema")?.and_then(|bytes| bytes.try_into().ok().map(u32::from_le_bytes));
    let schema = schema.ok_or_else(|| foreign("it has no schema version"))?;
    let migrating = read("migrating")?.and_then(|bytes| {
        let (to, next) = bytes.split_first_chunk::<4>()?;
        let next = next.try_into().ok()?;
        Some((u32::from_le_bytes(*to), u32::from_le_bytes(next)))
    });
    let found = migrating.map_or(schema, |(to, _)| to);
    if found > known {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(Meta {
        instance,
        schema,
        migrating,
    })
}

fn refuse(path: &Path, error: redb::Error) -> OpenError {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::Error::DatabaseAlreadyOpen => OpenError::AlreadyOpen(path.to_owned()),
        redb::Error::Corrupted(reason) => OpenError::Damaged {
            path: path.to_owned(),
            reason,
        },
        redb::Error::Io(error) if matches!(error.kind(), InvalidData | UnexpectedEof) => {
            OpenError::Damaged {
                path: path.to_owned(),
                reason: error.to_string(),
            }
        }
        redb::Error::Io(source) => OpenError::Io {
            path: path.to_owned(),
            source,
        },
        other => OpenError::Database {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    }
}
