//! Finding a player by a name typed in a hurry: half written, misspelt,
//! without accents, joined, turned round or by a nickname.
//!
//! Start at [`SearchIndex::search`]. A query goes through three steps:
//! `retrieve` collects a few hundred candidates, partly through character
//! grams indexed by tantivy, `score` measures each of them by edit distance,
//! and the best are returned, the more relevant player first among equals.
//! `facets` understands a club, a position and a level beside or instead of a name.
//!
//! The index is derived data: any error may be answered by rebuilding it from
//! the store ([`SearchIndex::open_or_reset`], then [`SearchIndex::rebuild`]).

mod distance;
mod error;
mod facets;
mod grams;
mod index;
mod packed;
mod postings;
mod query;
mod retrieve;
mod roster;
mod score;

pub use error::Error;
pub use index::SearchIndex;

use crate::domain::{Code, Hand, Level, Position, ProspectId};

/// A player to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Whom to return.
    pub id: ProspectId,
    /// Full name as shown.
    pub name: String,
    /// Relevance, 0 to 1: who comes first among equally good matches.
    pub weight: f32,
    /// Where he is and what he does, to be found by it.
    pub place: Place,
}

/// Where a player was last and what he does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Organisation, in the code of the store.
    pub organisation: Code,
    /// Level.
    pub level: Option<Level>,
    /// Main position.
    pub position: Option<Position>,
    /// Throwing hand.
    pub throws: Option<Hand>,
}

/// A player found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The player.
    pub id: ProspectId,
    /// Full name as shown.
    pub name: String,
    /// Quality of the match, 0 to 1; 1 is the whole name exactly.
    pub score: f32,
}
