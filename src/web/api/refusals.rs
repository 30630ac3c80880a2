//! How any request about accounts may be refused, for the description of the API.

use utoipa::IntoResponses;

use crate::web::error::Problem;

/// Refusals of what changes something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "described, and made by `WebError`")]
pub(super) enum BodyRefused {
    /// The body, or a field of it, can't be used.
    #[response(status = 400)]
    Bad(Problem),
    /// The body is larger than 64 KiB.
    #[response(status = 413)]
    Large(Problem),
    /// The body is not JSON.
    #[response(status = 415)]
    NotJson(Problem),
    /// There are no accounts here, or too many people sign in at once: try again.
    #[response(status = 503)]
    Busy(Problem),
    /// The disk is full; nothing was changed.
    #[response(status = 507)]
    Full(Problem),
}

/// Refusals of what only somebody with an account may do.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "described, and made by `WebError`")]
pub(super) enum MemberRefused {
    /// Nobody is signed in, or the token is too old.
    #[response(status = 401)]
    Stranger(Problem),
    /// The token is not good for that, or a page of another site asked.
    #[response(status = 403)]
    Scope(Problem),
    /// There are no accounts here, or the store can't be used right now.
    #[response(status = 503)]
    Unavailable(Problem),
    /// The disk is full; nothing was changed.
    #[response(status = 507)]
    Full(Problem),
}
