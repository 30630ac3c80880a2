//! Every table of the store. These docs are the schema.
//!
//! Keys are numbers and short strings that sort as wanted; values are records
//! in the envelope of `codec.rs`. Players are keyed by [`crate::domain::ProspectId`],
//! seasons by year. *Truth* tables hold what was imported; *derived* ones can be
//! dropped and made again.

use std::marker::PhantomData;

use redb::{Key, ReadableTable, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec;
use super::error::StoreError;
use super::record::boards::BoardRecord;
use super::record::days::DayRecord;
use super::record::grades::GradeRecord;
use super::record::lines::{BattingRecord, PitchingRecord};
use super::record::models::{ArmCounts, ModelDecision, ModelState, TrainingRun};
use super::record::players::{LimitsRecord, MlbRecord, PlayerRecord};
use super::record::predictions::PredictionRecord;
use super::record::quarantine::QuarantineRecord;
use super::record::rosters::{AffiliationRecord, RosterRecord};
use super::record::sources::{KeptBody, QualityReport, SourceState};
use crate::domain::{Comparable, DraftPick, Job, LeaderCounts, Review, Transaction, Verdict};

/// A table whose rows decode to `R`.
pub(super) struct Table<K: Key + 'static, R> {
    name: &'static str,
    record: PhantomData<(K, R)>,
}

/// A redb table of ours, open for reading.
pub(super) trait Rows<K: Key + 'static>: ReadableTable<K, &'static [u8]> {}
impl<K: Key + 'static, T: ReadableTable<K, &'static [u8]>> Rows<K> for T {}

impl<K: Key + 'static, R: Serialize + DeserializeOwned> Table<K, R> {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
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
        codec::decode_value(bytes).map_err(|reason| self.damaged(key(), reason))
    }

    /// Encodes a record of this table.
    pub(super) fn encode(&self, record: &R) -> Result<Vec<u8>, StoreError> {
        codec::encode_value(record).map_err(StoreError::Encode)
    }
}

/// Declares the tables and, once, the list of all of them.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $record:ty, $text:literal;)+) => {
        $($(#[$doc])* pub(super) const $name: Table<$key, $record> = Table::new($text);)+

        /// Calls `$do!(TABLE)` for every table, in order.
        macro_rules! for_each_table {
            ($do:ident) => { $($do!($name);)+ };
        }
        pub(super) use for_each_table;
    };
}

