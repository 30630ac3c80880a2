//! What the read model asks of store, index and model, as interfaces, so that
//! it is tested with plain values.

use jiff::civil::Date;

use super::board::BoardData;
use super::error::SourceError;
use crate::domain::{
    Attribution, Comparable, Grade, History, Prediction, ProspectId, Role, Season, SnapshotId,
    Transaction, Verdict,
};

/// Stored boards.
pub trait Boards: Send + Sync {
    /// Seasons with a stored board, in any order.
    fn seasons(&self) -> Result<Vec<Season>, SourceError>;
    /// The stored board of a season.
    fn load(&self, season: Season) -> Result<Option<BoardData>, SourceError>;
}

/// What happened day by day.
pub trait Days: Send + Sync {
    /// Days whose boards are kept, oldest first.
    fn days(&self) -> Result<Vec<Date>, SourceError>;
    /// The board kept of a day.
    fn board(&self, day: Date) -> Result<Option<BoardData>, SourceError>;
    /// Roster transactions from the first to the last of some days.
    fn transactions(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError>;
}

/// Everything known about single players. A read takes microseconds, so async
/// code calls it in place: handing it to another thread would cost more.
pub trait Histories: Send + Sync {
    /// The player's history, or `None` when nobody has the id.
    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError>;
}

/// Nearest past snapshots; a read takes microseconds.
pub trait Comparables: Send + Sync {
    /// Those of a snapshot, nearest first; empty when none are stored.
    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError>;
    /// A player's name; `None` when nobody has the id.
    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError>;
}

/// Search by name.
pub trait NameSearch: Send + Sync {
    /// The best matches first, with a score.
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError>;
    /// True while the index lags behind the store.
    fn is_stale(&self) -> bool;
}

/// Past predictions with their outcomes.
pub trait Verdicts: Send + Sync {
    /// All of them, in any order.
    fn all(&self) -> Result<Vec<Verdict>, SourceError>;
    /// One player's, oldest season first.
    fn of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError>;
    /// Every dated entry with an overall rank of a published list.
    fn ranked(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError>;
}

/// Computes predictions; takes microseconds.
pub trait Predictor: Send + Sync {
    /// What model `model_id` says of a row of the role's features; `evaluated`
    /// is the snapshot's.
    fn predict(
        &self,
        model_id: &str,
        role: Role,
        features: &[f32],
        evaluated: bool,
    ) -> Result<(Prediction, Attribution), SourceError>;
}
