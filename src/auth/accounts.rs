//! The accounts of an installation: what everything about them is done through.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;

use super::access_token::{AccessTokens, TokenRefused};
use super::authority::{Member, Operator};
use super::directory::Directory;
use super::error::{AuthError, KeyError, Result};
use super::keys::KeyRing;
use super::password::PasswordKeeper;
use crate::clock::Clock;
use crate::data_dir::ACCOUNT_KEYS;
use crate::domain::{
    AuditActor, AuditEvent, AuditKind, Registration, Sealed, User, UserId, UserState,
};
use crate::secret::{Secret, read_private, write_private};
use crate::store::{Store, StoreError, WriteTx};
use crate::work;

/// Longest mail address.
const LONGEST_MAIL: usize = 254;
/// Longest name, in characters.
const LONGEST_NAME: usize = 80;
/// How much of what a device says it is, is kept.
const LONGEST_AGENT: usize = 200;

/// What accounts are opened with.
pub struct Config {
    /// The store.
    pub store: Store,
    /// The data directory.
    pub data: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The keys, when they are not in a file of the data directory.
    pub keys: Option<Secret>,
    /// Who may make an account.
    pub registration: Registration,
    /// Memory of one password hash, in KiB.
    pub hash_memory_kib: u32,
    /// The way to send mail, where there is one.
    pub post: Option<Post>,
}

/// A way to send mail.
pub struct Post {
    /// Takes a mail, to be sent soon.
    pub send: Box<dyn Fn(work::Mail) -> std::result::Result<(), String> + Send + Sync>,
    /// The site's address, with its path, that links in mails begin with.
    pub site: String,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The network, as `network` makes it.
    pub address: String,
    /// What the device says it is.
    pub agent: String,
    /// What the device was given at an earlier sign-in.
    pub device: Option<String>,
}

impl Visitor {
    /// What is kept of what the device says it is.
    pub(super) fn kept_agent(&self) -> String {
        let plain = self.agent.chars().filter(|c| !c.is_control());
        plain.take(LONGEST_AGENT).collect()
    }
}

/// The accounts of an installation.
pub struct Accounts {
    pub(super) store: Store,
    pub(super) data: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) registration: Registration,
    pub(super) passwords: PasswordKeeper,
    pub(super) directory: Directory,
    pub(super) post: Option<Post>,
    pub(super) access: AccessTokens,
    /// True when the keys are the operator's, given by the environment.
    own_keys: bool,
    keys: RwLock<Arc<KeyRing>>,
}

impl Accounts {
    /// Opens the accounts of a store: reads the keys, or makes the first one, forgets
    /// again whom a restore brought back, and reads who can come in.
    ///
    /// # Errors
    /// When the keys can't be read or don't fit, or the store fails.
    pub fn open(config: Config) -> Result<Self> {
        let instance = config.store.read(|tx| tx.instance())?;
        let keys = match &config.keys {
            Some(given) => KeyRing::parse(given)?,
            None => {
                let users = config.store.read(|tx| tx.users())?;
                kept_keys(&config.data, config.clock.now(), users.is_empty())?
            }
        };
        let accounts = Self {
            passwords: PasswordKeeper::new(config.hash_memory_kib)?,
            directory: Directory::default(),
            access: AccessTokens::of(&instance),
            own_keys: config.keys.is_some(),
            keys: RwLock::new(Arc::new(keys)),
            store: config.store,
            data: config.data,
            clock: config.clock,
            registration: config.registration,
            post: config.post,
        };
        accounts.forget_again()?;
        accounts.try_keys()?;
        accounts.seal_again()?;
        accounts.directory.fill(&accounts.store)?;
        Ok(accounts)
    }

    /// Who may make an account.
    pub fn registration(&self) -> Registration {
        self.registration
    }

    /// True when links are sent by mail.
    pub fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// How many passwords were kept or compared since the start.
    pub fn hashes_made(&self) -> u32 {
        self.passwords.made()
    }

    /// How many accounts there are.
    pub fn count(&self) -> usize {
        self.directory.len()
    }

    /// The permission of whoever has the store open for himself: for the command line.
    pub fn at_the_console(&self) -> Operator {
        Operator::at_the_console()
    }

    /// The member whose session an access token belongs to. Asks nothing of the disk.
    ///
    /// # Errors
    /// When it is not believed, or its session is over.
    pub fn recognise(&self, token: &str) -> std::result::Result<Member, TokenRefused> {
        let now = self.now();
        let says = self.access.read(&self.keys(), token, now)?;
        let member = self.directory.by_session(&says, now);
        member.ok_or(TokenRefused::Invalid)
    }

