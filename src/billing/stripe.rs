//! Asking Stripe. The API's version is fixed here, so that an answer has the shape
//! this was written for, whatever the account's own version is.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::BillingError;
use super::wire::{Checkout, Page, Refusal, Told};
use crate::domain::UserId;
use crate::http::{Answered, Client, Exchange, Verb};
use crate::secret::{self, Secret};

/// The version of the API.
const VERSION: &str = "2026-10-28.endive";
/// Tries of a request, the first included.
const ATTEMPTS: u32 = 3;
/// Pause before the second; it doubles.
const PAUSE: Duration = Duration::from_millis(400);

/// The service, with the key of the operator's account there.
pub(super) struct Stripe {
    client: Client,
    /// Such as `https://api.stripe.com`.
    origin: String,
    key: Secret,
}

/// Who is to subscribe to what.
pub(super) struct Order<'a> {
    pub(super) user: UserId,
    /// Stripe's name of him, when he is known there.
    pub(super) customer: Option<&'a str>,
    /// His address, for somebody new.
    pub(super) mail: &'a str,
    pub(super) price: &'a str,
    /// Where Stripe sends him when he has paid, and when he has not.
    pub(super) done: &'a str,
    pub(super) cancelled: &'a str,
}

impl Stripe {
    pub(super) fn new(client: Client, origin: &str, key: Secret) -> Self {
        Self {
            client,
            origin: origin.trim_end_matches('/').to_owned(),
            key,
        }
    }

    /// The page on which somebody pays.
    pub(super) async fn checkout(&self, order: &Order<'_>) -> Result<Page, BillingError> {
        let user = order.user.to_string();
        // Stripe puts the name of the Checkout in.
        let done = format!("{}?session_id={{CHECKOUT_SESSION_ID}}", order.done);
        let mut form = fields(&[
            ("mode", "subscription"),
            ("client_reference_id", &user),
            ("success_url", &done),
            ("cancel_url", order.cancelled),
            ("line_items[0][price]", order.price),
            ("line_items[0][quantity]", "1"),
            ("subscription_data[metadata][user_id]", &user),
            ("allow_promotion_codes", "true"),
        ]);
        form.push(match order.customer {
            Some(customer) => field("customer", customer),
            None => field("customer_email", order.mail),
        });
        self.post("/v1/checkout/sessions", &form).await
    }

    /// A Checkout, as it stands now.
    pub(super) async fn read_checkout(&self, id: &str) -> Result<Checkout, BillingError> {
        let found = self
            .get(&format!("/v1/checkout/sessions/{}", segment(id)))
            .await?;
        Checkout::read(found).map_err(BillingError::Answer)
    }

    /// The page on which a customer changes how he pays.
    pub(super) async fn portal(&self, customer: &str, back: &str) -> Result<Page, BillingError> {
        let form = fields(&[("customer", customer), ("return_url", back)]);
        self.post("/v1/billing_portal/sessions", &form).await
    }

    /// A subscription, as it stands now.
    pub(super) async fn subscription(&self, id: &str) -> Result<Told, BillingError> {
        let found = self
            .get(&format!("/v1/subscriptions/{}", segment(id)))
            .await?;
        Told::read(found).map_err(BillingError::Answer)
    }

    /// Lets a subscription end with its period, or be renewed after all.
    pub(super) async fn end_with_period(&self, id: &str, ends: bool) -> Result<Told, BillingError> {
        let ends = if ends { "true" } else { "false" };
        let form = fields(&[("cancel_at_period_end", ends)]);
        let path = format!("/v1/subscriptions/{}", segment(id));
        let told: Value = self.post(&path, &form).await?;
        Told::read(told).map_err(BillingError::Answer)
    }

    /// Ends a subscription at once.
    pub(super) async fn end_now(&self, id: &str) -> Result<Told, BillingError> {
        let path = format!("/v1/subscriptions/{}", segment(id));
        let told: Value = self.ask(Verb::Delete, &path, &[]).await?;
        Told::read(told).map_err(BillingError::Answer)
    }

    async fn get(&self, path: &str) -> Result<Value, BillingError> {
        self.ask(Verb::Get, path, &[]).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(String, String)],
    ) -> Result<T, BillingError> {
        self.ask(Verb::Post, path, form).await
    }

    /// Asks until there is an answer that stands. All tries of a POST have one key, so
    /// that Stripe does what is asked once.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Verb,
        path: &str,
        form: &[(String, String)],
    ) -> Result<T, BillingError> {
        let url = format!("{}{path}", self.origin);
        let once = secret::hex(&secret::random::<16>()?);
        let mut headers = vec![("Stripe-Version", VERSION)];
        if method == Verb::Post {
            headers.push(("Idempotency-Key", &once));
        }
        let mut tried = 0;
        loop {
            tried += 1;
            let answered = self.client.exchange(Exchange {
                method,
                url: &url,
                key: &self.key,
                headers: &headers,
                form,
            });
            let error = match answered.await {
                Ok(answered) => match read(answered) {
                    Err(error) if is_passing(&error) => error,
                    settled => return settled,
                },
                Err(error) if error.is_passing() => error.into(),
                Err(error) => return Err(error.into()),
            };
            if tried >= ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(PAUSE * 2_u32.pow(tried - 1)).await;
        }
    }
}

fn read<T: DeserializeOwned>(answered: Answered) -> Result<T, BillingError> {
    if (200..300).contains(&answered.status) {
        let read = serde_json::from_slice(&answered.body);
        return read.map_err(|error| BillingError::Answer(error.to_string()));
    }
    let reason = serde_json::from_slice::<Refusal>(&answered.body);
    let reason = reason.map(|refusal| refusal.error).unwrap_or_default();
    Err(BillingError::Refused {
        status: answered.status,
        message: match reason.message.is_empty() {
            true => reason.kind,
            false => reason.message,
        },
        request_id: answered.request_id,
    })
}

/// True for what another try may mend.
fn is_passing(error: &BillingError) -> bool {
    matches!(
        error,
        BillingError::Refused {
            status: 409 | 429 | 500..,
            ..
        }
    )
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|&(name, value)| field(name, value))
        .collect()
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A name as one segment of a path, whatever is in it.
fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
