//! The operator's token: who presents it may change the site.
//!
//! A server that was given none makes one on its first start and keeps it in the data
//! directory, where only its owner can read it.

use std::path::{Path, PathBuf};

use crate::data_dir::OPERATOR_TOKEN;
use crate::secret::{NoRandomness, PrivateFileError, Secret, read_private, write_private};

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
    /// The file can't be read or made, or others may read it.
    #[error("the operator's token: {0}")]
    File(#[from] PrivateFileError),
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
}

/// The token kept in `data`, made first when there is none.
///
/// # Errors
/// When the file can't be read or made, or is not safe.
pub fn ensure(data: &Path) -> Result<Token, TokenError> {
    let path = data.join(OPERATOR_TOKEN);
    let (secret, new) = match read_private(&path)? {
        Some(secret) if secret.len() < SHORTEST => return Err(TokenError::Short { path }),
        Some(secret) => (secret, false),
        None => {
            let secret = Secret::random::<BYTES>()?;
            write_private(&path, &secret)?;
            (secret, true)
        }
    };
    Ok(Token { secret, path, new })
}
