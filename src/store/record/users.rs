//! People with accounts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{Preferences, Sealed, Theme, Tier, Units, User, UserId, UserRole, UserState};

record! {
    /// An account.
    UserRecord of User {
        id: u128,
        mail: SealedRecord,
        name: String,
        role: Number<UserRole>,
        tier: Number<Tier>,
        state: Number<UserState>,
        epoch: u32,
        mail_verified: bool,
        created: Timestamp,
        signed_in: Option<Timestamp>,
        preferences: PreferencesRecord,
    }
}

impl Record for UserRecord {}

record! {
    /// A sealed text.
    SealedRecord of Sealed {
        key: u32,
        bytes: Vec<u8>,
    }
}

record! {
    /// How he likes his pages.
    PreferencesRecord of Preferences {
        time_zone: String,
        theme: Number<Theme>,
        units: Number<Units>,
        league: String,
    }
}

/// Whose a mail address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct OwnerRecord(pub(in crate::store) u128);

impl Record for OwnerRecord {
    fn owner(&self) -> Option<UserId> {
        Some(UserId(self.0))
    }
}
