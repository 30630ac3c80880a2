//! Plain values of the product: no IO, no clock, no other module of this crate.
//!
//! Start at [`History`]: everything known about one player, which is what the
//! feature code reads. [`Prediction`] and [`Attribution`] are what comes back.
//! Times and seeds are always passed in; nothing here reads the system.

mod as_of;
mod audit;
mod code;
mod comparable;
mod folding;
mod franchise;
mod history;
mod ids;
mod job;
mod late_bloomer;
mod leaders;
mod level;
mod line;
mod mlb;
pub mod name;
mod nicknames;
mod positions;
mod prediction;
mod prospect;
mod quality;
mod review;
mod roster;
mod scouting;
mod season;
mod sign_in;
mod subscription;
mod totals;
mod transaction;
mod user;
mod verdict;
mod withheld;

pub use as_of::AsOf;
pub use audit::{AuditActor, AuditEvent, AuditKind};
pub use code::Code;
pub use comparable::{Aftermath, Comparable};
pub use folding::fold;
pub(crate) use folding::{join_initials, raw_words};
pub use franchise::Franchise;
pub use history::{History, SnapshotId};
pub use ids::{MlbamId, ParseIdError, ProspectId};
pub use job::{Job, JobState, Step, StepState};
pub use late_bloomer::{AgeCount, AgeingCurve, FineWine, LateBloomer, PastBloomer, SKILLS};
pub use leaders::{LeaderCounts, LeaderLine};
pub use level::{Level, Position, Role, UnknownName};
pub use line::{BattingCounts, BattingLine, Club, PitchingCounts, PitchingLine};
pub use mlb::{MlbSeason, RookieLimits};
pub use nicknames::equivalents;
pub use positions::Positions;
pub use prediction::{Attribution, Confidence, Contribution, Group, Horizons, Prediction, SEASONS};
pub use prospect::{Hand, OtherIds, Prospect};
pub use quality::{Check, DriftLevel, Finding, Severity};
pub use review::{Decision, Review};
pub use roster::{OnRoster, RosterMove, RosterStep, on_roster};
pub use scouting::{DraftPick, Grade, Sample, Tool};
pub use season::Season;
pub use sign_in::{
    AccountFailures, ApiToken, Credential, FailureCount, LinkKind, OneTimeLink, SecondFactor,
    SecretHash, Session, TokenScope,
};
pub use subscription::{PAYMENT_GRACE, Subscription, SubscriptionStatus};
pub use totals::{ClubLine, counts_sum, without_totals};
pub use transaction::{Transaction, TransactionClub, TransactionKind};
pub use user::{
    Preferences, PremiumFor, Registration, Sealed, Theme, Tier, Units, UnknownWord, User, UserId,
    UserRole, UserState,
};
pub use verdict::{MajorsInWindow, Verdict};
pub use withheld::Withheld;
