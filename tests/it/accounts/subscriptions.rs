//! Subscriptions, against a stand-in of Stripe on a port of this machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use afwd::billing::{Billing, Config as BillingConfig};
use afwd::domain::{PremiumFor, Registration, Tier, UserRole};
use afwd::http::{Client, Config, Host, Kept, Ledger, LedgerError};
use afwd::secret::Secret;
use afwd::web::Site;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use jiff::civil::Date;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::PASSWORD;
use super::site::{Browser, JSON, Served, TOKEN};
use crate::models::ask;

const KEY: &str = "sk_test_canary";
const WEBHOOK: &str = "whsec_canary";
const LATER: i64 = 1_790_000_000;

/// What the stand-in knows and was asked.
#[derive(Default)]
struct Told {
    subscriptions: BTreeMap<String, Value>,
    checkouts: BTreeMap<String, Value>,
    forms: Vec<(String, BTreeMap<String, String>)>,
    once: Vec<String>,
    down: bool,
}

type Shared = Arc<Mutex<Told>>;

/// Nothing is remembered, nothing is limited.
struct Nothing;

impl Ledger for Nothing {
    fn spend(&self, _: &str, _: Date, _: u32) -> Result<bool, LedgerError> {
        Ok(true)
    }

    fn kept(&self, _: &str) -> Result<Option<Kept>, LedgerError> {
        Ok(None)
    }

    fn keep(&self, _: &str, _: &Kept) -> Result<(), LedgerError> {
        Ok(())
    }
}

/// A site that sells the tier premium by the stand-in.
struct Shop {
    served: Served,
    stripe: Shared,
}

type Said = (StatusCode, Json<Value>);

fn said(status: u16, body: Value) -> Said {
    (StatusCode::from_u16(status).expect("a status"), Json(body))
}

/// Whether a request is as Stripe wants them; notes its key of idempotency.
fn checked(told: &mut Told, headers: &HeaderMap) -> Option<Said> {
    let text = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    };
    if told.down {
        return Some(said(
            503,
            json!({"error": {"type": "api_error", "message": "down"}}),
        ));
    }
    assert_eq!(text("authorization"), format!("Bearer {KEY}"));
    assert!(!text("stripe-version").is_empty());
    told.once.push(text("idempotency-key").to_owned());
    None
}

