//! The store: one redb file that holds the truth.
//!
//! Owns the tables, the stored record shapes and the transactions; nothing
//! outside names redb or bincode. Start at `tables.rs`: its docs are the schema.
//! [`Store::read`] and [`Store::write`] run a synchronous closure over one
//! transaction; [`ReadTx`] and [`WriteTx`] have a method per question.
//!
//! A write that returned is on disk. A write closure that fails leaves nothing.
//! Stored bytes are checked when read, and what does not decode is an error.

mod ages;
mod aside;
mod codec;
mod days;
mod digest;
mod disk;
mod error;
mod facts;
mod handle;
mod jobs;
mod leaders;
mod lines;
mod migrate;
mod moves;
mod open;
mod read;
mod record;
mod registry;
mod reviews;
mod room;
mod snapshot;
mod sources;
mod tables;
mod tx;
mod write;

pub use ages::LONG as LONG_READ;
pub use codec::{decode_value, encode_value};
pub use digest::{Digest, TableDigest};
pub use disk::{Disk, DiskFile, Files};
pub use error::{OpenError, StoreError};
pub use facts::PlayerFacts;
pub use moves::RosterStatus;
pub use open::{Config, FILE, Opening};
pub use read::{Affiliation, BoardMeta, Quarantined, ReadTx, StoredBoard, StoredPrediction};
pub use registry::{ArmCounts, Challenge, ModelDecision, ModelState, RunFigures, TrainingRun};
pub use room::Reserve;
pub use snapshot::{Contents, Identity, SnapshotError, TableSum, check_copy, identify, schema};
pub use sources::{KeptBody, QualityReport, SourceState};
pub use tx::Store;
pub use write::{Change, WriteTx};

/// Result of a store operation.
pub type Result<T> = std::result::Result<T, StoreError>;
