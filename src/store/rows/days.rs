//! Each day's board: what was shown on it, kept.
//!
//! A day is written beside the one before it, as the differences, and every so often by
//! itself, so that reading one takes few rows. A day on which nothing changed is a row
//! that names the columns of the day before. What can't be read is an error of that
//! day alone: [`StoreError::Damaged`].

use jiff::civil::Date;
use redb::ReadableTable;

use crate::domain::{FineWine, ProspectId, Season};
use crate::store::error::StoreError;
use crate::store::record::boards::BoardMeta;
use crate::store::record::day_board::{DayBoard, DayStanding};
use crate::store::record::day_numbers::{DayColumns, FORM, PARTS};
use crate::store::record::days::{ColumnsRecord, DayRecord};
use crate::store::record::late_bloomers::FineWineRecord;
use crate::store::record::shape::{Day, Form, date, day};
use crate::store::tables::{DAY_BLOOMERS, DAY_BOARDS, DAY_COLUMNS, DAY_PAYLOADS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

/// Days written beside one another before one stands by itself again.
const LINKS: u8 = 16;
/// Bytes of a row: with its key and envelope it fills four pages of the file. A larger
/// one would be given the next power of two of them.
const PIECE: usize = 16_256;
/// Parts that tell where everybody stood.
const STANDING: usize = 1;

/// A kept day's board.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptDay {
    /// The whole board of a first release, as its owner compressed it.
    Whole(Vec<u8>),
    /// What is kept of it now.
    Board(Box<DayBoard>),
}

/// What a kept day says of a player.
#[derive(Clone, Debug, PartialEq)]
pub enum DayWord {
    /// Only the owner of the whole board can tell.
    Whole,
    /// Where he stood; `None` when he was not on the board.
    Standing(Option<DayStanding>),
    /// The day can't be read; why.
    Unreadable(String),
}

/// The row of a day, or why it can't be read.
type ReadRow = Result<DayRecord, StoreError>;

/// What kept days are read from: a snapshot, or a write under way.
trait DayRows {
    fn record(&self, on: Day) -> Result<Option<DayRecord>, StoreError>;
    fn piece(&self, on: Day, part: u8, piece: u8) -> Result<Option<Vec<u8>>, StoreError>;
    fn bloomers(&self, on: Day) -> Result<Option<FineWineRecord>, StoreError>;
}

impl DayRows for ReadTx {
    fn record(&self, on: Day) -> Result<Option<DayRecord>, StoreError> {
        self.row(&DAY_BOARDS, on)
    }

    fn piece(&self, on: Day, part: u8, piece: u8) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(&DAY_COLUMNS, (on, part, piece))
    }

    fn bloomers(&self, on: Day) -> Result<Option<FineWineRecord>, StoreError> {
        self.row(&DAY_BLOOMERS, on)
    }
}

impl DayRows for WriteTx {
    fn record(&self, on: Day) -> Result<Option<DayRecord>, StoreError> {
        self.get(&DAY_BOARDS, on)
    }

    fn piece(&self, on: Day, part: u8, piece: u8) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&DAY_COLUMNS, (on, part, piece))
    }

    fn bloomers(&self, on: Day) -> Result<Option<FineWineRecord>, StoreError> {
        self.get(&DAY_BLOOMERS, on)
    }
}

impl ReadTx {
    /// Days whose boards are kept, oldest first, with what made each. Days whose row
    /// can't be read are left out.
    pub fn day_boards(&self) -> Result<Vec<(Date, BoardMeta)>, StoreError> {
        let records = self.day_records()?.into_iter();
        let readable = records.filter_map(|(on, record)| Some((date(on), record.ok()?.meta())));
        Ok(readable.collect())
    }

    /// Days of which the first releases kept the whole board, oldest first.
    pub fn whole_days(&self) -> Result<Vec<(Date, BoardMeta)>, StoreError> {
        let records = self.day_records()?.into_iter();
        let whole = records.filter_map(|(on, record)| {
            let record = record.ok().filter(|record| record.columns.is_none())?;
            Some((date(on), record.meta()))
        });
        Ok(whole.collect())
    }

    /// The board kept of a day; `None` when none is.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it can't be read.
    pub fn kept_day(&self, on: Date) -> Result<Option<KeptDay>, StoreError> {
        let on = day(on);
        let Some(record) = self.row(&DAY_BOARDS, on)? else {
            return Ok(None);
        };
        if let Some(hash) = &record.whole {
            let whole = self.row(&DAY_PAYLOADS, hash.as_str())?;
            return whole
                .map(|whole| Some(KeptDay::Whole(whole)))
                .ok_or_else(|| damaged(on, "its board is gone"));
        }
        let kept = record
            .columns
            .ok_or_else(|| damaged(on, "it has no columns"))?;
        let lines = columns(self, kept.of, PARTS)?.lines();
        Ok(Some(KeptDay::Board(Box::new(DayBoard {
            season: Season(record.season),
            simulated: kept.simulated,
            lines: lines.map_err(|reason| damaged(on, reason))?,
            bloomers: bloomers(self, kept.of)?,
            model_id: record.model_id,
        }))))
    }

