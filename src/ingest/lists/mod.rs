//! Published lists of any publisher, and FanGraphs' The Board.
//!
//! A file's header tells its columns (`columns`); a row becomes an entry,
//! which `matching` gives to exactly one player or to nobody. Nobody's entries
//! wait for the operator, whose word holds for later lists of that publisher.

mod board;
mod columns;
mod entry;
mod grades;
mod keep;
mod matching;
mod organisation;
pub mod reviews;
mod sheet;

pub use board::import_board;
pub use entry::ListOptions;
pub use keep::import_list;

pub(super) use columns::folded;
pub(super) use entry::person;
pub(super) use keep::{load_register, quarantined};
pub(super) use matching::{Person, Register, Verdict};
pub(super) use organisation::code as organisation;
pub(super) use sheet::{Places, Sheet};
