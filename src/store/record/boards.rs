//! Facts of boards.

use serde::{Deserialize, Serialize};

use super::shape::Record;
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

/// Facts of a board; its season is the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct BoardRecord {
    pub(in crate::store) model_id: String,
    pub(in crate::store) data_seq: u64,
}

impl Record for BoardRecord {}

impl BoardRecord {
    /// The facts of a season's board.
    pub(in crate::store) fn meta(self, season: u16) -> BoardMeta {
        BoardMeta {
            season: Season(season),
            model_id: self.model_id,
            data_seq: self.data_seq,
        }
    }
}
