//! What is remembered of sign-ins and accounts.

use jiff::Timestamp;

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{AuditActor, AuditEvent, AuditKind};

record! {
    /// An event.
    AuditRecord of AuditEvent {
        at: Timestamp,
        user: u128,
        kind: Number<AuditKind>,
        by: Number<AuditActor>,
        address: String,
        detail: String,
    }
}

impl Record for AuditRecord {}
