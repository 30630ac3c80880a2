//! What integration tests share.

pub(crate) mod browser;
pub(crate) mod desk;
pub(crate) mod league;
pub(crate) mod program;
pub(crate) mod server;
pub(crate) mod skip;
pub(crate) mod smtp;
#[allow(dead_code, reason = "the example `afwd-upstream` uses more of it")]
pub(crate) mod upstream;
pub(crate) mod webhook;
