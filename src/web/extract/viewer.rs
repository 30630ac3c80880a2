//! Who is asking. Whoever looks gets a private answer, whatever he makes of it.
//!
//! A browser that brings a sign-in whose quarter of an hour is over is given the next one
//! here, with the answer; a program has to ask for it itself.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::auth::{AuthError, Member, Premium, SignedIn, Tokens, Visitor, network};
use crate::domain::{PremiumFor, TokenScope};
use crate::web::client::ClientAddress;
use crate::web::cookies::{self, ACCESS, DEVICE, REFRESH, Scope};
use crate::web::error::WebError;
use crate::web::forms::from_here;
use crate::web::operator::{Operator, Proof, bearer, recognise};
use crate::web::state::AppState;
use crate::web::whose::Glance;

/// Who is asking: nobody we know, somebody with an account, somebody with the operator's
/// token, or both; and what proves it.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Viewer {
    member: Option<(Member, Proof)>,
    operator: Option<(Operator, Proof)>,
}

/// The cookies of the request.
pub(in crate::web) struct Jar(HeaderMap);

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Glance::mark(&parts.extensions);
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let scope = state.cookie_scope();
        let token = state.operator_token.as_ref();
        let operator = token.and_then(|token| recognise(token, &parts.headers, &scope));
        let member = match state.member(&parts.headers, &scope) {
            None => continued(parts, state, &scope).await,
            known => known,
        };
        let viewer = Self { member, operator };
        parts.extensions.insert(viewer.clone());
        Ok(viewer)
    }
}

impl Viewer {
    /// Somebody with an account.
    pub(in crate::web) fn member(&self) -> Option<&Member> {
        self.member.as_ref().map(|(member, _)| member)
    }

    /// Whether he may operate the site.
    pub(in crate::web) fn operates(&self) -> bool {
        self.permission().is_some()
    }

    /// The operator's permission.
    ///
    /// # Errors
    /// When somebody else asks, or nobody is the operator here.
    pub(in crate::web) fn operator(&self, state: &AppState) -> Result<Operator, WebError> {
        match self.permission() {
            Some(operator) => Ok(operator),
            None if state.operator_token.is_none() && !state.has_accounts() => Err(closed()),
            None => Err(refused(
                "bad_admin_token",
                "This is for the operator: sign in at /admin, or send the operator's token as \
                 `Authorization: Bearer TOKEN`.",
            )),
        }
    }

    /// What the forms shown to him are bound to; `None` for who is not signed in.
    pub(in crate::web) fn session(&self) -> Option<String> {
        let proofs = [
            self.member.as_ref().map(|(_, proof)| proof),
            self.token_proof(),
        ];
        let mut proofs = proofs.into_iter().flatten();
        proofs.next().map(|proof| match proof {
            Proof::Cookie(session) => session.clone(),
            // Whoever proves it by a header needs no token: nothing to bind it to.
            Proof::Header => String::new(),
        })
    }

    /// Whether no page of another site can have sent what the viewer sends.
    pub(in crate::web) fn proved_by_header(&self) -> bool {
        let member = self.member.as_ref().map(|(_, proof)| proof);
        let mut proofs = [member, self.token_proof()].into_iter().flatten();
        proofs.any(|proof| *proof == Proof::Header)
    }

    /// Whether a change he asks for is his: only pages of this site ask for it by cookie.
    fn asks_himself(&self, parts: &Parts) -> bool {
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        reads || self.proved_by_header() || from_here(&parts.headers)
    }

    fn permission(&self) -> Option<Operator> {
        let by_token = self.operator.as_ref().map(|(operator, _)| *operator);
        by_token.or_else(|| self.member()?.operator())
    }

    fn token_proof(&self) -> Option<&Proof> {
        self.operator.as_ref().map(|(_, proof)| proof)
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let Ok(viewer) = Viewer::from_request_parts(parts, state).await;
        let operator = viewer.operator(state)?;
        match viewer.asks_himself(parts) {
            true => Ok(operator),
            false => Err(cross_site()),
        }
    }
}

impl FromRequestParts<AppState> for Member {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let Ok(viewer) = Viewer::from_request_parts(parts, state).await;
        if !state.has_accounts() {
            return Err(state
                .accounts()
                .map(drop)
                .err()
                .unwrap_or_else(sign_in_first));
        }
        let member = viewer.member().cloned().ok_or_else(sign_in_first)?;
        let scope = match parts.method {
            Method::GET | Method::HEAD => TokenScope::Read,
            _ => TokenScope::Write,
        };
        match (viewer.asks_himself(parts), member.may(scope)) {
            (false, _) => Err(cross_site()),
            (true, false) => Err(refused(
                "token_scope",
                "This token is not good for that: make one with the scope `write`, or sign in.",
            )),
            (true, true) => Ok(member),
        }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let member = Member::from_request_parts(parts, state).await?;
        member.signed_in().ok_or_else(|| {
            refused(
                "needs_sign_in",
                "No token for programs is good for that: sign in with your password.",
            )
        })
    }
}

