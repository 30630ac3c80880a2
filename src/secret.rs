//! What nobody but its owner may read: secrets that do not print themselves, random
//! bytes, and what else needs the cryptographic provider.

mod private_file;
mod sealed;

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use aws_lc_rs::{constant_time, digest, hmac, rand};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

pub use private_file::{PrivateFileError, read_private, write_private};
pub use sealed::{KEY_BYTES, NotOpened, SealingKey};

/// What is printed for a secret.
pub const MASK: &str = "********";

/// A text that is not printed: `Debug` and `Display` show [`MASK`]. Two compare in
/// time that depends on their lengths only. Its memory is wiped when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// `text`, from now on a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// A new one of `N` random bytes, as 2 `N` hexadecimal digits.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn random<const N: usize>() -> Result<Self, NoRandomness> {
        let bytes = Zeroizing::new(random::<N>()?);
        Ok(Self::new(hex(&*bytes)))
    }

    /// The text itself, for whoever must send or write it. Never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `given` is this text, in time that depends on the lengths only.
    pub fn is(&self, given: &str) -> bool {
        same(self.0.as_bytes(), given.as_bytes())
    }

    /// The HMAC-SHA256 of `message` under this secret, in hexadecimal digits.
    pub fn sign(&self, message: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        hex(hmac::sign(&key, message).as_ref())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Secret {}

/// The system gave no random numbers.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

impl From<NoRandomness> for std::io::Error {
    fn from(error: NoRandomness) -> Self {
        Self::other(error)
    }
}

/// `N` random bytes, fit for keys and tokens.
///
/// # Errors
/// When the system has no random numbers.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// True when both are the same bytes, in time that depends on the lengths only.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// The SHA-256 of `bytes`: enough to know a random secret again, and no more.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = digest::digest(&digest::SHA256, bytes);
    hash.copy_from_slice(digest.as_ref());
    hash
}

/// `bytes` as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| DIGITS[usize::from(half)]);
    bytes.iter().flat_map(digits).collect()
}

/// The bytes of hexadecimal digits, two to a byte; `None` when `digits` are none.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    let half = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(half(high)? << 4 | half(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MASK, Secret, hex, random, sha256, unhex};

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("hunter2");
        let shown = [
            format!("{secret}"),
            format!("{secret:?}"),
            format!("{:#?}", Some(&secret)),
        ];
        assert!(
            shown
                .iter()
                .all(|text| text.contains(MASK) && !text.contains("hunter2"))
        );
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn secrets_compare_by_all_of_their_text() {
        let secret = Secret::new("hunter2");
        assert!(secret.is("hunter2") && secret == Secret::new("hunter2"));
        for other in ["", "hunter", "hunter3", "hunter22", "Hunter2"] {
            assert!(!secret.is(other), "{other}");
        }
    }

    #[test]
    fn signatures_are_those_of_rfc_4231() {
        // Test case 2 of RFC 4231.
        let signed = Secret::new("Jefe").sign(b"what do ya want for nothing?");
        let wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signed, wanted);
    }

    #[test]
    fn hashes_are_those_of_fips_180() {
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), wanted);
    }

    #[test]
    fn hexadecimal_digits_are_read_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(hex(&[0, 1, 0xab, 0xff]), "0001abff");
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex("0AfF"), Some(vec![0x0a, 0xff]));
        for wrong in ["0", "0g", "é", "+1", " 1"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn random_bytes_differ() {
        let one = random::<16>().expect("random numbers");
        assert_ne!(one, random::<16>().expect("random numbers"));
        assert_eq!(Secret::random::<32>().expect("random numbers").len(), 64);
    }
}
