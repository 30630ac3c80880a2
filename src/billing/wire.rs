//! What Stripe says, as far as it concerns us. Fields that moved in version
//! 2025-03-31 are read in both places: an event's shape follows the endpoint's version,
//! not ours.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::{SubscriptionStatus, UserId};

/// A message about something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Its name: each is taken once.
    pub(super) id: String,
    /// When it happened.
    pub(super) created: Timestamp,
    /// What it is about.
    pub(super) about: About,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A subscription, as it stood then.
    Subscription(Told),
    /// An invoice or a finished Checkout of a subscription with this name.
    Named {
        /// The subscription.
        subscription: String,
        /// Who subscribed, where the message says so.
        user: Option<UserId>,
    },
    /// Nothing of ours.
    Other,
}

/// How a subscription stands, as Stripe tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) customer: String,
    pub(super) status: SubscriptionStatus,
    pub(super) period_end: Option<Timestamp>,
    pub(super) ends: bool,
    /// Who subscribed, by what we noted with it.
    pub(super) user: Option<UserId>,
}

/// A page of Stripe's to send somebody to.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) url: String,
}

/// A Checkout.
#[derive(Debug, Deserialize)]
pub(super) struct Checkout {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    client_reference_id: Option<String>,
    #[serde(default)]
    subscription: Value,
}

/// Why something can't be done.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub(super) error: Reason,
}

/// Its words.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Reason {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) message: String,
}

#[derive(Deserialize)]
struct WireEvent {
    id: String,
    created: i64,
    #[serde(rename = "type")]
    kind: String,
    data: WireData,
}

#[derive(Deserialize)]
struct WireData {
    object: Value,
}

#[derive(Deserialize)]
struct WireSubscription {
    id: String,
    customer: Value,
    status: String,
    #[serde(default)]
    current_period_end: Option<i64>,
    #[serde(default)]
    cancel_at_period_end: bool,
    #[serde(default)]
    items: WireItems,
    #[serde(default)]
    metadata: Option<WireMetadata>,
}

#[derive(Default, Deserialize)]
struct WireItems {
    #[serde(default)]
    data: Vec<WireItem>,
}

#[derive(Deserialize)]
struct WireItem {
    #[serde(default)]
    current_period_end: Option<i64>,
}

#[derive(Default, Deserialize)]
struct WireMetadata {
    #[serde(default)]
    user_id: Option<String>,
}

impl Event {
    /// Reads a message.
    ///
    /// # Errors
    /// When it is no event, or one of ours without what it should say.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let event: WireEvent = serde_json::from_slice(body).map_err(|e| e.to_string())?;
        let created = Timestamp::from_second(event.created).map_err(|e| e.to_string())?;
        let object = event.data.object;
        let about = match event.kind.as_str() {
            "customer.subscription.created"
            | "customer.subscription.updated"
            | "customer.subscription.deleted"
            | "customer.subscription.paused"
            | "customer.subscription.resumed" => About::Subscription(Told::read(object)?),
            "invoice.paid" | "invoice.payment_succeeded" | "invoice.payment_failed" => {
                match of_invoice(&object) {
                    Some(subscription) => About::Named {
                        subscription,
                        user: None,
                    },
                    None => About::Other,
                }
            }
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
                Checkout::read(object)?.about()
            }
            _ => About::Other,
        };
        Ok(Self {
            id: event.id,
            created,
            about,
        })
    }
}

impl Told {
    /// Reads a subscription.
    ///
    /// # Errors
    /// When it is none, or in a state that did not exist when this was written.
    pub(super) fn read(object: Value) -> Result<Self, String> {
        let told: WireSubscription = serde_json::from_value(object).map_err(|e| e.to_string())?;
        let in_items = told
            .items
            .data
            .iter()
            .filter_map(|item| item.current_period_end);
        let period_end = told.current_period_end.or(in_items.max());
        let user = told.metadata.unwrap_or_default().user_id;
        Ok(Self {
            customer: name_of(&told.customer).ok_or("a subscription of no customer")?,
            status: told.status.parse().map_err(|e| format!("status {e}"))?,
            period_end: period_end.and_then(|end| Timestamp::from_second(end).ok()),
            ends: told.cancel_at_period_end,
            user: user.and_then(|user| user.parse().ok()),
            id: told.id,
        })
    }
}

