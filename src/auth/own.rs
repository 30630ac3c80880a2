//! What somebody does with his own account: profile, password, second factor, sessions,
//! tokens for programs.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{Accounts, Visitor, person_name};
use super::authority::{Member, SignedIn};
use super::directory::words;
use super::error::{AuthError, Result};
use super::password::judge;
use super::refresh::end_of;
use super::second_factor::{self, CodeUsed, Seed};
use super::sign_in::Tokens;
use crate::domain::{
    ApiToken, AuditActor, AuditEvent, AuditKind, Credential, Preferences, SecondFactor, Session,
    TokenScope, User, UserId,
};
use crate::secret::{Secret, hex, random, sha256};

const API_TOKEN: &str = "afwd_t_";
/// Tokens for programs one may have.
const API_TOKENS: usize = 20;
/// Longest name of a token or a league, in characters.
const LONGEST_LABEL: usize = 60;
/// How long a token for programs is good, at most, in days.
pub const LONGEST_TOKEN_DAYS: u16 = 366;
/// Uses of a token are kept once in this time.
const USE_KEPT: SignedDuration = SignedDuration::from_hours(1);

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

/// What is to change of a profile; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// What he calls himself.
    pub name: Option<String>,
    /// IANA name of his time zone.
    pub time_zone: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
    /// `imperial` or `metric`.
    pub units: Option<String>,
    /// The league he looks at first.
    pub league: Option<String>,
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

impl Accounts {
    /// One's own account.
    ///
    /// # Errors
    /// When the store fails.
    pub fn profile(&self, by: &Member) -> Result<ProfileView> {
        let user = self.user(by.user)?;
        let credential = self.store.read(|tx| tx.credential(user.id))?;
        let factor = credential.and_then(|held| held.second_factor);
        let factor = factor.filter(|factor| factor.confirmed);
        Ok(ProfileView {
            id: user.id.to_string(),
            mail: self.mail_of(&user)?.expose().to_owned(),
            mail_verified: user.mail_verified,
            second_factor: factor.is_some(),
            recovery_codes: factor.map_or(0, |factor| factor.recovery.len()),
            role: user.role.to_string(),
            tier: user.tier.to_string(),
            created: user.created.to_string(),
            preferences: PreferencesView::from(&user.preferences),
            name: user.name,
        })
    }

    /// One's mail address.
    ///
    /// # Errors
    /// When the store fails, or the keys don't fit.
    pub fn own_mail(&self, by: &Member) -> Result<Secret> {
        self.mail_of(&self.user(by.user)?)
    }

    /// Changes one's profile.
    ///
    /// # Errors
    /// When a field can't be used.
    pub fn change_profile(
        &self,
        by: &Member,
        change: &ProfileChange,
        from: &Visitor,
    ) -> Result<ProfileView> {
        self.change(by.user, |tx| {
            let held = tx
                .user(by.user)?
                .ok_or_else(|| AuthError::no_user(by.user))?;
            let changed = changed(&held, change)?;
            if changed != held {
                tx.put_user(&changed)?;
                let kind = AuditKind::ProfileChanged;
                self.note(tx, by.user, kind, AuditActor::Owner, Some(from))?;
            }
            Ok(())
        })?;
        self.profile(by)
    }

