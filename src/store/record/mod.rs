//! Records as stored, and their way to and from the values of the product.
//!
//! A record is the shape of a row's bytes, and nothing but this folder decides it: a
//! domain type may gain a field, lose one or change its order without a stored byte
//! moving. The encoding is positional, so a record's fields are never reordered.
//! `Record::VERSION` stands before every row. To change a shape:
//!
//! 1. keep the old record under another name, raise `Record::VERSION` and read the
//!    old one in `Record::of_earlier`; or write a step in `file/migrate.rs`,
//! 2. add a line for the new shape to `record/frozen.txt` and leave the old one, which
//!    must still be read (`record/tests.rs` says how),
//! 3. freeze a store that holds it: `cargo test --test it freeze -- --ignored`.
//!
//! Enums are stored by the numbers of [`numbers`], ids and seasons as plain numbers,
//! codes and times as text.

pub(super) mod audit;
pub(super) mod boards;
pub(super) mod changes;
pub(super) mod day_board;
pub(super) mod day_columns;
pub(super) mod day_numbers;
pub(super) mod days;
pub(super) mod grades;
pub(super) mod jobs;
pub(super) mod late_bloomers;
pub(super) mod leaders;
pub(super) mod lines;
pub(super) mod models;
pub(super) mod numbers;
pub(super) mod player_facts;
pub(super) mod players;
pub(super) mod predictions;
pub(super) mod quarantine;
pub(super) mod reviews;
pub(super) mod rosters;
pub(super) mod shape;
pub(super) mod sign_in;
pub(super) mod sources;
pub(super) mod subscriptions;
#[cfg(test)]
mod tests;
pub(super) mod users;
