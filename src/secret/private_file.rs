//! Files that hold secrets: only their owner may read them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Secret;

/// Why a file of secrets can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// It can't be read or made.
    #[error("can't keep secrets in {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Others may read it.
    #[error("others may read {path}: run `chmod 600 {path}`")]
    Shared {
        /// The file.
        path: PathBuf,
    },
}

/// What is in the file, without space around it; `None` when there is no file.
///
/// # Errors
/// When it can't be read, or others may read it.
pub fn read_private(path: &Path) -> Result<Option<Secret>, PrivateFileError> {
    let at = |cause| PrivateFileError::File {
        path: path.to_owned(),
        cause,
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => Secret::new(text.trim()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(error)),
    };
    let mode = fs::metadata(path).map_err(at)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(PrivateFileError::Shared {
            path: path.to_owned(),
        });
    }
    Ok(Some(text))
}

/// Puts `text` and a line's end into the file, in place of what was there: whole, or
/// not at all.
///
/// # Errors
/// When it can't be written.
pub fn write_private(path: &Path, text: &Secret) -> Result<(), PrivateFileError> {
    replace(path, text).map_err(|cause| PrivateFileError::File {
        path: path.to_owned(),
        cause,
    })
}

fn replace(path: &Path, text: &Secret) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let unfinished = path.with_extension("new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)?;
    writeln!(file, "{}", text.expose())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::{PrivateFileError, read_private, write_private};
    use crate::secret::Secret;

    #[test]
    fn only_its_owner_may_read_what_is_read_back() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let path = dir.path().join("keys");
        assert!(read_private(&path).expect("no file").is_none());
        for text in ["one", "two"] {
            write_private(&path, &Secret::new(text)).expect("written");
            let read = read_private(&path).expect("readable").expect("a file");
            assert_eq!(read.expose(), text);
        }
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("changed");
        let refused = read_private(&path).expect_err("others may read it");
        assert!(matches!(refused, PrivateFileError::Shared { .. }));
    }
}
