//! Keep the newest season's board in step with the data.

use std::path::Path;

use crate::clock::Clock;
use crate::domain::Season;
use crate::ml::Model;
use crate::rankings::BoardData;
use crate::store::{BoardMeta, Store};

/// Makes the board of `season` unless the stored one was made from the same
/// data by the model that would be used now. Returns whether it was made.
///
/// # Errors
/// As [`super::predict::predict`].
pub fn ensure(
    store: &Store,
    data: &Path,
    season: Season,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<bool> {
    if is_current(store, data, season, progress)? {
        return Ok(false);
    }
    super::predict::predict(store, data, season..=season, clock, progress)?;
    Ok(true)
}

/// The newest season with a minor-league line; `None` in an empty store.
///
/// # Errors
/// When the store fails.
pub fn newest_season(store: &Store) -> anyhow::Result<Option<Season>> {
    Ok(store.read(|tx| tx.seasons())?.pop())
}

fn is_current(
    store: &Store,
    data: &Path,
    season: Season,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<bool> {
    let (boards, challenged, seq) =
        store.read(|tx| Ok((tx.boards()?, tx.challenger_boards()?, tx.change_seq()?)))?;
    let made_by = |boards: Vec<BoardMeta>, model: Option<Model>| {
        let board = boards.into_iter().find(|board| board.season == season);
        board.is_some_and(|board| {
            board.data_seq == seq && model.is_some_and(|model| model.id() == board.model_id)
        })
    };
    // A board of an older shape does not decode and is made again.
    let decodes = store.read(|tx| tx.board::<BoardData>(season))?.is_some();
    if !decodes || !made_by(boards, super::choice::existing(store, data, season)?) {
        return Ok(false);
    }
    let challenger = super::choice::challenger(store, data, season, progress)?;
    Ok(challenger.is_none() || made_by(challenged, challenger))
}
