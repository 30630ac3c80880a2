//! `/api/users`: one's own account, for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::TokensView;
use super::refusals::{BodyRefused, MemberRefused};
use crate::auth::{
    ApiTokenView, Member, ProfileChange, ProfileView, Receipt, SessionView, SignedIn, Visitor,
};
use crate::domain::TokenScope;
use crate::secret::Secret;
use crate::web::error::{Problem, WebError};
use crate::web::extract::Sent;
use crate::web::state::AppState;
use crate::web::subscriptions::{end, paid_by};
use crate::web::whose::Private;

/// What is to change of a profile; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileUpdate {
    /// What the reader calls himself.
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// IANA name of his time zone; empty for the site's.
    #[schema(max_length = 60)]
    time_zone: Option<String>,
    /// `system`, `light` or `dark`.
    #[schema(pattern = "^(system|light|dark)$")]
    theme: Option<String>,
    /// `imperial` or `metric`.
    #[schema(pattern = "^(imperial|metric)$")]
    units: Option<String>,
    /// The league he looks at first; empty for none.
    #[schema(max_length = 60)]
    league: Option<String>,
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    /// The password.
    #[schema(value_type = String)]
    password: Secret,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordUpdate {
    /// The present one.
    #[schema(value_type = String)]
    old: Secret,
    /// The new one: 8 to 256 characters, not easily guessed.
    #[schema(value_type = String, min_length = 8, max_length = 256)]
    new: Secret,
}

/// A token for programs to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// What it is called.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// What it is good for: any of `read`, `write`, `operate`.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    /// Days it is good for.
    #[schema(minimum = 1, maximum = 366)]
    days: u16,
}

/// A token for programs that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeToken {
    /// To be sent as `Authorization: Bearer TOKEN`. It is told this once.
    token: String,
    /// What is kept of it.
    about: ApiTokenView,
}

/// One's own account.
#[utoipa::path(get, path = "/api/users/profile", tag = "accounts", responses(
    (status = 200, description = "The account", body = ProfileView), MemberRefused))]
pub(super) async fn profile(
    by: Member,
    State(state): State<AppState>,
) -> Result<Private<Json<ProfileView>>, WebError> {
    let profile = state.accounts()?.ask(move |accounts| accounts.profile(&by));
    Ok(Private(Json(profile.await??)))
}

/// Changes one's profile.
#[utoipa::path(put, path = "/api/users/profile", tag = "accounts", request_body = ProfileUpdate,
    responses((status = 200, description = "As changed", body = ProfileView), MemberRefused,
    BodyRefused))]
pub(super) async fn change_profile(
    by: Member,
    State(state): State<AppState>,
    from: Visitor,
    Sent(update): Sent<ProfileUpdate>,
) -> Result<Private<Json<ProfileView>>, WebError> {
    let change = ProfileChange {
        name: update.name,
        time_zone: update.time_zone,
        theme: update.theme,
        units: update.units,
        league: update.league,
    };
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.change_profile(&by, &change, &from));
    Ok(Private(Json(changed.await??)))
}

/// Chooses another password. Every sign-in and token there was ends; the answer has the
/// tokens of the one that follows.
#[utoipa::path(put, path = "/api/users/password", tag = "accounts", request_body = PasswordUpdate,
    responses((status = 200, description = "Changed", body = TokensView),
    (status = 429, description = "Too many tries failed: wait", body = Problem),
    MemberRefused, BodyRefused))]
pub(super) async fn change_password(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    Sent(update): Sent<PasswordUpdate>,
) -> Result<Private<Json<TokensView>>, WebError> {
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.change_password(&by, &update.old, &update.new, &from));
    let tokens = changed.await??;
    Ok(Private(Json(TokensView::from(&tokens))))
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/users/sessions", tag = "accounts", responses(
    (status = 200, description = "The sign-ins, the newest first", body = [SessionView]),
    MemberRefused))]
pub(super) async fn sessions(
    by: SignedIn,
    State(state): State<AppState>,
) -> Result<Private<Json<Vec<SessionView>>>, WebError> {
    let sessions = state
        .accounts()?
        .ask(move |accounts| accounts.sessions(&by));
    Ok(Private(Json(sessions.await??)))
}

