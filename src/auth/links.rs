//! Links that are good once: for the first operator, for whom he invites, for a new
//! password, for a new mail address. The store has their hashes only.
//!
//! They go out by mail where there is a way to send it; in any case the operator can
//! hand one out.

use jiff::SignedDuration;

use super::accounts::{Accounts, Visitor, mail_address, person_name};
use super::authority::{Operator, SignedIn};
use super::error::{AuthError, Result};
use super::letters;
use super::password::judge;
use super::sign_in::Tokens;
use crate::data_dir::SETUP_URL;
use crate::domain::{
    AuditActor, AuditKind, Credential, LinkKind, OneTimeLink, Preferences, Registration, Sealed,
    SecretHash, Tier, User, UserId, UserRole, UserState,
};
use crate::secret::{Secret, hex, random, sha256};
use crate::store::WriteTx;

/// No second link for a new password is sent within this time.
const RESET_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// A new account.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    /// Mail address.
    pub mail: &'a str,
    /// What he is called; what stands before the `@` when it is empty.
    pub name: &'a str,
    /// Whether he runs the site.
    pub role: UserRole,
    /// What he may use.
    pub tier: Tier,
}

/// What a link leads to, for the page it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPurpose {
    /// What it is for.
    pub kind: LinkKind,
    /// Whose account it belongs to; empty for the setup link.
    pub name: String,
}

