//! Each day's board is kept: "since yesterday" compares them, and `as_of` shows them.
//!
//! Every day is kept, small: see `store/rows/days.rs`. The first releases kept boards
//! whole, about 8 MB a day, and dropped all but the last of a month after some weeks.
//! Such a day is read as it was written for as long, and then made as small as the
//! others instead of being dropped.

use std::io::Read;

use flate2::read::DeflateDecoder;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{ProspectId, Season};
use crate::rankings::{Board, BoardData, DayAnswer, FeatureSet};
use crate::store::{BoardMeta, DayStanding, DayWord, KeptDay, Store, StoreError, StoredBoard};

/// Days for which a board of the first releases stays whole.
const WHOLE_DAYS: i64 = 45;
/// Whole boards made small in one run; each takes about a second.
const SHRUNK_AT_ONCE: usize = 10;

/// Keeps the newest season's board as the one shown on `day`. Says whether it
/// differs from the newest kept before; without a board there is nothing to keep.
///
/// # Errors
/// When the store fails.
pub fn keep(store: &Store, day: Date) -> anyhow::Result<bool> {
    shrink(store, day)?;
    match super::board::newest_season(store)? {
        Some(season) => keep_season(store, season, day),
        None => Ok(false),
    }
}

/// As [`keep`], with the board of a season of one's choice.
///
/// # Errors
/// When the store fails.
pub fn keep_season(store: &Store, season: Season, day: Date) -> anyhow::Result<bool> {
    let (boards, kept) = store.read(|tx| Ok((tx.boards()?, tx.day_boards()?)))?;
    let Some(meta) = boards.into_iter().find(|meta| meta.season == season) else {
        return Ok(false);
    };
    // Known without reading a board.
    if kept.contains(&(day, meta)) {
        return Ok(false);
    }
    let Some(StoredBoard { meta, board }) = store.read(|tx| tx.board::<BoardData>(season))? else {
        return Ok(false);
    };
    put(store, day, &meta, board)
}

/// The board kept of a day.
///
/// # Errors
/// When the store fails; a day that can't be read is an answer.
pub fn board(store: &Store, day: Date) -> anyhow::Result<DayAnswer> {
    let read = store.read(|tx| {
        let kept = tx.kept_day(day)?;
        Ok(match kept {
            Some(KeptDay::Board(board)) => {
                let mut names = Vec::with_capacity(board.lines.len());
                for line in &board.lines {
                    names.push(tx.prospect(line.id)?.map_or(String::new(), |who| who.name));
                }
                Some(Kept::Small(board, names))
            }
            Some(KeptDay::Whole(packed)) => Some(Kept::Whole(packed)),
            None => None,
        })
    });
    Ok(match read {
        Ok(None) => DayAnswer::Gone,
        Ok(Some(Kept::Small(board, names))) => {
            DayAnswer::Kept(Box::new(Board::of_day(*board, names)))
        }
        Ok(Some(Kept::Whole(packed))) => match whole(&packed) {
            Ok(board) => DayAnswer::Kept(Box::new(Board::load(board))),
            Err(reason) => DayAnswer::Unreadable(reason),
        },
        Err(StoreError::Damaged { reason, .. }) => DayAnswer::Unreadable(reason),
        Err(error) => return Err(error.into()),
    })
}

/// What every kept day says of a player, oldest first; days that can't be read are
/// left out.
///
/// # Errors
/// When the store fails.
pub fn standings(store: &Store, id: ProspectId) -> anyhow::Result<Vec<(Date, DayStanding)>> {
    let mut standings = Vec::new();
    for (day, word) in store.read(|tx| tx.day_standings(id))? {
        let standing = match word {
            DayWord::Standing(standing) => standing,
            DayWord::Whole => standing_of_whole(store, day, id)?,
            DayWord::Unreadable(reason) => {
                tracing::warn!(%day, reason, "the board kept of a day can't be read and is left out");
                None
            }
        };
        standings.extend(standing.map(|standing| (day, standing)));
    }
    Ok(standings)
}

/// How many days are kept, and those that can't be read, with the reason of each,
/// oldest first.
///
/// # Errors
/// When the store fails.
pub fn check(store: &Store) -> anyhow::Result<(usize, Vec<(Date, String)>)> {
    let mut unreadable = Vec::new();
    let days = store.read(|tx| tx.check_days())?;
    let kept = days.len();
    for (day, word) in days {
        let reason = match word {
            DayWord::Standing(_) => continue,
            DayWord::Unreadable(reason) => reason,
            DayWord::Whole => match board(store, day)? {
                DayAnswer::Unreadable(reason) => reason,
                DayAnswer::Kept(_) | DayAnswer::Gone => continue,
            },
        };
        unreadable.push((day, reason));
    }
    Ok((kept, unreadable))
}

enum Kept {
    Small(Box<crate::store::DayBoard>, Vec<String>),
    Whole(Vec<u8>),
}

fn put(store: &Store, day: Date, meta: &BoardMeta, board: BoardData) -> anyhow::Result<bool> {
    let kept = Board::load(board).to_keep(&FeatureSet::defined());
    let differs = store.write(|tx| tx.keep_day(day, meta, &kept))?;
    tracing::info!(%day, players = kept.lines.len(), differs, "the day's board is kept");
    Ok(differs)
}

/// Makes whole boards of the first releases small, the oldest first, once their time
/// is over.
fn shrink(store: &Store, today: Date) -> anyhow::Result<()> {
    let first = today.saturating_sub(WHOLE_DAYS.days());
    let days = store.read(|tx| tx.whole_days())?;
    let over = days.into_iter().filter(|(day, _)| *day < first);
    for (day, meta) in over.take(SHRUNK_AT_ONCE) {
        let Some(KeptDay::Whole(packed)) = store.read(|tx| tx.kept_day(day))? else {
            continue;
        };
        // What can't be read stays: a later release may know better.
        if let Ok(board) = whole(&packed) {
            put(store, day, &meta, board)?;
        }
    }
    Ok(())
}

fn standing_of_whole(
    store: &Store,
    day: Date,
    id: ProspectId,
) -> anyhow::Result<Option<DayStanding>> {
    let DayAnswer::Kept(board) = board(store, day)? else {
        return Ok(None);
    };
    let row = board.row(id);
    Ok(row.map(|row| DayStanding {
        rank: row.rank,
        probability: row.probability,
        lower: row.lower,
        upper: row.upper,
        model_id: board.model_id().to_owned(),
    }))
}

/// A whole board as the first releases compressed it.
fn whole(packed: &[u8]) -> Result<BoardData, String> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    BoardData::of_first_form(&bytes)
}
