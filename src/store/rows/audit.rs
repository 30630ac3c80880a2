//! What is remembered of sign-ins and accounts.

use jiff::Timestamp;

use crate::domain::{AuditEvent, UserId};
use crate::store::error::StoreError;
use crate::store::record::audit::AuditRecord;
use crate::store::record::shape::Form;
use crate::store::tables::AUDIT;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// What was done to an account, oldest first.
    pub fn audit_of(&self, user: UserId) -> Result<Vec<AuditEvent>, StoreError> {
        self.scan(&AUDIT, (user.0, 0)..=(user.0, u64::MAX), |_, event| {
            Ok(event.value())
        })
    }

    /// What was done to all accounts, newest first, at most `limit` of it.
    pub fn audit(&self, limit: usize) -> Result<Vec<AuditEvent>, StoreError> {
        let mut events: Vec<(u64, AuditEvent)> =
            self.scan(&AUDIT, .., |(_, at), event| Ok((at, event.value())))?;
        events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        events.truncate(limit);
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }
}

impl WriteTx {
    /// Remembers an event; of two in one microsecond, the later comes after. Says where
    /// it stands among those of its account.
    pub fn add_audit(&mut self, event: &AuditEvent) -> Result<u64, StoreError> {
        let mut at = u64::try_from(event.at.as_microsecond()).unwrap_or(0);
        while self.get(&AUDIT, (event.user.0, at))?.is_some() {
            at += 1;
        }
        self.put(&AUDIT, (event.user.0, at), &AuditRecord::of(event))?;
        Ok(at)
    }

    /// Forgets an event that did not come to pass.
    pub fn drop_audit(&mut self, user: UserId, at: u64) -> Result<(), StoreError> {
        self.remove(&AUDIT, (user.0, at))
    }

    /// Forgets what happened before a time; says how much.
    pub fn forget_audit(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.remove_where(&AUDIT, .., |_, event| event.at < before)
    }
}
