//! Each day's board is kept: "since yesterday" compares them, and `as_of` shows them.
//!
//! A real board of 10,313 players is 10.3 MB, and 8.1 MB compressed (explanations
//! are noise to a compressor), so boards are thinned: every day of the last weeks,
//! then the last of each month. A day on which nothing changed costs a row.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::Season;
use crate::rankings::BoardData;
use crate::store::{BoardMeta, Store, StoredBoard, encode_value};

/// Days of which every board is kept.
const EVERY_DAY: i64 = 45;

/// Keeps the newest season's board as the one shown on `day`. Says whether it
/// differs from the newest kept before; without a board there is nothing to keep.
///
/// # Errors
/// When the store fails.
pub fn keep(store: &Store, day: Date) -> anyhow::Result<bool> {
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
    let Some(stored) = store.read(|tx| tx.board::<BoardData>(season))? else {
        return Ok(false);
    };
    let kept = store.read(|tx| tx.day_boards())?;
    if kept
        .iter()
        .any(|(on, meta)| *on == day && *meta == stored.meta)
    {
        return Ok(false);
    }
    put(
        store,
        &stored,
        day,
        &thinned(kept.iter().map(|(on, _)| *on), day),
    )
}

/// The board kept of a day; `None` when none is.
///
/// # Errors
/// When it can't be read.
pub fn board(store: &Store, day: Date) -> anyhow::Result<Option<BoardData>> {
    let Some(compressed) = store.read(|tx| tx.day_board(day))? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    DeflateDecoder::new(compressed.as_slice()).read_to_end(&mut bytes)?;
    let board = BoardData::of_first_form(&bytes)
        .map_err(|reason| anyhow::anyhow!("the board of {day} can't be read: {reason}"))?;
    Ok(Some(board))
}

fn put(
    store: &Store,
    stored: &StoredBoard<BoardData>,
    day: Date,
    old: &[Date],
) -> anyhow::Result<bool> {
    let bytes = encode_value(&stored.board).map_err(anyhow::Error::msg)?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bytes)?;
    let compressed = encoder.finish()?;
    let meta: &BoardMeta = &stored.meta;
    tracing::info!(%day, bytes = bytes.len(), compressed = compressed.len(), "the day's board is kept");
    Ok(store.write(|tx| {
        tx.drop_day_boards(old)?;
        tx.keep_day_board(day, meta, &compressed)
    })?)
}

/// Days before the last weeks that are not the last kept of their month.
fn thinned(kept: impl Iterator<Item = Date>, today: Date) -> Vec<Date> {
    let first = today.saturating_sub(EVERY_DAY.days());
    let kept: Vec<Date> = kept.collect();
    let month = |day: &Date| (day.year(), day.month());
    let is_last = |at: usize| {
        kept.get(at + 1)
            .is_none_or(|next| month(next) != month(&kept[at]))
    };
    let old = kept
        .iter()
        .enumerate()
        .filter(|(at, day)| **day < first && !is_last(*at));
    old.map(|(_, day)| *day).collect()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    use super::thinned;

    #[test]
    fn the_last_weeks_and_the_ends_of_months_stay() {
        let days: Vec<Date> = date(2026, 4, 1)
            .series(1.day())
            .take_while(|day| *day <= date(2026, 8, 10))
            .collect();
        let old = thinned(days.iter().copied(), date(2026, 8, 10));
        let stay: Vec<&Date> = days.iter().filter(|day| !old.contains(day)).collect();
        assert_eq!(stay[..2], [&date(2026, 4, 30), &date(2026, 5, 31)]);
        assert_eq!(*stay[2], date(2026, 6, 26));
        assert_eq!(stay.len(), 2 + 46);
    }
}
