//! What the page and the API of reviews ask, as an interface: who people of published
//! lists are, where no rule tells for certain.

use axum::http::StatusCode;

use super::error::WebError;
use super::off_thread::OffThread;
use super::operator::Operator;
use crate::domain::Decision;
use crate::ingest::lists::reviews::{ReviewError, ReviewView};

/// Whoever keeps the operator's decisions.
pub trait Reviews: Send + Sync {
    /// People of published lists who wait for a decision, by publisher and name.
    ///
    /// # Errors
    /// When the store fails.
    fn waiting(&self) -> Result<Vec<ReviewView>, ReviewError>;

    /// Keeps who somebody is; `None` when nobody has the key.
    ///
    /// # Errors
    /// [`ReviewError::NoPlayer`] when there is no such player.
    fn decide(
        &self,
        by: &Operator,
        key: &str,
        decision: Decision,
    ) -> Result<Option<ReviewView>, ReviewError>;
}

/// Keeps a decision, from the API or a page.
pub(super) async fn decide(
    reviews: &OffThread<dyn Reviews>,
    by: Operator,
    key: String,
    decision: Decision,
) -> Result<ReviewView, WebError> {
    let absent = || {
        let detail = "Nobody waits under that key; GET /api/reviews lists them.";
        WebError::new(StatusCode::NOT_FOUND, "unknown_review", detail)
    };
    let decided = reviews.ask(move |reviews| reviews.decide(&by, &key, decision));
    decided.await??.ok_or_else(absent)
}

impl From<ReviewError> for WebError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NoPlayer(_) | ReviewError::Taken(_) => {
                Self::new(StatusCode::CONFLICT, "not_yet", error.to_string())
            }
            ReviewError::Store(cause) => Self::internal(&cause),
        }
    }
}