async fn subscription(
    State(told): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Said {
    let mut told = told.lock();
    if let Some(refused) = checked(&mut told, &headers) {
        return refused;
    }
    match told.subscriptions.get(&id) {
        Some(found) => said(200, found.clone()),
        None => said(
            404,
            json!({"error": {"type": "invalid_request_error", "message": "No such subscription"}}),
        ),
    }
}

async fn change(
    State(told): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Said {
    let mut told = told.lock();
    if let Some(refused) = checked(&mut told, &headers) {
        return refused;
    }
    let held = told.subscriptions.get_mut(&id).expect("known");
    held["cancel_at_period_end"] = (form["cancel_at_period_end"] == "true").into();
    said(200, held.clone())
}

async fn cancel(State(told): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Said {
    let mut told = told.lock();
    if let Some(refused) = checked(&mut told, &headers) {
        return refused;
    }
    let held = told.subscriptions.get_mut(&id).expect("known");
    held["status"] = "canceled".into();
    said(200, held.clone())
}

async fn begin(
    State(told): State<Shared>,
    headers: HeaderMap,
    uri: axum::http::Uri,
    Form(form): Form<BTreeMap<String, String>>,
) -> Said {
    let mut told = told.lock();
    if let Some(refused) = checked(&mut told, &headers) {
        return refused;
    }
    told.forms.push((uri.path().to_owned(), form));
    said(
        200,
        json!({"id": "cs_1", "url": "https://stripe.example/pay"}),
    )
}

async fn checkout(State(told): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Said {
    let mut told = told.lock();
    if let Some(refused) = checked(&mut told, &headers) {
        return refused;
    }
    said(200, told.checkouts[&id].clone())
}

impl Shop {
    async fn open() -> Self {
        let stripe = Shared::default();
        let router = Router::new()
            .route(
                "/v1/subscriptions/{id}",
                get(subscription).post(change).delete(cancel),
            )
            .route("/v1/checkout/sessions", post(begin))
            .route("/v1/checkout/sessions/{id}", get(checkout))
            .route("/v1/billing_portal/sessions", post(begin))
            .with_state(Arc::clone(&stripe));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let site = Site {
            public_url: Some("https://wine.example".parse().expect("an address")),
            ..Site::default()
        };
        let served = Served::of(Registration::Open, site, |place, state| {
            let clock: Arc<dyn afwd::clock::Clock> = Arc::new(place.clock.clone());
            let host = Host {
                origin: origin.clone(),
                per_second: 1e6,
                per_day: u32::MAX,
                private: true,
            };
            let http = Config::new("", vec![host]);
            let client = Client::new(http, Arc::new(Nothing), Arc::clone(&clock));
            let billing = Billing::new(BillingConfig {
                store: place.store.clone(),
                client: client.expect("a client"),
                clock,
                origin,
                key: Secret::new(KEY),
                webhook_secret: Secret::new(WEBHOOK),
                price: "price_1".to_owned(),
            });
            state.with_plans(PremiumFor::Granted, Some(Arc::new(billing)))
        });
        served.add("ann@example.org", UserRole::Reader);
        Self { served, stripe }
    }

    fn ann(&self) -> String {
        let by = self.served.place.accounts.at_the_console();
        let ann = self.served.place.accounts.find(&by, "ann@example.org");
        ann.expect("Ann").to_string()
    }

    /// Stripe knows of a subscription of Ann's that stands so.
    fn stands(&self, status: &str) {
        let subscription = json!({
            "id": "sub_1", "customer": "cus_1", "status": status,
            "cancel_at_period_end": false, "metadata": {"user_id": self.ann()},
            "items": {"data": [{"current_period_end": LATER}]},
        });
        let mut told = self.stripe.lock();
        told.subscriptions.insert("sub_1".to_owned(), subscription);
    }

    /// A message of Stripe's, signed so many seconds ago with a secret.
    async fn send(&self, body: &str, secret: &str, age: i64) -> (StatusCode, String) {
        let now = 1_780_000_000 - age;
        let signature = Secret::new(secret).sign(format!("{now}.{body}").as_bytes());
        let header = format!("t={now},v1={signature}");
        let headers = [("stripe-signature", header.as_str()), JSON];
        let (status, _, said) = ask(
            &self.served.site,
            "POST",
            "/api/billing/webhook",
            &headers,
            body,
        )
        .await;
        (status, said)
    }

    async fn tell(&self, event: &str, kind: &str, object: &Value) -> StatusCode {
        self.send(&message(event, kind, object), WEBHOOK, 0).await.0
    }

    async fn api(&self, method: &str, path: &str, access: &str, body: &str) -> (StatusCode, Value) {
        let bearer = format!("Bearer {access}");
        let headers = [("authorization", bearer.as_str()), JSON];
        let (status, _, said) = ask(&self.served.site, method, path, &headers, body).await;
        (status, serde_json::from_str(&said).unwrap_or(Value::Null))
    }

    fn digest(&self) -> String {
        let all = self
            .served
            .place
            .store
            .read(|tx| Ok(format!("{:?} {:?}", tx.users()?, tx.subscriptions()?)));
        all.expect("a read")
    }
}

fn message(event: &str, kind: &str, object: &Value) -> String {
    json!({"id": event, "object": "event", "created": 1_780_000_000_i64, "type": kind,
        "data": {"object": object}})
    .to_string()
}

#[tokio::test]
async fn one_subscribes_pays_ends_and_renews() {
    let shop = Shop::open().await;
    let mut browser = Browser::new(&shop.served.site);
    browser.sign_in("ann@example.org").await;
    let own = "/account/subscription";
    let leaving = browser.submit(own, own, &[("wish", "subscribe")]).await;
    assert_eq!(leaving.status, StatusCode::OK, "{}", leaving.page);
    let refresh = leaving.headers.get("refresh").expect("it leads on");
    assert_eq!(refresh, "0; url=https://stripe.example/pay");
    let (path, form) = shop.stripe.lock().forms[0].clone();
    assert_eq!(path, "/v1/checkout/sessions");
    let ann = shop.ann();
    for (name, value) in [
        ("mode", "subscription"),
        ("client_reference_id", ann.as_str()),
        ("customer_email", "ann@example.org"),
        ("line_items[0][price]", "price_1"),
        ("line_items[0][quantity]", "1"),
        ("subscription_data[metadata][user_id]", ann.as_str()),
        (
            "success_url",
            "https://wine.example/account/subscription/done?session_id={CHECKOUT_SESSION_ID}",
        ),
        ("cancel_url", "https://wine.example/account/subscription"),
    ] {
        assert_eq!(form.get(name).map(String::as_str), Some(value), "{name}");
    }
    // Coming back alone gives nothing: Stripe is asked.
    let unpaid = json!({"mode": "subscription", "subscription": null, "client_reference_id": ann});
    shop.stripe
        .lock()
        .checkouts
        .insert("cs_1".to_owned(), unpaid);
    browser
        .get("/account/subscription/done?session_id=cs_1")
        .await;
    let access = shop.served.access("ann@example.org");
    let (_, view) = shop
        .api("GET", "/api/users/subscription", &access, "")
        .await;
    assert_eq!(
        (&view["tier"], &view["status"]),
        (&json!("free"), &Value::Null)
    );
    shop.stands("active");
    let paid = json!({"mode": "subscription", "subscription": "sub_1", "client_reference_id": ann});
    shop.stripe.lock().checkouts.insert("cs_1".to_owned(), paid);
    let back = browser
        .get("/account/subscription/done?session_id=cs_1")
        .await;
    assert_eq!(back.location(), own);
    let (_, view) = shop
        .api("GET", "/api/users/subscription", &access, "")
        .await;
    assert_eq!(
        (&view["tier"], &view["status"], &view["ends"]),
        (&json!("premium"), &json!("active"), &json!(false))
    );
    // The tier holds from the next request on, with the same sign-in.
    let (status, _) = shop
        .api("POST", "/api/ml/batch-predict", &access, "{\"ids\": [4]}")
        .await;
    assert_eq!(status, StatusCode::OK);
    browser.submit(own, own, &[("wish", "end")]).await;
    let page = browser.get(own).await.page;
    assert!(
        page.contains("and ends on") && page.contains("Renew it after all"),
        "{page}"
    );
    let (status, view) = shop
        .api(
            "PUT",
            "/api/users/subscription",
            &access,
            "{\"tier\": \"premium\"}",
        )
        .await;
    assert_eq!((status, &view["ends"]), (StatusCode::OK, &json!(false)));
    let (status, problem) = shop
        .api(
            "PUT",
            "/api/users/subscription",
            &access,
            "{\"tier\": \"premium\"}",
        )
        .await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("subscribed"))
    );
    // Each POST has a key of its own, so that a try again does nothing twice.
    let mut once = shop.stripe.lock().once.clone();
    once.retain(|key| !key.is_empty());
    let posts = once.len();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), posts);
}