impl Accounts {
    /// The path of a new link that makes the first operator; `None` once there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn setup_path(&self) -> Result<Option<Secret>> {
        let users = self.store.read(|tx| tx.users())?;
        if users.iter().any(|user| user.role == UserRole::Operator) {
            return Ok(None);
        }
        let made = self.write(|tx| self.make_link(tx, UserId::NOBODY, LinkKind::Setup, None));
        made.map(Some)
    }

    /// Makes an operator with this mail address and password, unless there is an account
    /// with the address: true when it was made. A password that is changed later stays.
    ///
    /// # Errors
    /// When address or password can't be used.
    pub fn ensure_operator(&self, mail: &str, password: &Secret) -> Result<bool> {
        if self.user_of(mail_address(mail)?.expose())?.is_some() {
            return Ok(false);
        }
        let by = self.at_the_console();
        let new = NewUser {
            mail,
            name: "",
            role: UserRole::Operator,
            tier: Tier::Premium,
        };
        self.add(&by, &new, password).map(|_| true)
    }

    /// Makes an account that can be signed in to at once.
    ///
    /// # Errors
    /// When address, name or password can't be used, or the address has an account.
    pub fn add(&self, by: &Operator, new: &NewUser<'_>, password: &Secret) -> Result<UserId> {
        let mut user = self.new_user(new)?;
        judge(password, &[new.mail, &user.name])?;
        let kept = self.passwords.keep(password)?;
        user.state = UserState::Active;
        self.change(user.id, |tx| {
            self.file_mail(tx, user.id, &mail_address(new.mail)?)?;
            tx.put_user(&user)?;
            tx.put_credential(user.id, &self.fresh(kept))?;
            self.note(tx, user.id, AuditKind::Joined, by.actor(), None)
        })?;
        Ok(user.id)
    }

    /// Invites somebody: makes an account, and the path of a link by which he chooses a
    /// password. It is sent to him where there is a way to send mail.
    ///
    /// # Errors
    /// When address or name can't be used, or the address has an account.
    pub fn invite(&self, by: &Operator, new: &NewUser<'_>) -> Result<(UserId, Secret)> {
        let (mail, user) = (mail_address(new.mail)?, self.new_user(new)?);
        let path = self.change(user.id, |tx| {
            self.file_mail(tx, user.id, &mail)?;
            tx.put_user(&user)?;
            self.note(tx, user.id, AuditKind::Invited, by.actor(), None)?;
            self.make_link(tx, user.id, LinkKind::Invitation, None)
        })?;
        self.send(&mail, |site| letters::invitation(site, &path));
        Ok((user.id, path))
    }

    /// The path of a link by which somebody chooses a new password, for the operator to
    /// hand out; one for choosing the first, to who has none.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn reset_path(&self, by: &Operator, id: UserId) -> Result<Secret> {
        let user = self.user(id)?;
        let kind = match user.state {
            UserState::Invited => LinkKind::Invitation,
            UserState::Active => LinkKind::Reset,
            UserState::Disabled => {
                return Err(AuthError::NotNow(
                    "The account is disabled: enable it first.",
                ));
            }
        };
        self.change(id, |tx| {
            self.note(tx, id, AuditKind::ResetAsked, by.actor(), None)?;
            self.make_link(tx, id, kind, None)
        })
    }

    /// Makes an account for whoever asks. What is said is the same when the address has
    /// an account already; its owner is told.
    ///
    /// # Errors
    /// When registration is not open, or a field can't be used.
    pub fn register(
        &self,
        mail: &str,
        name: &str,
        password: &Secret,
        from: &Visitor,
    ) -> Result<()> {
        match self.registration {
            Registration::Open => {}
            Registration::Invited => {
                return Err(AuthError::Closed(
                    "Accounts are made by invitation here: ask whoever runs this site.",
                ));
            }
            Registration::Closed => {
                return Err(AuthError::Closed("No accounts are made on this site."));
            }
        }
        let new = NewUser {
            mail,
            name,
            role: UserRole::Reader,
            tier: Tier::Free,
        };
        let (address, mut user) = (mail_address(mail)?, self.new_user(&new)?);
        judge(password, &[mail, &user.name])?;
        self.count_registration(from)?;
        // Before it is known whether it is needed: both ways take as long.
        let kept = self.passwords.keep(password)?;
        if let Some(owner) = self.user_of(address.expose())? {
            return self.registered_again(&owner, &address, from);
        }
        user.state = UserState::Active;
        let path = self.change(user.id, |tx| {
            self.file_mail(tx, user.id, &address)?;
            tx.put_user(&user)?;
            tx.put_credential(user.id, &self.fresh(kept))?;
            self.note(
                tx,
                user.id,
                AuditKind::Registered,
                AuditActor::Owner,
                Some(from),
            )?;
            let sealed = self.seal(user.id, "new mail", &address)?;
            self.make_link(tx, user.id, LinkKind::Verification, Some(sealed))
        })?;
        self.send(&address, |site| letters::verification(site, &path));
        Ok(())
    }

    fn registered_again(&self, owner: &User, mail: &Secret, from: &Visitor) -> Result<()> {
        self.change(owner.id, |tx| {
            let kind = AuditKind::RegisteredAgain;
            self.note(tx, owner.id, kind, AuditActor::Owner, Some(from))
        })?;
        self.send(mail, letters::registered_again);
        Ok(())
    }

    /// Sends a link for a new password to an address, if it has an account. Whoever asks
    /// is told nothing, so this is called after he was answered.
    ///
    /// # Errors
    /// When the store fails.
    pub fn ask_reset(&self, mail: &str, from: &Visitor) -> Result<()> {
        let Ok(mail) = mail_address(mail) else {
            return Ok(());
        };
        let Some(user) = self.user_of(mail.expose())? else {
            return Ok(());
        };
        if user.state != UserState::Active || self.post.is_none() || self.has_new_reset(user.id)? {
            return Ok(());
        }
        let path = self.change(user.id, |tx| {
            let kind = AuditKind::ResetAsked;
            self.note(tx, user.id, kind, AuditActor::Owner, Some(from))?;
            self.make_link(tx, user.id, LinkKind::Reset, None)
        })?;
        self.send(&mail, |site| letters::reset(site, &path));
        Ok(())
    }

    /// Whether a link for a new password was made a moment ago: nobody fills a mailbox.
    fn has_new_reset(&self, id: UserId) -> Result<bool> {
        let links = self.store.read(|tx| tx.one_time_links(id))?;
        let soon = self.now() - RESET_PAUSE;
        let is_new = |link: &OneTimeLink| link.kind == LinkKind::Reset && link.created > soon;
        Ok(links.iter().any(is_new))
    }

    /// What a link leads to.
    ///
    /// # Errors
    /// [`AuthError::LinkGone`] when it is not good.
    pub fn purpose(&self, link: &str) -> Result<LinkPurpose> {
        let (user, hash) = parse(link)?;
        let link = self.store.read(|tx| tx.one_time_link(user, &hash))?;
        let link = link.filter(|link| self.now() < link.expires);
        let link = link.ok_or(AuthError::LinkGone)?;
        let name = match link.user {
            UserId::NOBODY => String::new(),
            id => self.user(id)?.name,
        };
        Ok(LinkPurpose {
            kind: link.kind,
            name,
        })
    }

    /// Makes the first operator by the setup link, and lets him in.
    ///
    /// # Errors
    /// [`AuthError::LinkGone`], and when a field can't be used; the link stays then.
    pub fn set_up(
        &self,
        link: &str,
        new: &NewUser<'_>,
        password: &Secret,
        from: &Visitor,
    ) -> Result<Tokens> {
        let (_, hash) = parse(link)?;
        // Before anything costs time.
        self.purpose(link)?;
        let (mail, mut user) = (mail_address(new.mail)?, self.new_user(new)?);
        judge(password, &[new.mail, &user.name])?;
        let kept = self.passwords.keep(password)?;
        (user.role, user.tier, user.state) = (UserRole::Operator, Tier::Premium, UserState::Active);
        let tokens = self.change(user.id, |tx| {
            self.take(tx, UserId::NOBODY, &hash, &[LinkKind::Setup])?;
            if tx
                .users()?
                .iter()
                .any(|user| user.role == UserRole::Operator)
            {
                return Err(AuthError::LinkGone);
            }
            self.file_mail(tx, user.id, &mail)?;
            tx.put_user(&user)?;
            tx.put_credential(user.id, &self.fresh(kept))?;
            self.let_in(tx, user.id, from, AuditKind::Joined)
        })?;
        // It leads nowhere now; that it can't be deleted hurts nobody.
        let _ = std::fs::remove_file(self.data.join(SETUP_URL));
        Ok(tokens)
    }

    /// Chooses a password by a link, the first or a new one. A new one ends every
    /// session and token there was; the first lets him in at once.
    ///
    /// # Errors
    /// [`AuthError::LinkGone`], and when the password can't be used; the link stays then.
    pub fn choose_password(
        &self,
        link: &str,
        name: &str,
        password: &Secret,
        from: &Visitor,
    ) -> Result<Option<Tokens>> {
        let (id, hash) = parse(link)?;
        self.purpose(link)?;
        let mut user = self.user(id).map_err(|_| AuthError::LinkGone)?;
        let mail = self.mail_of(&user)?;
        if !name.is_empty() {
            user.name = person_name(name)?;
        }
        judge(password, &[mail.expose(), &user.name])?;
        let kept = self.passwords.keep(password)?;
        self.change(id, |tx| {
            let kinds = [LinkKind::Invitation, LinkKind::Reset];
            let link = self.take(tx, id, &hash, &kinds)?;
            let held = tx.user(id)?.ok_or(AuthError::LinkGone)?;
            match (link.kind, held.state) {
                (LinkKind::Invitation, UserState::Invited) => {
                    tx.put_user(&User {
                        name: user.name.clone(),
                        state: UserState::Active,
                        ..held
                    })?;
                    tx.put_credential(id, &self.fresh(kept))?;
                    self.let_in(tx, id, from, AuditKind::Joined).map(Some)
                }
                (LinkKind::Reset, UserState::Active) => {
                    self.reset(tx, held, kept, from)?;
                    Ok(None)
                }
                _ => Err(AuthError::LinkGone),
            }
        })
    }

    fn reset(&self, tx: &mut WriteTx, user: User, kept: String, from: &Visitor) -> Result<()> {
        let id = user.id;
        let factor = tx.credential(id)?.and_then(|held| held.second_factor);
        tx.put_credential(
            id,
            &Credential {
                second_factor: factor,
                ..self.fresh(kept)
            },
        )?;
        self.end_everything(tx, user)?;
        let kind = AuditKind::PasswordReset;
        self.note(tx, id, kind, AuditActor::Owner, Some(from))
    }

    /// Begins a change of one's mail address: the link that proves the new one is sent
    /// to it. Where no mail is sent the change is made at once: true then.
    ///
    /// # Errors
    /// When the address can't be used, or the password is wrong.
    pub fn change_mail(
        &self,
        by: &SignedIn,
        mail: &str,
        password: &Secret,
        from: &Visitor,
    ) -> Result<bool> {
        let mail = mail_address(mail)?;
        self.confirm(by, password, from)?;
        let sealed = self.seal(by.user, "new mail", &mail)?;
        if self.post.is_none() {
            self.change(by.user, |tx| self.move_to(tx, by.user, &mail, false, from))?;
            return Ok(true);
        }
        let path = self.change(by.user, |tx| {
            self.make_link(tx, by.user, LinkKind::Verification, Some(sealed))
        })?;
        self.send(&mail, |site| letters::verification(site, &path));
        Ok(false)
    }

    /// Proves a mail address by the link that was sent to it. One that is new to the
    /// account ends every session there was.
    ///
    /// # Errors
    /// [`AuthError::LinkGone`]; [`AuthError::Taken`] when another account has it by now.
    pub fn verify_mail(&self, link: &str, from: &Visitor) -> Result<()> {
        let (id, hash) = parse(link)?;
        self.change(id, |tx| {
            let link = self.take(tx, id, &hash, &[LinkKind::Verification])?;
            let sealed = link.mail.ok_or(AuthError::LinkGone)?;
            let mail = self.unseal(id, "new mail", &sealed)?;
            self.move_to(tx, id, &mail, true, from)
        })
    }

    fn move_to(
        &self,
        tx: &mut WriteTx,
        id: UserId,
        mail: &Secret,
        verified: bool,
        from: &Visitor,
    ) -> Result<()> {
        let mut user = tx.user(id)?.ok_or(AuthError::LinkGone)?;
        let same = self.mail_of(&user)?.is(mail.expose());
        user.mail_verified = verified;
        if same {
            tx.put_user(&user)?;
            let kind = AuditKind::MailVerified;
            return self.note(tx, id, kind, AuditActor::Owner, Some(from));
        }
        self.file_mail(tx, id, mail)?;
        user.mail = self.seal(id, "mail", mail)?;
        self.end_everything(tx, user)?;
        let kind = AuditKind::MailChanged;
        self.note(tx, id, kind, AuditActor::Owner, Some(from))
    }

    /// Ends every session, token and link of an account: what carries its old epoch is
    /// refused from the next request on.
    pub(super) fn end_everything(&self, tx: &mut WriteTx, mut user: User) -> Result<()> {
        let id = user.id;
        user.epoch += 1;
        tx.put_user(&user)?;
        tx.end_sessions(id, None)?;
        tx.end_api_tokens(id)?;
        for kind in LinkKind::ALL {
            tx.drop_one_time_links(id, *kind)?;
        }
        Ok(())
    }

    /// A password just chosen, without a second factor.
    pub(super) fn fresh(&self, password: String) -> Credential {
        Credential {
            password,
            changed: self.now(),
            second_factor: None,
        }
    }

    fn new_user(&self, new: &NewUser<'_>) -> Result<User> {
        let mail = mail_address(new.mail)?;
        let before = mail.expose().split('@').next().unwrap_or_default();
        let name = match new.name.trim() {
            "" => person_name(before)?,
            name => person_name(name)?,
        };
        let id = UserId(u128::from_be_bytes(random()?));
        Ok(User {
            id,
            mail: self.seal(id, "mail", &mail)?,
            name,
            role: new.role,
            tier: new.tier,
            state: UserState::Invited,
            epoch: 1,
            mail_verified: false,
            created: self.now(),
            signed_in: None,
            preferences: Preferences::default(),
        })
    }

    /// Makes a link and says its path.
    fn make_link(
        &self,
        tx: &mut WriteTx,
        user: UserId,
        kind: LinkKind,
        mail: Option<Sealed>,
    ) -> Result<Secret> {
        let text = format!("{user}{}", hex(&random::<32>()?));
        let now = self.now();
        tx.put_one_time_link(&OneTimeLink {
            user,
            hash: sha256(text.as_bytes()),
            kind,
            mail,
            created: now,
            expires: now + kind.lifetime(),
        })?;
        Ok(Secret::new(format!("{}/{text}", page_of(kind))))
    }

    /// Uses a link up that is good for one of `kinds`.
    fn take(
        &self,
        tx: &mut WriteTx,
        user: UserId,
        hash: &SecretHash,
        kinds: &[LinkKind],
    ) -> Result<OneTimeLink> {
        let link = tx.take_one_time_link(user, hash)?;
        let good = link.filter(|link| self.now() < link.expires && kinds.contains(&link.kind));
        good.ok_or(AuthError::LinkGone)
    }

    /// Sends a letter where there is a way to; that it can't be taken is for the log.
    fn send(&self, to: &Secret, write: impl FnOnce(&str) -> letters::Text) {
        let Some(post) = &self.post else { return };
        let mail = write(&post.site).to(to.expose());
        if let Err(error) = (post.send)(mail) {
            tracing::error!("a mail about an account was not taken: {error}");
        }
    }
}

/// Path of the page that a link opens.
fn page_of(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Setup | LinkKind::Invitation => "/join",
        LinkKind::Reset => "/reset",
        LinkKind::Verification => "/verify",
    }
}

/// Whose a link is, and the hash it is found by.
fn parse(link: &str) -> Result<(UserId, SecretHash)> {
    let sound = link.len() == 96 && link.bytes().all(|b| b.is_ascii_hexdigit());
    let user = link.get(..32).filter(|_| sound);
    let user = user.and_then(|digits| u128::from_str_radix(digits, 16).ok());
    let user = user.ok_or(AuthError::LinkGone)?;
    Ok((UserId(user), sha256(link.as_bytes())))
}
