//! Each day's board: what was shown on it, kept.

use jiff::civil::Date;

use crate::store::error::StoreError;
use crate::store::record::boards::BoardMeta;
use crate::store::record::days::DayRecord;
use crate::store::record::shape::{date, day};
use crate::store::tables::{DAY_BOARDS, DAY_PAYLOADS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Days whose boards are kept, oldest first, with what made each.
    pub fn day_boards(&self) -> Result<Vec<(Date, BoardMeta)>, StoreError> {
        self.scan(&DAY_BOARDS, .., |on, record| Ok((date(on), record.meta())))
    }

    /// The board kept of a day, compressed by whoever kept it.
    pub fn day_board(&self, on: Date) -> Result<Option<Vec<u8>>, StoreError> {
        match self.row(&DAY_BOARDS, day(on))? {
            Some(record) => self.row(&DAY_PAYLOADS, record.payload.as_str()),
            None => Ok(None),
        }
    }
}

impl WriteTx {
    /// Keeps a day's board in place of one kept of the day before; equal content is
    /// stored once. Says whether it differs from the newest kept before.
    pub fn keep_day_board(
        &mut self,
        on: Date,
        meta: &BoardMeta,
        compressed: &Vec<u8>,
    ) -> Result<bool, StoreError> {
        let payload = blake3::hash(compressed).to_hex().to_string();
        let earlier = self.all(&DAY_BOARDS)?;
        let differs = earlier
            .last()
            .is_none_or(|newest| newest.payload != payload);
        self.put(&DAY_PAYLOADS, payload.as_str(), compressed)?;
        let record = DayRecord {
            season: meta.season.0,
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
            payload,
        };
        self.put(&DAY_BOARDS, day(on), &record)?;
        self.drop_unnamed_payloads()?;
        Ok(differs)
    }

    /// Drops the boards of days.
    pub fn drop_day_boards(&mut self, days: &[Date]) -> Result<(), StoreError> {
        for &on in days {
            self.remove(&DAY_BOARDS, day(on))?;
        }
        self.drop_unnamed_payloads()
    }

    fn drop_unnamed_payloads(&mut self) -> Result<(), StoreError> {
        let named: std::collections::HashSet<String> = self
            .all(&DAY_BOARDS)?
            .into_iter()
            .map(|record| record.payload)
            .collect();
        self.retain(&DAY_PAYLOADS, |payload| named.contains(*payload))
    }
}
