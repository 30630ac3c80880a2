//! `/api/auth`: signing in and out, for programs. Browsers do it at `/sign-in`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::BodyRefused;
use crate::auth::{SignInAttempt, Tokens, Visitor};
use crate::secret::Secret;
use crate::web::error::{Problem, WebError};
use crate::web::extract::Sent;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// Mail address.
    #[schema(min_length = 3, max_length = 254)]
    mail: String,
    /// What the reader calls himself; left out, what stands before the `@`.
    #[serde(default)]
    #[schema(max_length = 80)]
    name: String,
    /// Password: 8 to 256 characters, not easily guessed.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    password: Secret,
}

/// What somebody proves who he is with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Proofs {
    /// Mail address.
    mail: String,
    /// Password.
    #[schema(value_type = String)]
    password: Secret,
    /// A code of the second factor, or a recovery code, where one is needed.
    code: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    /// The newest refresh token of the sign-in.
    #[schema(value_type = String)]
    refresh_token: Secret,
}

/// The tokens of a sign-in.
#[derive(Serialize, ToSchema)]
pub(super) struct TokensView {
    /// To be sent as `Authorization: Bearer TOKEN`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds the access token is good for.
    expires_in: i64,
    /// Gets the next tokens, once.
    refresh_token: String,
}

/// What became of a registration.
#[derive(Serialize, ToSchema)]
pub(super) struct Registered {
    /// What to do next.
    next: &'static str,
}

impl From<&Tokens> for TokensView {
    fn from(tokens: &Tokens) -> Self {
        Self {
            access_token: tokens.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh.expose().to_owned(),
        }
    }
}

/// Makes an account, where registration is open. Whether the address had one already is
/// not told.
#[utoipa::path(post, path = "/api/auth/register", tag = "accounts", request_body = NewAccount,
    responses(
    (status = 202, description = "Taken; sign in next", body = Registered),
    (status = 403, description = "Accounts are made by invitation, or not at all", body = Problem),
    BodyRefused))]
pub(super) async fn register(
    State(state): State<AppState>,
    from: Visitor,
    Sent(new): Sent<NewAccount>,
) -> Result<Private<(StatusCode, Json<Registered>)>, WebError> {
    let made = state
        .accounts()?
        .ask(move |accounts| accounts.register(&new.mail, &new.name, &new.password, &from));
    made.await??;
    let next = "If the address had no account, it has one now: sign in at /api/auth/login.";
    Ok(Private((StatusCode::ACCEPTED, Json(Registered { next }))))
}

/// Signs in. What is wrong is not told, except that a code of the second factor is needed
/// once the password was right.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts", request_body = Proofs,
    responses(
    (status = 200, description = "Signed in", body = TokensView),
    (status = 401, description = "Something is wrong, or a code is needed, too", body = Problem),
    (status = 429, description = "Too many tries failed: wait", body = Problem),
    BodyRefused))]
pub(super) async fn login(
    State(state): State<AppState>,
    from: Visitor,
    Sent(proofs): Sent<Proofs>,
) -> Result<Private<Json<TokensView>>, WebError> {
    let signed_in = state.accounts()?.ask(move |accounts| {
        let attempt = SignInAttempt {
            mail: &proofs.mail,
            password: &proofs.password,
            code: proofs.code.as_deref(),
        };
        accounts.sign_in(&attempt, &from)
    });
    let tokens = signed_in.await??;
    Ok(Private(Json(TokensView::from(&tokens))))
}

/// Exchanges a refresh token for the next tokens. Each is good once; one that comes again
/// ends the sign-in, but for ten seconds after it was used, in which it gets the same.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "accounts", request_body = Held,
    responses(
    (status = 200, description = "The next tokens", body = TokensView),
    (status = 401, description = "The sign-in is over", body = Problem),
    BodyRefused))]
pub(super) async fn refresh(
    State(state): State<AppState>,
    from: Visitor,
    Sent(held): Sent<Held>,
) -> Result<Private<Json<TokensView>>, WebError> {
    let refreshed = state
        .accounts()?
        .ask(move |accounts| accounts.refresh(held.refresh_token.expose(), &from));
    let tokens = refreshed.await??;
    Ok(Private(Json(TokensView::from(&tokens))))
}

/// Signs out: the sign-in of a refresh token ends, with all of its tokens.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", request_body = Held,
    responses((status = 204, description = "Signed out, or was before"), BodyRefused))]
pub(super) async fn logout(
    State(state): State<AppState>,
    from: Visitor,
    Sent(held): Sent<Held>,
) -> Result<Private<StatusCode>, WebError> {
    let signed_out = state
        .accounts()?
        .ask(move |accounts| accounts.sign_out(held.refresh_token.expose(), &from));
    signed_out.await??;
    Ok(Private(StatusCode::NO_CONTENT))
}
