//! The boards of the champion and of a challenger, a value whose type only its
//! owner knows.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::Season;
use crate::store::error::StoreError;
use crate::store::record::boards::{BoardMeta, BoardRecord, StoredBoard};
use crate::store::tables::{BOARD_PAYLOADS, BOARDS, CHALLENGER_BOARDS, CHALLENGER_PAYLOADS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Facts of the stored boards, oldest season first.
    pub fn boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&BOARDS, .., |season, record| {
            let (model_id, data_seq) = (record.model_id, record.data_seq);
            Ok(BoardMeta {
                season: Season(season),
                model_id,
                data_seq,
            })
        })
    }

    /// The stored board of a season; `None` when there is none, or when it was
    /// written in a shape this version does not know (it is then made again).
    pub fn board<T: DeserializeOwned>(
        &self,
        season: Season,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let Some(meta) = self
            .boards()?
            .into_iter()
            .find(|meta| meta.season == season)
        else {
            return Ok(None);
        };
        let Some(rows) = self.open(&BOARD_PAYLOADS)? else {
            return Ok(None);
        };
        let Some(bytes) = rows.get(season.0)? else {
            return Ok(None);
        };
        Ok(crate::store::codec::decode_value(bytes.value())
            .ok()
            .map(|board| StoredBoard { meta, board }))
    }

    /// Facts of the challenger's boards, oldest season first.
    pub fn challenger_boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&CHALLENGER_BOARDS, .., |season, record| {
            let (model_id, data_seq) = (record.model_id, record.data_seq);
            Ok(BoardMeta {
                season: Season(season),
                model_id,
                data_seq,
            })
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
        let bytes = self.raw(&CHALLENGER_PAYLOADS, season.0)?;
        let board = bytes.and_then(|bytes| crate::store::codec::decode_value(&bytes).ok());
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
        let bytes = crate::store::codec::encode_value(board).map_err(StoreError::Encode)?;
        let record = BoardRecord {
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
        };
        self.tx
            .open_table(BOARDS.definition())?
            .insert(meta.season.0, BOARDS.encode(&record)?.as_slice())?;
        self.tx
            .open_table(BOARD_PAYLOADS.definition())?
            .insert(meta.season.0, bytes.as_slice())?;
        self.any = true;
        Ok(())
    }

    /// Keeps the challenger's board of a season.
    pub fn put_challenger_board(
        &mut self,
        meta: &BoardMeta,
        board: &impl Serialize,
    ) -> Result<(), StoreError> {
        let bytes = crate::store::codec::encode_value(board).map_err(StoreError::Encode)?;
        let record = BoardRecord {
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
        };
        self.put_made(&CHALLENGER_BOARDS, meta.season.0, &record)?;
        self.put_raw(&CHALLENGER_PAYLOADS, meta.season.0, &bytes)
    }

    /// Drops the challenger's boards.
    pub fn clear_challenger_boards(&mut self) -> Result<(), StoreError> {
        self.clear(&CHALLENGER_BOARDS)?;
        self.clear(&CHALLENGER_PAYLOADS)
    }
}
