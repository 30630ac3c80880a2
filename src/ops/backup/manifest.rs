//! The manifest: what a backup says of itself, and what it may say.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupError, Result};
use crate::data_dir::{MODELS, STORE};
use crate::store::{self, Contents, Identity, TableSum};

/// Version of the archive's form.
pub const FORMAT: u32 = 1;
/// Name of the manifest's member, the first.
pub const MANIFEST: &str = "manifest.json";
/// The largest manifest that is read.
pub(super) const MAX_MANIFEST_BYTES: u64 = 1 << 20;
const PROGRAM: &str = "afwd";
const MAX_FILES: usize = 4_000;
const MAX_TABLES: usize = 1_000;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `afwd`.
    pub program: String,
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that made it.
    pub version: String,
    /// When it was made.
    pub created: Timestamp,
    /// Which store it is of.
    #[serde(flatten)]
    pub identity: Identity,
    /// Its tables.
    pub tables: Vec<TableSum>,
    /// The members that follow, in order.
    pub files: Vec<FileSum>,
}

/// A member of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of it, hexadecimal.
    pub blake3: String,
}

impl Manifest {
    /// The manifest of a backup of `contents` in `files`, made by this program.
    pub(super) fn new(created: Timestamp, contents: Contents, files: Vec<FileSum>) -> Self {
        Self {
            program: PROGRAM.to_owned(),
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created,
            identity: contents.identity,
            tables: contents.tables,
            files,
        }
    }

    /// The bytes of the member.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Strings and numbers only: nothing here can fail to be written.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Reads the member's bytes from the archive called `name`, and refuses what
    /// no program of ours wrote.
    pub(super) fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let damaged = |reason: String| BackupError::damaged(name, MANIFEST, reason);
        let stamp: Stamp = serde_json::from_slice(bytes)
            .map_err(|error| damaged(format!("can't be read ({error})")))?;
        if stamp.program != PROGRAM {
            return Err(BackupError::not_a_backup(
                name,
                "its manifest is another program's",
            ));
        }
        refuse_newer(name, "format", stamp.format, FORMAT)?;
        refuse_newer(name, "schema", stamp.schema, store::schema())?;
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|error| damaged(format!("can't be read ({error})")))?;
        manifest.check().map_err(damaged)?;
        Ok(manifest)
    }

    /// Bytes of all members after the manifest.
    pub fn bytes(&self) -> u64 {
        self.files
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.bytes))
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables
            .iter()
            .fold(0, |sum, table| sum.saturating_add(table.rows))
    }

    /// True when `contents` are what was backed up. A table that is newer than
    /// the backup must be empty.
    pub(super) fn agrees(&self, contents: &Contents) -> std::result::Result<(), String> {
        if contents.identity != self.identity {
            return Err("is another store than the manifest says".to_owned());
        }
        for found in &contents.tables {
            let said = self.tables.iter().find(|said| said.name == found.name);
            match said {
                Some(said) if said == found => {}
                None if found.rows == 0 => {}
                _ => {
                    return Err(format!(
                        "differs from the manifest in table `{}`",
                        found.name
                    ));
                }
            }
        }
        let known: BTreeSet<_> = contents.tables.iter().map(|table| &table.name).collect();
        match self
            .tables
            .iter()
            .find(|table| !known.contains(&table.name))
        {
            Some(missing) => Err(format!("has no table `{}`", missing.name)),
            None => Ok(()),
        }
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.files.len() > MAX_FILES || self.tables.len() > MAX_TABLES {
            return Err("lists more than a backup holds".to_owned());
        }
        let (store, models) = self.files.split_first().ok_or("lists no files")?;
        if store.name != STORE {
            return Err(format!("does not list {} first", STORE));
        }
        let sum = |sum: u64, file: &FileSum| sum.checked_add(file.bytes);
        if self.files.iter().try_fold(0, sum).is_none() {
            return Err("lists sizes that no disk has".to_owned());
        }
        let mut seen = BTreeSet::new();
        for file in models {
            if !is_model_file(&file.name) {
                return Err(format!("lists {:?}, which no backup holds", file.name));
            }
            if !seen.insert(file.name.to_ascii_lowercase()) {
                return Err(format!("lists {:?} twice", file.name));
            }
        }
        Ok(())
    }
}

/// What must be readable of any version's manifest.
#[derive(Deserialize)]
struct Stamp {
    program: String,
    format: u32,
    schema: u32,
}

fn refuse_newer(name: &str, what: &'static str, found: u32, known: u32) -> Result<()> {
    if found <= known {
        return Ok(());
    }
    Err(BackupError::Newer {
        name: name.to_owned(),
        what,
        found,
        known,
    })
}

/// True for `models/ID/FILE` with plain names: no path that leads elsewhere.
pub(super) fn is_model_file(name: &str) -> bool {
    match name.split('/').collect::<Vec<_>>().as_slice() {
        [MODELS, id, file] => is_plain(id) && is_plain(file),
        _ => false,
    }
}

/// Letters, digits, `.`, `_` and `-`, and no dot in front. At most 40 bytes, so
/// that every name fits a plain tar header.
fn is_plain(part: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=40).contains(&part.len()) && !part.starts_with('.') && part.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::is_model_file;

    #[test]
    fn only_plain_names_of_models_are_members() {
        for good in [
            "models/2025-ab12cd34/card.md",
            "models/2021.1/weights.safetensors",
        ] {
            assert!(is_model_file(good), "{good}");
        }
        for bad in [
            "models/../afwd.redb",
            "models/a/../../x",
            "models/a",
            "models/a/b/c",
            "/models/a/b",
            "models//b",
            "models/a/",
            "models/a/.b",
            "models/a/b\0",
            "models\\a\\b",
            "Models/a/b",
            "models/ä/b",
            "search/a/b",
            "",
        ] {
            assert!(!is_model_file(bad), "{bad:?}");
        }
    }
}
