//! What goes by itself: sessions, tokens and links that are over, counts of failures,
//! events of long ago.

use jiff::SignedDuration;

use super::accounts::Accounts;
use super::error::Result;
use super::refresh::{ABSOLUTE, IDLE};

/// How long events are remembered.
pub const AUDIT_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How long failed tries are remembered after the newest.
const FAILURES_KEPT: SignedDuration = SignedDuration::from_hours(48);

impl Accounts {
    /// Drops what is over; says how many rows went.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sweep(&self) -> Result<u64> {
        let now = self.now();
        let gone = self.store.write(|tx| {
            Ok(tx.end_old_sessions(now - IDLE, now - ABSOLUTE)?
                + tx.end_old_api_tokens(now)?
                + tx.drop_old_links(now)?
                + tx.forget_failures(now - FAILURES_KEPT)?
                + tx.forget_audit(now - AUDIT_KEPT)?)
        })?;
        if gone > 0 {
            self.directory.fill(&self.store)?;
        }
        Ok(gone)
    }
}
