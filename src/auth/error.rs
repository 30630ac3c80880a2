//! Why somebody is not let in, or an account not changed.

use jiff::SignedDuration;

use crate::domain::{UnknownWord, UserId};
use crate::secret::{NoRandomness, PrivateFileError, Secret};
use crate::store::StoreError;

/// What is wrong with the keys of the installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error("there is no key among the account keys: give one, or delete the file for a new one")]
    None,
    /// There are accounts, and the file of their keys is not there.
    #[error(
        "there are accounts, and the file `account-keys` they were sealed with is gone: put it \
         back into the data directory, or set AFWD_ACCOUNT_KEYS"
    )]
    Gone,
    /// A line is no key.
    #[error("line {0} of the account keys is not `NUMBER TIME HEXADECIMAL`")]
    Line(usize),
    /// A number stands twice.
    #[error("two of the account keys have the same number")]
    Twice,
    /// What was sealed with a key that is not there.
    #[error(
        "a reader's data was sealed with account key {0}, which is missing: put the file \
         `account-keys` of that time back beside the store, or set AFWD_ACCOUNT_KEYS"
    )]
    Missing(u32),
    /// It was sealed with another key of that number, or for another place, or changed.
    #[error(
        "a reader's data does not open with the account keys: put the file `account-keys` \
         that belongs to this store back"
    )]
    Changed,
    /// The cryptographic provider failed.
    #[error("the cryptographic provider failed")]
    Provider,
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl From<NoRandomness> for KeyError {
    fn from(_: NoRandomness) -> Self {
        Self::Random
    }
}

/// Why somebody is not let in, or an account not changed. What a stranger may be told
/// says nothing of who has an account.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Mail address or password is wrong, or there is no such account, or it may not be
    /// used: nobody is told which.
    #[error("Mail address or password is wrong.")]
    Wrong,
    /// The password is right, and a code of the second factor is needed, too.
    #[error("A code of your second factor is needed.")]
    SecondFactorNeeded(Secret),
    /// The code is wrong, or was used.
    #[error("That code is wrong, or was used already: wait for the next one.")]
    WrongCode,
    /// Too many failed.
    #[error("Too many tries failed: wait {} s, then try again.", .0.as_secs().max(1))]
    Throttled(SignedDuration),
    /// Too many passwords are being checked.
    #[error("Too many people sign in at once: try again in a moment.")]
    Busy,
    /// The refresh token, or what it was given for, is over.
    #[error("The sign-in is over: sign in again.")]
    SignedOut,
    /// Accounts are made by invitation only, or not at all.
    #[error("{0}")]
    Closed(&'static str),
    /// A field can't be used.
    #[error("{0}")]
    Field(String),
    /// The password is too easy to guess.
    #[error("{0}")]
    WeakPassword(String),
    /// The link was used, is too old, or never was one.
    #[error("This link was used already, or is too old: ask for a new one.")]
    LinkGone,
    /// There is no such account.
    #[error("There is no account {0}.")]
    NoUser(String),
    /// The mail address has an account.
    #[error("There is an account with that mail address already.")]
    Taken,
    /// It can't be done to the account as it is.
    #[error("{0}")]
    NotNow(&'static str),
    /// The keys of the installation don't fit.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A file of the data directory can't be used.
    #[error(transparent)]
    File(#[from] PrivateFileError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export can't be put together.
    #[error("the export can't be written: {0}")]
    Export(String),
}

impl AuthError {
    pub(super) fn no_user(id: UserId) -> Self {
        Self::NoUser(id.to_string())
    }
}

impl From<NoRandomness> for AuthError {
    fn from(_: NoRandomness) -> Self {
        Self::Keys(KeyError::Random)
    }
}

impl From<UnknownWord> for AuthError {
    fn from(error: UnknownWord) -> Self {
        Self::Field(error.to_string())
    }
}

/// Result of something done to an account.
pub type Result<T> = std::result::Result<T, AuthError>;
