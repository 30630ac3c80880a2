//! Keep the newest season's board in step with the data.

use std::path::Path;

use crate::clock::Clock;
use crate::domain::Season;
use crate::ml::Model;
use crate::rankings::BoardData;
use crate::store::{BoardMeta, Store};

/// A season's board, as it is once it was ensured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ensured {
    /// True when it was made now.
    pub made: bool,
    /// Ranked players.
    pub players: u64,
}

/// Makes the board of `season` unless the stored one was made from the same
/// data by the model that would be used now. A board in a shape that this version
/// does not know says that another version wrote the store: then the boards of
/// earlier seasons in such a shape are made again first.
///
/// # Errors
/// As [`super::predict::predict`].
pub fn ensure(
    store: &Store,
    data: &Path,
    season: Season,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Ensured> {
    match players(store, season)? {
        Some(players) if is_current(store, data, season, progress)? => {
            return Ok(Ensured {
                made: false,
                players,
            });
        }
        Some(_) => {}
        None => mend(store, data, season, clock, progress)?,
    }
    let predicted = super::predict::predict(store, data, season..=season, clock, progress)?;
    Ok(Ensured {
        made: true,
        players: predicted.iter().map(|season| season.ranked).sum(),
    })
}

/// Makes the boards of seasons before one again that can't be read, oldest first: a
/// board tells what has changed since the one before it. One that can't be made is
/// left for `afwd predict`.
fn mend(
    store: &Store,
    data: &Path,
    before: Season,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    let boards = store.read(|tx| tx.boards())?;
    for season in boards.into_iter().map(|board| board.season) {
        if season >= before || players(store, season)?.is_some() {
            continue;
        }
        progress(&format!(
            "the board of {season} was written by another version: it is made again"
        ));
        if let Err(error) = super::predict::predict(store, data, season..=season, clock, progress) {
            progress(&format!("it could not be made: {error:#}"));
        }
    }
    Ok(())
}

/// Players ranked on the stored board; `None` when it can't be read.
fn players(store: &Store, season: Season) -> anyhow::Result<Option<u64>> {
    let stored = store.read(|tx| tx.board::<BoardData>(season))?;
    Ok(stored.map(|stored| stored.board.ids().count() as u64))
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
    if !made_by(boards, super::choice::existing(store, data, season)?) {
        return Ok(false);
    }
    let challenger = super::choice::challenger(store, data, season, progress)?;
    Ok(challenger.is_none() || made_by(challenged, challenger))
}
