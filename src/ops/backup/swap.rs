//! Putting restored data in the place of the old, whatever happens meanwhile.
//!
//! The data directory may be a mount point, so it is never renamed: its contents
//! are. States of a restore, each told from what is on disk:
//!
//! 1. *undecided*: temporary directories at most. A start clears them away: old.
//! 2. *decided*: the note `restore-intent.json` is there, and the new data is
//!    complete and synced in the directory it names. A start finishes: new.
//! 3. *done*: no note. The old data lies in `previous-TIME` until a healthy start.
//!
//! While it is decided, every name of the old data is moved out and synced before
//! the first of the new is moved in. So for each name: what is in the new
//! directory has not been moved in, and what the note lists as old and is not in
//! the previous directory has not been moved out. Repeating is harmless.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::scratch::{random_name, remove, sweep, sync_dir};
use super::{BackupError, BackupStep, Result, Watch};
use crate::data_dir::{MODELS, PREVIOUS, RESTORE_INTENT, RESTORING, SEARCH, STORE, is_left_over};

/// What a restore replaces; everything else in the directory stays.
const MEMBERS: [&str; 3] = [STORE, MODELS, SEARCH];

/// The decision to restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Intent {
    /// Directory of the new data.
    new: String,
    /// Directory the old data goes to.
    previous: String,
    /// Names there were.
    old: Vec<String>,
}

/// Finishes a restore that was decided, and clears away what interrupted backups
/// and restores left. Call it before the store of `data` is opened.
///
/// # Errors
/// When another process is restoring right now, or files can't be moved.
pub fn recover(data: &Path) -> Result<()> {
    if !data.is_dir() || !has_leftovers(data)? {
        return Ok(());
    }
    let _lock = lock(data)?;
    if let Some(intent) = Intent::read(data)? {
        tracing::warn!("finishing an interrupted restore of {}", data.display());
        carry_out(data, &intent, &super::unwatched)?;
    }
    for name in names(data)?
        .iter()
        .filter(|name| name.starts_with(RESTORING))
    {
        remove(&data.join(name))?;
    }
    let note = data.join(RESTORE_INTENT).with_extension(UNFINISHED);
    remove(&note)?;
    sweep(data)
}

/// Deletes the data that a restore replaced: call it once the restored data is
/// being served. Says what was deleted.
///
/// # Errors
/// When it can't be deleted.
pub fn settle(data: &Path) -> Result<Vec<PathBuf>> {
    if !data.is_dir() {
        return Ok(Vec::new());
    }
    forget_previous(data, None)
}

/// The lock that a restore holds on the data directory.
pub(super) fn lock(data: &Path) -> Result<File> {
    let dir = File::open(data).map_err(BackupError::at(data))?;
    match dir.try_lock() {
        Err(TryLockError::WouldBlock) => Err(BackupError::Restoring(data.to_owned())),
        // A file system without locks has no other restore to fear.
        _ => Ok(dir),
    }
}

/// The lock on the old store, so that nobody opens it meanwhile; `None` when
/// there is none.
pub(super) fn lock_store(data: &Path) -> Result<Option<File>> {
    let path = data.join(STORE);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(BackupError::at(&path))?,
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(BackupError::InUse(path)),
        _ => Ok(Some(file)),
    }
}

/// Decides that the complete, synced data in `ready` replaces that of `data`,
/// and does it. Gives the directory of the old data, if there was any.
pub(super) fn swap(
    data: &Path,
    ready: &Path,
    now: Timestamp,
    watch: Watch<'_>,
) -> Result<Option<PathBuf>> {
    let stamp = format!(
        "{}-{}",
        now.strftime("%Y%m%dT%H%M%SZ"),
        &random_name()?[..4]
    );
    let intent = Intent {
        new: format!("{RESTORING}{stamp}"),
        previous: format!("{PREVIOUS}{stamp}"),
        old: MEMBERS
            .iter()
            .filter(|name| data.join(name).symlink_metadata().is_ok())
            .map(ToString::to_string)
            .collect(),
    };
    fs::rename(ready, data.join(&intent.new)).map_err(BackupError::at(ready))?;
    sync_dir(data)?;
    intent.write(data)?;
    watch(BackupStep::Decided);
    carry_out(data, &intent, watch)?;
    watch(BackupStep::Swapped);
    let previous = data.join(&intent.previous);
    Ok((!intent.old.is_empty()).then_some(previous))
}

