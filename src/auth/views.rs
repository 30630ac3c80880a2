//! Accounts as their owners see them: what pages, API and export show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{ApiToken, AuditEvent, Preferences, UserId};

/// An account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProfileView {
    /// Its opaque name.
    pub id: String,
    /// Mail address.
    pub mail: String,
    /// True once the address was proved.
    pub mail_verified: bool,
    /// What the reader calls himself.
    pub name: String,
    /// `reader` or `operator`.
    pub role: String,
    /// `free` or `premium`.
    pub tier: String,
    /// When the account was made, RFC 3339 UTC.
    pub created: String,
    /// True when codes of a second factor are asked for.
    pub second_factor: bool,
    /// Recovery codes that were not used.
    pub recovery_codes: usize,
    /// How he likes his pages.
    pub preferences: PreferencesView,
}

/// How a reader likes his pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreferencesView {
    /// IANA name of his time zone; empty for the site's.
    pub time_zone: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `imperial` or `metric`.
    pub units: String,
    /// The league he looks at first; empty when he named none.
    pub league: String,
}

/// A sign-in, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionView {
    /// Names it.
    pub id: String,
    /// True for the one that asks.
    pub current: bool,
    /// What the device said it is.
    pub agent: String,
    /// When he signed in.
    pub created: String,
    /// When it was last used, within a quarter of an hour.
    pub used: String,
    /// When it ends, if it is not used before.
    pub ends: String,
}

/// A token for programs, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiTokenView {
    /// Names it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What it is good for: `read`, `write`, `operate`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created: String,
    /// Good until then.
    pub expires: String,
    /// When it was last used, within the hour.
    pub used: Option<String>,
}

/// Something that was done to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditView {
    /// When.
    pub at: String,
    /// Whose account; none when it is nobody's.
    pub user: Option<String>,
    /// What.
    pub event: String,
    /// Who did it.
    pub by: String,
    /// Where the request came from.
    pub address: String,
    /// What the device said it is.
    pub detail: String,
}

impl From<&AuditEvent> for AuditView {
    fn from(event: &AuditEvent) -> Self {
        Self {
            at: event.at.to_string(),
            user: (event.user != UserId::NOBODY).then(|| event.user.to_string()),
            event: event.kind.to_string(),
            by: event.by.to_string(),
            address: event.address.clone(),
            detail: event.detail.clone(),
        }
    }
}

impl From<&Preferences> for PreferencesView {
    fn from(preferences: &Preferences) -> Self {
        Self {
            time_zone: preferences.time_zone.clone(),
            theme: preferences.theme.to_string(),
            units: preferences.units.to_string(),
            league: preferences.league.clone(),
        }
    }
}

impl From<&ApiToken> for ApiTokenView {
    fn from(token: &ApiToken) -> Self {
        let words = token.scopes.iter().map(ToString::to_string);
        Self {
            id: format!("{:032x}", token.id),
            name: token.name.clone(),
            scopes: words.collect(),
            created: token.created.to_string(),
            expires: token.expires.to_string(),
            used: token.used.map(|at| at.to_string()),
        }
    }
}