impl Checkout {
    /// Reads a Checkout.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read(object: Value) -> Result<Self, String> {
        serde_json::from_value(object).map_err(|error| error.to_string())
    }

    /// What it is about, when a subscription came of it.
    pub(super) fn about(&self) -> About {
        match name_of(&self.subscription).filter(|_| self.mode == "subscription") {
            Some(subscription) => About::Named {
                subscription,
                user: self.user(),
            },
            None => About::Other,
        }
    }

    fn user(&self) -> Option<UserId> {
        self.client_reference_id.as_ref()?.parse().ok()
    }
}

/// The subscription that an invoice is for.
fn of_invoice(invoice: &Value) -> Option<String> {
    let new_place = &invoice["parent"]["subscription_details"]["subscription"];
    name_of(&invoice["subscription"]).or_else(|| name_of(new_place))
}

/// The name of something that is given by its name, or whole.
fn name_of(value: &Value) -> Option<String> {
    let name = value.as_str().or_else(|| value["id"].as_str())?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::{About, Event};
    use crate::domain::{SubscriptionStatus, UserId};

    fn read(kind: &str, object: Value) -> Result<Event, String> {
        let event = json!({"id": "evt_1", "object": "event", "created": 1_800_000_000,
            "type": kind, "data": {"object": object}});
        Event::read(event.to_string().as_bytes())
    }

    fn about(kind: &str, object: Value) -> About {
        read(kind, object).expect("an event").about
    }

    #[test]
    fn a_period_is_found_in_its_old_and_its_new_place() {
        let user = UserId(7);
        let old = json!({"id": "sub_1", "customer": "cus_1", "status": "active",
            "current_period_end": 1_800_000_100, "cancel_at_period_end": true,
            "metadata": {"user_id": user.to_string()}});
        let new = json!({"id": "sub_1", "customer": {"id": "cus_1"}, "status": "active",
            "cancel_at_period_end": true, "metadata": {"user_id": user.to_string()},
            "items": {"data": [{"current_period_end": 1_800_000_100}]}});
        for object in [old, new] {
            let About::Subscription(told) = about("customer.subscription.updated", object) else {
                panic!("a subscription");
            };
            assert_eq!(
                (told.id.as_str(), told.customer.as_str()),
                ("sub_1", "cus_1")
            );
            assert_eq!(told.status, SubscriptionStatus::Active);
            let end = Timestamp::from_second(1_800_000_100).expect("a time");
            assert_eq!(
                (told.period_end, told.ends, told.user),
                (Some(end), true, Some(user))
            );
        }
    }

    #[test]
    fn invoices_and_checkouts_name_their_subscription() {
        let named = |user| About::Named {
            subscription: "sub_1".to_owned(),
            user,
        };
        let old = json!({"subscription": "sub_1"});
        let new = json!({"parent": {"type": "subscription_details",
            "subscription_details": {"subscription": "sub_1"}}});
        assert_eq!(about("invoice.paid", old), named(None));
        assert_eq!(about("invoice.payment_failed", new), named(None));
        assert_eq!(about("invoice.paid", json!({})), About::Other);
        let user = UserId(7);
        let checkout = json!({"mode": "subscription", "subscription": "sub_1",
            "client_reference_id": user.to_string()});
        assert_eq!(
            about("checkout.session.completed", checkout),
            named(Some(user))
        );
        let once = json!({"mode": "payment", "subscription": null});
        assert_eq!(about("checkout.session.completed", once), About::Other);
        assert_eq!(about("customer.updated", json!({})), About::Other);
    }

    #[test]
    fn what_is_no_event_says_why() {
        assert!(Event::read(b"").is_err() && Event::read(b"{}").is_err());
        let state = json!({"id": "sub_1", "customer": "cus_1", "status": "asleep"});
        let error = read("customer.subscription.updated", state).expect_err("no state");
        assert!(error.contains("asleep"), "{error}");
    }
}
