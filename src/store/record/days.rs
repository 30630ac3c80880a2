//! Boards kept by day: which there are, and how each is kept.

use serde::{Deserialize, Serialize};

use super::boards::BoardMeta;
use super::shape::{Day, Record};
use crate::domain::Season;
use crate::store::codec;

/// Facts of a day's board, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct DayRecord {
    pub(in crate::store) season: u16,
    pub(in crate::store) model_id: String,
    pub(in crate::store) data_seq: u64,
    /// Hash of the whole board as the first releases kept it; such a day has no columns.
    pub(in crate::store) whole: Option<String>,
    /// The columns that hold the board.
    pub(in crate::store) columns: Option<ColumnsRecord>,
}

/// Which columns hold a day's board. Days on which nothing changed share those of the
/// day that did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct ColumnsRecord {
    /// The day under which they stand.
    pub(in crate::store) of: Day,
    /// Version of the columns.
    pub(in crate::store) form: u8,
    /// The day beside whose columns they are written; `None` where they stand alone.
    pub(in crate::store) base: Option<Day>,
    /// How many days one must read before them.
    pub(in crate::store) links: u8,
    /// True for the demo league.
    pub(in crate::store) simulated: bool,
}

/// As it was while every day was kept whole.
#[derive(Deserialize)]
struct WholeDay {
    season: u16,
    model_id: String,
    data_seq: u64,
    payload: String,
}

impl Record for DayRecord {
    const VERSION: u8 = 2;

    fn of_earlier(version: u8, body: &[u8]) -> Result<Self, String> {
        if version != 1 {
            return Err(codec::unknown_version(version));
        }
        let day: WholeDay = codec::read_body(body)?;
        Ok(Self {
            season: day.season,
            model_id: day.model_id,
            data_seq: day.data_seq,
            whole: Some(day.payload),
            columns: None,
        })
    }
}

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
