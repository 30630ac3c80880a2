//! The file: opened, brought up to date, reopened after its disk failed, copied.

pub(super) mod disk;
pub(super) mod head;
pub(super) mod migrate;
pub(super) mod open;
pub(super) mod overlay;
pub(super) mod read_ages;
pub(super) mod reopen;
pub(super) mod reserve;
pub(super) mod snapshot;
pub(super) mod store;
