//! The keys of an installation: what its secrets are sealed with, its access tokens
//! signed and its readers' mail addresses looked up by.
//!
//! They are lines of `NUMBER TIME HEXADECIMAL`, newest first, in a file of their own or
//! in the environment, and in no backup. From each, keys for one purpose are derived.
//! The newest seals and signs; the others still open what was sealed with them, in the
//! store or in a backup that is restored some day.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::error::KeyError;
use crate::domain::Sealed;
use crate::secret::{KEY_BYTES, NoRandomness, SealingKey, Secret, hex, random, unhex};

/// How long an access token signed with an earlier key is still taken, at most: longer
/// than any of them lives.
const SIGNATURES_TAKEN: SignedDuration = SignedDuration::from_hours(1);

const SEALING: &str = "afwd 2026 accounts: sealed values";
const SIGNING: &str = "afwd 2026 accounts: access tokens";
const LOOKING_UP: &str = "afwd 2026 accounts: lookup of mail addresses";
const DEVICES: &str = "afwd 2026 accounts: devices that signed in before";

/// The keys, newest first.
pub(super) struct KeyRing {
    keys: Vec<Key>,
    /// Place in `keys`, by number.
    places: HashMap<u32, usize>,
}

/// One of them.
struct Key {
    number: u32,
    made: Timestamp,
    secret: Secret,
    sealing: SealingKey,
    lookup: Secret,
    devices: Secret,
    signer: EncodingKey,
    verifier: DecodingKey,
}

impl KeyRing {
    /// A ring of one new key.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(super) fn new(now: Timestamp) -> Result<Self, KeyError> {
        Self::of(vec![Key::new(1, now, new_secret()?)?])
    }

    /// The keys of such lines. Empty lines, and those that begin with `#`, say nothing.
    ///
    /// # Errors
    /// When a line is none, a number stands twice, or there is none.
    pub(super) fn parse(text: &Secret) -> Result<Self, KeyError> {
        let lines = text.expose().lines().enumerate();
        let said = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
        let keys = said.flat_map(|(at, line)| {
            // A variable of the environment may have them on one line.
            let keys = line.split(',').map(str::trim).filter(|key| !key.is_empty());
            keys.map(move |key| Key::parse(key).ok_or(KeyError::Line(at + 1)))
        });
        Self::of(keys.collect::<Result<_, _>>()?)
    }

    /// The lines again.
    pub(super) fn text(&self) -> Secret {
        let mut text = String::from(
            "# Keys of this installation's accounts, newest first. Without them nobody can sign\n\
             # in: keep a copy where no backup is. `afwd keys rotate` adds one.\n",
        );
        for key in &self.keys {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{} {} {}", key.number, key.made, key.secret.expose());
        }
        Secret::new(text.trim_end())
    }

    /// The same keys behind a new one.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(super) fn rotated(&self, now: Timestamp) -> Result<Self, KeyError> {
        let number = self.keys.iter().map(|key| key.number).max().unwrap_or(0) + 1;
        let mut keys = vec![Key::new(number, now, new_secret()?)?];
        for key in &self.keys {
            keys.push(Key::new(key.number, key.made, key.secret.clone())?);
        }
        Self::of(keys)
    }

    /// Number of the newest key.
    pub(super) fn newest(&self) -> u32 {
        self.keys.first().map_or(0, |key| key.number)
    }

    /// `plain` sealed with the newest key for `place`.
    ///
    /// # Errors
    /// When the provider fails.
    pub(super) fn seal(&self, place: &str, plain: &[u8]) -> Result<Sealed, KeyError> {
        let newest = self.keys.first().ok_or(KeyError::None)?;
        let bytes = newest.sealing.seal(place.as_bytes(), plain);
        Ok(Sealed {
            key: newest.number,
            bytes: bytes.map_err(|_| KeyError::Provider)?,
        })
    }

    /// What was sealed for `place`.
    ///
    /// # Errors
    /// [`KeyError::Missing`] when its key is gone, [`KeyError::Changed`] when it was not
    /// sealed like this.
    pub(super) fn open(&self, place: &str, sealed: &Sealed) -> Result<Secret, KeyError> {
        let key = self
            .places
            .get(&sealed.key)
            .and_then(|&at| self.keys.get(at));
        let key = key.ok_or(KeyError::Missing(sealed.key))?;
        let plain = key.sealing.open(place.as_bytes(), &sealed.bytes);
        let plain = plain.map_err(|_| KeyError::Changed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| KeyError::Changed)?;
        Ok(Secret::new(text))
    }

    /// The hash by which an address is found, under each key, newest first.
    pub(super) fn lookups<'a>(&'a self, mail: &'a str) -> impl Iterator<Item = String> + 'a {
        self.keys.iter().map(|key| key.lookup.sign(mail.as_bytes()))
    }

    /// What a device that signed in to `account` is given to be known again.
    pub(super) fn device(&self, account: &str) -> Option<Secret> {
        let newest = self.keys.first()?;
        Some(Secret::new(newest.devices.sign(account.as_bytes())))
    }

    /// Whether a device was given that.
    pub(super) fn knows_device(&self, account: &str, given: &str) -> bool {
        let mut signed = self
            .keys
            .iter()
            .map(|key| key.devices.sign(account.as_bytes()));
        signed.any(|signed| Secret::new(signed).is(given))
    }

    /// What signs access tokens, and its number.
    pub(super) fn signer(&self) -> Option<(u32, &EncodingKey)> {
        self.keys.first().map(|key| (key.number, &key.signer))
    }

    /// What checks an access token signed with a key, while one may be about.
    pub(super) fn verifier(&self, number: u32, now: Timestamp) -> Option<&DecodingKey> {
        let at = *self.places.get(&number)?;
        let followed = at.checked_sub(1).and_then(|at| self.keys.get(at));
        let is_old = followed.is_some_and(|next| now.duration_since(next.made) > SIGNATURES_TAKEN);
        let key = self.keys.get(at).filter(|_| !is_old)?;
        Some(&key.verifier)
    }

    fn of(keys: Vec<Key>) -> Result<Self, KeyError> {
        let places: HashMap<u32, usize> = keys
            .iter()
            .enumerate()
            .map(|(at, key)| (key.number, at))
            .collect();
        if keys.is_empty() {
            return Err(KeyError::None);
        }
        match places.len() == keys.len() {
            true => Ok(Self { keys, places }),
            false => Err(KeyError::Twice),
        }
    }
}

