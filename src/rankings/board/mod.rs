//! Boards: how one is ranked and stored, and the questions it answers by itself.

pub(in crate::rankings) mod columns;
mod cursor;
pub(in crate::rankings) mod data;
pub(in crate::rankings) mod entry;
mod filterable;
mod filters;
mod fine_wine;
mod first_form;
mod kept;
pub(in crate::rankings) mod late_bloomers;
mod packed;
mod page;
pub(in crate::rankings) mod peers;
pub(in crate::rankings) mod query;
pub(in crate::rankings) mod ranking;
pub(in crate::rankings) mod row;
mod tiers;