#[tokio::test]
async fn what_stripe_says_now_holds_whatever_the_messages_say() {
    let shop = Shop::open().await;
    shop.stands("active");
    let stale = json!({"id": "sub_1", "customer": "cus_1", "status": "incomplete"});
    let updated = "customer.subscription.updated";
    assert_eq!(
        shop.tell("evt_1", updated, &stale).await,
        StatusCode::NO_CONTENT
    );
    let by = shop.served.place.accounts.at_the_console();
    let tier = |shop: &Shop| {
        let all = shop.served.place.accounts.users(&by).expect("a list");
        let ann = all.into_iter().find(|user| user.mail == "ann@example.org");
        ann.expect("Ann").tier
    };
    assert_eq!(tier(&shop), "premium");
    shop.stands("past_due");
    let invoice = json!({"parent": {"subscription_details": {"subscription": "sub_1"}}});
    assert_eq!(
        shop.tell("evt_2", "invoice.payment_failed", &invoice).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tier(&shop), "premium", "there is a week to pay");
    shop.stands("canceled");
    // A message that was taken is not taken again, whatever became true since.
    assert_eq!(
        shop.tell("evt_2", "invoice.paid", &invoice).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tier(&shop), "premium");
    let deleted = "customer.subscription.deleted";
    assert_eq!(
        shop.tell("evt_3", deleted, &stale).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tier(&shop), "free");
    for (event, kind) in [
        ("evt_4", "customer.updated"),
        ("evt_5", "invented.by.stripe"),
    ] {
        assert_eq!(
            shop.tell(event, kind, &json!({})).await,
            StatusCode::NO_CONTENT
        );
    }
    // What can't be asked about now is to be sent again.
    shop.stripe.lock().down = true;
    assert_eq!(
        shop.tell("evt_6", "invoice.paid", &invoice).await,
        StatusCode::BAD_GATEWAY
    );
    shop.stripe.lock().down = false;
    shop.stands("active");
    assert_eq!(
        shop.tell("evt_6", "invoice.paid", &invoice).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tier(&shop), "premium");
}

