//! What somebody does with his own account: profile, password, second factor, sessions.

use jiff::tz::TimeZone;

use super::accounts::{Accounts, Visitor, person_name};
use super::authority::{Member, SignedIn};
use super::error::{AuthError, Result};
use super::password::judge;
use super::refresh::end_of;
use super::second_factor::{self, CodeUsed, Seed};
use super::sign_in::Tokens;
use super::views::{AuditView, PreferencesView, ProfileView, SessionView};
use crate::domain::{AuditActor, AuditKind, Credential, SecondFactor, Session, User};
use crate::secret::Secret;

/// Longest name of a token or a league, in characters.
const LONGEST_LABEL: usize = 60;

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

    /// What was done to one's account, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn own_audit(&self, by: &SignedIn) -> Result<Vec<AuditView>> {
        let events = self.store.read(|tx| tx.audit_of(by.user))?;
        Ok(events.iter().rev().map(AuditView::from).collect())
    }
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

/// A short text as it is kept.
pub(super) fn label(text: &str, what: &str) -> Result<String> {
    let label: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match label.chars().count() <= LONGEST_LABEL {
        true => Ok(label),
        false => Err(AuthError::Field(format!(
            "{what} has at most {LONGEST_LABEL} characters."
        ))),
    }
}
