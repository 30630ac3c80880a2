//! What one has with and without a subscription. The same for everybody, so it is kept.

use axum::extract::State;
use maud::{Markup, html};

use crate::domain::PremiumFor;
use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::plans::{Offer, offers};
use crate::web::state::AppState;
use crate::web::whose::Public;

/// How one comes to the tier premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// One has it.
    Everybody,
    /// The operator gives it.
    Given,
    /// One subscribes.
    Sold,
}

pub(super) async fn show(State(state): State<AppState>, here: Here) -> Result<Public, WebError> {
    let about = "What readers have with and without a subscription.";
    let framed = state
        .shown(None)
        .ask(move |catalog| here.frame(catalog, "Plans".to_owned(), about));
    let way = match (&state.billing, state.premium) {
        (Some(_), _) => Way::Sold,
        (None, PremiumFor::Everybody) => Way::Everybody,
        (None, PremiumFor::Granted) => Way::Given,
    };
    let drawn = plans_page(
        &offers(state.rate_limits(), state.premium),
        way,
        &framed.await?,
    );
    Ok(Public::html(drawn, Lifetime::Profile))
}

/// The page.
fn plans_page(offers: &[Offer], way: Way, frame: &Frame) -> Markup {
    let lead = match way {
        Way::Everybody => {
            "Nothing is sold here: everybody may use everything. Only how much one may ask in a minute goes by the tier, which whoever runs this site gives."
        }
        Way::Given => {
            "Nothing is sold here: whoever runs this site gives the tier premium to readers."
        }
        Way::Sold => {
            "Every page is everybody's. What costs the server most is for readers who help to pay it."
        }
    };
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Plans" }
                p.lead { (lead) }
                div.scroll tabindex="0" role="region" aria-label="Plans" {
                    table.brief {
                        caption { "What differs; all else is the same" }
                        thead { tr { th scope="col" { "What" } th scope="col" { "Free" } th scope="col" { "Premium" } } }
                        tbody { @for offer in offers {
                            tr { th scope="row" { (offer.what) } td { (offer.free) } td { (offer.premium) } }
                        } }
                    }
                }
                @if way == Way::Sold { p { a.action href="/account/subscription" { "Your subscription" } } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{Way, plans_page};
    use crate::domain::PremiumFor;
    use crate::web::RateLimits;
    use crate::web::pages::sample::{Drawn, frame};
    use crate::web::plans::offers;

    #[test]
    fn the_limits_are_those_of_the_site_and_only_what_is_sold_can_be_bought() {
        let limits = RateLimits {
            free: 7,
            premium: 0,
            predictions: 3,
        };
        for way in [Way::Everybody, Way::Given, Way::Sold] {
            let page = Drawn::of(&plans_page(
                &offers(limits, PremiumFor::Granted),
                way,
                &frame(),
            ));
            for said in ["7 a minute", "any number", "3 a minute"] {
                assert!(page.said().contains(said), "{said}");
            }
            assert_eq!(page.count("a.action"), usize::from(way == Way::Sold));
        }
    }
}