    /// Chooses another password. Every other sign-in ends, and so does this one: the
    /// tokens are those of the one that follows it.
    ///
    /// # Errors
    /// When the old password is wrong, or the new one can't be used.
    pub fn change_password(
        &self,
        by: &SignedIn,
        old: &Secret,
        new: &Secret,
        from: &Visitor,
    ) -> Result<Tokens> {
        let user = self.user(by.user)?;
        self.confirm(by, old, from)?;
        judge(new, &[self.mail_of(&user)?.expose(), &user.name])?;
        let kept = self.passwords.keep(new)?;
        self.change(by.user, |tx| {
            let user = tx.user(by.user)?.ok_or(AuthError::SignedOut)?;
            let factor = tx.credential(by.user)?.and_then(|held| held.second_factor);
            tx.put_credential(
                by.user,
                &Credential {
                    second_factor: factor,
                    ..self.fresh(kept)
                },
            )?;
            self.end_everything(tx, user)?;
            let kind = AuditKind::PasswordChanged;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))?;
            self.let_in(tx, by.user, from, AuditKind::SignedIn)
        })
    }

    /// Signs out everywhere: every session, token and link ends, this session too.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sign_out_everywhere(&self, by: &SignedIn, from: &Visitor) -> Result<()> {
        self.change(by.user, |tx| {
            let user = tx.user(by.user)?.ok_or(AuthError::SignedOut)?;
            self.end_everything(tx, user)?;
            let kind = AuditKind::SignedOutEverywhere;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })
    }

    /// One's sign-ins, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sessions(&self, by: &SignedIn) -> Result<Vec<SessionView>> {
        let mut sessions = self.store.read(|tx| tx.sessions(by.user))?;
        sessions.retain(|session| self.now() < end_of(session));
        sessions.sort_by_key(|session| std::cmp::Reverse(session.created));
        let view = |session: &Session| SessionView {
            id: format!("{:032x}", session.id),
            current: session.id == by.session,
            agent: session.agent.clone(),
            created: session.created.to_string(),
            used: session.rotated.to_string(),
            ends: end_of(session).to_string(),
        };
        Ok(sessions.iter().map(view).collect())
    }

    /// Ends one of one's sign-ins.
    ///
    /// # Errors
    /// When the store fails. There is none: that is no error.
    pub fn end_own_session(&self, by: &SignedIn, id: &str, from: &Visitor) -> Result<()> {
        let Ok(id) = u128::from_str_radix(id, 16) else {
            return Ok(());
        };
        self.end_session(by.user, id, AuditKind::SessionEnded, from)
    }

    /// Begins to set the second factor up: a seed, which counts for nothing until
    /// [`Self::confirm_second_factor`] got a code of it.
    ///
    /// # Errors
    /// When the password is wrong, or there is a second factor already.
    pub fn begin_second_factor(
        &self,
        by: &SignedIn,
        password: &Secret,
        from: &Visitor,
    ) -> Result<Seed> {
        self.confirm(by, password, from)?;
        let user = self.user(by.user)?;
        let seed = second_factor::new_seed()?;
        let sealed = self.seal(by.user, "seed", &seed)?;
        self.change(by.user, |tx| {
            let mut held = tx.credential(by.user)?.ok_or(AuthError::SignedOut)?;
            if held
                .second_factor
                .as_ref()
                .is_some_and(|held| held.confirmed)
            {
                return Err(AuthError::NotNow(
                    "There is a second factor already: turn it off first.",
                ));
            }
            held.second_factor = Some(SecondFactor {
                seed: sealed,
                confirmed: false,
                last_step: 0,
                recovery: Vec::new(),
            });
            Ok(tx.put_credential(by.user, &held)?)
        })?;
        second_factor::shown(&seed, self.mail_of(&user)?.expose())
    }

    /// The seed that waits for its first code.
    ///
    /// # Errors
    /// When none does.
    pub fn waiting_second_factor(&self, by: &SignedIn) -> Result<Seed> {
        let user = self.user(by.user)?;
        let held = self.store.read(|tx| tx.credential(by.user))?;
        let factor = held.and_then(|held| held.second_factor);
        let factor = factor.filter(|factor| !factor.confirmed);
        let factor = factor.ok_or(AuthError::NotNow("No second factor is being set up."))?;
        let seed = self.unseal(by.user, "seed", &factor.seed)?;
        second_factor::shown(&seed, self.mail_of(&user)?.expose())
    }

    /// Turns the second factor on, once a code of it is right: from now on it is asked
    /// for. The recovery codes are shown this once.
    ///
    /// # Errors
    /// [`AuthError::WrongCode`]; when none is being set up.
    pub fn confirm_second_factor(
        &self,
        by: &SignedIn,
        code: &str,
        from: &Visitor,
    ) -> Result<Vec<Secret>> {
        let (codes, hashes) = second_factor::recovery_codes()?;
        self.change(by.user, |tx| {
            let mut held = tx.credential(by.user)?.ok_or(AuthError::SignedOut)?;
            let factor = held.second_factor.take().filter(|factor| !factor.confirmed);
            let factor = factor.ok_or(AuthError::NotNow("No second factor is being set up."))?;
            let seed = self.unseal(by.user, "seed", &factor.seed)?;
            let used = second_factor::check(&factor, &seed, code, self.now())?;
            let Some(CodeUsed::Step(last_step)) = used else {
                return Err(AuthError::WrongCode);
            };
            held.second_factor = Some(SecondFactor {
                confirmed: true,
                last_step,
                recovery: hashes,
                ..factor
            });
            tx.put_credential(by.user, &held)?;
            let kind = AuditKind::SecondFactorOn;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })?;
        Ok(codes)
    }

    /// Turns the second factor off.
    ///
    /// # Errors
    /// When the password is wrong.
    pub fn drop_second_factor(
        &self,
        by: &SignedIn,
        password: &Secret,
        from: &Visitor,
    ) -> Result<()> {
        self.confirm(by, password, from)?;
        self.change(by.user, |tx| {
            let mut held = tx.credential(by.user)?.ok_or(AuthError::SignedOut)?;
            if held.second_factor.take().is_none() {
                return Ok(());
            }
            tx.put_credential(by.user, &held)?;
            let kind = AuditKind::SecondFactorOff;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })
    }

    /// One's tokens for programs, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn api_tokens(&self, by: &SignedIn) -> Result<Vec<ApiTokenView>> {
        let mut tokens = self.store.read(|tx| tx.api_tokens(by.user))?;
        tokens.sort_by_key(|token| std::cmp::Reverse(token.created));
        Ok(tokens.iter().map(token_view).collect())
    }

    /// Makes a token for programs; its text is shown this once.
    ///
    /// # Errors
    /// When a field can't be used, or there are too many.
    pub fn make_api_token(
        &self,
        by: &SignedIn,
        name: &str,
        scopes: &[TokenScope],
        days: u16,
        from: &Visitor,
    ) -> Result<(ApiTokenView, Secret)> {
        let name = label(name, "A token's name")?;
        if name.is_empty() || scopes.is_empty() || !(1..=LONGEST_TOKEN_DAYS).contains(&days) {
            return Err(AuthError::Field(format!(
                "A token needs a name, something it is good for, and 1 to {LONGEST_TOKEN_DAYS} days."
            )));
        }
        let id = u128::from_be_bytes(random()?);
        let secret = hex(&random::<32>()?);
        let text = format!("{API_TOKEN}{}{id:032x}{secret}", by.user);
        let token = ApiToken {
            user: by.user,
            id,
            name,
            hash: sha256(text.as_bytes()),
            scopes: scopes.to_vec(),
            created: self.now(),
            expires: self.now() + SignedDuration::from_hours(i64::from(days) * 24),
            used: None,
        };
        let held = self.store.read(|tx| tx.api_tokens(by.user))?.len();
        if held >= API_TOKENS {
            return Err(AuthError::NotNow(
                "You have 20 tokens already: end one first.",
            ));
        }
        self.change(by.user, |tx| {
            tx.put_api_token(&token)?;
            let kind = AuditKind::ApiTokenMade;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })?;
        Ok((token_view(&token), Secret::new(text)))
    }

    /// Ends a token for programs.
    ///
    /// # Errors
    /// When the store fails. There is none: that is no error.
    pub fn end_api_token(&self, by: &SignedIn, id: &str, from: &Visitor) -> Result<()> {
        let Ok(id) = u128::from_str_radix(id, 16) else {
            return Ok(());
        };
        self.change(by.user, |tx| {
            if tx.end_api_token(by.user, id)? {
                let kind = AuditKind::ApiTokenEnded;
                self.note(tx, by.user, kind, AuditActor::Owner, Some(from))?;
            }
            Ok(())
        })
    }

    /// The member a token for programs belongs to, and whether its use is to be kept
    /// with [`Self::keep_use`]. Asks nothing of the disk.
    pub fn recognise_api_token(&self, text: &str) -> Option<(Member, bool)> {
        let (user, id) = parse_api_token(text)?;
        let (now, hash) = (self.now(), sha256(text.as_bytes()));
        let (member, used) = self.directory.by_token(user, id, &hash, now)?;
        let stale = used.is_none_or(|used| now.duration_since(used) >= USE_KEPT);
        Some((member, stale))
    }

    /// Keeps that a token for programs was used now.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_use(&self, text: &str) -> Result<()> {
        let Some((user, id)) = parse_api_token(text) else {
            return Ok(());
        };
        self.change(user, |tx| {
            if let Some(mut token) = tx.api_token(user, id)? {
                token.used = Some(self.now());
                tx.put_api_token(&token)?;
            }
            Ok(())
        })
    }

    /// What was done to one's account, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn own_audit(&self, by: &SignedIn) -> Result<Vec<AuditView>> {
        let events = self.store.read(|tx| tx.audit_of(by.user))?;
        Ok(events.iter().rev().map(AuditView::from).collect())
    }
}

