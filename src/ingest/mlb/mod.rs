//! The MLB Stats API: what to ask, how to read the answers, what to store.
//!
//! Pure: the network is the caller's. [`daily`] and [`backfill`] say what to
//! ask; an [`Ask`] spells its path and tells from a body whether there is a
//! next page; [`read()`] turns all pages into a [`Harvest`] or into the reasons
//! why they must not be used; [`shrunk`] compares it with what is known; [`apply()`] stores a harvest in one transaction.
//!
//! What a body says of today is never taken for what was true in a past season:
//! a line's position is the row's own, a club's organisation that of the season.
//! A source that gives fewer rows than it declares, or other rows than those
//! asked for, changes nothing.

mod apply;
mod ask;
mod checks;
mod clubs;
mod draft;
mod drift;
mod fields;
mod findings;
mod harvest;
mod lines;
mod outliers;
mod page;
mod people;
mod plan;
mod reader;
mod rows;
mod sport;
mod transactions;
mod wire;

#[cfg(test)]
mod tests;

pub use apply::{Counted, Tally, apply};
pub use ask::{Ask, Side};
pub use checks::{Rules, shrunk};
pub use harvest::{Harvest, Page, Purpose, Roster};
pub use page::PageError;
pub use plan::{backfill, daily, requests};
pub use reader::{read, read_under};
pub use sport::Sport;
