//! The store: one redb file that holds the truth.
//!
//! Owns the tables, the stored record shapes and the transactions; nothing
//! outside names redb or bincode. Start at `tables.rs`: its docs are the schema.
//! [`Store::read`] and [`Store::write`] run a synchronous closure over one
//! transaction; [`ReadTx`] and [`WriteTx`] have a method per question.
//!
//! A write that returned is on disk. A write closure that fails leaves nothing.
//! Stored bytes are checked when read, and what does not decode is an error.

mod codec;
mod error;
mod file;
mod record;
mod rows;
mod tables;
mod tx;

pub use codec::{decode_value, encode_value};
pub use error::{OpenError, StoreError};
pub use file::disk::{Disk, DiskFile, Files};
pub use file::head::{Identity, identify, schema};
pub use file::open::{Config, FILE, Opening};
pub use file::read_ages::LONG as LONG_READ;
pub use file::reserve::Reserve;
pub use file::snapshot::{Contents, SnapshotError, check_copy};
pub use file::store::Store;
pub use record::boards::{BoardMeta, StoredBoard};
pub use record::changes::Touched;
pub use record::day_board::{DAY_GROUPS, DayBoard, DayLine, DayStanding};
pub use record::models::{
    ArmCounts, Challenge, ModelDecision, ModelState, RunFigures, TrainingRun,
};
pub use record::player_facts::PlayerFacts;
pub use record::predictions::StoredPrediction;
pub use record::quarantine::Quarantined;
pub use record::rosters::{Affiliation, RosterStatus};
pub use record::sources::{KeptBody, QualityReport, SourceState};
pub use rows::changes::TruthChange;
pub use rows::days::{DayWord, KeptDay};
pub use rows::erasure::RowsAbout;
pub use tables::{TABLE_KINDS, TableKind};
pub use tx::digest::{Digest, TableSum};
pub use tx::read::ReadTx;
pub use tx::write::{Change, WriteTx};

/// Result of a store operation.
pub type Result<T> = std::result::Result<T, StoreError>;
