//! What is for the tier premium. This is the one list of it.

use super::rate_limit::RateLimits;
use crate::domain::PremiumFor;

/// Something that differs by tier.
pub(super) struct Offer {
    /// What it is.
    pub(super) what: &'static str,
    /// What everybody has.
    pub(super) free: String,
    /// What the tier premium has.
    pub(super) premium: String,
}

/// Everything that differs by tier, under the limits of this site; who has the tier
/// premium without buying it, has what is for it.
pub(super) fn offers(limits: RateLimits, premium: PremiumFor) -> [Offer; 3] {
    let a_minute = |limit: u32| match limit {
        0 => "any number".to_owned(),
        limit => format!("{limit} a minute"),
    };
    [
        Offer {
            what: "Requests to the API",
            free: a_minute(limits.free),
            premium: a_minute(limits.premium),
        },
        Offer {
            what: "Fresh predictions of one player",
            free: a_minute(limits.predictions),
            premium: "as many as requests".to_owned(),
        },
        Offer {
            what: "Predictions of up to 100 players in one request",
            free: match premium {
                PremiumFor::Everybody => "yes",
                PremiumFor::Granted => "no",
            }
            .to_owned(),
            premium: "yes".to_owned(),
        },
    ]
}
