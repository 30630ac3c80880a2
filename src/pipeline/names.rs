//! What the search index holds: every named player, the relevant ones first.

use std::collections::HashMap;

use crate::domain::{Code, DraftPick, Franchise, History, Positions, Prospect, ProspectId, Season};
use crate::rankings::BoardData;
use crate::search::{Entry, Place};
use crate::store::Store;

/// Every player with a name, the better known first: the higher on the newest board,
/// the higher on published lists of these years, the longer in the majors; then those
/// who played last.
///
/// # Errors
/// When the store fails.
pub fn entries(store: &Store) -> anyhow::Result<Vec<Entry>> {
    let (prospects, histories, last_seasons, boards, picks) = store.read(|tx| {
        Ok((
            tx.prospects()?,
            tx.histories()?,
            tx.last_seasons()?,
            tx.boards()?,
            tx.draft_picks()?,
        ))
    })?;
    let newest = last_seasons.values().max().copied();
    let board = match boards.last() {
        Some(meta) => store.read(|tx| tx.board::<BoardData>(meta.season))?,
        None => None,
    };
    let ranks = board.map(|stored| ranks(&stored.board)).unwrap_or_default();
    let histories: HashMap<ProspectId, &History> = histories
        .iter()
        .map(|history| (history.prospect.id, history))
        .collect();
    let drafted: HashMap<ProspectId, &DraftPick> =
        picks.iter().map(|(id, pick)| (*id, pick)).collect();
    let weight = |id: ProspectId| {
        let ranked = ranks.get(&id).map_or(0.0, |share| 1.0 - 0.5 * share);
        let known = histories.get(&id).zip(newest);
        let known = known.map_or(0.0, |(history, newest)| renown(history, newest));
        let played = last_seasons.get(&id).zip(newest);
        let played = played.map_or(0.0, |(last, newest)| {
            0.4 / (1.0 + f32::from(newest.0 - last.0))
        });
        ranked.max(known).max(played)
    };
    let named = prospects
        .into_iter()
        .filter(|prospect| !prospect.name.is_empty());
    Ok(named
        .map(|prospect| Entry {
            id: prospect.id,
            weight: weight(prospect.id),
            place: place(
                &prospect,
                histories.get(&prospect.id).copied(),
                drafted.get(&prospect.id).copied(),
            ),
            name: prospect.name,
        })
        .collect())
}

/// Seasons in which a list or a major-league season makes somebody known.
const REMEMBERED: u16 = 3;

/// How well somebody is known by lists and by the majors, from 0 to 1. The first of a
/// list of a hundred is known as well as the first of the board.
fn renown(history: &History, newest: Season) -> f32 {
    let recent = |season: Season| season.plus(REMEMBERED) >= newest;
    let listed = history
        .grades
        .iter()
        .filter(|grade| recent(grade.list_year))
        .filter_map(|grade| grade.rank)
        .min()
        .map_or(0.0, |rank| 0.99 - 0.4 * (f32::from(rank.min(500)) / 500.0));
    let majors = history.mlb.iter().filter(|line| recent(line.season));
    let time: f32 = majors
        .map(|line| f32::from(line.pa) + f32::from(line.outs))
        .sum();
    let majors = if time > 0.0 {
        0.5 + 0.4 * (time / 2_000.0).min(1.0)
    } else {
        0.0
    };
    listed.max(majors)
}

/// Where he was last and what he does there; who has not played is with the club that
/// drafted him.
fn place(prospect: &Prospect, history: Option<&History>, drafted: Option<&DraftPick>) -> Place {
    let played = history.and_then(|history| {
        let batted = history
            .batting
            .iter()
            .map(|line| (line.season, line.level, line.club, line.position));
        let pitched = history
            .pitching
            .iter()
            .map(|line| (line.season, line.level, line.club, line.position));
        batted
            .chain(pitched)
            .max_by_key(|&(season, level, ..)| (season, level))
    });
    let throws = prospect.throws;
    match (played, drafted) {
        (Some((_, level, club, position)), _) => Place {
            organisation: club.organisation,
            level: Some(level),
            position,
            throws,
        },
        (None, Some(pick)) => Place {
            organisation: Franchise::named(&pick.team).map_or(Code::default(), Franchise::code),
            level: None,
            position: Positions::read(&pick.position).main(),
            throws,
        },
        (None, None) => Place {
            throws,
            ..Place::default()
        },
    }
}

/// Names the state of the store that [`entries`] were made from: the data, since the index
/// holds where players are, and the newest board, whose ranks are the weights.
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
fn ranks(board: &BoardData) -> HashMap<ProspectId, f32> {
    let last = board.ids().count().max(2) as f32 - 1.0;
    board
        .ids()
        .enumerate()
        .map(|(place, id)| (id, place as f32 / last))
        .collect()
}
