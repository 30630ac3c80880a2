//! The place where scheduled backups lie side by side, and which of them go.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::encryption::Key;
use super::location::Location;
use super::manifest::{MAX_MANIFEST_BYTES, Manifest};
use super::scratch::{remove, sweep, sync_dir};
use super::unpack::Archive;
use super::verify::read_manifest;
use super::{BackupError, BackupJob, Made, Result};
use crate::objects::{Bucket, S3Config};

const PREFIX: &str = "afwd-";
const PLAIN: &str = ".tar.zst";
const SEALED: &str = ".tar.zst.age";
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// Where scheduled backups are kept.
pub enum Shelf {
    /// A directory.
    Directory(PathBuf),
    /// A prefix in object storage.
    Bucket(Bucket),
}

/// A backup on the shelf. It has its name only because it was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name there.
    pub name: String,
    /// When it was made, by its name.
    pub created: Timestamp,
    /// Its size.
    pub bytes: u64,
}

impl Shelf {
    /// The shelf at `place`.
    ///
    /// # Errors
    /// When the place is a stream, or the bucket's settings are not complete.
    pub fn at(place: &Location, s3: &S3Config) -> Result<Self> {
        match place {
            Location::Stream => Err(BackupError::Place(
                "scheduled backups need a directory or s3://BUCKET/PREFIX/".to_owned(),
            )),
            Location::Path(path) => Ok(Self::Directory(path.clone())),
            Location::S3 { bucket, key } => {
                let slash = if key.is_empty() || key.ends_with('/') {
                    ""
                } else {
                    "/"
                };
                let prefix = format!("{key}{slash}");
                Ok(Self::Bucket(Bucket::new(s3, bucket, &prefix)?))
            }
        }
    }

    /// Makes the backup of `job` under the name of its time.
    ///
    /// # Errors
    /// When anything fails.
    pub fn add(&self, job: &BackupJob<'_>) -> Result<Made> {
        let name = name_of(job.now, job.key.is_some());
        match self {
            Self::Directory(dir) => {
                fs::create_dir_all(dir).map_err(BackupError::at(dir))?;
                job.to_file(&dir.join(name))
            }
            Self::Bucket(bucket) => job.to_bucket(bucket, &name),
        }
    }

    /// The backups, newest first.
    ///
    /// # Errors
    /// When the place can't be listed.
    pub fn list(&self) -> Result<Vec<Kept>> {
        let named: Vec<(String, u64)> = match self {
            Self::Directory(dir) => files(dir)?,
            Self::Bucket(bucket) => {
                let objects = bucket.list()?.into_iter();
                objects.map(|object| (object.name, object.bytes)).collect()
            }
        };
        let mut kept: Vec<Kept> = named
            .into_iter()
            .filter_map(|(name, bytes)| {
                let created = time_of(&name)?;
                Some(Kept {
                    name,
                    created,
                    bytes,
                })
            })
            .collect();
        kept.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| b.name.cmp(&a.name)));
        Ok(kept)
    }

    /// Deletes all but the newest `keep` backups of the store `instance`; gives
    /// the names of the deleted ones. What can't be read with `key`, or is of
    /// another store, neither counts nor goes; the newest always stays.
    ///
    /// # Errors
    /// When one can't be deleted.
    pub fn thin(&self, keep: usize, instance: &str, key: Option<&Key>) -> Result<Vec<String>> {
        let mut deleted = Vec::new();
        let ours = self.list()?.into_iter().filter(|kept| {
            let manifest = self.manifest(&kept.name, key);
            let manifest = manifest.inspect_err(|error| {
                tracing::warn!("not counted among the backups to keep: {error}");
            });
            manifest.is_ok_and(|manifest| manifest.identity.instance == instance)
        });
        for old in ours.skip(keep.max(1)) {
            self.delete(&old.name)?;
            deleted.push(old.name);
        }
        Ok(deleted)
    }

    /// Clears away what interrupted backups left here.
    ///
    /// # Errors
    /// When it can't be deleted.
    pub fn sweep(&self) -> Result<()> {
        match self {
            Self::Directory(dir) => sweep(dir),
            // An object has its name when it is whole, or it is none.
            Self::Bucket(_) => Ok(()),
        }
    }

    fn manifest(&self, name: &str, key: Option<&Key>) -> Result<Manifest> {
        match self {
            Self::Directory(dir) => Ok(read_manifest(&dir.join(name), key)?.0),
            Self::Bucket(bucket) => {
                let head = bucket.head(name, 2 * MAX_MANIFEST_BYTES)?;
                let address = bucket.address(name);
                Archive::new(&address, head.as_slice(), key)?.manifest()
            }
        }
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self {
            Self::Directory(dir) => {
                remove(&dir.join(name))?;
                sync_dir(dir)
            }
            Self::Bucket(bucket) => Ok(bucket.delete(name)?),
        }
    }
}

/// The name of a backup made at `now`.
pub fn name_of(now: Timestamp, sealed: bool) -> String {
    let extension = if sealed { SEALED } else { PLAIN };
    format!("{PREFIX}{}{extension}", now.strftime(TIME))
}

fn time_of(name: &str) -> Option<Timestamp> {
    let rest = name.strip_prefix(PREFIX)?;
    let stamp = rest
        .strip_suffix(SEALED)
        .or_else(|| rest.strip_suffix(PLAIN))?;
    let civil = DateTime::strptime(TIME, stamp).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn files(dir: &Path) -> Result<Vec<(String, u64)>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(BackupError::at(dir))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(BackupError::at(dir))?;
        let meta = entry.metadata().map_err(BackupError::at(dir))?;
        if meta.is_file() {
            found.push((entry.file_name().to_string_lossy().into_owned(), meta.len()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{name_of, time_of};

    #[test]
    fn a_name_tells_its_time() {
        let now = "2026-11-23T06:05:00Z".parse().expect("a time");
        for sealed in [false, true] {
            assert_eq!(time_of(&name_of(now, sealed)), Some(now));
        }
        for other in [
            "afwd-.tar.zst",
            "x-20261123T060500Z.tar.zst",
            "afwd-20261123T060500Z.zip",
        ] {
            assert_eq!(time_of(other), None, "{other}");
        }
    }
}