    /// Reads the keys again, and seals again what another than the newest has sealed.
    /// Does nothing when the newest is the one it was.
    ///
    /// # Errors
    /// When the keys can't be read or don't fit, or the store fails.
    pub fn follow_keys(&self) -> Result<()> {
        if self.own_keys {
            return Ok(());
        }
        let kept = kept_keys(&self.data, self.now(), false)?;
        if kept.newest() == self.keys().newest() {
            return Ok(());
        }
        *self.keys.write() = Arc::new(kept);
        self.seal_again()
    }

    /// Reads accounts again that something else has changed: whoever asks next sees it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn look_again(&self, users: &[UserId]) -> Result<()> {
        for &id in users {
            self.directory.follow(&self.store, id)?;
        }
        Ok(())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn keys(&self) -> Arc<KeyRing> {
        Arc::clone(&self.keys.read())
    }

    /// Changes an account; whoever asks next sees it.
    pub(super) fn change<T>(
        &self,
        id: UserId,
        change: impl FnOnce(&mut WriteTx) -> Result<T>,
    ) -> Result<T> {
        let changed = self.write(change);
        // Also when it failed: it may have been kept all the same.
        self.directory.follow(&self.store, id)?;
        changed
    }

    /// Writes; an error of ours rolls back as one of the store does.
    pub(super) fn write<T>(&self, change: impl FnOnce(&mut WriteTx) -> Result<T>) -> Result<T> {
        let mut refused = None;
        let written = self.store.write(|tx| {
            change(tx).map_err(|error| match error {
                AuthError::Store(error) => error,
                other => {
                    let said = StoreError::Refused(other.to_string());
                    refused = Some(other);
                    said
                }
            })
        });
        match (written, refused) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(refused)) => Err(refused),
            (Err(error), None) => Err(error.into()),
        }
    }

    /// An account that is there.
    pub(super) fn user(&self, id: UserId) -> Result<User> {
        let user = self.store.read(|tx| tx.user(id))?;
        user.ok_or_else(|| AuthError::no_user(id))
    }

    /// Whose a mail address is.
    pub(super) fn user_of(&self, mail: &str) -> Result<Option<User>> {
        let keys = self.keys();
        let lookups: Vec<String> = keys.lookups(mail).collect();
        Ok(self.store.read(|tx| {
            for lookup in &lookups {
                if let Some(id) = tx.user_of_mail(lookup)? {
                    return tx.user(id);
                }
            }
            Ok(None)
        })?)
    }

    /// His mail address.
    pub(super) fn mail_of(&self, user: &User) -> Result<Secret> {
        Ok(self.keys().open(&place(user.id, "mail"), &user.mail)?)
    }

    /// A text of his, sealed for one column.
    pub(super) fn seal(&self, id: UserId, column: &str, text: &Secret) -> Result<Sealed> {
        Ok(self
            .keys()
            .seal(&place(id, column), text.expose().as_bytes())?)
    }

    /// A sealed text of his, of one column.
    pub(super) fn unseal(&self, id: UserId, column: &str, sealed: &Sealed) -> Result<Secret> {
        Ok(self.keys().open(&place(id, column), sealed)?)
    }

    /// Whether the keys are those of this store: better told now than to the first reader.
    fn try_keys(&self) -> Result<()> {
        let users = self.store.read(|tx| tx.users())?;
        users
            .iter()
            .try_for_each(|user| self.mail_of(user).map(drop))
    }

    /// Seals again what another key than the newest has sealed, and files mail addresses
    /// under it. An account at a time, so that nobody waits for long.
    fn seal_again(&self) -> Result<()> {
        let newest = self.keys().newest();
        let users = self.store.read(|tx| tx.users())?;
        for user in users.iter().filter(|user| user.mail.key != newest) {
            self.change(user.id, |tx| self.seal_user_again(tx, user.id))?;
        }
        Ok(())
    }

    fn seal_user_again(&self, tx: &mut WriteTx, id: UserId) -> Result<()> {
        let Some(mut user) = tx.user(id)? else {
            return Ok(());
        };
        let mail = self.mail_of(&user)?;
        self.file_mail(tx, id, &mail)?;
        user.mail = self.seal(id, "mail", &mail)?;
        tx.put_user(&user)?;
        let Some(mut credential) = tx.credential(id)? else {
            return Ok(());
        };
        if let Some(factor) = &mut credential.second_factor {
            let seed = self.unseal(id, "seed", &factor.seed)?;
            factor.seed = self.seal(id, "seed", &seed)?;
        }
        Ok(tx.put_credential(id, &credential)?)
    }

    /// Makes an account be found by a mail address, and by no other.
    ///
    /// # Errors
    /// [`AuthError::Taken`] when another has the address.
    pub(super) fn file_mail(&self, tx: &mut WriteTx, id: UserId, mail: &Secret) -> Result<()> {
        let keys = self.keys();
        let lookups: Vec<String> = keys.lookups(mail.expose()).collect();
        for lookup in &lookups {
            if tx.user_of_mail(lookup)?.is_some_and(|owner| owner != id) {
                return Err(AuthError::Taken);
            }
        }
        match lookups.first() {
            Some(newest) => Ok(tx.put_user_mail(newest, id)?),
            None => Ok(()),
        }
    }

    /// Remembers what was done to an account.
    pub(super) fn note(
        &self,
        tx: &mut WriteTx,
        user: UserId,
        kind: AuditKind,
        by: AuditActor,
        from: Option<&Visitor>,
    ) -> Result<()> {
        self.noted(tx, user, kind, by, from).map(drop)
    }

    /// As [`Self::note`]; says where the event stands.
    pub(super) fn noted(
        &self,
        tx: &mut WriteTx,
        user: UserId,
        kind: AuditKind,
        by: AuditActor,
        from: Option<&Visitor>,
    ) -> Result<u64> {
        Ok(tx.add_audit(&AuditEvent {
            at: self.now(),
            user,
            kind,
            by,
            address: from.map(|from| from.address.clone()).unwrap_or_default(),
            detail: from.map(Visitor::kept_agent).unwrap_or_default(),
        })?)
    }
}

