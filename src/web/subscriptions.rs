//! Subscriptions as pages and the API show and change them.

use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::WebError;
use super::state::AppState;
use crate::auth::{Member, SignedIn};
use crate::billing::{Billing, BillingError, Changed, Return};
use crate::domain::{Subscription, Tier};

/// A reader's subscription.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct SubscriptionView {
    /// `free` or `premium`.
    pub(super) tier: String,
    /// True where the tier premium is sold.
    pub(super) sold: bool,
    /// How the subscription stands, in Stripe's words; absent for who never had one.
    pub(super) status: Option<String>,
    /// When the period that is paid ends (RFC 3339).
    pub(super) period_end: Option<String>,
    /// True when it ends then, and is not renewed.
    pub(super) ends: bool,
    /// Where to pay, right after one subscribed.
    pub(super) checkout: Option<String>,
}

/// The tier that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum WantedTier {
    /// No subscription from the end of its period on.
    Free,
    /// A subscription.
    Premium,
}

/// Somebody's subscription, as far as it is known here.
pub(super) async fn view(state: &AppState, by: &Member) -> Result<SubscriptionView, WebError> {
    let billing = state.billing.as_deref();
    let held = match billing {
        Some(billing) => billing.of(by.user()).await?,
        None => None,
    };
    // Asked anew: a change of a moment ago is not in what let the request in.
    let member = by.clone();
    let profile = state
        .accounts()?
        .ask(move |accounts| accounts.profile(&member));
    let profile = profile.await??;
    let held = held.filter(|held| !held.id.is_empty());
    Ok(SubscriptionView {
        tier: profile.tier,
        sold: billing.is_some(),
        status: held.as_ref().map(|held| held.status.to_string()),
        period_end: held
            .as_ref()
            .and_then(|held| held.period_end)
            .map(|end| end.to_string()),
        ends: held.is_some_and(|held| held.ends),
        checkout: None,
    })
}

/// Subscribes, renews or ends.
pub(super) async fn change(
    state: &AppState,
    by: &Member,
    wanted: WantedTier,
    headers: &HeaderMap,
) -> Result<SubscriptionView, WebError> {
    let billing = sold(state)?;
    let held = billing.of(by.user()).await?.filter(|held| !held.is_over());
    let renews = held.as_ref().is_some_and(|held| !held.ends);
    match (wanted, held.is_some()) {
        (WantedTier::Free, _) => {
            followed(state, billing.end_with_period(by.user(), true).await?).await?;
        }
        (WantedTier::Premium, true) if !renews => {
            followed(state, billing.end_with_period(by.user(), false).await?).await?;
        }
        (WantedTier::Premium, true) => return Err(BillingError::Subscribed.into()),
        (WantedTier::Premium, false) => {
            let checkout = checkout(state, by, headers).await?;
            let mut view = view(state, by).await?;
            view.checkout = Some(checkout);
            return Ok(view);
        }
    }
    view(state, by).await
}

/// The address of the page on which somebody pays.
pub(super) async fn checkout(
    state: &AppState,
    by: &Member,
    headers: &HeaderMap,
) -> Result<String, WebError> {
    let billing = sold(state)?;
    if billing.of(by.user()).await?.is_none() && by.tier() == Tier::Premium {
        let given = "You have the tier premium already: the operator gave it to you.";
        return Err(WebError::new(StatusCode::CONFLICT, "not_now", given));
    }
    let member = by.clone();
    let mail = state
        .accounts()?
        .ask(move |accounts| accounts.own_mail(&member));
    let site = address(state, headers)?;
    let back = Return {
        done: format!("{site}/account/subscription/done"),
        cancelled: format!("{site}/account/subscription"),
    };
    Ok(billing.checkout(by.user(), &mail.await??, &back).await?)
}

/// The address of the page on which somebody changes how he pays.
pub(super) async fn portal(
    state: &AppState,
    by: &Member,
    headers: &HeaderMap,
) -> Result<String, WebError> {
    let back = format!("{}/account/subscription", address(state, headers)?);
    Ok(sold(state)?.portal(by.user(), &back).await?)
}

/// Sees what came of a Checkout.
pub(super) async fn settled(state: &AppState, checkout: &str) -> Result<(), WebError> {
    followed(state, sold(state)?.settle(checkout).await?).await
}

/// Takes a message of Stripe's.
pub(super) async fn received(
    state: &AppState,
    body: &[u8],
    signature: Option<&str>,
) -> Result<(), WebError> {
    followed(state, sold(state)?.receive(body, signature).await?).await
}

/// What somebody pays for, whose account is about to go.
pub(super) async fn paid_by(
    state: &AppState,
    by: SignedIn,
) -> Result<Option<Subscription>, WebError> {
    match &state.billing {
        Some(billing) => Ok(billing.of(by.user()).await?.filter(|held| !held.is_over())),
        None => Ok(None),
    }
}

/// Ends what somebody paid for whose account is gone.
pub(super) async fn end(state: &AppState, paid: Option<Subscription>) {
    let Some((billing, paid)) = state.billing.as_ref().zip(paid) else {
        return;
    };
    if let Err(error) = billing.end_now(&paid).await {
        let subscription = &paid.id;
        tracing::error!(%error, "{subscription} is nobody's any more and goes on: end it at Stripe");
    }
}

/// Lets the tiers that changed hold from the next request on.
async fn followed(state: &AppState, Changed(users): Changed) -> Result<(), WebError> {
    if users.is_empty() {
        return Ok(());
    }
    let looked = state
        .accounts()?
        .ask(move |accounts| accounts.look_again(&users));
    Ok(looked.await??)
}

fn sold(state: &AppState) -> Result<&Billing, WebError> {
    state.billing.as_deref().ok_or_else(|| {
        let detail = "Nothing is sold here: see /plans for what everybody has.";
        WebError::new(StatusCode::CONFLICT, "not_sold", detail)
    })
}

/// Scheme, host and path of the site.
fn address(state: &AppState, headers: &HeaderMap) -> Result<String, WebError> {
    let origin = state.site.origin(headers, state.secure);
    let origin = origin.ok_or_else(|| {
        WebError::bad_request("no_host", "Send a `Host` header that names this site.")
    })?;
    Ok(format!("{origin}{}", state.site.base.prefix()))
}

impl From<BillingError> for WebError {
    fn from(error: BillingError) -> Self {
        let (status, code) = match &error {
            BillingError::Signature(_) => (StatusCode::BAD_REQUEST, "bad_signature"),
            BillingError::Event(_) => (StatusCode::BAD_REQUEST, "bad_body"),
            BillingError::None => (StatusCode::CONFLICT, "no_subscription"),
            BillingError::Subscribed => (StatusCode::CONFLICT, "subscribed"),
            BillingError::Unreachable(_)
            | BillingError::Refused { .. }
            | BillingError::Answer(_) => {
                tracing::error!(%error, "Stripe did not do what it was asked");
                (StatusCode::BAD_GATEWAY, "stripe_failed")
            }
            BillingError::Randomness(_) | BillingError::Store(_) => return Self::internal(&error),
        };
        Self::new(status, code, error.to_string())
    }
}
