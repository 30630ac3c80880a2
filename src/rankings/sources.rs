//! What the read model asks of store, index and model, as interfaces, so that
//! it is tested with plain values.

use super::board::BoardData;
use super::error::SourceError;
use crate::domain::{Attribution, History, Prediction, ProspectId, Role, Season};

/// Stored boards.
pub trait Boards: Send + Sync {
    /// Seasons with a stored board, in any order.
    fn seasons(&self) -> Result<Vec<Season>, SourceError>;
    /// The stored board of a season.
    fn load(&self, season: Season) -> Result<Option<BoardData>, SourceError>;
}

/// Everything known about single players. A read takes microseconds, so async
/// code calls it in place: handing it to another thread would cost more.
pub trait Histories: Send + Sync {
    /// The player's history, or `None` when nobody has the id.
    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError>;
}

/// Search by name.
pub trait NameSearch: Send + Sync {
    /// The best matches first, with a score.
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError>;
    /// True while the index lags behind the store.
    fn is_stale(&self) -> bool;
}

/// A prediction computed on request.
#[derive(Clone, Debug, PartialEq)]
pub struct Fresh {
    /// Role it was made for: the more probable of a two-way player's two.
    pub role: Role,
    /// The model's answer.
    pub prediction: Prediction,
    /// Its exact explanation.
    pub attribution: Attribution,
    /// Version of the model.
    pub model_id: String,
}

/// Computes predictions; takes a fraction of a millisecond to several.
pub trait Predictor: Send + Sync {
    /// The prediction at the end of `season`; `Err(reason)` inside when the
    /// player is no prospect then (graduated, or no line in the window).
    fn predict(&self, id: ProspectId, season: Season)
    -> Result<Result<Fresh, String>, SourceError>;
}
