//! A paid subscription, as the payment service last told of it.

use jiff::{SignedDuration, Timestamp};

use super::UserId;
use super::user::words;

/// For how long a payment that failed may be made good before the subscription counts
/// for nothing: Stripe itself tries again for about a week.
pub const PAYMENT_GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

words! {
    /// How a subscription stands, in Stripe's words.
    SubscriptionStatus {
        /// The first payment is not made.
        Incomplete = "incomplete",
        /// The first payment was not made in time.
        IncompleteExpired = "incomplete_expired",
        /// It is tried for nothing.
        Trialing = "trialing",
        /// It is paid.
        Active = "active",
        /// A payment failed and is tried again.
        PastDue = "past_due",
        /// It was given up to be paid.
        Unpaid = "unpaid",
        /// It is over.
        Canceled = "canceled",
        /// Its trial ended without a way to pay.
        Paused = "paused",
    }
}

/// A reader's subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Whose it is.
    pub user: UserId,
    /// Stripe's name of him, `cus_...`.
    pub customer: String,
    /// Stripe's name of it, `sub_...`; empty for somebody who is known as a customer and
    /// has not subscribed.
    pub id: String,
    /// How it stands.
    pub status: SubscriptionStatus,
    /// When the period that is paid, or to be paid, ends.
    pub period_end: Option<Timestamp>,
    /// True when it ends then, and is not renewed.
    pub ends: bool,
    /// When a payment was first told to have failed.
    pub unpaid_since: Option<Timestamp>,
    /// When Stripe said all this: what it said earlier changes nothing any more.
    pub as_of: Timestamp,
    /// True when the subscription is why he has the tier premium.
    pub raised: bool,
}

impl Subscription {
    /// Whether it gives the tier premium.
    pub fn entitles(&self, now: Timestamp) -> bool {
        match self.status {
            SubscriptionStatus::Active | SubscriptionStatus::Trialing => true,
            SubscriptionStatus::PastDue => {
                let until = self
                    .unpaid_since
                    .map(|since| since.saturating_add(PAYMENT_GRACE));
                matches!(until, Some(Ok(until)) if now < until)
            }
            SubscriptionStatus::Incomplete
            | SubscriptionStatus::IncompleteExpired
            | SubscriptionStatus::Unpaid
            | SubscriptionStatus::Canceled
            | SubscriptionStatus::Paused => false,
        }
    }

    /// True when nothing will come of it any more.
    pub fn is_over(&self) -> bool {
        matches!(
            self.status,
            SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{PAYMENT_GRACE, Subscription, SubscriptionStatus};
    use crate::domain::UserId;

    #[test]
    fn a_failed_payment_may_be_made_good_for_a_week() {
        let since = Timestamp::UNIX_EPOCH;
        let mut subscription = Subscription {
            user: UserId(1),
            customer: "cus_1".to_owned(),
            id: "sub_1".to_owned(),
            status: SubscriptionStatus::PastDue,
            period_end: None,
            ends: false,
            unpaid_since: Some(since),
            as_of: since,
            raised: true,
        };
        let week = since.checked_add(PAYMENT_GRACE).expect("a week later");
        let moment = "1970-01-07T23:59:59Z".parse().expect("a moment");
        assert!(subscription.entitles(since) && subscription.entitles(moment));
        assert!(!subscription.entitles(week));
        for status in SubscriptionStatus::ALL {
            subscription.status = *status;
            let paid = ["active", "trialing"].contains(&status.as_str());
            assert_eq!(subscription.entitles(week), paid, "{status}");
        }
    }
}
