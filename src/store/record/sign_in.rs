//! What lets people in, and what is counted of those who failed.

use jiff::Timestamp;

use super::numbers::Number;
use super::shape::{Record, record};
use super::users::SealedRecord;
use crate::domain::{
    AccountFailures, ApiToken, Credential, FailureCount, LinkKind, OneTimeLink, SecondFactor,
    Session, TokenScope,
};

record! {
    /// Password and second factor.
    CredentialRecord of Credential {
        password: String,
        changed: Timestamp,
        second_factor: Option<SecondFactorRecord>,
    }
}

impl Record for CredentialRecord {}

record! {
    /// The second factor.
    SecondFactorRecord of SecondFactor {
        seed: SealedRecord,
        confirmed: bool,
        last_step: u64,
        recovery: Vec<[u8; 32]>,
    }
}

record! {
    /// A sign-in on a device.
    SessionRecord of Session {
        user: u128,
        id: u128,
        current: [u8; 32],
        previous: Option<[u8; 32]>,
        successor: Vec<u8>,
        rotated: Timestamp,
        created: Timestamp,
        agent: String,
    }
}

impl Record for SessionRecord {}

record! {
    /// A token for programs.
    ApiTokenRecord of ApiToken {
        user: u128,
        id: u128,
        name: String,
        hash: [u8; 32],
        scopes: Vec<Number<TokenScope>>,
        created: Timestamp,
        expires: Timestamp,
        used: Option<Timestamp>,
    }
}

impl Record for ApiTokenRecord {}

record! {
    /// A link that is good once.
    LinkRecord of OneTimeLink {
        user: u128,
        hash: [u8; 32],
        kind: Number<LinkKind>,
        mail: Option<SealedRecord>,
        created: Timestamp,
        expires: Timestamp,
    }
}

impl Record for LinkRecord {}

record! {
    /// Failed tries to sign in to one account.
    AccountFailuresRecord of AccountFailures {
        strangers: FailureCountRecord,
        known: FailureCountRecord,
    }
}

impl Record for AccountFailuresRecord {}

record! {
    /// Failed tries, counted.
    FailureCountRecord of FailureCount {
        window: Timestamp,
        in_window: u32,
        day: Timestamp,
        in_day: u32,
        last: Timestamp,
    }
}

impl Record for FailureCountRecord {}
