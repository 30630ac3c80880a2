//! The operator's token: who presents it may change the site.
//!
//! A server that was given none makes one on its first start and keeps it in the data
//! directory, where only its owner can read it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::data_dir::OPERATOR_TOKEN;
use crate::secret::{NoRandomness, Secret};

/// Its length before it is written as hexadecimal digits.
const BYTES: usize = 32;
/// Shortest token taken from the file.
const SHORTEST: usize = 16;

/// A token and the file it is in.
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// Its file.
    pub path: PathBuf,
    /// True when it was made now.
    pub new: bool,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file can't be read or made.
    #[error("can't keep the operator's token in {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The system has no random numbers.
    #[error("can't make the operator's token: {0}")]
    Random(#[from] NoRandomness),
    /// The file holds no usable token.
    #[error(
        "{path} holds no token of at least {SHORTEST} characters: delete it, and the next start makes one"
    )]
    Short {
        /// The file.
        path: PathBuf,
    },
    /// Others may read the file.
    #[error("others may read {path}: run `chmod 600 {path}`, or delete it for a new token")]
    Shared {
        /// The file.
        path: PathBuf,
    },
}

/// The token kept in `data`, made first when there is none.
///
/// # Errors
/// When the file can't be read or made, or is not safe.
pub fn ensure(data: &Path) -> Result<Token, TokenError> {
    let path = data.join(OPERATOR_TOKEN);
    let at = |cause| TokenError::File {
        path: path.clone(),
        cause,
    };
    match fs::read_to_string(&path) {
        Ok(text) => kept(&text, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = Secret::random::<BYTES>()?;
            write(data, &path, &secret).map_err(at)?;
            Ok(Token {
                secret,
                path,
                new: true,
            })
        }
        Err(error) => Err(at(error)),
    }
}

fn kept(text: &str, path: PathBuf) -> Result<Token, TokenError> {
    let secret = Secret::new(text.trim());
    let mode = fs::metadata(&path).map(|meta| meta.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
        return Err(TokenError::Shared { path });
    }
    if secret.len() < SHORTEST {
        return Err(TokenError::Short { path });
    }
    Ok(Token {
        secret,
        path,
        new: false,
    })
}

/// Under another name first, so that no start sees half of it.
fn write(data: &Path, path: &Path, secret: &Secret) -> io::Result<()> {
    fs::create_dir_all(data)?;
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
    writeln!(file, "{}", secret.expose())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    File::open(data)?.sync_all()
}
