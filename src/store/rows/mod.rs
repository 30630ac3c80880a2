//! What one can read and change, a file per aggregate: its questions on
//! [`crate::store::ReadTx`], its changes on [`crate::store::WriteTx`].

pub(super) mod audit;
pub(super) mod boards;
pub(super) mod changes;
pub(super) mod days;
pub(super) mod erasure;
pub(super) mod grades;
pub(super) mod jobs;
pub(super) mod leaders;
pub(super) mod lines;
pub(super) mod models;
pub(super) mod players;
pub(super) mod predictions;
pub(super) mod quarantine;
pub(super) mod reviews;
pub(super) mod rosters;
pub(super) mod sign_in;
pub(super) mod sources;
pub(super) mod subscriptions;
pub(super) mod users;
