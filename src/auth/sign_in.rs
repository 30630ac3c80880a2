//! Signing in and out: the one place where a password is compared.
//!
//! A try is counted and noted as a failure before the password is looked at, in one
//! transaction, and taken back when it was right: however many try at once, and whatever
//! is killed, no try is free. Only who has a place to compare passwords in is counted, so
//! that a crowd of honest people does not look like failures. A stranger is told nothing
//! of who has an account: what is not there costs the same transaction, and is compared
//! with a hash of nobody's.

use jiff::{SignedDuration, Timestamp};

use super::access_token::Statement;
use super::accounts::{Accounts, Visitor, is_active, mail_address};
use super::authority::SignedIn;
use super::error::{AuthError, Result};
use super::refresh::{self, Presented, RefreshToken, end_of};
use super::second_factor::{self, CodeUsed};
use super::throttle::{self, ACCOUNT, ALL, EVERYBODY, NETWORK, NETWORKS, THE_OTHERS};
use crate::domain::{
    AccountFailures, AuditActor, AuditKind, Credential, FailureCount, Sealed, Session, User, UserId,
};
use crate::secret::{Secret, hex, unhex};
use crate::store::WriteTx;

/// How long the second factor may be given after the password.
const TICKET_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What lets somebody in from now on.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Good for a quarter of an hour.
    pub access: Secret,
    /// Seconds it is good for.
    pub expires_in: i64,
    /// Gets the next ones, once.
    pub refresh: Secret,
    /// The device is known by this at the next sign-in; empty after a refresh.
    pub device: Option<Secret>,
}

/// What somebody says to be let in.
#[derive(Clone, Debug)]
pub struct SignInAttempt<'a> {
    /// His mail address.
    pub mail: &'a str,
    /// His password.
    pub password: &'a Secret,
    /// A code of his second factor, where he gives one at once.
    pub code: Option<&'a str>,
}

/// Who tries, as far as that is known before he is let in.
struct Trying {
    user: Option<User>,
    /// True from a device that signed in to the account before.
    known: bool,
    /// Rows of the counts by network.
    counts: Vec<(String, throttle::Limit)>,
    /// Where the failure is noted that it was taken for.
    noted: Option<u64>,
}

impl Accounts {
    /// Lets somebody in.
    ///
    /// # Errors
    /// [`AuthError::Wrong`] whatever is wrong; [`AuthError::SecondFactorNeeded`] once the
    /// password was right, with a ticket for [`Self::sign_in_with_code`].
    pub fn sign_in(&self, attempt: &SignInAttempt<'_>, from: &Visitor) -> Result<Tokens> {
        let user = match mail_address(attempt.mail) {
            Ok(mail) => self.user_of(mail.expose())?,
            Err(_) => None,
        };
        let (trying, id, credential, outdated) = self.prove(user, attempt.password, from)?;
        let confirmed = credential.second_factor.as_ref();
        let needs_code = confirmed.is_some_and(|factor| factor.confirmed);
        let used = match (needs_code, attempt.code) {
            (false, _) => None,
            (true, Some(code)) => Some(self.code(id, &credential, code)?),
            (true, None) => {
                // Only this try: whoever knows the password must not be able to wipe out
                // the count of codes that failed.
                self.write(|tx| self.take_back_in(tx, &trying, throttle::succeeded))?;
                return Err(AuthError::SecondFactorNeeded(self.ticket(id)?));
            }
        };
        let kept = match outdated {
            true => Some(self.passwords.keep(attempt.password)?),
            false => None,
        };
        self.change(id, |tx| {
            self.take_back_in(tx, &trying, anew)?;
            self.note_use(tx, id, used, kept)?;
            self.let_in(tx, id, from, AuditKind::SignedIn)
        })
    }

    /// Lets somebody in who gave the right password just now.
    ///
    /// # Errors
    /// [`AuthError::WrongCode`]; [`AuthError::SignedOut`] when the ticket is too old.
    pub fn sign_in_with_code(&self, ticket: &str, code: &str, from: &Visitor) -> Result<Tokens> {
        let user = self.holder(ticket).ok_or(AuthError::SignedOut)?;
        let id = user.id;
        let trying = self.begin(Some(user), from)?;
        if trying.user.is_none() {
            return Err(AuthError::WrongCode);
        }
        let credential = self.store.read(|tx| tx.credential(id))?;
        let credential = credential.ok_or(AuthError::SignedOut)?;
        let used = self.code(id, &credential, code)?;
        self.change(id, |tx| {
            self.take_back_in(tx, &trying, anew)?;
            self.note_use(tx, id, Some(used), None)?;
            self.let_in(tx, id, from, AuditKind::SignedIn)
        })
    }

