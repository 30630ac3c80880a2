//! `/account/subscription`: what one pays for, how to begin and how to end it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;

use super::room::{Answer, frame, go_to, said, shown, time};
use crate::auth::{Member, SignedIn};
use crate::web::extract::{FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;
use crate::web::subscriptions::{
    SubscriptionView, WantedTier, change, checkout, portal, settled, view,
};
use crate::web::whose::Private;

const OWN: &str = "/account/subscription";
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// What is to become of a subscription.
#[derive(Deserialize)]
pub(super) struct Wish {
    wish: Wished,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wished {
    Subscribe,
    Portal,
    End,
    Renew,
}

/// What Stripe adds to the address it sends somebody back to.
#[derive(Deserialize)]
pub(super) struct Settled {
    session_id: String,
}

pub(super) async fn show(
    by: Member,
    _own: SignedIn,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let subscription = view(&state, &by).await?;
    let frame = frame(&state, here, "Your subscription").await?;
    shown(
        subscription_page(&subscription, &session.token, &frame),
        None,
    )
}

pub(super) async fn take(
    by: Member,
    _own: SignedIn,
    State(state): State<AppState>,
    headers: HeaderMap,
    here: Here,
    Submitted(wish): Submitted<Wish>,
) -> Answer {
    match wish.wish {
        Wished::Subscribe => leave(&state, here, checkout(&state, &by, &headers).await?).await,
        Wished::Portal => leave(&state, here, portal(&state, &by, &headers).await?).await,
        Wished::End => {
            change(&state, &by, WantedTier::Free, &headers).await?;
            go_to(OWN, None)
        }
        Wished::Renew => {
            change(&state, &by, WantedTier::Premium, &headers).await?;
            go_to(OWN, None)
        }
    }
}

/// Where Stripe sends somebody who paid. He is believed nothing: Stripe is asked.
pub(super) async fn done(
    _own: SignedIn,
    State(state): State<AppState>,
    Query(back): Query<Settled>,
) -> Answer {
    settled(&state, &back.session_id).await?;
    go_to(OWN, None)
}

/// Sends somebody to a page of Stripe's. A form may lead to this site only, so a page
/// stands between that leads on by itself.
async fn leave(state: &AppState, here: Here, to: String) -> Answer {
    let frame = frame(state, here, "To Stripe").await?;
    let lead = "Payments are made at Stripe: you are on your way there.";
    let mut headers = HeaderMap::new();
    if let Ok(refresh) = HeaderValue::try_from(format!("0; url={to}")) {
        headers.insert(REFRESH, refresh);
    }
    let page = said(&frame, lead, (&to, "Go on"));
    Ok(Private((headers, page).into_response()))
}

/// The page.
fn subscription_page(held: &SubscriptionView, token: &FormToken, frame: &Frame) -> Markup {
    let open = held
        .status
        .as_deref()
        .filter(|status| !OVER.contains(status));
    page(
        frame,
        &html! {
            article.account {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Your subscription" }
                p.lead { "Your tier: " strong { (held.tier) } ". " a href="/plans" { "What that means" } }
                @if let Some(status) = open {
                    p { "The subscription is " strong { (in_words(status)) }
                        @if let Some(end) = &held.period_end {
                            @if held.ends { ", and ends on " } @else { ", and is renewed on " } (time(end))
                        } "." }
                }
                @if !held.sold { p { "Nothing is sold here." } } @else {
                    @match (open, held.ends) {
                        (None, _) => { (button("subscribe", "Subscribe", token)) }
                        (Some(_), false) => {
                            (button("portal", "Change how you pay", token))
                            (button("end", "End it with this period", token))
                        }
                        (Some(_), true) => {
                            (button("renew", "Renew it after all", token))
                            (button("portal", "Change how you pay", token))
                        }
                    }
                }
            }
        },
    )
}

/// States after which one subscribes anew.
const OVER: [&str; 2] = ["canceled", "incomplete_expired"];

fn in_words(status: &str) -> &str {
    match status {
        "active" => "paid",
        "trialing" => "on trial",
        "past_due" => "waiting for a payment that failed; it holds for a week more",
        "incomplete" => "waiting for its first payment",
        "unpaid" => "not paid",
        "paused" => "paused",
        other => other,
    }
}

fn button(wish: &str, label: &str, token: &FormToken) -> Markup {
    html! {
        form method="post" action=(OWN) {
            (token)
            input type="hidden" name="wish" value=(wish);
            button type="submit" { (label) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::subscription_page;
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};
    use crate::web::subscriptions::SubscriptionView;

    fn wishes(status: Option<&str>, ends: bool, sold: bool) -> Vec<String> {
        let view = SubscriptionView {
            tier: "free".to_owned(),
            sold,
            status: status.map(str::to_owned),
            period_end: Some("2026-12-31T00:00:00Z".to_owned()),
            ends,
            checkout: None,
        };
        let token = FormKey::new(Secret::new("k")).token("session");
        let page = Drawn::of(&subscription_page(&view, &token, &frame()));
        assert_eq!(
            page.count("form"),
            page.count("form input[name=form_token]")
        );
        page.values("input[name=wish]", "value")
    }

    #[test]
    fn one_is_offered_what_can_be_done_now() {
        assert_eq!(wishes(None, false, true), ["subscribe"]);
        assert_eq!(wishes(Some("canceled"), true, true), ["subscribe"]);
        assert_eq!(wishes(Some("active"), false, true), ["portal", "end"]);
        assert_eq!(wishes(Some("active"), true, true), ["renew", "portal"]);
        assert!(wishes(None, false, false).is_empty());
    }
}
