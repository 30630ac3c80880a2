//! Paid subscriptions, and what the payment service told of them.

use jiff::Timestamp;

use crate::domain::{Subscription, UserId};
use crate::store::error::StoreError;
use crate::store::record::shape::Form;
use crate::store::record::subscriptions::SubscriptionRecord;
use crate::store::record::users::OwnerRecord;
use crate::store::tables::{CUSTOMERS, PAYMENT_EVENTS, SUBSCRIPTIONS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Somebody's subscription.
    pub fn subscription(&self, user: UserId) -> Result<Option<Subscription>, StoreError> {
        Ok(self.row(&SUBSCRIPTIONS, user.0)?.map(Form::value))
    }

    /// Everybody's.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.scan(&SUBSCRIPTIONS, .., |_, held| Ok(held.value()))
    }

    /// True when an event of the payment service was taken before.
    pub fn has_payment_event(&self, event: &str) -> Result<bool, StoreError> {
        Ok(self.row(&PAYMENT_EVENTS, event)?.is_some())
    }
}

impl WriteTx {
    /// Somebody's subscription, as this transaction leaves it.
    pub fn subscription(&self, user: UserId) -> Result<Option<Subscription>, StoreError> {
        Ok(self.get(&SUBSCRIPTIONS, user.0)?.map(Form::value))
    }

    /// Everybody's, as this transaction leaves them.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        let all = self.all(&SUBSCRIPTIONS)?;
        Ok(all.into_iter().map(Form::value).collect())
    }

    /// Puts a subscription, and whose the customer is.
    pub fn put_subscription(&mut self, held: &Subscription) -> Result<(), StoreError> {
        let customer = held.customer.as_str();
        self.put(&CUSTOMERS, customer, &OwnerRecord(held.user.0))?;
        self.put(&SUBSCRIPTIONS, held.user.0, &SubscriptionRecord::of(held))
    }

    /// Who is known to the payment service by a name.
    pub fn user_of_customer(&self, customer: &str) -> Result<Option<UserId>, StoreError> {
        let owner = self.get(&CUSTOMERS, customer)?;
        Ok(owner.map(|OwnerRecord(id)| UserId(id)))
    }

    /// Notes an event of the payment service; false when it was taken before.
    pub fn take_payment_event(&mut self, event: &str, at: Timestamp) -> Result<bool, StoreError> {
        if self.get(&PAYMENT_EVENTS, event)?.is_some() {
            return Ok(false);
        }
        self.put(&PAYMENT_EVENTS, event, &at)?;
        Ok(true)
    }

    /// Forgets events taken before a time; says how many.
    pub fn forget_payment_events(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.remove_where(&PAYMENT_EVENTS, .., |_, at| *at < before)
    }
}
