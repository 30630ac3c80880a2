//! The open database, closed and opened again after a failure.
//!
//! After one error of the disk a redb handle refuses every write and every read
//! of what it has not in memory, for good. So the store keeps the database behind
//! a lock and replaces it: whoever meets such an error closes the database (which
//! also ends what is left of older reads) and opens it again. Where it can't be
//! opened for writing, it is opened for reading, and each later write tries again,
//! at most every [`RETRY`]. The lock on the file is the store's own and is held
//! throughout, so that no other process slips in between.
//!
//! Only the writer, or whoever would be the writer, replaces the database: no
//! write is ever under way on the old one when the new one is opened.

use std::fs::File;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use redb::{Database, ReadTransaction, ReadableDatabase, WriteTransaction};

use super::disk::{Backend, Disk, DiskFile};
use super::overlay::Overlay;
use super::read_ages::{ReadAges, Reading};
use crate::store::error::StoreError;
use crate::store::tables::META;

/// How long a database that could not be opened is left alone.
const RETRY: Duration = Duration::from_millis(100);
/// How long a reader waits for a writer whose database has failed under it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a store that is only looked at is not written.
const ONLY_READ: &str = "it was opened for reading only";

/// How to open the database of a store, again and again.
#[derive(Clone, Debug)]
pub(in crate::store) struct Opener {
    /// The file.
    pub(in crate::store) path: PathBuf,
    /// Bytes of page cache.
    pub(in crate::store) cache_bytes: usize,
    /// Where the file is.
    pub(in crate::store) disk: Arc<dyn Disk>,
    /// False for a store that is only looked at.
    pub(in crate::store) writable: bool,
}

/// The database and what it takes to replace it.
pub(in crate::store) struct Handle {
    opener: Opener,
    instance: Vec<u8>,
    current: RwLock<Current>,
    writing: Mutex<()>,
    pub(in crate::store) ages: ReadAges,
    /// Declared last: let go once the database is closed.
    _lock: File,
}

struct Current {
    database: Open,
    /// How many databases there were before.
    generation: u64,
    trouble: Option<Trouble>,
}

enum Open {
    Whole(Database),
    /// Written to memory only, for those who read.
    ReadOnly(Database),
    Closed,
}

/// Why the database is not open for writing.
struct Trouble {
    reason: String,
    since: Instant,
}

/// The right to write, and to replace the database.
pub(in crate::store) struct Turn<'a>(#[expect(dead_code, reason = "held")] MutexGuard<'a, ()>);

/// What can be done with the database after an attempt to replace it.
enum Outcome {
    Writable,
    Readable(String),
    Closed(String),
}

impl Opener {
    /// Opens the database for writing.
    pub(in crate::store) fn open(&self) -> Result<Database, redb::Error> {
        if !self.writable {
            return Err(std::io::Error::other(ONLY_READ).into());
        }
        self.build(self.disk.open(&self.path, true)?, false)
    }

    /// Opens the database without changing the file: what redb writes to recover
    /// it stays in memory. With `check`, every page is verified first.
    pub(in crate::store) fn open_overlay(&self, check: bool) -> Result<Database, redb::Error> {
        self.build(
            Box::new(Overlay::new(self.disk.open(&self.path, false)?)?),
            check,
        )
    }

    fn build(&self, file: Box<dyn DiskFile>, check: bool) -> Result<Database, redb::Error> {
        if file.len()? == 0 {
            // redb would make a new database of it.
            return Err(redb::Error::Corrupted("the file is empty".to_owned()));
        }
        let database = Database::builder()
            .set_cache_size(self.cache_bytes)
            .set_check_integrity_on_open(check)
            .create_with_backend(Backend(file))?;
        Ok(database)
    }
}

impl Handle {
    /// Takes over a database that was opened; `lock` keeps others out.
    pub(in crate::store) fn new(
        opener: Opener,
        database: Database,
        instance: Vec<u8>,
        lock: File,
    ) -> Self {
        let (database, trouble) = match opener.writable {
            true => (Open::Whole(database), None),
            false => (Open::ReadOnly(database), Some(Trouble::now(ONLY_READ))),
        };
        Self {
            opener,
            instance,
            current: RwLock::new(Current {
                database,
                generation: 0,
                trouble,
            }),
            writing: Mutex::default(),
            ages: ReadAges::default(),
            _lock: lock,
        }
    }

    /// How the database is opened.
    pub(in crate::store) fn opener(&self) -> &Opener {
        &self.opener
    }

