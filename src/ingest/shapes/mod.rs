//! The shapes of the files: one per kind.

mod draft;
mod eligibility;
mod lines;
mod mlb;
mod players;
mod scouting;
mod shape;
mod stints;
mod transactions;

pub(super) use draft::Draft;
pub(super) use eligibility::Eligibility;
pub(super) use lines::{Batting, Pitching};
pub(super) use mlb::MlbSeasons;
pub(super) use players::Players;
pub(super) use scouting::Scouting;
pub(super) use shape::{Judged, Shape};
pub(super) use stints::is_total;
pub(super) use transactions::Transactions;
