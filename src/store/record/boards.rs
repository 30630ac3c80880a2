//! Facts of boards.

use serde::{Deserialize, Serialize};

use crate::domain::Season;

/// Facts of a stored board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardMeta {
    /// Season whose end it describes.
    pub season: Season,
    /// Version of the model that made it.
    pub model_id: String,
    /// Change sequence of the data it was made from.
    pub data_seq: u64,
}

/// A board and its facts.
#[derive(Clone, Debug)]
pub struct StoredBoard<T> {
    /// Its facts.
    pub meta: BoardMeta,
    /// The board.
    pub board: T,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct BoardRecord {
    pub(in crate::store) model_id: String,
    pub(in crate::store) data_seq: u64,
}
