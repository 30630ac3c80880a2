//! Keep the newest season's board in step with the data.

use std::path::Path;

use crate::clock::Clock;
use crate::domain::Season;
use crate::ml::Model;
use crate::rankings::BoardData;
use crate::store::Store;

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
    if is_current(store, data, season)? {
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

fn is_current(store: &Store, data: &Path, season: Season) -> anyhow::Result<bool> {
    let (boards, seq, simulated) =
        store.read(|tx| Ok((tx.boards()?, tx.change_seq()?, tx.is_simulated()?)))?;
    let Some(board) = boards.into_iter().find(|board| board.season == season) else {
        return Ok(false);
    };
    // A board of an older shape does not decode and is made again.
    let decodes = store.read(|tx| tx.board::<BoardData>(season))?.is_some();
    let model = super::model::existing(data, simulated, season)?;
    Ok(decodes
        && board.data_seq == seq
        && model.is_some_and(|model: Model| model.id() == board.model_id))
}
