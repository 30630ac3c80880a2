//! The index of names beside the store it follows.
//!
//! The index is made from the store and can always be made again: whatever is wrong
//! with its files, a server starts, says in its answers that they are stale, and
//! mends the index in the background. Where no index can be kept on disk, names are
//! searched in memory.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use crate::data_dir;
use crate::domain::ProspectId;
use crate::pipeline::names::{entries, version};
use crate::rankings::{NameSearch, SourceError};
use crate::search::{self, SearchIndex};
use crate::store::Store;

/// Pauses between attempts to make the index; a search that fails later begins anew.
const PAUSES: [Duration; 8] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// The names of a store, searchable. Clones share the index.
#[derive(Clone)]
pub struct NameIndex(Arc<Shared>);

struct Shared {
    store: Store,
    dir: PathBuf,
    index: RwLock<SearchIndex>,
    /// True once a search has failed: the index is no longer trusted.
    broken: AtomicBool,
    /// One rebuilds at a time.
    following: Mutex<()>,
    mending: AtomicBool,
}

impl NameIndex {
    /// The index of `data` as it is on disk, or an empty one. It is brought up to
    /// date in the background when it lags behind the store.
    ///
    /// # Errors
    /// When not even an index in memory can be made.
    pub fn open(store: &Store, data: &Path) -> Result<Self, search::Error> {
        let names = Self::new(store, data)?;
        if names.is_stale() {
            names.mend();
        }
        Ok(names)
    }

    /// As [`Self::open`], and up to date when this returns.
    ///
    /// # Errors
    /// When the store can't be read or the index not made.
    pub fn followed(store: &Store, data: &Path) -> anyhow::Result<Self> {
        let names = Self::new(store, data)?;
        names.follow()?;
        Ok(names)
    }

    fn new(store: &Store, data: &Path) -> Result<Self, search::Error> {
        let dir = data.join(data_dir::SEARCH);
        Ok(Self(Arc::new(Shared {
            store: store.clone(),
            index: RwLock::new(on_disk_or_in_memory(&dir)?),
            dir,
            broken: AtomicBool::default(),
            following: Mutex::default(),
            mending: AtomicBool::default(),
        })))
    }

    /// The index itself.
    pub fn index(&self) -> SearchIndex {
        let index = self.0.index.read();
        index.clone()
    }

    /// True when what was made stays for the next start.
    pub fn is_on_disk(&self) -> bool {
        self.index().is_on_disk()
    }

    /// Rebuilds the index when it lags behind the store or has failed.
    ///
    /// # Errors
    /// When the store can't be read or no index can be made.
    pub fn follow(&self) -> anyhow::Result<()> {
        let shared = &self.0;
        let following = shared.following.lock();
        let _one = following;
        let version = version(&shared.store)?;
        let index = self.index();
        if index.applied_seq() == Some(version) && !shared.broken.load(Ordering::Acquire) {
            return Ok(());
        }
        let names = entries(&shared.store)?;
        if let Err(error) = index.rebuild(names.iter().cloned(), version) {
            if matches!(error, search::Error::Busy) {
                return Err(error.into());
            }
            tracing::warn!(%error, "the search index is made anew");
            let fresh = new_on_disk_or_in_memory(&shared.dir)?;
            fresh.rebuild(names, version)?;
            *shared.index.write() = fresh;
        }
        shared.broken.store(false, Ordering::Release);
        Ok(())
    }

    /// Has the index follow the store on a thread of its own, unless one is at it.
    fn mend(&self) {
        if self.0.mending.swap(true, Ordering::AcqRel) {
            return;
        }
        // It ends with the index: it must not keep the store open.
        let shared = Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("names".into());
        if let Err(error) = thread.spawn(move || mend(&shared)) {
            tracing::error!(%error, "no thread for the search index");
            self.0.mending.store(false, Ordering::Release);
        }
    }
}

/// Tries until the index is up to date, for some minutes.
fn mend(shared: &Weak<Shared>) {
    for pause in PAUSES {
        let Some(names) = shared.upgrade().map(NameIndex) else {
            return;
        };
        match names.follow() {
            Ok(()) => {
                tracing::info!("the search index is up to date");
                break;
            }
            Err(error) => tracing::error!("the search index could not be made: {error:#}"),
        }
        drop(names);
        std::thread::sleep(pause);
    }
    if let Some(shared) = shared.upgrade() {
        shared.mending.store(false, Ordering::Release);
    }
}

impl NameSearch for NameIndex {
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError> {
        let hits = self.index().search(query, limit).inspect_err(|_| {
            self.0.broken.store(true, Ordering::Release);
            self.mend();
        })?;
        Ok(hits.into_iter().map(|hit| (hit.id, hit.score)).collect())
    }

    fn is_stale(&self) -> bool {
        self.0.broken.load(Ordering::Acquire)
            || self.index().applied_seq() != version(&self.0.store).ok()
    }
}

fn on_disk_or_in_memory(dir: &Path) -> Result<SearchIndex, search::Error> {
    SearchIndex::open_or_reset(dir).or_else(|error| in_memory(&error))
}

/// As [`on_disk_or_in_memory`], with nothing of the files there are.
fn new_on_disk_or_in_memory(dir: &Path) -> Result<SearchIndex, search::Error> {
    SearchIndex::reset(dir).or_else(|error| in_memory(&error))
}

fn in_memory(error: &search::Error) -> Result<SearchIndex, search::Error> {
    tracing::error!("names are searched in memory until the next start: {error}");
    SearchIndex::in_memory()
}
