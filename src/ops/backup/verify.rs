//! Verification: everything a restore relies on, without restoring.

use std::fs::File;
use std::path::Path;

use super::encryption::Key;
use super::manifest::Manifest;
use super::scratch::{Scratch, need_space};
use super::unpack::{Archive, Into};
use super::{BackupError, BackupStep, Result, Watch};
use crate::data_dir::STORE;
use crate::store;

/// A backup that can be restored.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What it says of itself, all of it found true.
    pub manifest: Manifest,
    /// Size of the archive.
    pub bytes: u64,
    /// True when it is encrypted.
    pub sealed: bool,
}

/// Reads the whole archive at `path`, compares every member with the manifest,
/// opens the copy of the store with a full integrity check, and compares every
/// table's rows. The copy is unpacked in `work` for a while.
///
/// # Errors
/// When anything does not agree; the message names it.
pub fn verify(path: &Path, key: Option<&Key>, work: &Path) -> Result<Verified> {
    let scratch = Scratch::new(work)?;
    unpack_checked(path, key, scratch.path(), &super::unwatched)
}

/// Unpacks the archive at `path` under `root`, and checks the copy of the store.
pub(super) fn unpack_checked(
    path: &Path,
    key: Option<&Key>,
    root: &Path,
    watch: Watch<'_>,
) -> Result<Verified> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(BackupError::at(path))?;
    let meta = file.metadata().map_err(BackupError::at(path))?;
    if !meta.is_file() {
        return Err(BackupError::not_a_backup(&name, "it is no file"));
    }
    let archive = Archive::new(&name, file, key)?;
    let sealed = archive.is_sealed();
    let manifest = archive.unpack(&Into::Directory(root), |manifest| {
        need_space(root, manifest.bytes())
    })?;
    watch(BackupStep::Unpacked);
    check_store(&name, &manifest, &root.join(STORE))?;
    watch(BackupStep::Checked);
    Ok(Verified {
        manifest,
        bytes: meta.len(),
        sealed,
    })
}

/// What the archive at `path` says of itself, and whether it is encrypted.
pub(super) fn read_manifest(path: &Path, key: Option<&Key>) -> Result<(Manifest, bool)> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(BackupError::at(path))?;
    let archive = Archive::new(&name, file, key)?;
    let sealed = archive.is_sealed();
    Ok((archive.manifest()?, sealed))
}

fn check_store(name: &str, manifest: &Manifest, copy: &Path) -> Result<()> {
    let damaged = |reason: String| BackupError::damaged(name, STORE, reason);
    let contents = store::check_copy(copy).map_err(|error| match error {
        store::OpenError::Newer { found, known, .. } => BackupError::Newer {
            name: name.to_owned(),
            what: "schema",
            found,
            known,
        },
        other => damaged(format!("fails its check: {other}")),
    })?;
    manifest.agrees(&contents).map_err(damaged)
}