    /// What every kept day says of a player, oldest first.
    pub fn day_standings(&self, id: ProspectId) -> Result<Vec<(Date, DayWord)>, StoreError> {
        self.day_words(STANDING, |record, columns| {
            let standing = columns.standing_of(id);
            standing.map(|(rank, [probability, lower, upper])| DayStanding {
                rank,
                probability,
                lower,
                upper,
                model_id: record.model_id.clone(),
            })
        })
    }

    /// Reads every kept day whole and says of each whether it can be read, oldest first.
    pub fn check_days(&self) -> Result<Vec<(Date, DayWord)>, StoreError> {
        self.day_words(PARTS, |_, _| None)
    }

    fn day_words(
        &self,
        parts: usize,
        tell: impl Fn(&DayRecord, &DayColumns) -> Option<DayStanding>,
    ) -> Result<Vec<(Date, DayWord)>, StoreError> {
        let mut last = None;
        let mut words = Vec::new();
        for (on, record) in self.day_records()? {
            let read = record.and_then(|record| {
                let Some(kept) = record.columns else {
                    return Ok(DayWord::Whole);
                };
                let now = self.columns_after(kept, parts, &mut last)?;
                Ok(DayWord::Standing(tell(&record, now)))
            });
            let word = match read {
                Err(StoreError::Damaged { reason, .. }) => DayWord::Unreadable(reason),
                read => read?,
            };
            words.push((date(on), word));
        }
        Ok(words)
    }

    /// A day's columns; `last` holds those read last, beside which most are written.
    fn columns_after<'a>(
        &self,
        kept: ColumnsRecord,
        parts: usize,
        last: &'a mut Option<(Day, DayColumns)>,
    ) -> Result<&'a DayColumns, StoreError> {
        let now = match last.take() {
            Some((held, columns)) if held == kept.of => columns,
            Some((held, base)) if Some(held) == kept.base => read(self, kept, parts, Some(&base))?,
            _ => columns(self, kept.of, parts)?,
        };
        Ok(&last.insert((kept.of, now)).1)
    }

    /// Every day with its row, or why that can't be read.
    fn day_records(&self) -> Result<Vec<(Day, ReadRow)>, StoreError> {
        let Some(rows) = self.open(&DAY_BOARDS)? else {
            return Ok(Vec::new());
        };
        let records = rows.iter()?.map(|row| {
            let (on, record) = row?;
            let on = on.value();
            let record = DAY_BOARDS.decode(record.value(), || date(on).to_string());
            Ok((on, record))
        });
        records.collect()
    }
}

impl WriteTx {
    /// Keeps a day's board, in place of one kept of the day before. Says whether it
    /// differs from the newest kept before.
    pub fn keep_day(
        &mut self,
        on: Date,
        meta: &BoardMeta,
        board: &DayBoard,
    ) -> Result<bool, StoreError> {
        let on = day(on);
        self.release(on)?;
        let before = self.newest_before(on)?;
        let mut record = DayRecord {
            season: meta.season.0,
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
            whole: None,
            columns: None,
        };
        let alike = |record: &DayRecord| {
            record.meta().season == meta.season && record.model_id == meta.model_id
        };
        let base = before.filter(alike).and_then(|record| record.columns);
        // A day before that can't be read is no reason not to keep this one.
        let base = base.and_then(|kept| Some((kept, columns(self, kept.of, PARTS).ok()?)));
        let same = match &base {
            Some((kept, columns)) => {
                *columns == DayColumns::of(board, Some(columns))
                    && self.bloomers(kept.of)? == Some(FineWineRecord::of(&board.bloomers))
            }
            None => false,
        };
        record.columns = Some(match &base {
            Some((kept, _)) if same => *kept,
            _ => {
                let beside = base.filter(|(kept, _)| kept.links < LINKS);
                self.write_columns(on, board, beside)?
            }
        });
        self.put(&DAY_BOARDS, on, &record)?;
        self.drop_unnamed()?;
        Ok(!same)
    }

    fn write_columns(
        &mut self,
        on: Day,
        board: &DayBoard,
        beside: Option<(ColumnsRecord, DayColumns)>,
    ) -> Result<ColumnsRecord, StoreError> {
        let (kept, before) = beside.unzip();
        let now = DayColumns::of(board, before.as_ref());
        self.put_columns(on, &now, before.as_ref())?;
        self.put(&DAY_BLOOMERS, on, &FineWineRecord::of(&board.bloomers))?;
        Ok(ColumnsRecord {
            of: on,
            form: FORM,
            base: kept.map(|kept| kept.of),
            links: kept.map_or(0, |kept| kept.links + 1),
            simulated: board.simulated,
        })
    }

