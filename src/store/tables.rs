//! Every table of the store. These docs are the schema.
//!
//! Keys are numbers and short strings that sort as wanted; values are records, each
//! in the envelope of `codec.rs`. Players are keyed by [`crate::domain::ProspectId`],
//! seasons by year. Before the name stands the table's [`TableKind`].

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use redb::{Key, ReadableTable, TableDefinition};

use super::error::StoreError;
use super::record::audit::AuditRecord;
use super::record::boards::BoardRecord;
use super::record::changes::ChangeRecord;
use super::record::days::DayRecord;
use super::record::grades::GradeRecord;
use super::record::jobs::JobRecord;
use super::record::late_bloomers::FineWineRecord;
use super::record::leaders::LeaderRecord;
use super::record::lines::{BattingRecord, PitchingRecord};
use super::record::models::{ArmCounts, ModelDecision, ModelState, TrainingRun};
use super::record::players::{DraftRecord, LimitsRecord, MlbRecord, PlayerRecord};
use super::record::predictions::{ComparableRecord, PredictionRecord, VerdictRecord};
use super::record::quarantine::QuarantineRecord;
use super::record::reviews::ReviewRecord;
use super::record::rosters::{AffiliationRecord, RosterRecord, TransactionRecord};
use super::record::shape::{Opaque, Record};
use super::record::sign_in::{
    AccountFailuresRecord, ApiTokenRecord, CredentialRecord, FailureCountRecord, LinkRecord,
    SessionRecord,
};
use super::record::sources::{KeptBody, QualityRecord, SourceState};
use super::record::subscriptions::SubscriptionRecord;
use super::record::users::{OwnerRecord, UserRecord};
use crate::domain::UserId;

/// What a table holds, which decides what happens to it:
///
/// | kind | in the digest, raises the change sequence | in backups | may be given to others |
/// | --- | --- | --- | --- |
/// | truth | yes | yes | yes |
/// | derived | no | yes | made again from the truth |
/// | kept | no | yes | yes |
/// | operational | no | yes | no |
/// | personal | no | yes | no, and erased when the person asks |
/// | secret | no | yes | no, and never shown |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// What was imported, and what the operator decided about it.
    Truth,
    /// Made from the truth: can be dropped and made again.
    Derived,
    /// The program's own record of what it said and decided: can't be made again.
    Kept,
    /// What the program needs to go on where it stopped.
    Operational,
    /// What people who use the program told it.
    Personal,
    /// What lets somebody in.
    Secret,
}

impl TableKind {
    /// True for what the digest covers: each change of it raises the change
    /// sequence and stands in the list of changes.
    pub fn is_truth(self) -> bool {
        self == Self::Truth
    }

    /// True for tables whose rows are about people with accounts: those rows go when
    /// the person does.
    pub fn is_about_people(self) -> bool {
        matches!(self, Self::Personal | Self::Secret)
    }
}

impl fmt::Display for TableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Truth => "truth",
            Self::Derived => "derived",
            Self::Kept => "kept",
            Self::Operational => "operational",
            Self::Personal => "personal",
            Self::Secret => "secret",
        })
    }
}

/// A table whose rows decode to `R`.
pub(super) struct Table<K: Key + 'static, R> {
    name: &'static str,
    kind: TableKind,
    record: PhantomData<(K, R)>,
}

/// A redb table of ours, open for reading.
pub(super) trait Rows<K: Key + 'static>: ReadableTable<K, &'static [u8]> {}
impl<K: Key + 'static, T: ReadableTable<K, &'static [u8]>> Rows<K> for T {}

impl<K: Key + 'static, R: Record> Table<K, R> {
    const fn new(name: &'static str, kind: TableKind) -> Self {
        Self {
            name,
            kind,
            record: PhantomData,
        }
    }

    /// The redb definition.
    pub(super) fn definition(&self) -> TableDefinition<'static, K, &'static [u8]> {
        TableDefinition::new(self.name)
    }

    /// Name of the table.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What it holds.
    pub(super) fn kind(&self) -> TableKind {
        self.kind
    }

    /// The error for a row that decodes to nonsense.
    pub(super) fn damaged(&self, key: String, reason: String) -> StoreError {
        StoreError::Damaged {
            table: self.name,
            key,
            reason,
        }
    }

    /// The row at `key`; `None` when there is none.
    pub(super) fn get<'k>(
        &self,
        rows: &impl Rows<K>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        match rows.get(&key)? {
            None => Ok(None),
            Some(value) => self.decode(value.value(), || format!("{key:?}")).map(Some),
        }
    }

    /// Decodes a row's bytes; `key` names it in the error.
    pub(super) fn decode(
        &self,
        bytes: &[u8],
        key: impl FnOnce() -> String,
    ) -> Result<R, StoreError> {
        R::decode(bytes).map_err(|reason| self.damaged(key(), reason))
    }

    /// Encodes a record of this table.
    pub(super) fn encode(&self, record: &R) -> Result<Vec<u8>, StoreError> {
        record.encode().map_err(StoreError::Encode)
    }
}