/// What a sealed text is bound to.
fn place(id: UserId, column: &str) -> String {
    format!("{id}/{column}")
}

/// The keys in the data directory; where there are none and they `may_be_new`, the first
/// is made.
fn kept_keys(data: &Path, now: Timestamp, may_be_new: bool) -> Result<KeyRing> {
    let path = data.join(ACCOUNT_KEYS);
    if let Some(text) = read_private(&path)? {
        return Ok(KeyRing::parse(&text)?);
    }
    if !may_be_new {
        return Err(AuthError::Keys(KeyError::Gone));
    }
    let ring = KeyRing::new(now)?;
    write_private(&path, &ring.text())?;
    Ok(ring)
}

/// Whether every account of a store opens with the keys given, or else those of its data
/// directory; says how many there are. Changes nothing.
///
/// # Errors
/// When one does not.
pub fn check_keys(store: &Store, data: &Path, given: Option<&Secret>) -> Result<usize> {
    let users = store.read(|tx| tx.users())?;
    if users.is_empty() {
        return Ok(0);
    }
    let keys = match given {
        Some(given) => KeyRing::parse(given)?,
        None => kept_keys(data, Timestamp::UNIX_EPOCH, false)?,
    };
    for user in &users {
        keys.open(&place(user.id, "mail"), &user.mail)?;
    }
    Ok(users.len())
}

/// Puts a new key before those of a data directory; the running server follows. Says
/// its number.
///
/// # Errors
/// When the file can't be read or written.
pub fn rotate_keys(data: &Path, now: Timestamp) -> Result<u32> {
    let ring = kept_keys(data, now, false)?.rotated(now)?;
    write_private(&data.join(ACCOUNT_KEYS), &ring.text())?;
    Ok(ring.newest())
}

/// A mail address as it is looked up: without space around it, in lower case.
pub(super) fn mail_address(text: &str) -> Result<Secret> {
    let mail = text.trim().to_lowercase();
    let sound = mail.split_once('@').is_some_and(|(local, host)| {
        let plain = |part: &str| !part.is_empty() && !part.contains(['@', '<', '>', ',', ';', '"']);
        plain(local) && plain(host)
    });
    let one_word = !mail.chars().any(|c| c.is_whitespace() || c.is_control());
    match sound && one_word && mail.len() <= LONGEST_MAIL {
        true => Ok(Secret::new(mail)),
        false => Err(AuthError::Field(
            "That is no mail address: write one such as ann@example.org.".to_owned(),
        )),
    }
}

/// A name as it is kept: without space around it and without control characters.
pub(super) fn person_name(text: &str) -> Result<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match (1..=LONGEST_NAME).contains(&name.chars().count()) {
        true => Ok(name),
        false => Err(AuthError::Field(format!(
            "A name has 1 to {LONGEST_NAME} characters."
        ))),
    }
}

/// True for an account that can be signed in to.
pub(super) fn is_active(user: &User) -> bool {
    user.state == UserState::Active
}