impl FromRequestParts<AppState> for Premium {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let member = Member::from_request_parts(parts, state).await?;
        member
            .premium()
            .ok_or_else(|| refused("premium_only", "This is for the tier premium: see /plans."))
    }
}

/// Whoever may use what is for the tier premium: who has it, or everybody where the
/// operator says so.
pub(in crate::web) struct Entitled;

impl FromRequestParts<AppState> for Entitled {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        if state.premium == PremiumFor::Everybody {
            return Ok(Self);
        }
        let Ok(viewer) = Viewer::from_request_parts(parts, state).await;
        if viewer.operates() {
            return Ok(Self);
        }
        Premium::from_request_parts(parts, state)
            .await
            .map(|_| Self)
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Glance::mark(&parts.extensions);
        Ok(visitor(parts, &state.cookie_scope()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Jar {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Glance::mark(&parts.extensions);
        Ok(Self(parts.headers.clone()))
    }
}

impl Jar {
    /// The value of a cookie.
    pub(in crate::web) fn value(&self, kind: &cookies::Kind, scope: &Scope) -> Option<String> {
        kind.of(&self.0, scope)
    }
}

fn visitor(parts: &Parts, scope: &Scope) -> Visitor {
    let address = parts.extensions.get::<ClientAddress>();
    let address = address.and_then(|ClientAddress(address)| *address);
    let agent = parts.headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    Visitor {
        address: address.map_or_else(|| "this machine".to_owned(), network),
        agent: agent.unwrap_or_default().to_owned(),
        device: DEVICE.of(&parts.headers, scope),
    }
}

/// The member of a sign-in whose access token is too old: it goes on by its refresh token.
async fn continued(parts: &Parts, state: &AppState, scope: &Scope) -> Option<(Member, Proof)> {
    if bearer(&parts.headers).is_some() {
        return None;
    }
    let refresh = REFRESH.of(&parts.headers, scope)?;
    let (accounts, from) = (state.accounts().ok()?, visitor(parts, scope));
    let refreshed = accounts.ask(move |accounts| {
        let tokens = accounts.refresh(&refresh, &from)?;
        let member = accounts.recognise(tokens.access.expose());
        let member = member.map_err(|_| AuthError::SignedOut)?;
        crate::auth::Result::Ok((tokens, member))
    });
    match refreshed.await.ok()? {
        Ok((tokens, member)) => {
            Glance::set_cookies(&parts.extensions, sign_in_cookies(&tokens, scope));
            let session = member.signed_in()?.session();
            Some((member, Proof::Cookie(session)))
        }
        Err(AuthError::SignedOut) => {
            Glance::set_cookies(&parts.extensions, sign_out_cookies(scope));
            None
        }
        // He stays signed in: the next request may find the store well again.
        Err(error) => {
            tracing::error!("a sign-in could not be continued: {error}");
            None
        }
    }
}

/// The cookies of a sign-in.
pub(in crate::web) fn sign_in_cookies(tokens: &Tokens, scope: &Scope) -> Vec<HeaderValue> {
    let device = tokens.device.as_ref();
    let set = [
        ACCESS.set(tokens.access.expose(), scope),
        REFRESH.set(tokens.refresh.expose(), scope),
        device.and_then(|device| DEVICE.set(device.expose(), scope)),
    ];
    set.into_iter().flatten().collect()
}

/// The cookies that end a sign-in. The device stays known.
pub(in crate::web) fn sign_out_cookies(scope: &Scope) -> Vec<HeaderValue> {
    let removed = [ACCESS.removed(scope), REFRESH.removed(scope)];
    removed.into_iter().flatten().collect()
}

/// Why nobody may operate the site.
pub(in crate::web) fn closed() -> WebError {
    refused(
        "no_admin_token",
        "Operating this site over the web is off: set AFWD_ADMIN_TOKEN to a long random text, \
         start the server again, and sign in at /admin or send it as `Authorization: Bearer TOKEN`.",
    )
}

/// The error of a form that no page of this site sent.
pub(in crate::web) fn cross_site() -> WebError {
    refused(
        "cross_site",
        "A form of another site may not change this one: use the pages of this one.",
    )
}

fn sign_in_first() -> WebError {
    WebError::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_first",
        "Sign in first: POST /api/auth/login gives an access token, to be sent as \
         `Authorization: Bearer TOKEN`. One that was good before is too old, or was ended.",
    )
}

fn refused(code: &'static str, detail: &str) -> WebError {
    WebError::new(StatusCode::FORBIDDEN, code, detail)
}
