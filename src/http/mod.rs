//! The one way out to the network: a client that can't be led astray or hurt.
//!
//! Every request goes to a host the operator allowed, at that host's pace and
//! within its daily budget; redirects and private addresses are refused; time,
//! size and decompressed size are capped; safe failures are tried again with
//! growing, jittered pauses; a host that keeps failing is left alone for a while.
//! What must survive restarts (budget, validators) is asked of a [`Ledger`].

mod address;
mod body;
mod breaker;
mod client;
mod config;
mod error;
mod exchange;
mod pace;
mod post;
mod retry;
#[cfg(test)]
mod tests;

pub use client::{Client, Reply, Wants};
pub use config::{Config, Host};
pub use error::HttpError;
pub use exchange::{Answered, Exchange, Verb};

use jiff::civil::Date;

/// What the client must remember across restarts.
pub trait Ledger: Send + Sync {
    /// Counts one request to `host` on `day` (UTC), unless `limit` are spent.
    ///
    /// # Errors
    /// When it can't be kept; then the request is not made.
    fn spend(&self, host: &str, day: Date, limit: u32) -> Result<bool, LedgerError>;

    /// The body kept of `url`, with what tells whether it has changed.
    ///
    /// # Errors
    /// When it can't be read.
    fn kept(&self, url: &str) -> Result<Option<Kept>, LedgerError>;

    /// Keeps a body.
    ///
    /// # Errors
    /// When it can't be kept.
    fn keep(&self, url: &str, kept: &Kept) -> Result<(), LedgerError>;
}

/// Why the ledger failed.
pub type LedgerError = Box<dyn std::error::Error + Send + Sync>;

/// A body and its validators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// `ETag`; empty when there was none.
    pub etag: String,
    /// `Last-Modified`; empty when there was none.
    pub last_modified: String,
    /// The body, not compressed.
    pub body: Vec<u8>,
}
