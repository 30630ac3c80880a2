//! Paid subscriptions, by Stripe. Without a key of the operator's there are none.
//!
//! What holds is what Stripe says when it is asked: a message (webhook) only tells that
//! there is something to ask about. Messages come several times and in any order; each
//! is taken once, in the transaction that changes what follows from it. Where Stripe can't
//! be asked, a message about a subscription is believed unless something newer is known.
//!
//! Accounts belong to another module: of them, only the tier is changed here, and whoever
//! calls is told whose ([`Changed`]).

mod error;
mod signature;
mod stripe;
mod subscriptions;
mod wire;

use std::sync::Arc;

use jiff::Timestamp;

pub use error::BillingError;
pub use signature::BadSignature;
pub use subscriptions::Changed;

use stripe::{Order, Stripe};
use wire::{About, Event, Told};

use crate::clock::Clock;
use crate::domain::{Subscription, UserId};
use crate::http::Client;
use crate::secret::Secret;
use crate::store::Store;

/// What subscriptions are sold with.
pub struct Config {
    /// The store.
    pub store: Store,
    /// The client that may ask Stripe.
    pub client: Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Address of Stripe, such as `https://api.stripe.com`.
    pub origin: String,
    /// The key of the operator's account there.
    pub key: Secret,
    /// The secret that messages to this site are signed with.
    pub webhook_secret: Secret,
    /// What a subscription costs: Stripe's name of a price.
    pub price: String,
}

/// The subscriptions of an installation.
pub struct Billing {
    store: Store,
    clock: Arc<dyn Clock>,
    stripe: Stripe,
    webhook_secret: Secret,
    price: String,
}

/// Where Stripe sends somebody back to.
#[derive(Clone, Debug)]
pub struct Return {
    /// When he has paid; Stripe adds which Checkout it was.
    pub done: String,
    /// When he has not.
    pub cancelled: String,
}

impl Billing {
    /// Asks nothing yet.
    pub fn new(config: Config) -> Self {
        Self {
            stripe: Stripe::new(config.client, &config.origin, config.key),
            store: config.store,
            clock: config.clock,
            webhook_secret: config.webhook_secret,
            price: config.price,
        }
    }

