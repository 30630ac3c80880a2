//! Passwords: which are good enough, and how they are kept.
//!
//! A password is used exactly as it was received. How good it is is judged by the
//! guesses it needs, never by which characters are in it.

use std::sync::atomic::{AtomicU32, Ordering};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use parking_lot::{Condvar, Mutex};
use zxcvbn::{Score, zxcvbn};

use super::error::{AuthError, Result};
use crate::secret::{Secret, random};

/// Shortest password, in characters.
pub const SHORTEST: usize = 8;
/// Longest password, in characters.
pub const LONGEST: usize = 256;
/// Memory of one hash, in KiB.
pub const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 2;
/// Hashes made at once, at most.
pub const AT_ONCE: u32 = 2;
/// Who waits for one, at most.
pub const WAITING: u32 = 64;

/// Refuses a password that is too short, too long, or guessed too easily by somebody
/// who knows `about` its owner.
///
/// # Errors
/// [`AuthError::WeakPassword`] says what to do.
pub(super) fn judge(password: &Secret, about: &[&str]) -> Result<()> {
    let length = password.expose().chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(AuthError::WeakPassword(format!(
            "A password has {SHORTEST} to {LONGEST} characters; this one has {length}."
        )));
    }
    let judged = zxcvbn(password.expose(), about);
    if judged.score() >= Score::Three {
        return Ok(());
    }
    let mut why = String::from("This password is guessed too easily.");
    let warning = judged.feedback().and_then(|feedback| feedback.warning());
    if let Some(warning) = warning {
        why.push(' ');
        why.push_str(&warning.to_string());
    }
    why.push_str(" Four words that have nothing to do with each other are a good one.");
    Err(AuthError::WeakPassword(why))
}

/// What came of comparing a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) right: bool,
    /// True when its hash was made with less than is asked for today.
    pub(super) outdated: bool,
}

/// Makes and compares hashes, [`AT_ONCE`] at a time.
pub(super) struct PasswordKeeper {
    argon2: Argon2<'static>,
    gate: Gate,
    /// The hash of nobody's password: comparing takes as long as with somebody's.
    nobody: String,
    /// Hashes made so far.
    made: AtomicU32,
}

impl PasswordKeeper {
    /// With `memory_kib` of memory for a hash; [`MEMORY_KIB`] outside tests.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(super) fn new(memory_kib: u32) -> Result<Self> {
        let params = Params::new(memory_kib, PASSES, 1, None).unwrap_or(Params::DEFAULT);
        let mut keeper = Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            gate: Gate::default(),
            nobody: String::new(),
            made: AtomicU32::new(0),
        };
        keeper.nobody = keeper.keep(&Secret::random::<16>()?)?;
        keeper.made = AtomicU32::new(0);
        Ok(keeper)
    }

    /// Hashes made so far, but for that of nobody's password.
    pub(super) fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed)
    }

    /// A place to make or compare hashes in.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait already.
    pub(super) fn enter(&self) -> Result<Turn<'_>> {
        self.gate.enter()
    }

    /// The hash of a password, in the PHC string format.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait already.
    pub(super) fn keep(&self, password: &Secret) -> Result<String> {
        let salt = random::<16>()?;
        let _turn = self.enter()?;
        self.made.fetch_add(1, Ordering::Relaxed);
        let password = password.expose().as_bytes();
        let hash = self.argon2.hash_password_with_salt(password, &salt);
        let hash: PasswordHash =
            hash.map_err(|error| AuthError::Field(format!("the password can't be kept: {error}")))?;
        Ok(hash.to_string())
    }

    /// Compares a password with a hash; without one it takes as long and is wrong.
    pub(super) fn compare(&self, _: &Turn<'_>, password: &Secret, hash: Option<&str>) -> Compared {
        let held = hash.filter(|hash| !hash.is_empty());
        self.made.fetch_add(1, Ordering::Relaxed);
        let Ok(parsed) = PasswordHash::new(held.unwrap_or(&self.nobody)) else {
            return Compared {
                right: false,
                outdated: false,
            };
        };
        let given = password.expose().as_bytes();
        let right = self.argon2.verify_password(given, &parsed).is_ok() && held.is_some();
        Compared {
            right,
            outdated: right && self.is_outdated(&parsed),
        }
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        let (own, held) = (self.argon2.params(), Params::try_from(hash));
        held.is_ok_and(|held| held.m_cost() < own.m_cost() || held.t_cost() < own.t_cost())
    }
}

