//! Writing the archive: a manifest and the files it lists, as tar in zstd.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::encryption::{Key, sealed};
use super::manifest::{FileSum, MANIFEST, Manifest, is_model_file};
use super::{BackupError, Result};
use crate::data_dir;

/// zstd's default: more would cost much time for little space.
const LEVEL: i32 = 3;
const COPY_BYTES: usize = 128 << 10;

/// Puts copies of the model files of `data` under `into/models`, so that they
/// stay the same while they are hashed and archived; gives their members' names.
pub(super) fn copy_models(data: &Path, into: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for model in listed(&data_dir::models(data))? {
        for file in listed(&model)? {
            let relative = file.strip_prefix(data).unwrap_or(&file);
            let name = relative.to_string_lossy().into_owned();
            if !is_model_file(&name) || !file.is_file() {
                return Err(BackupError::Name(file));
            }
            let copy = into.join(&name);
            fs::create_dir_all(super::scratch::directory(&copy)).map_err(BackupError::at(&copy))?;
            fs::copy(&file, &copy).map_err(BackupError::at(&copy))?;
            names.push(name);
        }
    }
    Ok(names)
}

/// Sizes and hashes of the members `names` of the directory `root`, the store first.
pub(super) fn sums(root: &Path, names: &[String]) -> Result<Vec<FileSum>> {
    let store = data_dir::STORE.to_owned();
    std::iter::once(&store)
        .chain(names)
        .map(|name| {
            let path = root.join(name);
            let at = BackupError::at(&path);
            let (bytes, blake3) = hash(File::open(&path).map_err(&at)?, io::sink()).map_err(&at)?;
            Ok(FileSum {
                name: name.clone(),
                bytes,
                blake3,
            })
        })
        .collect()
}

/// Writes the archive of `manifest`, with its files from `root`, to `out`.
pub(super) fn write<W: Write>(
    manifest: &Manifest,
    root: &Path,
    key: Option<&Key>,
    out: W,
) -> io::Result<W> {
    let out = BufWriter::with_capacity(COPY_BYTES, out);
    let out = sealed(key, out, |out| compressed(manifest, root, out))?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

fn compressed(manifest: &Manifest, root: &Path, out: &mut dyn Write) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(out, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    let bytes = manifest.to_bytes();
    append(&mut tar, MANIFEST, bytes.len() as u64, bytes.as_slice())?;
    for file in &manifest.files {
        append(
            &mut tar,
            &file.name,
            file.bytes,
            File::open(root.join(&file.name))?,
        )?;
    }
    tar.into_inner()?.finish()?;
    Ok(())
}

/// Adds a member with nothing but name and size: same files, same bytes.
fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    bytes: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(0);
    tar.append_data(&mut header, name, content)
}

/// Copies everything, and gives its size and BLAKE3.
pub(super) fn hash(mut from: impl Read, mut to: impl Write) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; COPY_BYTES];
    let mut bytes = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hasher.finalize().to_hex().to_string())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

/// What is in a directory, sorted; nothing when it is not there. Names with a
/// dot in front are temporary.
fn listed(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(BackupError::at(dir))?,
    };
    let mut paths = entries
        .map(|entry| Ok(entry.map_err(BackupError::at(dir))?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.')
    });
    paths.sort();
    Ok(paths)
}
