//! The boards of the champion and of a challenger, a value whose type only its
//! owner knows.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::Season;
use crate::store::codec::{decode_value, encode_value};
use crate::store::error::StoreError;
use crate::store::record::boards::{BoardMeta, BoardRecord, StoredBoard};
use crate::store::record::shape::Opaque;
use crate::store::tables::{BOARD_PAYLOADS, BOARDS, CHALLENGER_BOARDS, CHALLENGER_PAYLOADS, Table};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Facts of the stored boards, oldest season first.
    pub fn boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&BOARDS, .., |season, record| Ok(record.meta(season)))
    }

    /// The stored board of a season; `None` when there is none, or when it was
    /// written in a shape this version does not know (it is then made again).
    pub fn board<T: DeserializeOwned>(
        &self,
        season: Season,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let metas = self.boards()?;
        let Some(meta) = metas.into_iter().find(|meta| meta.season == season) else {
            return Ok(None);
        };
        self.payload(&BOARD_PAYLOADS, meta)
    }

    /// Facts of the challenger's boards, oldest season first.
    pub fn challenger_boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&CHALLENGER_BOARDS, .., |season, record| {
            Ok(record.meta(season))
        })
    }

    /// The challenger's board of a season; `None` as for [`ReadTx::board`].
    pub fn challenger_board<T: DeserializeOwned>(
        &self,
        season: Season,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let metas = self.challenger_boards()?;
        let Some(meta) = metas.into_iter().find(|meta| meta.season == season) else {
            return Ok(None);
        };
        self.payload(&CHALLENGER_PAYLOADS, meta)
    }

    /// A board; `None` when its bytes are damaged or of another shape.
    fn payload<T: DeserializeOwned>(
        &self,
        table: &Table<u16, Opaque>,
        meta: BoardMeta,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let Some(rows) = self.open(table)? else {
            return Ok(None);
        };
        let row = rows.get(meta.season.0)?;
        let board = row.and_then(|row| decode_value(row.value()).ok());
        Ok(board.map(|board| StoredBoard { meta, board }))
    }
}

impl WriteTx {
    /// Keeps the newest board of a season.
    pub fn put_board(
        &mut self,
        meta: &BoardMeta,
        board: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.put(&BOARDS, meta.season.0, &record(meta))?;
        self.put(&BOARD_PAYLOADS, meta.season.0, &payload(board)?)
    }

    /// Keeps the challenger's board of a season.
    pub fn put_challenger_board(
        &mut self,
        meta: &BoardMeta,
        board: &impl Serialize,
    ) -> Result<(), StoreError> {
        self.put(&CHALLENGER_BOARDS, meta.season.0, &record(meta))?;
        self.put(&CHALLENGER_PAYLOADS, meta.season.0, &payload(board)?)
    }

    /// Drops the challenger's boards.
    pub fn clear_challenger_boards(&mut self) -> Result<(), StoreError> {
        self.clear(&CHALLENGER_BOARDS)?;
        self.clear(&CHALLENGER_PAYLOADS)
    }
}

fn record(meta: &BoardMeta) -> BoardRecord {
    BoardRecord {
        model_id: meta.model_id.clone(),
        data_seq: meta.data_seq,
    }
}

fn payload(board: &impl Serialize) -> Result<Opaque, StoreError> {
    encode_value(board).map(Opaque).map_err(StoreError::Encode)
}
