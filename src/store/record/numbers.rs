//! The numbers under which the values of enums are stored.
//!
//! A number is given once and for ever: a new value takes one that was never used,
//! wherever it stands among the others, and a value that goes leaves its number
//! unused. A value without a number does not compile.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::shape::Form;
use crate::domain::{
    AuditActor, AuditKind, Check, Confidence, Hand, JobState, Level, LinkKind, Position, Role,
    Sample, Severity, StepState, SubscriptionStatus, Theme, Tier, TokenScope, Tool,
    TransactionKind, Units, UserRole, UserState,
};

/// An enum whose values have numbers.
pub(in crate::store) trait Numbered: Copy + 'static {
    /// The value's number.
    fn number(self) -> u8;

    /// The value with a number.
    ///
    /// # Errors
    /// When no value has it.
    fn of_number(number: u8) -> Result<Self, String>;
}

/// A value of an enum, stored as its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Number<E>(pub(in crate::store) E);

impl<E: Numbered> Serialize for Number<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.number())
    }
}

impl<'de, E: Numbered> Deserialize<'de> for Number<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = E::of_number(u8::deserialize(deserializer)?);
        value.map(Self).map_err(serde::de::Error::custom)
    }
}

impl<E: Numbered> Form<E> for Number<E> {
    fn of(value: &E) -> Self {
        Self(*value)
    }

    fn value(self) -> E {
        self.0
    }
}

macro_rules! numbers {
    ($($name:ident { $($value:ident = $number:literal),+ $(,)? })+) => {
        $(impl Numbered for $name {
            fn number(self) -> u8 {
                match self { $(Self::$value => $number),+ }
            }

            fn of_number(number: u8) -> Result<Self, String> {
                match number {
                    $($number => Ok(Self::$value),)+
                    _ => Err(format!(concat!("{} is the number of no ", stringify!($name)), number)),
                }
            }
        })+

        /// Every numbered value: enum, value, number.
        #[cfg(test)]
        pub(super) fn all_numbers() -> Vec<(&'static str, &'static str, u8)> {
            let mut all = Vec::new();
            $(all.extend([$((stringify!($name), stringify!($value), $number)),+]);)+
            all
        }
    };
}

numbers! {
    Role { Hitter = 0, Pitcher = 1 }
    Level { Rookie = 0, ShortSeasonA = 1, A = 2, HighA = 3, DoubleA = 4, TripleA = 5 }
    Position {
        P = 0, C = 1, B1 = 2, B2 = 3, B3 = 4, SS = 5, LF = 6, CF = 7, RF = 8, OF = 9, IF = 10,
        DH = 11, TWP = 12,
    }
    Hand { Left = 0, Right = 1, Switch = 2 }
    Confidence { Low = 0, Medium = 1, High = 2 }
    Tool {
        Hit = 0, GamePower = 1, RawPower = 2, Speed = 3, Field = 4, Arm = 5, PitchSelection = 6,
        BatControl = 7, Fastball = 8, Slider = 9, Curve = 10, Changeup = 11, Cutter = 12,
        Splitter = 13, Command = 14,
    }
    Sample { Full = 0, WithStats = 1, Partial = 2, Amateur = 3, FullTop100 = 4, Survivor = 5 }
    TransactionKind {
        Promotion = 0, Demotion = 1, Assignment = 2, InjuredList = 3, Activation = 4, Release = 5,
        Trade = 6, Claim = 7, Signing = 8, Retirement = 9, Other = 10,
    }
    JobState { Waiting = 0, Running = 1, Done = 2, Failed = 3, Cancelled = 4 }
    StepState { Waiting = 0, Running = 1, Done = 2, Failed = 3, Skipped = 4 }
    Check {
        Schema = 0, Completeness = 1, Duplicates = 2, Outliers = 3, Agreement = 4, Refused = 5,
        Freshness = 6,
    }
    Severity { Info = 0, Warning = 1, Critical = 2 }
    UserRole { Reader = 0, Operator = 1 }
    Tier { Free = 0, Premium = 1 }
    UserState { Invited = 0, Active = 1, Disabled = 2 }
    Theme { System = 0, Light = 1, Dark = 2 }
    Units { Imperial = 0, Metric = 1 }
    SubscriptionStatus {
        Incomplete = 0, IncompleteExpired = 1, Trialing = 2, Active = 3, PastDue = 4, Unpaid = 5,
        Canceled = 6, Paused = 7,
    }
    TokenScope { Read = 0, Write = 1, Operate = 2 }
    LinkKind { Setup = 0, Invitation = 1, Reset = 2, Verification = 3 }
    AuditActor { Owner = 0, Operator = 1, Console = 2, Program = 3 }
    AuditKind {
        SignedIn = 0, Failed = 1, SignedOut = 2, SignedOutEverywhere = 3, SessionEnded = 4,
        TokenReused = 5, Registered = 6, RegisteredAgain = 7, Invited = 8, Joined = 9,
        PasswordChanged = 10, ResetAsked = 11, PasswordReset = 12, MailChanged = 13,
        MailVerified = 14, ProfileChanged = 15, SecondFactorOn = 16, SecondFactorOff = 17,
        RecoveryUsed = 18, ApiTokenMade = 19, ApiTokenEnded = 20, RoleChanged = 21,
        TierChanged = 22, Disabled = 23, Enabled = 24, Exported = 25, Deleted = 26,
    }
}
