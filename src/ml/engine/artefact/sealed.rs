//! Text that tells when a bit of it has changed.

use crate::ml::error::Error;

/// A manifest's text, below a line with its hash: figures of a manifest decide what
/// a model may predict, so a changed bit must be noticed there too.
pub(crate) fn sealed(text: &str) -> String {
    format!("{}\n{text}", seal(text))
}

/// The text below the line of [`sealed`].
pub(crate) fn unsealed(manifest: &[u8]) -> Result<&str, Error> {
    let text =
        std::str::from_utf8(manifest).map_err(|_| Error::refused("its manifest is not text"))?;
    match text.split_once('\n') {
        Some((line, rest)) if line == seal(rest) => Ok(rest),
        _ => Err(Error::refused(
            "its manifest is damaged, or another version of the program wrote it",
        )),
    }
}

fn seal(text: &str) -> String {
    format!("checksum = \"{}\"", hash(text.as_bytes()))
}

/// BLAKE3 in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
