//! Boards kept by day.

use serde::{Deserialize, Serialize};

use super::boards::BoardMeta;
use super::shape::Record;
use crate::domain::Season;

/// Facts of a day's board; `payload` names its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct DayRecord {
    pub(in crate::store) season: u16,
    pub(in crate::store) model_id: String,
    pub(in crate::store) data_seq: u64,
    pub(in crate::store) payload: String,
}

impl Record for DayRecord {}

impl DayRecord {
    /// What made the board.
    pub(in crate::store) fn meta(&self) -> BoardMeta {
        BoardMeta {
            season: Season(self.season),
            model_id: self.model_id.clone(),
            data_seq: self.data_seq,
        }
    }
}