/// Ends one of one's sign-ins.
#[utoipa::path(delete, path = "/api/users/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the sign-in")),
    responses((status = 204, description = "Ended, or was before"), MemberRefused))]
pub(super) async fn end_session(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    Path(id): Path<String>,
) -> Result<Private<StatusCode>, WebError> {
    let ended = state
        .accounts()?
        .ask(move |accounts| accounts.end_own_session(&by, &id, &from));
    ended.await??;
    Ok(Private(StatusCode::NO_CONTENT))
}

/// One's tokens for programs.
#[utoipa::path(get, path = "/api/users/tokens", tag = "accounts", responses(
    (status = 200, description = "The tokens, the newest first", body = [ApiTokenView]),
    MemberRefused))]
pub(super) async fn tokens(
    by: SignedIn,
    State(state): State<AppState>,
) -> Result<Private<Json<Vec<ApiTokenView>>>, WebError> {
    let tokens = state
        .accounts()?
        .ask(move |accounts| accounts.api_tokens(&by));
    Ok(Private(Json(tokens.await??)))
}

/// Makes a token for programs.
#[utoipa::path(post, path = "/api/users/tokens", tag = "accounts", request_body = NewToken,
    responses((status = 201, description = "Made", body = MadeToken),
    (status = 409, description = "There are 20 already", body = Problem),
    MemberRefused, BodyRefused))]
pub(super) async fn make_token(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    Sent(new): Sent<NewToken>,
) -> Result<Private<(StatusCode, Json<MadeToken>)>, WebError> {
    let scopes = scopes(&new.scopes)?;
    let made = state
        .accounts()?
        .ask(move |accounts| accounts.make_api_token(&by, &new.name, &scopes, new.days, &from));
    let (about, token) = made.await??;
    let token = token.expose().to_owned();
    Ok(Private((
        StatusCode::CREATED,
        Json(MadeToken { token, about }),
    )))
}

/// Ends a token for programs.
#[utoipa::path(delete, path = "/api/users/tokens/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the token")),
    responses((status = 204, description = "Ended, or was before"), MemberRefused))]
pub(super) async fn end_token(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    Path(id): Path<String>,
) -> Result<Private<StatusCode>, WebError> {
    let ended = state
        .accounts()?
        .ask(move |accounts| accounts.end_api_token(&by, &id, &from));
    ended.await??;
    Ok(Private(StatusCode::NO_CONTENT))
}

/// Everything that is kept about oneself: JSON in a zip.
#[utoipa::path(get, path = "/api/users/export", tag = "accounts", responses(
    (status = 200, description = "A zip", content_type = "application/zip", body = Vec<u8>),
    MemberRefused))]
pub(super) async fn export(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
) -> Result<Private<([(HeaderName, &'static str); 2], Vec<u8>)>, WebError> {
    let export = state
        .accounts()?
        .ask(move |accounts| accounts.export(&by, &from));
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"my-account.zip\"",
        ),
    ];
    Ok(Private((headers, export.await??)))
}

/// Deletes one's own account and everything about it, for ever.
#[utoipa::path(delete, path = "/api/users", tag = "accounts", request_body = Confirmation,
    responses((status = 200, description = "What went", body = Receipt),
    (status = 409, description = "Nobody else runs this site", body = Problem),
    (status = 429, description = "Too many tries failed: wait", body = Problem),
    MemberRefused, BodyRefused))]
pub(super) async fn delete(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    Sent(confirmation): Sent<Confirmation>,
) -> Result<Private<Json<Receipt>>, WebError> {
    let paid = paid_by(&state, by).await?;
    let deleted = state
        .accounts()?
        .ask(move |accounts| accounts.delete_own(&by, &confirmation.password, &from));
    let receipt = deleted.await??;
    end(&state, paid).await;
    Ok(Private(Json(receipt)))
}

fn scopes(words: &[String]) -> Result<Vec<TokenScope>, WebError> {
    let mut scopes = Vec::new();
    for word in words {
        let scope = word.parse().map_err(crate::auth::AuthError::from)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}