    /// Exchanges a refresh token for the next ones.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] when the session is over; it is, once a token comes again.
    pub fn refresh(&self, token: &str, from: &Visitor) -> Result<Tokens> {
        let token = RefreshToken::parse(token).ok_or(AuthError::SignedOut)?;
        let refreshed = self.change(token.user, |tx| self.refresh_in(tx, &token, from))?;
        refreshed.ok_or(AuthError::SignedOut)
    }

    /// `None`, and the session ended, when it is over: that must be kept, and so is no error.
    fn refresh_in(
        &self,
        tx: &mut WriteTx,
        token: &RefreshToken,
        from: &Visitor,
    ) -> Result<Option<Tokens>> {
        let user = tx.user(token.user)?.filter(is_active);
        let session = tx.session(token.user, token.session)?;
        let (Some(user), Some(session)) = (user, session) else {
            return Ok(None);
        };
        let (session, good) = match refresh::present(session.clone(), token, self.now())? {
            Presented::Rotated(session, good) => {
                tx.put_session(&session)?;
                (session, good)
            }
            Presented::Again(good) => (session, good),
            Presented::Over { stolen } => {
                tx.end_session(token.user, token.session)?;
                if stolen {
                    let kind = AuditKind::TokenReused;
                    self.note(tx, token.user, kind, AuditActor::Program, Some(from))?;
                }
                return Ok(None);
            }
        };
        Ok(Some(self.tokens(&user, &session, &good)?))
    }

    /// Signs out the session of a refresh token, whichever of its tokens that is.
    ///
    /// # Errors
    /// When the store fails. There is none to sign out: that is no error.
    pub fn sign_out(&self, token: &str, from: &Visitor) -> Result<()> {
        match RefreshToken::parse(token) {
            Some(token) => self.end_session(token.user, token.session, AuditKind::SignedOut, from),
            None => Ok(()),
        }
    }

