//! What lets somebody in: password, second factor, sessions, tokens, links; and what
//! is counted of those who failed. Secrets are here as hashes, or sealed.

use jiff::{SignedDuration, Timestamp};

use super::user::{Sealed, UserId, words};

/// SHA-256 of a secret of at least 128 random bits.
pub type SecretHash = [u8; 32];

/// What somebody proves who he is with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Hash of the password in the PHC string format; empty while none was chosen.
    pub password: String,
    /// When the password was chosen.
    pub changed: Timestamp,
    /// The second factor, where he has one or is about to.
    pub second_factor: Option<SecondFactor>,
}

/// A code that changes every half minute, and codes for the day the device is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The seed of the codes, sealed.
    pub seed: Sealed,
    /// False until a first code was right: only then it is asked for.
    pub confirmed: bool,
    /// Number of the newest half minute whose code was used; no older is taken.
    pub last_step: u64,
    /// Recovery codes that were not used.
    pub recovery: Vec<SecretHash>,
}

/// A sign-in on one device: a family of refresh tokens, of which one is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// Random number of the family.
    pub id: u128,
    /// The token that is good.
    pub current: SecretHash,
    /// The one it followed.
    pub previous: Option<SecretHash>,
    /// The good token, readable to whoever has the one it followed; empty when it
    /// followed none.
    pub successor: Vec<u8>,
    /// When the good one was made.
    pub rotated: Timestamp,
    /// When he signed in.
    pub created: Timestamp,
    /// What the device said it is.
    pub agent: String,
}

/// A token for programs, made by its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Whose.
    pub user: UserId,
    /// Random number of the token.
    pub id: u128,
    /// What its owner calls it.
    pub name: String,
    /// Its secret part.
    pub hash: SecretHash,
    /// What it is good for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created: Timestamp,
    /// Good until then.
    pub expires: Timestamp,
    /// When it was last used, within the hour.
    pub used: Option<Timestamp>,
}

words! {
    /// What a token for programs is good for. None changes how somebody signs in.
    TokenScope {
        /// Reading what its owner may read.
        Read = "read",
        /// Changing his profile and asking for new work.
        Write = "write",
        /// What the operator may, when its owner is one.
        Operate = "operate",
    }
}

/// A link that is good once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeLink {
    /// Whose; [`UserId::NOBODY`] before there is an account.
    pub user: UserId,
    /// Its secret part.
    pub hash: SecretHash,
    /// What it is for.
    pub kind: LinkKind,
    /// The new mail address, for a change of it.
    pub mail: Option<Sealed>,
    /// When it was made.
    pub created: Timestamp,
    /// Good until then.
    pub expires: Timestamp,
}

words! {
    /// What a link is for.
    LinkKind {
        /// Making the first operator.
        Setup = "setup",
        /// Choosing a password for the first time.
        Invitation = "invitation",
        /// Choosing a new password.
        Reset = "reset",
        /// Proving that a mail address is one's own.
        Verification = "verification",
    }
}

impl LinkKind {
    /// How long a link is good.
    pub fn lifetime(self) -> SignedDuration {
        match self {
            Self::Setup => SignedDuration::from_mins(30),
            Self::Reset => SignedDuration::from_hours(1),
            Self::Verification => SignedDuration::from_hours(24),
            Self::Invitation => SignedDuration::from_hours(7 * 24),
        }
    }
}

/// Failed tries to sign in to one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFailures {
    /// By devices that never signed in to it.
    pub strangers: FailureCount,
    /// By devices that did.
    pub known: FailureCount,
}

/// Failed tries, counted over ten minutes and over a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailureCount {
    /// When the ten minutes began.
    pub window: Timestamp,
    /// Failures in them.
    pub in_window: u32,
    /// When the day began.
    pub day: Timestamp,
    /// Failures in it.
    pub in_day: u32,
    /// The newest one.
    pub last: Timestamp,
}
