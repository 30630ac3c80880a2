//! Transactions: how any table is read and written, whatever it holds.

pub(super) mod digest;
pub(super) mod read;
pub(super) mod write;
