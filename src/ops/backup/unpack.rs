//! Reading an archive that may be anything.
//!
//! The manifest comes first and is small; the members after it must be the ones
//! it lists, in order, of the sizes and hashes it gives, and nothing may follow.
//! Tar's extensions are not interpreted: an entry that is not a plain file with
//! the expected name ends the reading. Memory is bounded by zstd's window, which
//! has a cap, and one buffer.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::archive::hash;
use super::encryption::{AGE_MAGIC, Key, opened};
use super::manifest::{FileSum, MANIFEST, MAX_MANIFEST_BYTES, Manifest};
use super::{BackupError, Result};

const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Largest zstd window that is read: 8 MiB; ours has 2.
const MAX_WINDOW_LOG: u32 = 23;
const READ_BYTES: usize = 64 << 10;
/// Tar ends with two blocks of zeros; its reader stops at the first.
const END_BYTES: u64 = 512;

/// Where members go.
pub(super) enum Into<'a> {
    /// Nowhere: they are only compared with the manifest.
    Nowhere,
    /// Under this directory, which is ours and empty.
    Directory(&'a Path),
}

/// The archive in `source`, called `name` in messages.
pub(super) struct Archive<'a> {
    name: &'a str,
    sealed: bool,
    tar: tar::Archive<Box<dyn Read + 'a>>,
}

impl<'a> Archive<'a> {
    /// Recognises the layers of the archive; opens it with `key` when it is sealed.
    pub(super) fn new(name: &'a str, source: impl Read + 'a, key: Option<&Key>) -> Result<Self> {
        let mut source = BufReader::with_capacity(READ_BYTES, source);
        let head = source
            .fill_buf()
            .map_err(|error| BackupError::damaged(name, "the archive", error))?;
        let sealed = head.starts_with(AGE_MAGIC);
        let compressed: Box<dyn Read + 'a> = match head {
            [] => return Err(BackupError::not_a_backup(name, "it is empty")),
            _ if sealed => opened(name, source, key)?,
            _ if head.starts_with(ZSTD_MAGIC) => Box::new(source),
            _ => {
                return Err(BackupError::not_a_backup(
                    name,
                    "it begins neither as zstd nor as age",
                ));
            }
        };
        let plain = decompressed(compressed)
            .map_err(|error| BackupError::damaged(name, "the archive", error))?;
        Ok(Self {
            name,
            sealed,
            tar: tar::Archive::new(plain),
        })
    }

    /// True when the archive is encrypted.
    pub(super) fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// Reads the manifest and no further.
    pub(super) fn manifest(mut self) -> Result<Manifest> {
        let name = self.name;
        let mut entries = self.entries()?;
        read_manifest(name, &mut entries)
    }

    /// Reads everything. `admit` may refuse when it has seen the manifest, before
    /// anything is written.
    pub(super) fn unpack(
        mut self,
        into: &Into<'_>,
        admit: impl FnOnce(&Manifest) -> Result<()>,
    ) -> Result<Manifest> {
        let name = self.name;
        let mut entries = self.entries()?;
        let manifest = read_manifest(name, &mut entries)?;
        admit(&manifest)?;
        for file in &manifest.files {
            let mut entry = next(name, &mut entries, &file.name)?;
            if entry.size() != file.bytes {
                return Err(BackupError::damaged(
                    name,
                    &file.name,
                    "has another size than the manifest says",
                ));
            }
            take(name, file, &mut entry, into)?;
        }
        match entries.next() {
            None => {}
            Some(Ok(_)) => {
                return Err(BackupError::damaged(
                    name,
                    "the archive",
                    "holds more than its manifest lists",
                ));
            }
            Some(Err(error)) => return Err(BackupError::damaged(name, "the archive", error)),
        }
        self.end()?;
        Ok(manifest)
    }

    fn entries(&mut self) -> Result<tar::Entries<'_, Box<dyn Read + 'a>>> {
        let entries = self.tar.entries();
        Ok(entries
            .map_err(|error| BackupError::damaged(self.name, "the archive", error))?
            .raw(true))
    }

    /// The rest of tar's end mark follows the last member, and nothing else; reading
    /// to the end also checks the checksums of the outer layers.
    fn end(self) -> Result<()> {
        let name = self.name;
        let mut rest = Vec::new();
        self.tar
            .into_inner()
            .take(END_BYTES + 1)
            .read_to_end(&mut rest)
            .map_err(|error| BackupError::damaged(name, "the archive", error))?;
        if rest.len() as u64 == END_BYTES && rest.iter().all(|&byte| byte == 0) {
            return Ok(());
        }
        Err(BackupError::damaged(
            name,
            "the archive",
            "does not end where it should",
        ))
    }
}

