//! What integration tests share.

pub(crate) mod browser;
pub(crate) mod league;
pub(crate) mod server;
