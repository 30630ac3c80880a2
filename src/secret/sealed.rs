//! Bytes that nobody can read or swap without their key: AES-256-GCM with a random
//! nonce, bound to what they belong to.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// A key that seals and opens.
pub struct SealingKey(RandomizedNonceKey);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::MASK)
    }
}

/// The bytes were not sealed with this key for this place, or were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open: it was sealed with another key, or changed")]
pub struct NotOpened;

impl SealingKey {
    /// The key with these bytes; `None` where the provider refuses them.
    pub fn new(key: &[u8; KEY_BYTES]) -> Option<Self> {
        RandomizedNonceKey::new(&AES_256_GCM, key).ok().map(Self)
    }

    /// `plain` sealed for `place`: nonce, ciphertext, tag.
    ///
    /// # Errors
    /// When the provider fails.
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, NotOpened> {
        let mut text = plain.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(place), &mut text);
        let nonce = nonce.map_err(|_| NotOpened)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend(text);
        Ok(sealed)
    }

    /// What was sealed for `place`.
    ///
    /// # Errors
    /// When anything differs: key, place or a bit.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(NotOpened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOpened)?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = self.0.open_in_place(nonce, Aad::from(place), &mut text);
        let length = opened.map_err(|_| NotOpened)?.len();
        text.truncate(length);
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{KEY_BYTES, NotOpened, SealingKey};

    #[test]
    fn only_the_key_opens_and_only_in_its_place() {
        let key = |byte| SealingKey::new(&[byte; KEY_BYTES]).expect("a key");
        let sealed = key(1)
            .seal(b"ann/mail", b"ann@example.org")
            .expect("sealed");
        let opened = key(1).open(b"ann/mail", &sealed).expect("opened");
        assert_eq!(&opened[..], b"ann@example.org");
        assert_eq!(key(2).open(b"ann/mail", &sealed), Err(NotOpened));
        assert_eq!(key(1).open(b"bob/mail", &sealed), Err(NotOpened));
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key(1).open(b"ann/mail", &changed), Err(NotOpened), "{bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(key(1).open(b"ann/mail", &sealed[..length]), Err(NotOpened));
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_to_the_same_bytes() {
        let key = SealingKey::new(&[1; KEY_BYTES]).expect("a key");
        let seal = || key.seal(b"place", b"text").expect("sealed");
        assert_ne!(seal(), seal());
    }
}
