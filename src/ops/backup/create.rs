//! Making a backup: copy, archive, read back, and only then name it.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use jiff::Timestamp;
use parking_lot::Mutex;

use super::encryption::{Key, sealed};
use super::manifest::Manifest;
use super::scratch::{Partial, Scratch, directory, need_space, sweep};
use super::verify::{Verified, verify};
use super::{BackupError, BackupStep, Result, Watch, archive, local_socket};
use crate::data_dir::STORE;
use crate::objects::Bucket;
use crate::store::Store;

/// Where the data of a backup comes from.
pub enum Origin<'a> {
    /// The store, open in this process.
    Store(&'a Store),
    /// The running server that has the store open, through its socket.
    Server(Mutex<UnixStream>),
}

/// A backup to make.
pub struct BackupJob<'a> {
    /// Where the data comes from.
    pub origin: Origin<'a>,
    /// The data directory; temporary copies go there too.
    pub data: &'a Path,
    /// What to seal the archive with.
    pub key: Option<&'a Key>,
    /// The time, for the manifest.
    pub now: Timestamp,
    /// Called after each step.
    pub watch: Watch<'a>,
}

/// A backup that was made and read back.
#[derive(Clone, Debug)]
pub struct Made {
    /// File or address; `-` for a stream.
    pub name: String,
    /// What was verified.
    pub verified: Verified,
}

impl BackupJob<'_> {
    /// Makes the file `target`.
    ///
    /// # Errors
    /// When it exists, or anything fails; nothing is left then.
    pub fn to_file(&self, target: &Path) -> Result<Made> {
        // Before hours of work, and before a misspelt directory is noticed late.
        let partial = Partial::new(target)?;
        sweep(directory(target))?;
        self.write(partial.file(), directory(target))?;
        let verified = self.read_back(partial.path())?;
        partial.name()?;
        (self.watch)(BackupStep::Named);
        Ok(Made {
            name: target.display().to_string(),
            verified,
        })
    }

    /// Makes the backup in a local file first, and then writes it to `out`.
    ///
    /// # Errors
    /// When anything fails; `out` has then nothing, or a part of it.
    pub fn to_stream(&self, out: &mut dyn Write) -> Result<Made> {
        let (local, verified) = self.local()?;
        let path = local.path().join(LOCAL);
        let copied = File::open(&path).and_then(|mut file| {
            io::copy(&mut file, out)?;
            out.flush()
        });
        copied.map_err(BackupError::at(Path::new("the output")))?;
        Ok(Made {
            name: "-".to_owned(),
            verified,
        })
    }

    /// Makes the backup in a local file first, and then puts it into the bucket
    /// as `name`, from where it is read back once more.
    ///
    /// # Errors
    /// When there is one, or anything fails.
    pub fn to_bucket(&self, bucket: &Bucket, name: &str) -> Result<Made> {
        bucket.refuse_existing(name)?;
        let (local, verified) = self.local()?;
        bucket.put(name, &local.path().join(LOCAL))?;
        (self.watch)(BackupStep::Named);
        Ok(Made {
            name: bucket.address(name),
            verified,
        })
    }

    fn local(&self) -> Result<(Scratch, Verified)> {
        let scratch = Scratch::new(self.data)?;
        let path = scratch.path().join(LOCAL);
        let file = File::create_new(&path).map_err(BackupError::at(&path))?;
        self.write(&file, scratch.path())?;
        let verified = self.read_back(&path)?;
        Ok((scratch, verified))
    }

    /// Writes the whole archive to `file`, which lies in `dir`, and syncs it.
    pub(super) fn write(&self, file: &File, dir: &Path) -> Result<()> {
        match &self.origin {
            Origin::Store(store) => self.archive_store(store, file, dir)?,
            Origin::Server(stream) => self.fetch(stream, file, dir)?,
        }
        file.sync_all().map_err(BackupError::at(dir))?;
        (self.watch)(BackupStep::Archived);
        Ok(())
    }

    fn archive_store(&self, store: &Store, file: &File, dir: &Path) -> Result<()> {
        let scratch = Scratch::new(self.data)?;
        let size = |path: &Path| path.metadata().map_or(0, |meta| meta.len());
        need_space(scratch.path(), size(&self.data.join(STORE)))?;
        let contents = store.export(&scratch.path().join(STORE))?;
        (self.watch)(BackupStep::Copied);
        let models = archive::copy_models(self.data, scratch.path())?;
        let files = archive::sums(scratch.path(), &models)?;
        let manifest = Manifest::new(self.now, contents, files);
        archive::write(&manifest, scratch.path(), self.key, file)
            .map(drop)
            .map_err(BackupError::at(dir))
    }

    /// Takes the plain archive from the server and seals it here: the key never
    /// leaves this process.
    fn fetch(&self, stream: &Mutex<UnixStream>, file: &File, dir: &Path) -> Result<()> {
        let mut stream = stream.lock();
        let bytes = local_socket::ask(&mut stream)?;
        need_space(dir, bytes)?;
        let mut content = io::Read::take(&mut *stream, bytes);
        let mut taken = 0;
        sealed(self.key, file, |out| {
            taken = io::copy(&mut content, out)?;
            Ok(())
        })
        .map_err(BackupError::at(dir))?;
        if taken == bytes {
            Ok(())
        } else {
            Err(BackupError::Server("it stopped halfway".to_owned()))
        }
    }

    /// A backup that was not read back does not count.
    fn read_back(&self, path: &Path) -> Result<Verified> {
        let verified = verify(path, self.key, self.data)?;
        (self.watch)(BackupStep::Verified);
        Ok(verified)
    }
}

/// Name of an archive inside a temporary directory.
pub(super) const LOCAL: &str = "backup";
