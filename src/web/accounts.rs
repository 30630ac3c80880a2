//! Accounts as the web tells of them: what went wrong, by status and code.

use axum::http::StatusCode;

use super::error::WebError;
use crate::auth::AuthError;

/// Seconds after which a password may be compared again.
const BUSY: u64 = 2;

impl From<AuthError> for WebError {
    fn from(error: AuthError) -> Self {
        let (status, code) = match &error {
            AuthError::Wrong => (StatusCode::UNAUTHORIZED, "wrong_credentials"),
            AuthError::SecondFactorNeeded(_) => (StatusCode::UNAUTHORIZED, "second_factor_needed"),
            AuthError::WrongCode => (StatusCode::UNAUTHORIZED, "wrong_code"),
            AuthError::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
            AuthError::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many_failures"),
            AuthError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            AuthError::Closed(_) => (StatusCode::FORBIDDEN, "registration_closed"),
            AuthError::Field(_) => (StatusCode::BAD_REQUEST, "bad_field"),
            AuthError::WeakPassword(_) => (StatusCode::BAD_REQUEST, "weak_password"),
            AuthError::LinkGone => (StatusCode::GONE, "link_gone"),
            AuthError::NoUser(_) => (StatusCode::NOT_FOUND, "no_account"),
            AuthError::Taken => (StatusCode::CONFLICT, "mail_taken"),
            AuthError::NotNow(_) => (StatusCode::CONFLICT, "not_now"),
            AuthError::Keys(_)
            | AuthError::File(_)
            | AuthError::Store(_)
            | AuthError::Export(_) => return Self::internal(&error),
        };
        let told = Self::new(status, code, error.to_string());
        match error {
            AuthError::Throttled(wait) => told.again_after(wait.as_secs().max(1).unsigned_abs()),
            AuthError::Busy => told.again_after(BUSY),
            _ => told,
        }
    }
}
