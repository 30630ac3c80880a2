//! Encryption: an age layer around the archive, by passphrase or key file.
//!
//! The key is never in a backup. A passphrase goes through scrypt; a key file is
//! an age identity (`AGE-SECRET-KEY-1...`), as `age-keygen` or
//! `afwd backup --new-key-file` makes it.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};

use super::{BackupError, Result};

/// scrypt with N = 2^16 takes 64 MiB and a fifth of a second, to seal and to
/// open; a file that asks for more is refused.
const WORK: u8 = 16;
/// What every age file begins with.
pub(super) const AGE_MAGIC: &[u8] = b"age-encryption.org/";
/// An age header of ours has one recipient; a longer one is not read on.
const MAX_HEADER_BYTES: usize = 16 << 10;

/// What a backup is sealed and opened with.
pub enum Key {
    /// A passphrase.
    Passphrase(SecretString),
    /// The secret of a key file.
    Identity(x25519::Identity),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Clone for Key {
    fn clone(&self) -> Self {
        match self {
            Self::Passphrase(passphrase) => Self::Passphrase(passphrase.clone()),
            Self::Identity(identity) => Self::Identity(identity.clone()),
        }
    }
}

impl Key {
    /// The passphrase `text`.
    pub fn passphrase(text: &str) -> Self {
        Self::Passphrase(SecretString::from(text.to_owned()))
    }

    /// The passphrase on the first line of the file at `path`.
    ///
    /// # Errors
    /// When it can't be read or is shorter than eight characters.
    pub fn from_passphrase_file(path: &Path) -> Result<Self> {
        let refused = key_file(path, "a passphrase file");
        let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        let line = text.lines().next().unwrap_or_default().trim();
        if line.chars().count() < 8 {
            return Err(refused(
                "its first line must be a passphrase of at least eight characters".to_owned(),
            ));
        }
        Ok(Self::passphrase(line))
    }

    /// The secret in the key file at `path`.
    ///
    /// # Errors
    /// When it can't be read or holds no age secret key.
    pub fn from_key_file(path: &Path) -> Result<Self> {
        let refused = key_file(path, "a key file");
        let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        let line = text
            .lines()
            .find(|line| line.starts_with("AGE-SECRET-KEY-1"));
        let line = line.ok_or_else(|| {
            refused(
                "it holds no line AGE-SECRET-KEY-1...; make a key file with `afwd backup --new-key-file FILE` or age-keygen"
                    .to_owned(),
            )
        })?;
        let identity = x25519::Identity::from_str(line.trim());
        Ok(Self::Identity(
            identity.map_err(|reason| refused(reason.to_owned()))?,
        ))
    }

    /// Makes a new key file at `path`, readable by its owner only.
    ///
    /// # Errors
    /// When there is one, or it can't be written.
    pub fn make_file(path: &Path) -> Result<()> {
        let identity = x25519::Identity::generate();
        let text = format!(
            "# public key: {}\n{}\n",
            identity.to_public(),
            identity.to_string().expose_secret()
        );
        let mut options = OpenOptions::new();
        let opened = options.write(true).create_new(true).mode(0o600).open(path);
        let mut file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(path.display().to_string()),
            _ => BackupError::at(path)(error),
        })?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(BackupError::at(path))
    }

    fn recipient(&self) -> Box<dyn Recipient + Send> {
        match self {
            Self::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK);
                Box::new(recipient)
            }
            Self::Identity(identity) => Box::new(identity.to_public()),
        }
    }

    fn identity(&self) -> Box<dyn Identity> {
        match self {
            Self::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(WORK);
                Box::new(identity)
            }
            Self::Identity(identity) => Box::new(identity.clone()),
        }
    }
}

/// Calls `write` with a writer whose bytes reach `out` sealed with `key`, or as
/// they are without one.
pub(super) fn sealed<W: Write>(
    key: Option<&Key>,
    mut out: W,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<W> {
    let Some(key) = key else {
        write(&mut out)?;
        return Ok(out);
    };
    let recipient = key.recipient();
    let encryptor = Encryptor::with_recipients(std::iter::once(&*recipient as &dyn Recipient))
        .map_err(io::Error::other)?;
    let mut writer = encryptor.wrap_output(out)?;
    write(&mut writer)?;
    writer.finish()
}

/// The archive inside `sealed`, the age file called `name`.
pub(super) fn opened<'a>(
    name: &str,
    mut sealed: impl BufRead + 'a,
    key: Option<&Key>,
) -> Result<Box<dyn Read + 'a>> {
    let key = key.ok_or_else(|| BackupError::KeyNeeded(name.to_owned()))?;
    check_header(name, &mut sealed)?;
    let broken = |error: DecryptError| BackupError::damaged(name, "the encryption", error);
    let decryptor = Decryptor::new_buffered(sealed).map_err(broken)?;
    let kind = if decryptor.is_scrypt() {
        "a passphrase"
    } else {
        "a key file"
    };
    let identity = key.identity();
    match decryptor.decrypt(std::iter::once(&*identity)) {
        Ok(reader) => Ok(Box::new(reader)),
        Err(
            DecryptError::DecryptionFailed
            | DecryptError::KeyDecryptionFailed
            | DecryptError::NoMatchingKeys,
        ) => Err(BackupError::WrongKey(name.to_owned(), kind)),
        Err(error) => Err(broken(error)),
    }
}

/// age reads a header until it ends, however long it is; this looks ahead for the
/// end, so that an endless one costs nothing.
fn check_header(name: &str, sealed: &mut impl BufRead) -> Result<()> {
    const END: &[u8] = b"\n--- ";
    let head = sealed
        .fill_buf()
        .map_err(|error| BackupError::damaged(name, "the archive", error))?;
    let head = &head[..head.len().min(MAX_HEADER_BYTES)];
    if head.windows(END.len()).any(|window| window == END) {
        return Ok(());
    }
    Err(BackupError::damaged(
        name,
        "the encryption",
        "has no end of its header",
    ))
}

fn key_file<'a>(path: &'a Path, what: &'static str) -> impl Fn(String) -> BackupError + 'a {
    move |reason| BackupError::KeyFile {
        path: path.to_owned(),
        what,
        reason,
    }
}
