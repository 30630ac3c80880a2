//! Bytes made small for the store, and whole again.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Low, but above the level at which zlib codes all symbols alike, whatever their number.
const FAST: Compression = Compression::new(3);

/// `bytes` compressed, fast rather than small.
///
/// # Errors
/// None is known; the compressor's interface is that of a file.
pub fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), FAST);
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What [`deflated`] was given.
///
/// # Errors
/// When `compressed` is damaged or incomplete.
pub fn inflated(compressed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(compressed).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{deflated, inflated};

    #[test]
    fn bytes_come_back_and_a_cut_is_noticed() {
        let bytes = b"ball, strike, ball, out; ".repeat(1_000);
        let small = deflated(&bytes).expect("compresses");
        assert!(small.len() < bytes.len());
        assert_eq!(inflated(&small).expect("is whole"), bytes);
        assert!(inflated(&small[..small.len() / 2]).is_err());
    }
}
