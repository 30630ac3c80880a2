//! What the operator does with accounts: each of it takes an [`Operator`].

use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::Accounts;
use super::authority::Operator;
use super::error::{AuthError, Result};
use super::views::AuditView;
use crate::domain::{AuditKind, Tier, User, UserId, UserRole, UserState};
use crate::store::WriteTx;

/// Events an answer lists.
const LISTED: usize = 500;

/// An account, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserView {
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
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// When it was made.
    pub created: String,
    /// When he last signed in.
    pub signed_in: Option<String>,
    /// True when codes of a second factor are asked for.
    pub second_factor: bool,
}

impl Accounts {
    /// Every account, by mail address.
    ///
    /// # Errors
    /// When the store fails.
    pub fn users(&self, _: &Operator) -> Result<Vec<UserView>> {
        let users = self.store.read(|tx| {
            let users = tx.users()?.into_iter();
            let with_factor = users.map(|user| Ok((tx.credential(user.id)?, user)));
            with_factor.collect::<std::result::Result<Vec<_>, _>>()
        })?;
        let mut views = Vec::new();
        for (credential, user) in users {
            let factor = credential.and_then(|held| held.second_factor);
            views.push(UserView {
                id: user.id.to_string(),
                mail: self.mail_of(&user)?.expose().to_owned(),
                mail_verified: user.mail_verified,
                role: user.role.to_string(),
                tier: user.tier.to_string(),
                state: user.state.to_string(),
                created: user.created.to_string(),
                signed_in: user.signed_in.map(|at| at.to_string()),
                second_factor: factor.is_some_and(|factor| factor.confirmed),
                name: user.name,
            });
        }
        views.sort_by(|a, b| a.mail.cmp(&b.mail));
        Ok(views)
    }

    /// The account with an id or a mail address.
    ///
    /// # Errors
    /// [`AuthError::NoUser`].
    pub fn find(&self, _: &Operator, which: &str) -> Result<UserId> {
        if let Ok(id) = which.parse() {
            return self.user(id).map(|user| user.id);
        }
        let user = self.user_of(&which.trim().to_lowercase())?;
        let none = || AuthError::NoUser(which.to_owned());
        user.map(|user| user.id).ok_or_else(none)
    }

    /// Says whether somebody runs the site. Every sign-in of his ends.
    ///
    /// # Errors
    /// When there is no such account, or he is the last who runs the site.
    pub fn set_role(&self, by: &Operator, id: UserId, role: UserRole) -> Result<()> {
        self.change(id, |tx| {
            let mut user = held(tx, id)?;
            if user.role == role {
                return Ok(());
            }
            if role == UserRole::Reader {
                keep_an_operator(tx, id)?;
            }
            user.role = role;
            self.end_everything(tx, user)?;
            self.note(tx, id, AuditKind::RoleChanged, by.actor(), None)
        })
    }

    /// Says what somebody may use.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn set_tier(&self, by: &Operator, id: UserId, tier: Tier) -> Result<()> {
        self.change(id, |tx| {
            let mut user = held(tx, id)?;
            if user.tier == tier {
                return Ok(());
            }
            user.tier = tier;
            tx.put_user(&user)?;
            self.note(tx, id, AuditKind::TierChanged, by.actor(), None)
        })
    }

    /// Keeps somebody out: every sign-in of his ends.
    ///
    /// # Errors
    /// When there is no such account, or he is the last who runs the site.
    pub fn disable(&self, by: &Operator, id: UserId) -> Result<()> {
        self.change(id, |tx| {
            let mut user = held(tx, id)?;
            keep_an_operator(tx, id)?;
            user.state = UserState::Disabled;
            self.end_everything(tx, user)?;
            self.note(tx, id, AuditKind::Disabled, by.actor(), None)
        })
    }

    /// Turns the second factor of somebody off who lost it, and his recovery codes too.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn drop_second_factor_of(&self, by: &Operator, id: UserId) -> Result<()> {
        self.change(id, |tx| {
            held(tx, id)?;
            let Some(mut credential) = tx.credential(id)? else {
                return Ok(());
            };
            if credential.second_factor.take().is_none() {
                return Ok(());
            }
            tx.put_credential(id, &credential)?;
            self.note(tx, id, AuditKind::SecondFactorOff, by.actor(), None)
        })
    }

    /// Lets somebody in again.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn enable(&self, by: &Operator, id: UserId) -> Result<()> {
        self.change(id, |tx| {
            let mut user = held(tx, id)?;
            let has_password = tx.credential(id)?.is_some();
            user.state = match has_password {
                true => UserState::Active,
                false => UserState::Invited,
            };
            tx.put_user(&user)?;
            self.note(tx, id, AuditKind::Enabled, by.actor(), None)
        })
    }

    /// What was done to all accounts, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn audit(&self, _: &Operator) -> Result<Vec<AuditView>> {
        let events = self.store.read(|tx| tx.audit(LISTED))?;
        Ok(events.iter().map(AuditView::from).collect())
    }
}

fn held(tx: &WriteTx, id: UserId) -> Result<User> {
    tx.user(id)?.ok_or_else(|| AuthError::no_user(id))
}

/// Refuses what would leave nobody to run the site.
pub(super) fn keep_an_operator(tx: &WriteTx, going: UserId) -> Result<()> {
    let users = tx.users()?;
    let runs_it = |user: &&User| user.role == UserRole::Operator && user.state == UserState::Active;
    let goes = users.iter().filter(runs_it).any(|user| user.id == going);
    let others = users.iter().filter(runs_it).any(|user| user.id != going);
    match goes && !others {
        true => Err(AuthError::NotNow(
            "He is the last who runs this site: make somebody else an operator first.",
        )),
        false => Ok(()),
    }
}