/// A key of a table.
pub(super) trait StoredKey: Key + 'static {
    /// Number of what the row is about: a player, in `teams` a club. `None` where
    /// rows are about nothing that has a number.
    fn subject(_key: &Self::SelfType<'_>) -> Option<u32> {
        None
    }

    /// Whose row it is, where the key says so: that of an account.
    fn owner(_key: &Self::SelfType<'_>) -> Option<UserId> {
        None
    }
}

/// Keys that say what their row is about.
macro_rules! about {
    ($($key:ty: $pattern:pat => $subject:expr;)+) => {
        $(impl StoredKey for $key {
            fn subject(key: &Self::SelfType<'_>) -> Option<u32> {
                let $pattern = key;
                Some(*$subject)
            }
        })+
    };
}

about! {
    u32: id => id;
    (u32, u16): (id, _) => id;
    (u32, u16, u8): (id, _, _) => id;
    (u32, u16, u8, &'static str): (id, _, _, _) => id;
    (u32, &'static str): (id, _) => id;
    (u32, i32): (id, _) => id;
    (u32, i32, u32): (id, _, _) => id;
    (u16, u8, u32): (_, _, id) => id;
    (u16, u32, u8): (_, id, _) => id;
}

/// Keys that say whose their row is.
macro_rules! owned {
    ($($key:ty: $pattern:pat => $owner:expr;)+) => {
        $(impl StoredKey for $key {
            fn owner(key: &Self::SelfType<'_>) -> Option<UserId> {
                let $pattern = key;
                Some(UserId(*$owner))
            }
        })+
    };
}

owned! {
    u128: id => id;
    (u128, u128): (id, _) => id;
    (u128, u64): (id, _) => id;
    (u128, &'static str): (id, _) => id;
}

impl StoredKey for u8 {}
impl StoredKey for u16 {}
impl StoredKey for u64 {}
impl StoredKey for i32 {}
impl StoredKey for &'static str {}
impl StoredKey for (i32, u8, u8) {}
impl StoredKey for (i32, &'static str) {}
impl StoredKey for (&'static str, u32) {}
impl StoredKey for (&'static str, &'static str) {}
impl StoredKey for (&'static str, &'static str, u32) {}

/// What is done with every table.
pub(super) trait EachTable {
    /// Why it stops.
    type Error;

    /// Does it with one.
    fn table<K: StoredKey, R: Record>(&mut self, table: &Table<K, R>) -> Result<(), Self::Error>;
}

/// Declares the tables and, once, the list of all of them.
macro_rules! tables {
    ($($(#[$doc:meta])* $kind:ident $name:ident: $key:ty => $record:ty, $text:literal;)+) => {
        $($(#[$doc])* pub(super) const $name: Table<$key, $record> =
            Table::new($text, TableKind::$kind);)+

        /// Calls `each` with every table, in order.
        pub(super) fn each_table<E: EachTable>(each: &mut E) -> Result<(), E::Error> {
            $(each.table(&$name)?;)+
            Ok(())
        }

        /// Every table but `meta`, with what it holds.
        pub const TABLE_KINDS: &[(&str, TableKind)] = &[$(($text, TableKind::$kind)),+];
    };
}

tables! {
    /// Player → who he is. A missing row means the player is unknown.
    Truth PROSPECTS: u32 => PlayerRecord, "prospects";
    /// (player, season, month) → his batting lines to date in that month's
    /// partition. One player's history is one range scan; a complete
    /// season stands in month 12. A missing row means he did not bat.
    Truth BATTING: (u32, u16, u8) => Vec<BattingRecord>, "batting";
    /// (player, season, month) → his pitching lines to date. As `batting`.
    Truth PITCHING: (u32, u16, u8) => Vec<PitchingRecord>, "pitching";
    /// (season, month, player) → nothing: who has lines in a month's partition, which
    /// answers what seasons there are. Written with the lines, in their transaction,
    /// so it is as true as they are and part of the digest.
    Truth MONTHS: (u16, u8, u32) => (), "months";
    /// (player, season) → his major-league season. A missing row means he
    /// did not play in the majors, as far as known.
    Truth MLB_SEASONS: (u32, u16) => MlbRecord, "mlb_seasons";
    /// Player → when he passed the rookie limits. A missing row means
    /// nothing is known beyond his major-league seasons.
    Truth ROOKIE_LIMITS: u32 => LimitsRecord, "rookie_limits";
    /// (player, `source/list/date`) → his grade or rank there.
    Truth GRADES: (u32, &'static str) => GradeRecord, "grades";
    /// Publisher and person, hashed → somebody on a list who could not be told for
    /// certain, and what the operator said of him.
    Truth REVIEWS: &'static str => ReviewRecord, "reviews";
    /// (player, season, role, level as published) → what FanGraphs counts there.
    /// Only compared with our own lines. An empty level is the whole season.
    Truth LEADERS: (u32, u16, u8, &'static str) => LeaderRecord, "leaders";
    /// (player, year) → his draft selection. A missing row means unmatched
    /// or undrafted.
    Truth DRAFT_PICKS: (u32, u16) => DraftRecord, "draft_picks";
    /// (team id, season) → the club's name in that season.
    Truth TEAMS: (u32, u16) => String, "teams";
    /// (player, day) → his organisation, club and level as of a day (days since
    /// 1970-01-01). History is never overwritten.
    Truth AFFILIATIONS: (u32, i32) => AffiliationRecord, "affiliations";
    /// (player, day, the source's number) → a roster transaction.
    Truth TRANSACTIONS: (u32, i32, u32) => TransactionRecord, "transactions";
    /// (player, day) → his status on a 40-man roster from that day on. A
    /// row stands only where the status changed; an empty code means that he left.
    Truth ROSTER_STATUS: (u32, i32) => RosterRecord, "roster_status";
    /// (player, season, role, model) → the prediction and when it was first made.
    /// Kept for ever: past predictions are the product's record.
    Kept PREDICTIONS: (u32, u16, u8, &'static str) => PredictionRecord, "predictions";
    /// (season, player, role) → the nearest past snapshots as of the season, nearest
    /// first. Replaced season by season.
    Derived COMPARABLES: (u16, u32, u8) => Vec<ComparableRecord>, "comparables";
    /// Season → facts of its newest board.
    Derived BOARDS: u16 => BoardRecord, "boards";
    /// Season → the board itself, a value whose type only its owner knows.
    Derived BOARD_PAYLOADS: u16 => Opaque, "board_payloads";
    /// Day (since 1970-01-01) → facts of the board shown on it. Past
    /// boards can't be made again.
    Kept DAY_BOARDS: i32 => DayRecord, "day_boards";
    /// (day, part, piece) → columns of the day's board, most often as differences from
    /// those of an earlier day. `record/day_numbers.rs` says what stands in them; a part
    /// is cut into pieces that fill their pages.
    Kept DAY_COLUMNS: (i32, u8, u8) => Vec<u8>, "day_columns";
    /// Day → the late bloomers of its board. A row stands where columns do.
    Kept DAY_BLOOMERS: i32 => FineWineRecord, "day_bloomers";
    /// Content hash → a day's whole board, as the first releases kept it and their
    /// owner compressed it.
    Kept DAY_PAYLOADS: &'static str => Vec<u8>, "day_payloads";
    /// (player, season, role) → what would have been said of him then, by a model
    /// that had seen nothing later, and what happened. The report card is
    /// made from these, and `afwd report-card` makes them again.
    Derived VERDICTS: (u32, u16, u8) => VerdictRecord, "verdicts";
    /// (directory/file, line) → a row an import refused. An import of the
    /// file replaces what an earlier one left.
    Truth QUARANTINE: (&'static str, u32) => QuarantineRecord, "quarantine";
    /// Run number, from 1 → a run of training: parameters, hashes, figures, time.
    /// Kept for ever.
    Kept TRAINING_RUNS: u32 => TrainingRun, "training_runs";
    /// 0 → which model is champion, which ones were, and the challenge under way.
    /// A missing row means that the newest allowed model is used.
    Kept MODEL_STATE: u8 => ModelState, "model_state";
    /// Number, from 1 → a promotion, rollback or challenge. Kept for ever.
    Kept MODEL_LOG: u32 => ModelDecision, "model_log";
    /// Season → its newest drift report, a value whose type only its owner knows.
    Derived DRIFT: u16 => Vec<u8>, "drift";
    /// (challenge, arm) → boards and profiles served to that arm's readers.
    Kept ARM_COUNTS: (&'static str, &'static str) => ArmCounts, "arm_counts";
    /// Season → facts of the challenger's newest board. Dropped when the
    /// challenge ends.
    Derived CHALLENGER_BOARDS: u16 => BoardRecord, "challenger_boards";
    /// Season → the challenger's board itself.
    Derived CHALLENGER_PAYLOADS: u16 => Opaque, "challenger_payloads";
    /// Number, from 1 → a job: payload, steps, state. The oldest that
    /// are over are forgotten.
    Operational JOBS: u64 => JobRecord, "jobs";
    /// (name, key) → number of the job that has the key. Kept for
    /// ever: a job of a past day is never made twice.
    Operational JOB_KEYS: (&'static str, &'static str) => u64, "job_keys";
    /// Source → terms, freshness, last failure. A missing row means
    /// that it was never asked.
    Operational SOURCES: &'static str => SourceState, "sources";
    /// (day, host) → requests made. Budgets hold across restarts.
    Operational BUDGETS: (i32, &'static str) => u32, "budgets";
    /// Address → body with its validators, for conditional requests.
    Operational KEPT_BODIES: &'static str => KeptBody, "kept_bodies";
    /// (run, ask, offset) → a fetched page, compressed, until the run is applied.
    /// An interrupted run asks for nothing twice.
    Operational STAGED: (&'static str, &'static str, u32) => Vec<u8>, "staged";
    /// (day, source) → what the checks of the day's data found.
    Operational QUALITY: (i32, &'static str) => QualityRecord, "quality";
    /// Change sequence → what that change of the truth touched. The newest of them,
    /// about 1 MB; who has not followed for longer begins anew.
    Operational CHANGES: u64 => ChangeRecord, "changes";
    /// Account → who he is. His mail address is sealed.
    Personal USERS: u128 => UserRecord, "users";
    /// Mail address, hashed under a key of the installation → whose it is.
    Personal USER_MAILS: &'static str => OwnerRecord, "user_mails";
    /// Account → hash of the password, and the second factor with its seed sealed. A
    /// missing row means that nobody can sign in to it yet.
    Secret CREDENTIALS: u128 => CredentialRecord, "credentials";
    /// (account, family) → a sign-in on one device, with hashes of its refresh tokens.
    Secret SESSIONS: (u128, u128) => SessionRecord, "sessions";
    /// (account, token) → a token for programs, hashed.
    Secret API_TOKENS: (u128, u128) => ApiTokenRecord, "api_tokens";
    /// (account, hash) → a link that is good once. Account 0 has the setup link.
    Secret ONE_TIME_LINKS: (u128, &'static str) => LinkRecord, "one_time_links";
    /// Account → failed tries to sign in to it. Only accounts that exist have rows.
    Personal SIGN_IN_FAILURES: u128 => AccountFailuresRecord, "sign_in_failures";
    /// Network → failed tries to sign in from it, `*` from all of them, `+` from those
    /// there was no room for. Not more than a few thousand rows.
    Operational ADDRESS_FAILURES: &'static str => FailureCountRecord, "address_failures";
    /// (account, microseconds since 1970) → what was done to it. Account 0 has what is
    /// nobody's.
    Personal AUDIT: (u128, u64) => AuditRecord, "audit";
    /// Account → his subscription.
    Personal SUBSCRIPTIONS: u128 => SubscriptionRecord, "subscriptions";
    /// The payment service's name of somebody → who he is.
    Personal CUSTOMERS: &'static str => OwnerRecord, "customers";
    /// Event of the payment service → when it was taken. Each is taken once; those
    /// that can't come again are forgotten.
    Operational PAYMENT_EVENTS: &'static str => Timestamp, "payment_events";
    /// Account → when it was deleted. Nothing else is known of it. Kept for ever, so
    /// that a restored backup forgets it again.
    Operational DELETIONS: u128 => Timestamp, "deletions";
}

/// Name → a fact about the store itself: `schema` (u32), `instance` (the store's
/// random name), `changes` (u64, the change sequence), `simulated` (bool), and
/// while a migration is under way `migrating` (u32, u32: the version it leads to,
/// the next step). A missing `schema` or `instance` means the file is not ours.
pub(super) const META: TableDefinition<'static, &'static str, &'static [u8]> =
    TableDefinition::new("meta");
