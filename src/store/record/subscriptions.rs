//! Paid subscriptions.

use jiff::Timestamp;

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{Subscription, SubscriptionStatus, UserId};

record! {
    /// A reader's subscription.
    SubscriptionRecord of Subscription {
        user: u128,
        customer: String,
        id: String,
        status: Number<SubscriptionStatus>,
        period_end: Option<Timestamp>,
        ends: bool,
        unpaid_since: Option<Timestamp>,
        as_of: Timestamp,
        raised: bool,
    }
}

impl Record for SubscriptionRecord {
    fn owner(&self) -> Option<UserId> {
        Some(UserId(self.user))
    }
}
