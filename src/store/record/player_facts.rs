//! Merging what several sources say of one player.

use jiff::civil::Date;

use super::numbers::Number;
use super::players::{OtherIdsRecord, PlayerRecord};
use super::shape::{Form, day};
use crate::domain::{Hand, OtherIds};

/// What one source says of a player. A fact of a better-ranked source replaces
/// one of a worse; equal ranks resolve by value, so that the order of imports
/// does not matter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PlayerFacts {
    /// Full name; empty when the source gives none.
    pub name: String,
    /// Rank of the name's source, higher is better.
    pub name_rank: u16,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// Rank of the birth date's source, higher is better.
    pub birth_rank: u16,
    /// Batting side, where the source gives it for everybody.
    pub bats: Option<Hand>,
    /// Throwing hand, where the source gives it for everybody.
    pub throws: Option<Hand>,
    /// Ids in other services.
    pub other_ids: OtherIds,
}

/// A player nothing is known of.
pub(in crate::store) fn unknown() -> PlayerRecord {
    PlayerRecord {
        name: String::new(),
        name_rank: 0,
        birth: None,
        birth_rank: 0,
        bats: None,
        throws: None,
        other_ids: OtherIdsRecord::of(&OtherIds::default()),
    }
}

/// What is known of a player once a source has spoken.
pub(in crate::store) fn merged(mut player: PlayerRecord, facts: &PlayerFacts) -> PlayerRecord {
    if !facts.name.is_empty() && (facts.name_rank, &facts.name) > (player.name_rank, &player.name) {
        player.name.clone_from(&facts.name);
        player.name_rank = facts.name_rank;
    }
    let birth = facts.birth_date.map(day);
    if birth.is_some() && (facts.birth_rank, birth) > (player.birth_rank, player.birth) {
        player.birth = birth;
        player.birth_rank = facts.birth_rank;
    }
    player.bats = facts.bats.map(Number).or(player.bats);
    player.throws = facts.throws.map(Number).or(player.throws);
    let (held, new) = (&mut player.other_ids, &facts.other_ids);
    complete(&mut held.fangraphs, &new.fangraphs);
    complete(&mut held.bref_minors, &new.bref_minors);
    complete(&mut held.bref, &new.bref);
    complete(&mut held.chadwick, &new.chadwick);
    complete(&mut held.fantrax, &new.fantrax);
    player
}

/// Fills an unknown id; of two different ones the smaller stays, whichever came first.
fn complete(held: &mut Option<String>, new: &Option<String>) {
    if let Some(new) = new
        && held.as_ref().is_none_or(|held| new < held)
    {
        *held = Some(new.clone());
    }
}
