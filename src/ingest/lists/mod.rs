//! Published lists of any publisher, and FanGraphs' The Board.
//!
//! A file's header tells its columns (`columns`); a row becomes an entry,
//! which `matching` gives to exactly one player or to nobody. Nobody's entries
//! wait for the operator, whose word holds for later lists of that publisher.

mod answer;
mod board;
mod columns;
mod entry;
pub(super) mod grades;
mod keep;
mod matching;
mod person;
pub mod reviews;
mod sheet;

pub use answer::taken;
pub use board::import_board;
pub use entry::ListOptions;
pub use keep::import_list;

pub(super) use columns::folded;
pub(super) use entry::Cells;
pub(super) use keep::load_register;
pub(super) use matching::{Register, Verdict};
pub(super) use person::{Person, organisation};
pub(super) use sheet::{Places, Sheet};
