//! What a store's file says of itself: that it is one, its version, its name.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{Database, ReadTransaction, ReadableDatabase, TableError};
use serde::{Deserialize, Serialize};

use crate::store::error::{OpenError, StoreError};
use crate::store::tables::META;
use crate::store::tx::read::ReadTx;

/// Version of the tables and records of this program.
pub(super) const SCHEMA: u32 = 2;
/// Page cache of a copy that is written or checked once, in order.
pub(super) const COPY_CACHE_BYTES: usize = 16 << 20;

/// Version of the tables and records this program writes.
pub fn schema() -> u32 {
    SCHEMA
}

/// Which store a file is, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of its tables and records.
    pub schema: u32,
    /// The store's random name, hexadecimal. A restored copy keeps it.
    pub instance: String,
    /// Number of changes made to its data.
    pub changes: u64,
}

/// What a database says of itself.
pub(super) struct Meta {
    /// Its random name.
    pub(super) instance: Vec<u8>,
    /// Version of its tables and records.
    pub(super) schema: u32,
    /// The version it is on its way to, and the next step.
    pub(super) migrating: Option<(u32, u32)>,
}

/// Refuses an empty or foreign file before redb touches it.
pub(super) fn check_head(path: &Path) -> Result<(), OpenError> {
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

/// Refuses a database that is not ours, or of a version after `known`.
pub(super) fn check_meta(
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

/// Which store the file at `path` is, read without changing it; `None` when that
/// can't be told because it is damaged, in use, or needs repair.
pub fn identify(path: &Path) -> Option<Identity> {
    check_head(path).ok()?;
    catch_unwind(AssertUnwindSafe(|| {
        let database = Database::builder()
            .set_cache_size(COPY_CACHE_BYTES)
            .open_read_only(path)
            .ok()?;
        identity(&database.begin_read().ok()?).ok()
    }))
    .ok()?
}

/// The facts in `meta`; zeros where they are missing, which opening has refused.
pub(super) fn identity(tx: &ReadTransaction) -> Result<Identity, StoreError> {
    let meta = tx.open_table(META)?;
    let bytes = |name: &str| -> Result<Vec<u8>, StoreError> {
        Ok(meta
            .get(name)?
            .map_or_else(Vec::new, |row| row.value().to_vec()))
    };
    Ok(Identity {
        schema: bytes("schema")?.try_into().map_or(0, u32::from_le_bytes),
        instance: crate::secret::hex(&bytes("instance")?),
        changes: bytes("changes")?.try_into().map_or(0, u64::from_le_bytes),
    })
}

impl ReadTx {
    /// The store's random name, hexadecimal; copies keep it.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn instance(&self) -> Result<String, StoreError> {
        Ok(identity(&self.tx)?.instance)
    }
}

/// Writes the facts of a new store.
pub(super) fn write_meta(database: &Database) -> Result<(), redb::Error> {
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

/// The error for a file that the database refused.
pub(super) fn refuse(path: &Path, error: redb::Error) -> OpenError {
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