#[tokio::test]
async fn what_is_not_from_stripe_changes_nothing() {
    let shop = Shop::open().await;
    shop.stands("active");
    let body = message(
        "evt_1",
        "customer.subscription.updated",
        &json!({"id": "sub_1"}),
    );
    let before = shop.digest();
    for (secret, age) in [("whsec_other", 0), (WEBHOOK, 301), (TOKEN, 0)] {
        let (status, said) = shop.send(&body, secret, age).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
        assert!(!said.contains(WEBHOOK) && !said.contains(KEY));
    }
    let headers = [JSON];
    let (status, ..) = ask(
        &shop.served.site,
        "POST",
        "/api/billing/webhook",
        &headers,
        &body,
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    for body in ["", "{}", "[]", "{\"id\": 1}", "nonsense"] {
        assert_eq!(
            shop.send(body, WEBHOOK, 0).await.0,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let large = " ".repeat(70_000);
    assert_eq!(
        shop.send(&large, WEBHOOK, 0).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(shop.digest(), before);
}

#[tokio::test]
async fn an_account_that_goes_pays_no_more() {
    let shop = Shop::open().await;
    shop.stands("active");
    let object = json!({"id": "sub_1", "customer": "cus_1", "status": "active"});
    shop.tell("evt_1", "customer.subscription.created", &object)
        .await;
    let access = shop.served.access("ann@example.org");
    let wrong = "{\"password\": \"a wrong one for sure\"}";
    let (status, _) = shop.api("DELETE", "/api/users", &access, wrong).await;
    assert_ne!(status, StatusCode::OK);
    assert_eq!(
        shop.stripe.lock().subscriptions["sub_1"]["status"],
        "active"
    );
    let sure = json!({"password": PASSWORD}).to_string();
    let (status, receipt) = shop.api("DELETE", "/api/users", &access, &sure).await;
    assert_eq!(status, StatusCode::OK, "{receipt}");
    assert_eq!(
        shop.stripe.lock().subscriptions["sub_1"]["status"],
        "canceled"
    );
    let left = shop
        .served
        .place
        .store
        .read(|tx| tx.subscriptions())
        .expect("a read");
    assert!(left.is_empty(), "{left:?}");
    // A message that comes late finds nobody.
    let late = shop
        .tell("evt_2", "customer.subscription.deleted", &object)
        .await;
    assert_eq!(late, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_premium_is_for_whom_the_operator_says() {
    let batch = "{\"ids\": [4]}";
    let path = "/api/ml/batch-predict";
    let site = |premium| {
        Served::of(Registration::Open, Site::default(), move |_, state| {
            state.with_plans(premium, None)
        })
    };
    let everybody = site(PremiumFor::Everybody);
    let (status, ..) = ask(&everybody.site, "POST", path, &[JSON], batch).await;
    assert_eq!(status, StatusCode::OK);
    let granted = site(PremiumFor::Granted);
    granted.add("ann@example.org", UserRole::Reader);
    let (status, ..) = ask(&granted.site, "POST", path, &[JSON], batch).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let bearer = format!("Bearer {}", granted.access("ann@example.org"));
    let headers = [("authorization", bearer.as_str()), JSON];
    let (status, _, said) = ask(&granted.site, "POST", path, &headers, batch).await;
    assert!(
        status == StatusCode::FORBIDDEN && said.contains("/plans"),
        "{said}"
    );
    let (by, accounts) = (
        granted.place.accounts.at_the_console(),
        &granted.place.accounts,
    );
    let ann = accounts.find(&by, "ann@example.org").expect("Ann");
    accounts.set_tier(&by, ann, Tier::Premium).expect("set");
    let (status, ..) = ask(&granted.site, "POST", path, &headers, batch).await;
    assert_eq!(status, StatusCode::OK);
    let put = "{\"tier\": \"premium\"}";
    let (status, _, said) = ask(
        &granted.site,
        "PUT",
        "/api/users/subscription",
        &headers,
        put,
    )
    .await;
    assert!(
        status == StatusCode::CONFLICT && said.contains("not_sold"),
        "{said}"
    );
}