    fn put_columns(
        &mut self,
        on: Day,
        now: &DayColumns,
        before: Option<&DayColumns>,
    ) -> Result<(), StoreError> {
        let parts = now.write(before).map_err(StoreError::Encode)?;
        self.remove_range(&DAY_COLUMNS, (on, 0, 0)..=(on, u8::MAX, u8::MAX))?;
        for (part, bytes) in (0_u8..).zip(&parts) {
            for (piece, bytes) in (0_u8..=u8::MAX).zip(bytes.chunks(PIECE)) {
                self.put(&DAY_COLUMNS, (on, part, piece), &bytes.to_vec())?;
            }
        }
        Ok(())
    }

    /// Lets nothing stand on a day's columns, which are about to be replaced: days that
    /// share them, or are written beside them, get columns that stand alone.
    fn release(&mut self, on: Day) -> Result<(), StoreError> {
        let days = self.keys(&DAY_BOARDS, |on| on)?;
        for other in days.into_iter().filter(|other| *other != on) {
            let Some(mut record) = self.get(&DAY_BOARDS, other).ok().flatten() else {
                continue;
            };
            let Some(kept) = record.columns else { continue };
            if kept.of != on && (kept.of != other || kept.base != Some(on)) {
                continue;
            }
            // What can't be read now could not be read later.
            let Ok(own) = columns(self, kept.of, PARTS) else {
                continue;
            };
            let fine_wine = self.bloomers(kept.of)?;
            self.put_columns(other, &own, None)?;
            if let Some(fine_wine) = fine_wine {
                self.put(&DAY_BLOOMERS, other, &fine_wine)?;
            }
            record.columns = Some(ColumnsRecord {
                of: other,
                base: None,
                links: 0,
                ..kept
            });
            self.put(&DAY_BOARDS, other, &record)?;
        }
        Ok(())
    }

    /// The newest readable day before one.
    fn newest_before(&self, on: Day) -> Result<Option<DayRecord>, StoreError> {
        let mut days = self.keys(&DAY_BOARDS, |on| on)?;
        days.retain(|day| *day < on);
        let mut records = days.into_iter().rev().map(|day| self.get(&DAY_BOARDS, day));
        Ok(records.find_map(|record| record.ok().flatten()))
    }

    /// Drops columns and whole boards that no day names any more.
    fn drop_unnamed(&mut self) -> Result<(), StoreError> {
        let days = self.keys(&DAY_BOARDS, |on| on)?;
        let mut named = (
            std::collections::HashSet::new(),
            std::collections::HashSet::new(),
        );
        for on in days {
            // Whatever a row that can't be read names is left where it is.
            let Ok(Some(record)) = self.get(&DAY_BOARDS, on) else {
                return Ok(());
            };
            named.0.extend(record.whole);
            named.1.extend(record.columns.map(|kept| kept.of));
            named.1.extend(record.columns.and_then(|kept| kept.base));
        }
        self.retain(&DAY_PAYLOADS, |hash| named.0.contains(*hash))?;
        self.retain(&DAY_COLUMNS, |(on, _, _)| named.1.contains(on))?;
        self.retain(&DAY_BLOOMERS, |on| named.1.contains(on))
    }
}

/// The columns that stand under a day, and those before it that they are written
/// beside.
fn columns(rows: &impl DayRows, of: Day, parts: usize) -> Result<DayColumns, StoreError> {
    let mut chain = Vec::new();
    let mut next = Some(of);
    while let Some(on) = next {
        let own = rows.record(on)?.and_then(|record| record.columns);
        let own = own.filter(|kept| kept.of == on && chain.len() <= usize::from(LINKS));
        let own = own.ok_or_else(|| damaged(on, "the day it is written beside is gone"))?;
        next = own.base;
        chain.push(own);
    }
    let mut columns = None;
    for kept in chain.into_iter().rev() {
        columns = Some(read(rows, kept, parts, columns.as_ref())?);
    }
    columns.ok_or_else(|| damaged(of, "it has no columns"))
}

fn read(
    rows: &impl DayRows,
    kept: ColumnsRecord,
    parts: usize,
    beside: Option<&DayColumns>,
) -> Result<DayColumns, StoreError> {
    if kept.form != FORM {
        let newer = format!(
            "columns of version {} are unknown: were they written by a newer afwd?",
            kept.form
        );
        return Err(damaged(kept.of, newer));
    }
    let parts = (0..parts).map(|part| part_of(rows, kept.of, part as u8));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    DayColumns::read(&parts, beside).map_err(|reason| damaged(kept.of, reason))
}

/// The pieces of a part, one after the other.
fn part_of(rows: &impl DayRows, on: Day, part: u8) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    for piece in 0..=u8::MAX {
        match rows.piece(on, part, piece)? {
            Some(piece) => bytes.extend(piece),
            None => break,
        }
    }
    if bytes.is_empty() {
        return Err(damaged(on, "columns are missing"));
    }
    Ok(bytes)
}

fn bloomers(rows: &impl DayRows, of: Day) -> Result<FineWine, StoreError> {
    let record = rows.bloomers(of)?;
    Ok(record.map(Form::value).unwrap_or_default())
}

fn damaged(on: Day, reason: impl Into<String>) -> StoreError {
    DAY_COLUMNS.damaged(date(on).to_string(), reason.into())
}