    /// Signs out one's present session.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sign_out_of(&self, by: &SignedIn, from: &Visitor) -> Result<()> {
        self.end_session(by.user, by.session, AuditKind::SignedOut, from)
    }

    pub(super) fn end_session(
        &self,
        user: UserId,
        session: u128,
        kind: AuditKind,
        from: &Visitor,
    ) -> Result<()> {
        self.change(user, |tx| {
            if tx.end_session(user, session)? {
                self.note(tx, user, kind, AuditActor::Owner, Some(from))?;
            }
            Ok(())
        })
    }

    /// Checks that somebody who is signed in is still himself, before what can't be
    /// taken back.
    ///
    /// # Errors
    /// [`AuthError::Wrong`] when the password is not his.
    pub(super) fn confirm(&self, by: &SignedIn, password: &Secret, from: &Visitor) -> Result<()> {
        let user = self.user(by.user)?;
        // His session is at least as good a proof as a device that is known.
        let device = self.keys().device(&user.id.to_string());
        let from = Visitor {
            device: device.map(|device| device_mark(user.id, &device)),
            ..from.clone()
        };
        let (trying, ..) = self.prove(Some(user), password, &from)?;
        self.write(|tx| self.take_back_in(tx, &trying, anew))
    }

    /// Begins a session.
    pub(super) fn let_in(
        &self,
        tx: &mut WriteTx,
        id: UserId,
        from: &Visitor,
        kind: AuditKind,
    ) -> Result<Tokens> {
        let mut user = tx.user(id)?.filter(is_active).ok_or(AuthError::Wrong)?;
        user.signed_in = Some(self.now());
        tx.put_user(&user)?;
        let (session, token) = refresh::begin(id, &from.kept_agent(), self.now())?;
        tx.put_session(&session)?;
        self.note(tx, id, kind, AuditActor::Owner, Some(from))?;
        let device = self.keys().device(&id.to_string());
        Ok(Tokens {
            device: device.map(|mark| Secret::new(device_mark(id, &mark))),
            ..self.tokens(&user, &session, &token)?
        })
    }

    fn tokens(&self, user: &User, session: &Session, token: &RefreshToken) -> Result<Tokens> {
        let says = Statement {
            user: user.id,
            session: session.id,
            epoch: user.epoch,
        };
        let (now, until) = (self.now(), end_of(session));
        let lives = super::access_token::LIFETIME.min(until.duration_since(now));
        Ok(Tokens {
            access: self.access.make(&self.keys(), &says, now, until)?,
            expires_in: lives.as_secs(),
            refresh: token.text().clone(),
            device: None,
        })
    }

    /// Counts a registration of a network as it counts failures: each costs a hash.
    ///
    /// # Errors
    /// [`AuthError::Throttled`] when it registers too often.
    pub(super) fn count_registration(&self, from: &Visitor) -> Result<()> {
        let now = self.now();
        self.write(|tx| {
            let counts = self.strangers_counts(tx, from, now)?;
            let Some((row, limit)) = counts.first() else {
                return Ok(());
            };
            let count = tx.address_failures(row)?.unwrap_or_default();
            match limit.wait(&count, now) {
                Some(wait) => Err(AuthError::Throttled(wait)),
                None => Ok(tx.put_address_failures(row, &throttle::failed(&count, now))?),
            }
        })
    }

    /// Compares a password, as one more try.
    ///
    /// # Errors
    /// [`AuthError::Wrong`]; [`AuthError::Throttled`] and [`AuthError::Busy`] when it was
    /// not looked at.
    fn prove(
        &self,
        user: Option<User>,
        password: &Secret,
        from: &Visitor,
    ) -> Result<(Trying, UserId, Credential, bool)> {
        self.refuse_early(user.as_ref(), from)?;
        let turn = self.passwords.enter()?;
        let trying = self.begin(user, from)?;
        let user = trying.user.as_ref().filter(|user| is_active(user));
        let credential = match user {
            Some(user) => self.store.read(|tx| tx.credential(user.id))?,
            None => None,
        };
        let hash = credential.as_ref().map(|held| held.password.as_str());
        let compared = self.passwords.compare(&turn, password, hash);
        match (user.map(|user| user.id), credential) {
            (Some(id), Some(credential)) if compared.right => {
                Ok((trying, id, credential, compared.outdated))
            }
            _ => Err(AuthError::Wrong),
        }
    }

    /// Refuses who may not try now before he takes a place from others.
    fn refuse_early(&self, user: Option<&User>, from: &Visitor) -> Result<()> {
        if user.is_some_and(|user| self.is_known(user.id, from)) {
            return Ok(());
        }
        let now = self.now();
        let rows = [(from.address.as_str(), NETWORK), (EVERYBODY, ALL)];
        let counts = self.store.read(|tx| {
            let counts = rows.iter().map(|(row, _)| tx.address_failures(row));
            counts.collect::<std::result::Result<Vec<_>, _>>()
        })?;
        let limits = rows.iter().zip(counts);
        let mut waits = limits.filter_map(|((_, limit), count)| limit.wait(&count?, now));
        waits
            .next()
            .map_or(Ok(()), |wait| Err(AuthError::Throttled(wait)))
    }

    /// Counts and notes the try as a failure, unless none may be made now.
    fn begin(&self, user: Option<User>, from: &Visitor) -> Result<Trying> {
        let id = user.as_ref().map(|user| user.id);
        let known = id.is_some_and(|id| self.is_known(id, from));
        let now = self.now();
        self.write(|tx| {
            let counts = match known {
                true => Vec::new(),
                false => self.strangers_counts(tx, from, now)?,
            };
            for (row, limit) in &counts {
                let count = tx.address_failures(row)?.unwrap_or_default();
                if let Some(wait) = limit.wait(&count, now) {
                    return Err(AuthError::Throttled(wait));
                }
            }
            for (row, _) in &counts {
                let count = tx.address_failures(row)?.unwrap_or_default();
                tx.put_address_failures(row, &throttle::failed(&count, now))?;
            }
            let mut trying = Trying {
                user,
                known,
                counts,
                noted: None,
            };
            let Some(id) = id else { return Ok(trying) };
            match self.count_on_account(tx, id, known, now)? {
                true => {
                    let (kind, by) = (AuditKind::Failed, AuditActor::Owner);
                    trying.noted = Some(self.noted(tx, id, kind, by, Some(from))?);
                }
                // A stranger is not told: that would tell him that there is an account.
                false => trying.user = None,
            }
            Ok(trying)
        })
    }

    /// Counts a failure on an account; false when strangers have none left.
    fn count_on_account(
        &self,
        tx: &mut WriteTx,
        id: UserId,
        known: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let mut failures = tx.account_failures(id)?;
        let count = side(&mut failures, known);
        match ACCOUNT.wait(count, now) {
            Some(wait) if known => return Err(AuthError::Throttled(wait)),
            Some(_) => return Ok(false),
            None => *count = throttle::failed(count, now),
        }
        tx.put_account_failures(id, &failures)?;
        Ok(true)
    }

    /// The counts a stranger's failure goes to. Invented networks can't push others out:
    /// once there is no room for more, the new ones share a count.
    fn strangers_counts(
        &self,
        tx: &mut WriteTx,
        from: &Visitor,
        now: Timestamp,
    ) -> Result<Vec<(String, throttle::Limit)>> {
        let mut network = from.address.clone();
        if tx.address_failures(&network)?.is_none() && tx.failed_networks()? >= NETWORKS {
            let a_day_ago = now - SignedDuration::from_hours(24);
            tx.forget_failures(a_day_ago)?;
            if tx.failed_networks()? >= NETWORKS {
                network = THE_OTHERS.to_owned();
            }
        }
        Ok(vec![(network, NETWORK), (EVERYBODY.to_owned(), ALL)])
    }

    /// Which code of the second factor was given.
    fn code(&self, id: UserId, credential: &Credential, code: &str) -> Result<CodeUsed> {
        let factor = credential.second_factor.as_ref();
        let factor = factor.ok_or(AuthError::WrongCode)?;
        let seed = self.unseal(id, "seed", &factor.seed)?;
        let used = second_factor::check(factor, &seed, code, self.now())?;
        used.ok_or(AuthError::WrongCode)
    }

    /// Keeps what a sign-in used up: a code, and a hash that was outdated.
    fn note_use(
        &self,
        tx: &mut WriteTx,
        id: UserId,
        used: Option<CodeUsed>,
        kept: Option<String>,
    ) -> Result<()> {
        let Some(mut credential) = tx.credential(id)? else {
            return Err(AuthError::Wrong);
        };
        if let Some(used) = used {
            let factor = credential
                .second_factor
                .take()
                .ok_or(AuthError::WrongCode)?;
            credential.second_factor = Some(second_factor::spent(factor, used)?);
            if matches!(used, CodeUsed::Recovery(_)) {
                self.note(tx, id, AuditKind::RecoveryUsed, AuditActor::Owner, None)?;
            }
        }
        if let Some(kept) = kept {
            credential.password = kept;
        }
        Ok(tx.put_credential(id, &credential)?)
    }

    /// Takes back that a try was counted as a failure; `account` is what becomes of the
    /// count of its account.
    fn take_back_in(
        &self,
        tx: &mut WriteTx,
        trying: &Trying,
        account: fn(&FailureCount) -> FailureCount,
    ) -> Result<()> {
        for (row, _) in &trying.counts {
            if let Some(count) = tx.address_failures(row)? {
                tx.put_address_failures(row, &throttle::succeeded(&count))?;
            }
        }
        if let Some(user) = &trying.user {
            let mut failures = tx.account_failures(user.id)?;
            let count = side(&mut failures, trying.known);
            *count = account(count);
            if let Some(noted) = trying.noted {
                tx.drop_audit(user.id, noted)?;
            }
            tx.put_account_failures(user.id, &failures)?;
        }
        Ok(())
    }

    fn is_known(&self, id: UserId, from: &Visitor) -> bool {
        let mark = from
            .device
            .as_ref()
            .and_then(|device| device.split_once('.'));
        mark.is_some_and(|(whose, mark)| {
            whose == id.to_string() && self.keys().knows_device(whose, mark)
        })
    }

    /// What proves for a while that the password was right.
    fn ticket(&self, id: UserId) -> Result<Secret> {
        let user = self.user(id)?;
        let until = (self.now() + TICKET_LIFETIME).as_second();
        let says = format!("{id} {} {until}", user.epoch);
        let sealed = self.keys().seal("second factor", says.as_bytes())?;
        let digits = hex(&sealed.bytes);
        Ok(Secret::new(format!("{}.{digits}", sealed.key)))
    }

    /// Who has a ticket that is still good.
    fn holder(&self, ticket: &str) -> Option<User> {
        let (key, digits) = ticket.split_once('.')?;
        let sealed = Sealed {
            key: key.parse().ok()?,
            bytes: unhex(digits)?,
        };
        let says = self.keys().open("second factor", &sealed).ok()?;
        let mut words = says.expose().split(' ');
        let id: UserId = words.next()?.parse().ok()?;
        let epoch: u32 = words.next()?.parse().ok()?;
        let until: i64 = words.next()?.parse().ok()?;
        let user = self.user(id).ok()?;
        let holds = self.now().as_second() <= until && user.epoch == epoch && is_active(&user);
        holds.then_some(user)
    }
}

/// The count of an account whose owner was let in.
fn anew(_: &FailureCount) -> FailureCount {
    FailureCount::default()
}

/// What a device is given to be known again.
fn device_mark(id: UserId, mark: &Secret) -> String {
    format!("{id}.{}", mark.expose())
}

fn side(failures: &mut AccountFailures, known: bool) -> &mut FailureCount {
    match known {
        true => &mut failures.known,
        false => &mut failures.strangers,
    }
}
