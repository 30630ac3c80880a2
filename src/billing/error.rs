//! Why something about a subscription was not done.

use super::signature::BadSignature;
use crate::http::HttpError;
use crate::secret::NoRandomness;
use crate::store::StoreError;

/// Why something about a subscription was not done.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// A message that is not from Stripe.
    #[error(transparent)]
    Signature(#[from] BadSignature),
    /// A message from Stripe that can't be read.
    #[error("the message is no event as Stripe sends them: {0}")]
    Event(String),
    /// There is nothing to change.
    #[error("there is no subscription: take one out first")]
    None,
    /// There is one already.
    #[error("there is a subscription already: change it in the billing portal")]
    Subscribed,
    /// Stripe could not be asked.
    #[error("Stripe could not be asked, try again later: {0}")]
    Unreachable(#[from] HttpError),
    /// Stripe said no.
    #[error("Stripe refused ({status}, request {request_id}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its reason.
        message: String,
        /// Its name of the request.
        request_id: String,
    },
    /// Stripe said something else than its documents promise.
    #[error("Stripe answered with something unexpected: {0}")]
    Answer(String),
    /// The system has no random numbers.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