pub(super) fn token_view(token: &ApiToken) -> ApiTokenView {
    ApiTokenView {
        id: format!("{:032x}", token.id),
        name: token.name.clone(),
        scopes: words(&token.scopes),
        created: token.created.to_string(),
        expires: token.expires.to_string(),
        used: token.used.as_ref().map(Timestamp::to_string),
    }
}

fn parse_api_token(text: &str) -> Option<(UserId, u128)> {
    let digits = text.strip_prefix(API_TOKEN)?;
    let sound = digits.len() == 128 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let user = digits.get(..32).filter(|_| sound)?.parse().ok()?;
    let id = u128::from_str_radix(digits.get(32..64)?, 16).ok()?;
    Some((user, id))
}

/// The account with a change of its profile.
fn changed(held: &User, change: &ProfileChange) -> Result<User> {
    let mut user = held.clone();
    let own = &mut user.preferences;
    if let Some(zone) = &change.time_zone {
        let known = zone.is_empty() || TimeZone::get(zone).is_ok();
        if !known || zone.len() > LONGEST_LABEL {
            return Err(AuthError::Field(
                "That is no time zone: write one such as America/New_York.".to_owned(),
            ));
        }
        own.time_zone.clone_from(zone);
    }
    if let Some(theme) = &change.theme {
        own.theme = theme.parse()?;
    }
    if let Some(units) = &change.units {
        own.units = units.parse()?;
    }
    if let Some(league) = &change.league {
        own.league = label(league, "A league's name")?;
    }
    if let Some(name) = &change.name {
        user.name = person_name(name)?;
    }
    Ok(user)
}

fn label(text: &str, what: &str) -> Result<String> {
    let label: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match label.chars().count() <= LONGEST_LABEL {
        true => Ok(label),
        false => Err(AuthError::Field(format!(
            "{what} has at most {LONGEST_LABEL} characters."
        ))),
    }
}