impl Key {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let (number, made, secret) = (words.next()?, words.next()?, words.next()?);
        let sound = unhex(secret)?.len() == KEY_BYTES && words.next().is_none();
        let number = number.parse().ok().filter(|_| sound)?;
        Self::new(number, made.parse().ok()?, Secret::new(secret)).ok()
    }

    fn new(number: u32, made: Timestamp, secret: Secret) -> Result<Self, KeyError> {
        let derived = |purpose| blake3::derive_key(purpose, secret.expose().as_bytes());
        let signing = derived(SIGNING);
        Ok(Self {
            sealing: SealingKey::new(&derived(SEALING)).ok_or(KeyError::Provider)?,
            lookup: Secret::new(hex(&derived(LOOKING_UP))),
            devices: Secret::new(hex(&derived(DEVICES))),
            signer: EncodingKey::from_secret(&signing).map_err(|_| KeyError::Provider)?,
            verifier: DecodingKey::from_secret(&signing).map_err(|_| KeyError::Provider)?,
            number,
            made,
            secret,
        })
    }
}

fn new_secret() -> Result<Secret, NoRandomness> {
    Ok(Secret::new(hex(&random::<KEY_BYTES>()?)))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::KeyRing;
    use crate::auth::error::KeyError;
    use crate::secret::Secret;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn refused(text: &str) -> KeyError {
        KeyRing::parse(&Secret::new(text)).err().expect("refused")
    }

    #[test]
    fn a_ring_is_read_back_and_opens_what_earlier_keys_sealed() {
        let first = KeyRing::new(NOW).expect("a key");
        let sealed = first.seal("ann/mail", b"ann@example.org").expect("sealed");
        let second = first.rotated(NOW).expect("a key");
        let read = KeyRing::parse(&second.text()).expect("read back");
        assert_eq!((read.newest(), read.keys.len()), (2, 2));
        let opened = read.open("ann/mail", &sealed).expect("opened");
        assert_eq!(opened.expose(), "ann@example.org");
        assert_eq!(
            read.open("bob/mail", &sealed).err(),
            Some(KeyError::Changed)
        );
        let newer = read.seal("ann/mail", b"x").expect("sealed");
        assert_eq!(
            first.open("ann/mail", &newer).err(),
            Some(KeyError::Missing(2))
        );
        let given = |ring: &KeyRing| ring.device("ann").expect("a key").expose().to_owned();
        assert!(second.knows_device("ann", &given(&first)));
        assert!(!second.knows_device("bob", &given(&first)));
        assert!(!first.knows_device("ann", &given(&second)));
    }

    #[test]
    fn an_earlier_key_stops_signing_at_once_and_checking_within_the_hour() {
        let ring = KeyRing::new(NOW).expect("a key");
        let ring = ring.rotated(NOW).expect("a key");
        let after = |minutes| NOW + SignedDuration::from_mins(minutes);
        assert_eq!(ring.signer().expect("a key").0, 2);
        assert!(ring.verifier(1, after(59)).is_some());
        assert!(ring.verifier(1, after(61)).is_none());
        assert!(ring.verifier(2, after(100_000)).is_some());
        assert!(ring.verifier(3, NOW).is_none());
    }

    #[test]
    fn lines_that_are_no_keys_are_named_by_their_place_only() {
        let key = format!("1 2026-01-01T00:00:00Z {}", "ab".repeat(32));
        assert!(KeyRing::parse(&Secret::new(format!("# keys\n\n{key}"))).is_ok());
        assert_eq!(refused(""), KeyError::None);
        assert_eq!(refused(&format!("{key}\n{key}")), KeyError::Twice);
        for wrong in ["1", "1 2026 ab", &key[..key.len() - 1], &format!("{key} x")] {
            assert_eq!(
                refused(&format!("{key}\n{wrong}")),
                KeyError::Line(2),
                "{wrong}"
            );
        }
        let said = refused("hush hush hush").to_string();
        assert!(!said.contains("hush"), "{said}");
    }
}
