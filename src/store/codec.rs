//! Values as stored: a version byte, the encoded record, a checksum.
//!
//! The only file that names bincode, so that the encoding can be replaced here.
//! Every stored byte is covered by the checksum; trailing bytes are refused.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of values whose type only their owner knows.
const VALUE: u8 = 1;
/// Bytes of checksum: the head of a BLAKE3 hash over version and record.
const CHECKSUM: usize = 4;

/// Encodes `value` in an envelope of its own.
///
/// # Errors
/// When the value can't be encoded (a map of unknown length, say).
pub fn encode_value<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    seal(VALUE, value)
}

/// Decodes what [`encode_value`] made.
///
/// # Errors
/// When a byte is not what was written, the version is unknown, or bytes are
/// left over.
pub fn decode_value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    match open(bytes)? {
        (VALUE, body) => read_body(body),
        (other, _) => Err(unknown_version(other)),
    }
}

/// An envelope with the version of a record's shape and the record.
pub(super) fn seal<T: Serialize>(version: u8, record: &T) -> Result<Vec<u8>, String> {
    let mut bytes = vec![version];
    bincode::serde::encode_into_std_write(record, &mut bytes, bincode::config::standard())
        .map_err(|error| error.to_string())?;
    let checksum = checksum(&bytes);
    bytes.extend(checksum);
    Ok(bytes)
}

/// Version and record inside an envelope whose checksum holds.
pub(super) fn open(bytes: &[u8]) -> Result<(u8, &[u8]), String> {
    let split = bytes.len().checked_sub(CHECKSUM).filter(|&at| at >= 1);
    let (body, sum) = bytes.split_at(split.ok_or("too short")?);
    if checksum(body) != sum {
        return Err("checksum differs".to_owned());
    }
    Ok((body[0], &body[1..]))
}

/// The record of a body, all of whose bytes it needs.
pub(super) fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let (value, read) = bincode::serde::decode_from_slice(body, bincode::config::standard())
        .map_err(|error| error.to_string())?;
    if read != body.len() {
        return Err(format!("{} bytes left over", body.len() - read));
    }
    Ok(value)
}

/// What it means that a version is not known.
pub(super) fn unknown_version(version: u8) -> String {
    format!("record version {version} is unknown: was it written by a newer afwd?")
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let hash = blake3::hash(bytes);
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&hash.as_bytes()[..CHECKSUM]);
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop};
    use proptest::proptest;

    use super::{decode_value, encode_value};

    proptest! {
        #[test]
        fn reads_back_what_it_wrote(value: (u32, String, Option<u16>, Vec<i64>)) {
            let bytes = encode_value(&value).expect("encodes");
            assert_eq!(decode_value::<(u32, String, Option<u16>, Vec<i64>)>(&bytes), Ok(value));
        }

        #[test]
        fn never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode_value::<(u32, String, Vec<u8>)>(&bytes);
        }
    }

    #[test]
    fn every_flipped_bit_is_an_error() {
        let bytes = encode_value(&("Juan Peña".to_owned(), 42_u32)).expect("encodes");
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(
                decode_value::<(String, u32)>(&damaged).is_err(),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn truncated_and_longer_values_are_errors() {
        let bytes = encode_value(&7_u32).expect("encodes");
        assert!(decode_value::<u32>(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode_value::<u32>(&[]).is_err());
        let longer = encode_value(&(7_u32, 8_u32)).expect("encodes");
        assert!(decode_value::<u32>(&longer).is_err());
    }
}