/// Does what is left to do of a decided restore. When the old data can't be moved
/// out of the way, it is put back and the decision withdrawn.
fn carry_out(data: &Path, intent: &Intent, watch: Watch<'_>) -> Result<()> {
    if let Err(error) = move_out(data, intent, watch) {
        move_back(data, intent)?;
        remove(&data.join(RESTORE_INTENT))?;
        sync_dir(data)?;
        return Err(error);
    }
    move_in(data, intent, watch)?;
    remove(&data.join(RESTORE_INTENT))?;
    sync_dir(data)?;
    remove(&data.join(&intent.new))?;
    forget_previous(data, Some(&intent.previous)).map(drop)
}

fn move_out(data: &Path, intent: &Intent, watch: Watch<'_>) -> Result<()> {
    let previous = data.join(&intent.previous);
    if intent.old.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&previous).map_err(BackupError::at(&previous))?;
    for name in &intent.old {
        if previous.join(name).symlink_metadata().is_err() {
            let from = data.join(name);
            fs::rename(&from, previous.join(name)).map_err(BackupError::at(&from))?;
            watch(BackupStep::MovedOut);
        }
    }
    sync_dir(&previous)?;
    sync_dir(data)
}

fn move_back(data: &Path, intent: &Intent) -> Result<()> {
    let previous = data.join(&intent.previous);
    for name in &intent.old {
        if previous.join(name).symlink_metadata().is_ok() {
            let to = data.join(name);
            fs::rename(previous.join(name), &to).map_err(BackupError::at(&to))?;
        }
    }
    remove(&previous)?;
    sync_dir(data)
}

fn move_in(data: &Path, intent: &Intent, watch: Watch<'_>) -> Result<()> {
    let new = data.join(&intent.new);
    for name in MEMBERS {
        let from = new.join(name);
        if from.symlink_metadata().is_ok() {
            fs::rename(&from, data.join(name)).map_err(BackupError::at(&from))?;
            watch(BackupStep::MovedIn);
        }
    }
    sync_dir(data)
}

/// Deletes the data of earlier restores but that in `keep`.
fn forget_previous(data: &Path, keep: Option<&str>) -> Result<Vec<PathBuf>> {
    let mut deleted = Vec::new();
    for name in names(data)? {
        if name.starts_with(PREVIOUS) && Some(name.as_str()) != keep {
            remove(&data.join(&name))?;
            deleted.push(data.join(name));
        }
    }
    Ok(deleted)
}

fn has_leftovers(data: &Path) -> Result<bool> {
    Ok(names(data)?.iter().any(|name| is_left_over(name)))
}

fn names(data: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(data).map_err(BackupError::at(data))?;
    entries
        .map(|entry| {
            let entry = entry.map_err(BackupError::at(data))?;
            Ok(entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}

/// Extension of a note that is being written.
const UNFINISHED: &str = "unfinished";

impl Intent {
    fn write(&self, data: &Path) -> Result<()> {
        let path = data.join(RESTORE_INTENT);
        let unfinished = path.with_extension(UNFINISHED);
        let bytes = serde_json::to_vec(self).map_err(io::Error::other);
        bytes
            .and_then(|bytes| {
                let mut file = File::create(&unfinished)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                fs::rename(&unfinished, &path)
            })
            .map_err(BackupError::at(&path))?;
        sync_dir(data)
    }

    fn read(data: &Path) -> Result<Option<Self>> {
        let path = data.join(RESTORE_INTENT);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(BackupError::at(&path))?,
        };
        let refused = |reason: String| BackupError::Intent {
            path: path.clone(),
            reason,
        };
        let intent: Self =
            serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        if intent.is_ours() {
            Ok(Some(intent))
        } else {
            Err(refused("it names other places".to_owned()))
        }
    }

    /// A note can't send files anywhere but into this directory.
    fn is_ours(&self) -> bool {
        let plain = |name: &str| !name.contains(['/', '\0']);
        self.new.starts_with(RESTORING)
            && plain(&self.new)
            && self.previous.starts_with(PREVIOUS)
            && plain(&self.previous)
            && self.old.iter().all(|name| MEMBERS.contains(&name.as_str()))
    }
}
