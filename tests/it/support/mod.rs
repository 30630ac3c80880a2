//! What integration tests share.

pub(crate) mod browser;
pub(crate) mod league;
pub(crate) mod server;
#[allow(dead_code, reason = "the example `afwd-upstream` uses more of it")]
pub(crate) mod upstream;
