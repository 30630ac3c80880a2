//! Restoring: plan, show, perform.
//!
//! Everything that can fail happens beside the old data: unpacking, checking,
//! migrating, making the index. Only then `swap.rs` replaces it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::encryption::Key;
use super::manifest::Manifest;
use super::scratch::{Scratch, free_bytes, need_space};
use super::unpack::{Archive, Into};
use super::verify::{read_manifest, unpack_checked};
use super::{BackupError, BackupStep, Result, Watch, swap};
use crate::data_dir::STORE;
use crate::store::{self, Identity};

/// A restore to do.
pub struct Restore<'a> {
    /// The data directory.
    pub data: &'a Path,
    /// What the archive was sealed with.
    pub key: Option<&'a Key>,
    /// Replace another store than the backup's.
    pub force: bool,
    /// The time, for the name of the previous data.
    pub now: Timestamp,
    /// Makes a restored directory ready to be served: migrates its store, builds
    /// its index. Everything must be closed when it returns.
    pub prepare: &'a dyn Fn(&Path) -> anyhow::Result<()>,
    /// Called after each step.
    pub watch: Watch<'a>,
}

/// What a restore would do.
#[derive(Clone, Debug, Serialize)]
pub struct RestorePlan {
    /// The backup.
    pub archive: PathBuf,
    /// True when it is encrypted.
    pub encrypted: bool,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The data directory.
    pub data: PathBuf,
    /// The store that is there now, when there is one that can be read.
    pub replaces: Option<Identity>,
    /// True when there is data now, readable or not.
    pub keeps_previous: bool,
    /// Bytes needed beside the data.
    pub needed_bytes: u64,
    /// Bytes free there.
    pub free_bytes: u64,
}

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What is served from now on.
    pub manifest: Manifest,
    /// Where the old data is until the next healthy start.
    pub previous: Option<PathBuf>,
}

impl Restore<'_> {
    /// Reads the manifest of `archive` and says what would be done. Changes nothing.
    ///
    /// # Errors
    /// When the restore would be refused: unreadable, newer, in use, another
    /// store, not enough space.
    pub fn plan(&self, archive: &Path) -> Result<RestorePlan> {
        let (manifest, encrypted) = read_manifest(archive, self.key)?;
        let file = self.data.join(STORE);
        let there = store::identify(&file);
        self.refuse_other(&manifest, there.as_ref())?;
        drop(swap::lock_store(self.data)?);
        let home = existing(self.data);
        // The index is made beside the data too; it is smaller than the store.
        let needed = manifest.bytes().saturating_mul(2);
        need_space(home, needed)?;
        Ok(RestorePlan {
            archive: archive.to_owned(),
            encrypted,
            manifest,
            data: self.data.to_owned(),
            replaces: there,
            keeps_previous: file.exists(),
            needed_bytes: needed,
            free_bytes: free_bytes(home)?,
        })
    }

    /// Plans, and also compares every member of the archive with its manifest.
    /// Writes nothing.
    ///
    /// # Errors
    /// As [`Self::plan`], and when the archive is damaged.
    pub fn rehearse(&self, archive: &Path) -> Result<RestorePlan> {
        let plan = self.plan(archive)?;
        let name = archive.display().to_string();
        let file = File::open(archive).map_err(BackupError::at(archive))?;
        Archive::new(&name, file, self.key)?.unpack(&Into::Nowhere, |_| Ok(()))?;
        Ok(plan)
    }

    /// Restores `archive`.
    ///
    /// # Errors
    /// As [`Self::rehearse`], and when the data can't be made ready; the old data
    /// is untouched then.
    pub fn perform(&self, archive: &Path) -> Result<Restored> {
        swap::recover(self.data)?;
        self.plan(archive)?;
        fs::create_dir_all(self.data).map_err(BackupError::at(self.data))?;
        let _restoring = swap::lock(self.data)?;
        let _unused = swap::lock_store(self.data)?;
        let scratch = Scratch::new(self.data)?;
        let ready = scratch.path().join("data");
        fs::create_dir(&ready).map_err(BackupError::at(&ready))?;
        let verified = unpack_checked(archive, self.key, &ready, self.watch)?;
        (self.prepare)(&ready).map_err(|error| BackupError::Prepare(format!("{error:#}")))?;
        sync_tree(&ready)?;
        (self.watch)(BackupStep::Prepared);
        let previous = swap::swap(self.data, &ready, self.now, self.watch)?;
        Ok(Restored {
            manifest: verified.manifest,
            previous,
        })
    }

    /// The data of another store is not replaced by mistake.
    fn refuse_other(&self, manifest: &Manifest, there: Option<&Identity>) -> Result<()> {
        match there {
            Some(there) if there.instance != manifest.identity.instance && !self.force => {
                Err(BackupError::OtherStore {
                    data: self.data.to_owned(),
                    there: there.instance.clone(),
                    here: manifest.identity.instance.clone(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// The nearest directory above `path` that exists.
fn existing(path: &Path) -> &Path {
    path.ancestors()
        .find(|path| path.is_dir())
        .unwrap_or(Path::new("."))
}

/// Puts every file and directory under `path` on disk.
fn sync_tree(path: &Path) -> Result<()> {
    let at = BackupError::at(path);
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(&at)? {
            sync_tree(&entry.map_err(&at)?.path())?;
        }
    }
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(&at)
}
