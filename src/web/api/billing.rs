//! Subscriptions, for programs; and what Stripe tells.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::refusals::{BodyRefused, MemberRefused};
use crate::auth::{Member, SignedIn};
use crate::web::error::{Problem, WebError};
use crate::web::extract::Sent;
use crate::web::state::AppState;
use crate::web::subscriptions::{SubscriptionView, WantedTier, change, received, view};
use crate::web::whose::Private;

/// Header with the signatures of a message.
const SIGNATURE: &str = "stripe-signature";

/// The tier that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionUpdate {
    /// `premium` to subscribe, or to have a subscription renewed after all; `free` to let
    /// it end with the period that is paid.
    tier: WantedTier,
}

/// One's subscription.
#[utoipa::path(get, path = "/api/users/subscription", tag = "accounts", responses(
    (status = 200, description = "The subscription", body = SubscriptionView), MemberRefused))]
pub(super) async fn show(
    by: Member,
    State(state): State<AppState>,
) -> Result<Private<Json<SubscriptionView>>, WebError> {
    Ok(Private(Json(view(&state, &by).await?)))
}

/// Subscribes, renews or ends. Where something is to be paid, `checkout` is the address
/// of the page on which to pay.
#[utoipa::path(put, path = "/api/users/subscription", tag = "accounts",
    request_body = SubscriptionUpdate, responses(
    (status = 200, description = "As it stands now", body = SubscriptionView),
    (status = 409, description = "Nothing is sold here, or there is nothing to end", body = Problem),
    (status = 502, description = "Stripe said no, or nothing", body = Problem),
    MemberRefused, BodyRefused))]
pub(super) async fn update(
    by: Member,
    _own: SignedIn,
    State(state): State<AppState>,
    headers: HeaderMap,
    Sent(update): Sent<SubscriptionUpdate>,
) -> Result<Private<Json<SubscriptionView>>, WebError> {
    let changed = change(&state, &by, update.tier, &headers).await?;
    Ok(Private(Json(changed)))
}

/// Where Stripe sends its messages. Each is taken once; when it is answered, what follows
/// from it is on disk.
#[utoipa::path(post, path = "/api/billing/webhook", tag = "accounts",
    request_body(content = String, content_type = "application/json"), responses(
    (status = 204, description = "Taken"),
    (status = 400, description = "Not from Stripe, too old, or no event", body = Problem),
    (status = 409, description = "Nothing is sold here", body = Problem),
    (status = 413, description = "The message is larger than 64 KiB", body = Problem),
    (status = 502, description = "Stripe could not be asked: send it again", body = Problem),
    (status = 503, description = "The store can't be used right now: send it again", body = Problem),
    (status = 507, description = "The disk is full: send it again", body = Problem)))]
pub(super) async fn webhook(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Private<StatusCode>, WebError> {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    received(&state, &body, signature).await?;
    Ok(Private(StatusCode::NO_CONTENT))
}