/// Lets [`AT_ONCE`] in, lets [`WAITING`] wait and sends the others away.
#[derive(Default)]
struct Gate {
    state: Mutex<Crowd>,
    left: Condvar,
}

#[derive(Default)]
struct Crowd {
    inside: u32,
    waiting: u32,
}

/// A place inside, until it is dropped.
pub(super) struct Turn<'g>(&'g Gate);

impl Gate {
    fn enter(&self) -> Result<Turn<'_>> {
        let mut crowd = self.state.lock();
        if crowd.inside >= AT_ONCE {
            if crowd.waiting >= WAITING {
                return Err(AuthError::Busy);
            }
            crowd.waiting += 1;
            while crowd.inside >= AT_ONCE {
                self.left.wait(&mut crowd);
            }
            crowd.waiting -= 1;
        }
        crowd.inside += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.state.lock().inside -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Barrier};
    use std::thread;

    use super::{AT_ONCE, Gate, PasswordKeeper, WAITING, judge};
    use crate::auth::error::AuthError;
    use crate::secret::Secret;

    #[test]
    fn passwords_are_judged_by_guesses_not_by_characters() {
        let good = |text: &str| judge(&Secret::new(text), &["ann@example.org", "Ann Gram"]).is_ok();
        for text in [
            "correct horse battery staple",
            "wordslikethesearenotonalist",
            "pxqzmvtw kd",
        ] {
            assert!(good(text), "{text}");
        }
        for text in [
            "",
            "short",
            "password",
            "Password1!",
            "aaaaaaaaaaaaaaaa",
            "ann@example.org",
        ] {
            assert!(!good(text), "{text}");
        }
        assert!(good(&format!("correct horse battery {}", "é".repeat(200))));
        assert!(!good(&"correct horse ".repeat(19)), "too long");
    }

    #[test]
    fn a_hash_knows_its_password_and_when_it_is_outdated() {
        let (old, new) = (
            PasswordKeeper::new(64).expect("a keeper"),
            PasswordKeeper::new(128).expect("a keeper"),
        );
        let secret = Secret::new(" as received ");
        let hash = old.keep(&secret).expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{hash}");
        let same = old.compare(&old.enter().expect("room"), &secret, Some(&hash));
        assert!(same.right && !same.outdated);
        let turn = new.enter().expect("room");
        let grown = new.compare(&turn, &secret, Some(&hash));
        assert!(grown.right && grown.outdated);
        for (given, hash) in [
            ("as received", Some(hash.as_str())),
            (" as received ", None),
            (" as received ", Some("")),
            (" as received ", Some("nonsense")),
        ] {
            let compared = new.compare(&turn, &Secret::new(given), hash);
            assert!(!compared.right && !compared.outdated, "{given} {hash:?}");
        }
    }

    #[test]
    fn two_at_once_and_a_bounded_queue() {
        let gate = Arc::new(Gate::default());
        let (inside, most, refused) = (
            Arc::new(AtomicU32::new(0)),
            Arc::new(AtomicU32::new(0)),
            Arc::new(AtomicU32::new(0)),
        );
        let all = AT_ONCE + WAITING + 20;
        let tried = Arc::new(Barrier::new(all as usize));
        let first: Vec<_> = (0..AT_ONCE).map(|_| gate.enter().expect("room")).collect();
        let threads: Vec<_> = (0..all)
            .map(|_| {
                let parts = (gate.clone(), inside.clone(), most.clone(), refused.clone());
                let tried = Arc::clone(&tried);
                thread::spawn(move || {
                    let (gate, inside, most, refused) = parts;
                    tried.wait();
                    match gate.enter() {
                        Ok(_turn) => {
                            let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                            most.fetch_max(now, Ordering::SeqCst);
                            thread::yield_now();
                            inside.fetch_sub(1, Ordering::SeqCst);
                        }
                        Err(AuthError::Busy) => {
                            refused.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(other) => panic!("{other}"),
                    }
                })
            })
            .collect();
        // Nobody gets in while the first are inside, so the queue fills to its brim.
        while refused.load(Ordering::SeqCst) < all - WAITING {
            thread::yield_now();
        }
        drop(first);
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(refused.load(Ordering::SeqCst), all - WAITING);
        assert!(most.load(Ordering::SeqCst) <= AT_ONCE);
    }
}
