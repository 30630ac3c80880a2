//! What the read model asks of store, index and model, as interfaces, so that
//! it is tested with plain values.

use jiff::civil::Date;

use crate::domain::{
    Attribution, Comparable, Grade, History, Prediction, ProspectId, Role, Season, SnapshotId,
    Transaction, Verdict,
};
use crate::rankings::board::data::BoardData;
use crate::rankings::board::ranking::Board;
use crate::rankings::error::SourceError;
use crate::store::DayStanding;

/// What is stored: boards, days, players. A read of one player takes microseconds,
/// whole boards and lists longer; the web asks for all of them off its async threads.
pub trait Source: Send + Sync {
    /// Seasons with a stored board, in any order.
    fn seasons(&self) -> Result<Vec<Season>, SourceError>;
    /// The stored board of a season.
    fn board(&self, season: Season) -> Result<Option<BoardData>, SourceError>;

    /// Days whose boards are kept, oldest first.
    fn days(&self) -> Result<Vec<Date>, SourceError>;
    /// The board kept of a day.
    fn day_board(&self, day: Date) -> Result<DayAnswer, SourceError>;
    /// What every kept day says of a player, oldest first; days that can't be read are
    /// left out.
    fn standings(&self, id: ProspectId) -> Result<Vec<(Date, DayStanding)>, SourceError>;
    /// Roster transactions from the first to the last of some days.
    fn transactions(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError>;

    /// Everything known of a player; `None` when nobody has the id.
    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError>;
    /// A player's name; `None` when nobody has the id.
    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError>;
    /// The nearest past snapshots of a snapshot, nearest first; empty when none are
    /// stored.
    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError>;

    /// All past predictions with their outcomes, in any order.
    fn verdicts(&self) -> Result<Vec<Verdict>, SourceError>;
    /// One player's past predictions with their outcomes, oldest season first.
    fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError>;
    /// Every dated entry with an overall rank of a published list.
    fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError>;
}

/// The board kept of a day.
#[derive(Debug)]
pub enum DayAnswer {
    /// None is kept of it.
    Gone,
    /// What is kept can't be read; why.
    Unreadable(String),
    /// The board.
    Kept(Box<Board>),
}

/// Search by name.
pub trait NameSearch: Send + Sync {
    /// The best matches first, with a score.
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError>;
    /// True while the index lags behind the store.
    fn is_stale(&self) -> bool;
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