tables! {
    /// Player → who he is. Truth. A missing row means the player is unknown.
    PROSPECTS: u32 => PlayerRecord, "prospects";
    /// (player, season, month) → his batting lines to date in that month's
    /// partition. Truth. One player's history is one range scan; a complete
    /// season stands in month 12. A missing row means he did not bat.
    BATTING: (u32, u16, u8) => Vec<BattingRecord>, "batting";
    /// (player, season, month) → his pitching lines to date. Truth. As `batting`.
    PITCHING: (u32, u16, u8) => Vec<PitchingRecord>, "pitching";
    /// (season, month, player) → nothing: who has lines in a month's partition,
    /// so that the month can be dropped as a unit. Derived from the two above.
    MONTHS: (u16, u8, u32) => (), "months";
    /// (player, season) → his major-league season. Truth. A missing row means he
    /// did not play in the majors, as far as known.
    MLB_SEASONS: (u32, u16) => MlbRecord, "mlb_seasons";
    /// Player → when he passed the rookie limits. Truth. A missing row means
    /// nothing is known beyond his major-league seasons.
    ROOKIE_LIMITS: u32 => LimitsRecord, "rookie_limits";
    /// (player, `source/list/date`) → his grade or rank there. Truth.
    GRADES: (u32, &'static str) => GradeRecord, "grades";
    /// Publisher and person, hashed → somebody on a list who could not be told for
    /// certain, and what the operator said of him. Truth.
    REVIEWS: &'static str => Review, "reviews";
    /// (player, season, role, level as published) → what FanGraphs counts there.
    /// Truth, only compared with our own lines. An empty level is the whole season.
    LEADERS: (u32, u16, u8, &'static str) => LeaderCounts, "leaders";
    /// (player, year) → his draft selection. Truth. A missing row means unmatched
    /// or undrafted.
    DRAFT_PICKS: (u32, u16) => DraftPick, "draft_picks";
    /// (team id, season) → the club's name in that season. Truth.
    TEAMS: (u32, u16) => String, "teams";
    /// (player, day) → his organisation, club and level as of a day (days since
    /// 1970-01-01). Truth. History is never overwritten.
    AFFILIATIONS: (u32, i32) => AffiliationRecord, "affiliations";
    /// (player, day, the source's number) → a roster transaction. Truth.
    TRANSACTIONS: (u32, i32, u32) => Transaction, "transactions";
    /// (player, day) → his status on a 40-man roster from that day on. Truth. A
    /// row stands only where the status changed; an empty code means that he left.
    ROSTER_STATUS: (u32, i32) => RosterRecord, "roster_status";
    /// (player, season, role, model) → the prediction and when it was first made.
    /// Kept for ever: past predictions are the product's record.
    PREDICTIONS: (u32, u16, u8, &'static str) => PredictionRecord, "predictions";
    /// (season, player, role) → the nearest past snapshots as of the season, nearest
    /// first. Derived, replaced season by season.
    COMPARABLES: (u16, u32, u8) => Vec<Comparable>, "comparables";
    /// Season → facts of its newest board. Derived.
    BOARDS: u16 => BoardRecord, "boards";
    /// Season → the board itself, a value whose type only its owner knows. Derived.
    BOARD_PAYLOADS: u16 => (), "board_payloads";
    /// Day (since 1970-01-01) → facts of the board shown on it. Operational: past
    /// boards can't be made again.
    DAY_BOARDS: i32 => DayRecord, "day_boards";
    /// Content hash → a day's board, compressed by its owner.
    DAY_PAYLOADS: &'static str => Vec<u8>, "day_payloads";
    /// (player, season, role) → what would have been said of him then, by a model
    /// that had seen nothing later, and what happened. Derived: the report card is
    /// made from these, and `afwd report-card` makes them again.
    VERDICTS: (u32, u16, u8) => Verdict, "verdicts";
    /// (directory/file, line) → a row an import refused. Truth. An import of the
    /// file replaces what an earlier one left.
    QUARANTINE: (&'static str, u32) => QuarantineRecord, "quarantine";
    /// Run number, from 1 → a run of training: parameters, hashes, figures, time.
    /// Kept for ever.
    TRAINING_RUNS: u32 => TrainingRun, "training_runs";
    /// 0 → which model is champion, which ones were, and the challenge under way.
    /// A missing row means that the newest allowed model is used.
    MODEL_STATE: u8 => ModelState, "model_state";
    /// Number, from 1 → a promotion, rollback or challenge. Kept for ever.
    MODEL_LOG: u32 => ModelDecision, "model_log";
    /// Season → its newest drift report, a value whose type only its owner knows.
    /// Derived.
    DRIFT: u16 => Vec<u8>, "drift";
    /// (challenge, arm) → boards and profiles served to that arm's readers.
    ARM_COUNTS: (&'static str, &'static str) => ArmCounts, "arm_counts";
    /// Season → facts of the challenger's newest board. Derived; dropped when the
    /// challenge ends.
    CHALLENGER_BOARDS: u16 => BoardRecord, "challenger_boards";
    /// Season → the challenger's board itself. Derived.
    CHALLENGER_PAYLOADS: u16 => (), "challenger_payloads";
    /// Number, from 1 → a job: payload, steps, state. Operational. The oldest that
    /// are over are forgotten.
    JOBS: u64 => Job, "jobs";
    /// (name, key) → number of the job that has the key. Operational, kept for
    /// ever: a job of a past day is never made twice.
    JOB_KEYS: (&'static str, &'static str) => u64, "job_keys";
    /// Source → terms, freshness, last failure. Operational. A missing row means
    /// that it was never asked.
    SOURCES: &'static str => SourceState, "sources";
    /// (day, host) → requests made. Operational: budgets hold across restarts.
    BUDGETS: (i32, &'static str) => u32, "budgets";
    /// Address → body with its validators, for conditional requests. Operational.
    KEPT_BODIES: &'static str => KeptBody, "kept_bodies";
    /// (run, ask, offset) → a fetched page, compressed, until the run is applied.
    /// Operational: an interrupted run asks for nothing twice.
    STAGED: (&'static str, &'static str, u32) => Vec<u8>, "staged";
    /// (day, source) → what the checks of the day's data found. Operational.
    QUALITY: (i32, &'static str) => QualityReport, "quality";
}

/// Name → a fact about the store itself: `schema` (u32), `instance` (the store's
/// random name), `changes` (u64, the change sequence), `simulated` (bool), and
/// while a migration is under way `migrating` (u32, u32: the version it leads to,
/// the next step). A missing `schema` or `instance` means the file is not ours.
pub(super) const META: TableDefinition<'static, &'static str, &'static [u8]> =
    TableDefinition::new("meta");
