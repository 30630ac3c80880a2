//! What the search index holds: every named player, the relevant ones first.

use std::collections::HashMap;

use crate::domain::ProspectId;
use crate::rankings::{Board, BoardData};
use crate::search::Entry;
use crate::store::Store;

/// Every player with a name. Those on the newest board weigh most, by rank;
/// then those who played last; players without a minor-league line least.
///
/// # Errors
/// When the store fails.
pub fn entries(store: &Store) -> anyhow::Result<Vec<Entry>> {
    let (prospects, last_seasons, boards) =
        store.read(|tx| Ok((tx.prospects()?, tx.last_seasons()?, tx.boards()?)))?;
    let newest = last_seasons.values().max().copied();
    let board = match boards.last() {
        Some(meta) => store.read(|tx| tx.board::<BoardData>(meta.season))?,
        None => None,
    };
    let ranks = board.map(|stored| ranks(stored.board)).unwrap_or_default();
    let weight = |id: ProspectId| match (ranks.get(&id), last_seasons.get(&id).zip(newest)) {
        (Some(share), _) => 1.0 - 0.5 * share,
        (None, Some((last, newest))) => 0.4 / (1.0 + f32::from(newest.0 - last.0)),
        (None, None) => 0.0,
    };
    let named = prospects
        .into_iter()
        .filter(|prospect| !prospect.name.is_empty());
    Ok(named
        .map(|prospect| Entry {
            id: prospect.id,
            weight: weight(prospect.id),
            name: prospect.name,
        })
        .collect())
}

/// Names the state of the store that [`entries`] were made from: the last change of
/// names or seasons, and the newest board, whose ranks are the weights.
///
/// # Errors
/// When the store fails.
pub fn version(store: &Store) -> anyhow::Result<u64> {
    let (seq, boards) = store.read(|tx| Ok((tx.last_change_of_names()?, tx.boards()?)))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seq.to_le_bytes());
    if let Some(board) = boards.last() {
        hasher
            .update(&board.season.0.to_le_bytes())
            .update(board.model_id.as_bytes());
        hasher.update(&board.data_seq.to_le_bytes());
    }
    let mut head = [0; 8];
    head.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    Ok(u64::from_le_bytes(head))
}

/// Each ranked player's place on the board, from 0 (first) to 1 (last).
fn ranks(board: BoardData) -> HashMap<ProspectId, f32> {
    let board = Board::load(board);
    let last = board.len().max(2) as f32 - 1.0;
    board
        .ids()
        .enumerate()
        .map(|(place, id)| (id, place as f32 / last))
        .collect()
}