fn decompressed<'a>(compressed: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
    let mut decoder = zstd::Decoder::with_buffer(BufReader::with_capacity(READ_BYTES, compressed))?;
    decoder.window_log_max(MAX_WINDOW_LOG)?;
    Ok(Box::new(decoder))
}

type Entries<'e, 'a> = tar::Entries<'e, Box<dyn Read + 'a>>;
type Entry<'e, 'a> = tar::Entry<'e, Box<dyn Read + 'a>>;

/// The next entry, which must be a plain file called `expected`.
fn next<'e, 'a>(
    name: &str,
    entries: &mut Entries<'e, 'a>,
    expected: &str,
) -> Result<Entry<'e, 'a>> {
    let damaged = |reason: String| BackupError::damaged(name, expected, reason);
    let entry = match entries.next() {
        None => return Err(damaged("is missing: the archive ends before it".to_owned())),
        Some(entry) => entry.map_err(|error| damaged(format!("can't be read: {error}")))?,
    };
    if *entry.path_bytes() != *expected.as_bytes() {
        let found = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        return Err(damaged(format!("is not where it belongs: {found:?} is")));
    }
    if entry.header().entry_type() != tar::EntryType::Regular {
        return Err(damaged("is no plain file".to_owned()));
    }
    Ok(entry)
}

fn read_manifest(name: &str, entries: &mut Entries<'_, '_>) -> Result<Manifest> {
    let entry = next(name, entries, MANIFEST)?;
    if entry.size() > MAX_MANIFEST_BYTES {
        return Err(BackupError::damaged(name, MANIFEST, "is too large"));
    }
    let size = entry.size();
    let mut bytes = Vec::new();
    entry
        .take(size)
        .read_to_end(&mut bytes)
        .map_err(|error| BackupError::damaged(name, MANIFEST, error))?;
    Manifest::from_bytes(name, &bytes)
}

/// Reads one member, compares it with the manifest, and keeps it where it belongs.
fn take(name: &str, file: &FileSum, entry: &mut Entry<'_, '_>, into: &Into<'_>) -> Result<()> {
    let damaged = |reason: &str| BackupError::damaged(name, &file.name, reason);
    let mut written = Output::new(file, into)?;
    let (bytes, blake3) =
        hash(entry, &mut written).map_err(|error| match written.failed.take() {
            Some(error) => error,
            None => damaged(&format!("can't be read: {error}")),
        })?;
    written.sync()?;
    if bytes != file.bytes {
        return Err(damaged("ends early"));
    }
    if blake3 != file.blake3 {
        return Err(damaged("is not what the manifest says"));
    }
    Ok(())
}

/// The file a member goes to; tells a full disk from a damaged archive.
struct Output {
    file: Option<(File, std::path::PathBuf)>,
    failed: Option<BackupError>,
}

impl Output {
    /// The path is made of a name that the manifest was allowed to list: the
    /// archive's own names have no say.
    fn new(file: &FileSum, into: &Into<'_>) -> Result<Self> {
        let Into::Directory(root) = into else {
            return Ok(Self {
                file: None,
                failed: None,
            });
        };
        let path = root.join(&file.name);
        std::fs::create_dir_all(super::scratch::directory(&path))
            .map_err(BackupError::at(&path))?;
        let mut options = OpenOptions::new();
        let opened = options.write(true).create_new(true).mode(0o600).open(&path);
        let opened = opened.map_err(BackupError::at(&path))?;
        Ok(Self {
            file: Some((opened, path)),
            failed: None,
        })
    }

    fn sync(&self) -> Result<()> {
        match &self.file {
            Some((file, path)) => file.sync_all().map_err(BackupError::at(path)),
            None => Ok(()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((file, path)) = &mut self.file else {
            return Ok(bytes.len());
        };
        file.write(bytes).inspect_err(|error| {
            let source = io::Error::new(error.kind(), error.to_string());
            self.failed = Some(BackupError::at(path)(source));
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
