//! What is remembered of sign-ins and of what was done to accounts.

use jiff::Timestamp;

use super::user::{UserId, words};

/// Something that its account's owner and the operator may want to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// When, to the microsecond.
    pub at: Timestamp,
    /// Whose account; [`UserId::NOBODY`] when it is nobody's.
    pub user: UserId,
    /// What.
    pub kind: AuditKind,
    /// Who did it.
    pub by: AuditActor,
    /// Where the request came from; empty when it was none.
    pub address: String,
    /// What else there is to say. Never a secret, never an address.
    pub detail: String,
}

words! {
    /// Who did something.
    AuditActor {
        /// The owner of the account, or who says he is.
        Owner = "owner",
        /// Somebody who may operate the site.
        Operator = "operator",
        /// Whoever has the data directory.
        Console = "command line",
        /// The program itself.
        Program = "program",
    }
}

words! {
    /// What was done.
    AuditKind {
        /// Signed in.
        SignedIn = "signed in",
        /// Tried to, and failed.
        Failed = "sign-in failed",
        /// Signed out.
        SignedOut = "signed out",
        /// Signed out on every device.
        SignedOutEverywhere = "signed out everywhere",
        /// A session was ended from a list of them.
        SessionEnded = "session ended",
        /// A refresh token was used again, and its session ended.
        TokenReused = "refresh token used twice, session ended",
        /// An account was made by its reader.
        Registered = "registered",
        /// Somebody wanted an account with an address that has one.
        RegisteredAgain = "registration with this address",
        /// An account was made by the operator.
        Invited = "invited",
        /// An invitation or a setup link was used.
        Joined = "joined",
        /// The password was changed.
        PasswordChanged = "password changed",
        /// A link for a new password was made.
        ResetAsked = "password reset asked for",
        /// A new password was chosen by a link.
        PasswordReset = "password reset",
        /// The mail address was changed.
        MailChanged = "mail address changed",
        /// The mail address was proved.
        MailVerified = "mail address verified",
        /// The name or the preferences were changed.
        ProfileChanged = "profile changed",
        /// The second factor was turned on.
        SecondFactorOn = "second factor turned on",
        /// The second factor was turned off.
        SecondFactorOff = "second factor turned off",
        /// A recovery code was used.
        RecoveryUsed = "recovery code used",
        /// A token for programs was made.
        ApiTokenMade = "API token made",
        /// A token for programs was ended.
        ApiTokenEnded = "API token ended",
        /// The role was changed.
        RoleChanged = "role changed",
        /// The tier was changed.
        TierChanged = "tier changed",
        /// The account was disabled.
        Disabled = "disabled",
        /// The account was enabled.
        Enabled = "enabled",
        /// Everything about the account was exported.
        Exported = "exported",
        /// An account was deleted, and with it everything about it.
        Deleted = "account deleted",
    }
}