    /// Waits for the right to write.
    pub(in crate::store) fn turn(&self) -> Turn<'_> {
        Turn(self.writing.lock())
    }

    /// A snapshot of the database of the generation that is returned too.
    pub(in crate::store) fn begin_read(
        &self,
        by: &'static Location<'static>,
    ) -> (u64, Result<(ReadTransaction, Reading<'_>), StoreError>) {
        let current = self.current();
        let begun = match &current.database {
            Open::Whole(database) | Open::ReadOnly(database) => database.begin_read(),
            Open::Closed => return (current.generation, Err(current.unavailable())),
        };
        let begun = begun.map(|tx| (tx, self.ages.begin(by)));
        (current.generation, begun.map_err(StoreError::from))
    }

    /// The write transaction, on a database opened again if need be, and its generation.
    pub(in crate::store) fn begin_write(
        &self,
        turn: &Turn<'_>,
    ) -> Result<(u64, WriteTransaction), StoreError> {
        match self.try_begin_write() {
            (generation, Err(error)) if error.is_of_the_handle(true) => {
                match self.replace(generation, &error.to_string(), turn) {
                    Outcome::Writable => {
                        let (generation, begun) = self.try_begin_write();
                        Ok((generation, begun?))
                    }
                    Outcome::Readable(reason) | Outcome::Closed(reason) => {
                        Err(StoreError::Unavailable(reason))
                    }
                }
            }
            (generation, begun) => Ok((generation, begun?)),
        }
    }

    /// Replaces the database of `generation` after a write met `error`.
    pub(in crate::store) fn after_write(
        &self,
        generation: u64,
        error: &StoreError,
        turn: &Turn<'_>,
    ) {
        if error.is_of_the_handle(true) {
            self.replace(generation, &error.to_string(), turn);
        }
    }

    /// Replaces the database of `generation` after a read met `error`; true when
    /// the read may be tried again.
    pub(in crate::store) fn after_read(&self, generation: u64, error: &StoreError) -> bool {
        if !error.is_of_the_handle(false) {
            return false;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.current().generation != generation {
                return true;
            }
            if let Some(turn) = self.try_turn() {
                let outcome = self.replace(generation, &error.to_string(), &turn);
                return !matches!(outcome, Outcome::Closed(_));
            }
            if Instant::now() >= deadline {
                return false;
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Why nothing can be written right now, after an attempt to change that.
    pub(in crate::store) fn trouble(&self) -> Option<String> {
        let (generation, reason) = {
            let current = self.current();
            (current.generation, current.trouble.as_ref()?.reason.clone())
        };
        let Some(turn) = self.try_turn() else {
            return Some(reason);
        };
        match self.replace(generation, &reason, &turn) {
            Outcome::Writable => None,
            Outcome::Readable(reason) | Outcome::Closed(reason) => Some(reason),
        }
    }

    fn try_begin_write(&self) -> (u64, Result<WriteTransaction, StoreError>) {
        let current = self.current();
        let begun = match &current.database {
            Open::Whole(database) => database.begin_write().map_err(StoreError::from),
            Open::ReadOnly(_) | Open::Closed => Err(current.unavailable()),
        };
        (current.generation, begun)
    }

    /// Closes the database of `generation` and opens it again, unless somebody
    /// has just tried.
    fn replace(&self, generation: u64, error: &str, _turn: &Turn<'_>) -> Outcome {
        let mut current = self.current_mut();
        let tried = current
            .trouble
            .as_ref()
            .is_some_and(|trouble| trouble.since.elapsed() < RETRY);
        if current.generation == generation && !tried {
            if current.trouble.is_none() {
                tracing::error!("the store is closed and opened again: {error}");
            }
            // Waits for accesses under way; later ones of older reads get an error.
            let old = std::mem::replace(&mut current.database, Open::Closed);
            // What a database does at its end that has failed is of no use to anybody.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(old)));
            current.generation += 1;
            self.open_again(&mut current);
        }
        current.outcome()
    }

    fn open_again(&self, current: &mut Current) {
        let reason = match guarded(|| self.opener.open()) {
            Ok(database) if self.is_ours(&database) => {
                tracing::warn!("the store is open again");
                current.database = Open::Whole(database);
                current.trouble = None;
                return;
            }
            Ok(_) => "another store is in its place".to_owned(),
            Err(error) => error.to_string(),
        };
        if let Ok(database) = guarded(|| self.opener.open_overlay(false))
            && self.is_ours(&database)
        {
            current.database = Open::ReadOnly(database);
        }
        if current.trouble.as_ref().map(|trouble| &trouble.reason) != Some(&reason) {
            tracing::error!("the store can't be opened for writing: {reason}");
        }
        current.trouble = Some(Trouble::now(&reason));
    }

    /// True when `database` is the store that was opened first: a file that lost
    /// its content must never be taken for it.
    fn is_ours(&self, database: &impl ReadableDatabase) -> bool {
        let instance = || -> Result<Option<Vec<u8>>, redb::Error> {
            let tx = database.begin_read()?;
            let meta = tx.open_table(META)?;
            Ok(meta.get("instance")?.map(|row| row.value().to_vec()))
        };
        guarded(instance).is_ok_and(|found| found.as_deref() == Some(&self.instance))
    }

    fn try_turn(&self) -> Option<Turn<'_>> {
        self.writing.try_lock().map(Turn)
    }

    fn current(&self) -> RwLockReadGuard<'_, Current> {
        self.current.read()
    }

    fn current_mut(&self) -> RwLockWriteGuard<'_, Current> {
        self.current.write()
    }
}

impl Trouble {
    fn now(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            since: Instant::now(),
        }
    }
}

impl Current {
    fn reason(&self) -> String {
        let trouble = self.trouble.as_ref();
        trouble.map_or_else(String::new, |trouble| trouble.reason.clone())
    }

    fn unavailable(&self) -> StoreError {
        StoreError::Unavailable(self.reason())
    }

    fn outcome(&self) -> Outcome {
        match &self.database {
            Open::Whole(_) => Outcome::Writable,
            Open::ReadOnly(_) => Outcome::Readable(self.reason()),
            Open::Closed => Outcome::Closed(self.reason()),
        }
    }
}

/// `open`, whose panic is an error like another: redb may panic on pages that
/// contradict each other.
pub(in crate::store) fn guarded<T>(
    open: impl FnOnce() -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    let contradiction = || redb::Error::Corrupted("its pages contradict each other".to_owned());
    catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| Err(contradiction()))
}
