//! What the pages and the API of models ask of the registry behind the site.

use axum::http::StatusCode;

use super::error::WebError;
use super::operator::Operator;
use crate::rankings::models::{DecisionView, ModelChange, Models, ModelsError};

/// The registry as the operator changes it.
pub trait ModelRegistry: Models {
    /// Makes a change and logs it.
    ///
    /// # Errors
    /// [`ModelsError::Unknown`] and [`ModelsError::Refused`] say what is wrong with it.
    fn change(
        &self,
        by: &Operator,
        change: &ModelChange,
        why: &str,
    ) -> Result<DecisionView, ModelsError>;

    /// Makes the boards that follow from the newest decision, which takes seconds.
    ///
    /// # Errors
    /// When they can't be made.
    fn follow(&self) -> Result<(), ModelsError>;
}

impl From<ModelsError> for WebError {
    fn from(error: ModelsError) -> Self {
        match error {
            ModelsError::Unknown(id) => {
                let detail = format!("There is no model {id}; GET /api/ml/models lists them.");
                Self::new(StatusCode::NOT_FOUND, "unknown_model", detail)
            }
            ModelsError::Refused(detail) => {
                Self::new(StatusCode::CONFLICT, "change_refused", detail)
            }
            ModelsError::Source(cause) => Self::internal(&*cause),
        }
    }
}