    /// Somebody's subscription, as far as it is known here.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(&self, user: UserId) -> Result<Option<Subscription>, BillingError> {
        let store = self.store.clone();
        let read = tokio::task::spawn_blocking(move || store.read(|tx| tx.subscription(user)));
        Ok(joined(read.await)?)
    }

    /// The address of the page on which somebody pays.
    ///
    /// # Errors
    /// When he has a subscription, or Stripe can't be asked.
    pub async fn checkout(
        &self,
        user: UserId,
        mail: &Secret,
        back: &Return,
    ) -> Result<String, BillingError> {
        let held = self.of(user).await?;
        let now = self.clock.now();
        if held.as_ref().is_some_and(|held| held.entitles(now)) {
            return Err(BillingError::Subscribed);
        }
        let order = Order {
            user,
            customer: held.as_ref().map(|held| held.customer.as_str()),
            mail: mail.expose(),
            price: &self.price,
            done: &back.done,
            cancelled: &back.cancelled,
        };
        Ok(self.stripe.checkout(&order).await?.url)
    }

    /// The address of the page on which somebody changes how he pays.
    ///
    /// # Errors
    /// When he was never a customer, or Stripe can't be asked.
    pub async fn portal(&self, user: UserId, back: &str) -> Result<String, BillingError> {
        let held = self.of(user).await?.ok_or(BillingError::None)?;
        Ok(self.stripe.portal(&held.customer, back).await?.url)
    }

    /// Sees what came of a Checkout that somebody was sent back from. What his browser
    /// says is not believed: Stripe is asked.
    ///
    /// # Errors
    /// When Stripe or the store fails.
    pub async fn settle(&self, checkout: &str) -> Result<Changed, BillingError> {
        let found = self.stripe.read_checkout(checkout).await?;
        match found.about() {
            About::Named { subscription, user } => self.look(&subscription, user, None).await,
            About::Subscription(_) | About::Other => Ok(Changed::default()),
        }
    }

    /// Lets somebody's subscription end with its period, or be renewed after all.
    ///
    /// # Errors
    /// When there is none, or Stripe or the store fails.
    pub async fn end_with_period(&self, user: UserId, ends: bool) -> Result<Changed, BillingError> {
        let held = self.of(user).await?.filter(|held| !held.is_over());
        let held = held.ok_or(BillingError::None)?;
        let asked = self.clock.now();
        let told = self.stripe.end_with_period(&held.id, ends).await?;
        self.keep(told, None, asked, None).await
    }

    /// Ends a subscription at once, of somebody whose account is gone and with it all
    /// that was known of the subscription here.
    ///
    /// # Errors
    /// When Stripe fails.
    pub async fn end_now(&self, subscription: &Subscription) -> Result<(), BillingError> {
        self.stripe.end_now(&subscription.id).await.map(drop)
    }

    /// Takes a message of Stripe's: the raw body, and the header `Stripe-Signature`.
    /// When this returns, what follows from it is on disk.
    ///
    /// # Errors
    /// When it is not from Stripe or can't be read: it is not to be sent again then. When
    /// Stripe or the store fails: it is.
    pub async fn receive(
        &self,
        body: &[u8],
        signature: Option<&str>,
    ) -> Result<Changed, BillingError> {
        signature::check(signature, body, &self.webhook_secret, self.clock.now())?;
        let event = Event::read(body).map_err(BillingError::Event)?;
        if self.is_taken(&event.id).await? {
            return Ok(Changed::default());
        }
        match event.about {
            About::Other => Ok(Changed::default()),
            About::Named { subscription, user } => {
                self.look(&subscription, user, Some(event.id)).await
            }
            About::Subscription(told) => {
                let asked = self.clock.now();
                match self.stripe.subscription(&told.id).await {
                    Ok(now) => self.keep(now, None, asked, Some(event.id)).await,
                    Err(BillingError::Unreachable(error)) => {
                        tracing::warn!(%error, "a message of Stripe's is taken at its word");
                        self.keep(told, None, event.created, Some(event.id)).await
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// Asks about every subscription that is not over, and forgets messages that can't
    /// come again. Time itself changes some: a payment that was not made good.
    ///
    /// # Errors
    /// When the store fails. A subscription that can't be asked about stays as it is.
    pub async fn sweep(&self) -> Result<Changed, BillingError> {
        let mut changed = self.settle_time().await?;
        let store = self.store.clone();
        let all = tokio::task::spawn_blocking(move || store.read(|tx| tx.subscriptions()));
        for held in joined(all.await)?.iter().filter(|held| !held.is_over()) {
            match self.look(&held.id, Some(held.user), None).await {
                Ok(more) => changed.add(more),
                Err(BillingError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::warn!(%error, "a subscription could not be asked about"),
            }
        }
        Ok(changed)
    }

    /// Asks how a subscription stands and keeps it.
    async fn look(
        &self,
        subscription: &str,
        user: Option<UserId>,
        event: Option<String>,
    ) -> Result<Changed, BillingError> {
        let asked = self.clock.now();
        let told = self.stripe.subscription(subscription).await?;
        self.keep(told, user, asked, event).await
    }

    async fn keep(
        &self,
        told: Told,
        user: Option<UserId>,
        as_of: Timestamp,
        event: Option<String>,
    ) -> Result<Changed, BillingError> {
        let (store, now) = (self.store.clone(), self.clock.now());
        let kept = tokio::task::spawn_blocking(move || {
            store.write(|tx| subscriptions::keep(tx, &told, user, as_of, event.as_deref(), now))
        });
        Ok(joined(kept.await)?)
    }

    async fn settle_time(&self) -> Result<Changed, BillingError> {
        let (store, now) = (self.store.clone(), self.clock.now());
        let settled = tokio::task::spawn_blocking(move || {
            store.write(|tx| subscriptions::settle_time(tx, now))
        });
        Ok(joined(settled.await)?)
    }

    async fn is_taken(&self, event: &str) -> Result<bool, BillingError> {
        let (store, event) = (self.store.clone(), event.to_owned());
        let read =
            tokio::task::spawn_blocking(move || store.read(|tx| tx.has_payment_event(&event)));
        Ok(joined(read.await)?)
    }
}

/// What came of work off the threads that answer; its panic goes on here.
fn joined<T>(done: Result<T, tokio::task::JoinError>) -> T {
    match done {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
