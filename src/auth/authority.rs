//! The authority to act, as values: who takes one knows that it was checked.
//!
//! Only this folder makes them: [`Member`] and [`SignedIn`] from a session or a token
//! that holds, [`Premium`] from a member who has the tier, [`Operator`] from a member who
//! has the role, from the operator's own token, or for whoever has the data directory.

use std::sync::Arc;

use crate::domain::{AuditActor, Tier, TokenScope, User, UserId, UserRole};
use crate::secret::{Secret, hex};

/// What the cookie of a sign-in with the operator's token is derived for; the token
/// itself never leaves the server.
const SESSION: &str = "afwd 2026 operator sign-in cookie";
/// What the key of form tokens is derived for.
const FORMS: &str = "afwd 2026 operator form tokens";

/// Somebody with an account, as he is at this moment.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) user: UserId,
    pub(super) name: Arc<str>,
    pub(super) role: UserRole,
    pub(super) tier: Tier,
    pub(super) entrance: Entrance,
}

/// How he came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// With a session.
    Session(u128),
    /// With a token for programs.
    Token(Vec<TokenScope>),
}

impl Member {
    /// Somebody who is signed in.
    pub(super) fn of(user: &User, by: &SignedIn) -> Self {
        Self {
            user: user.id,
            name: Arc::from(user.name.as_str()),
            role: user.role,
            tier: user.tier,
            entrance: Entrance::Session(by.session),
        }
    }

    /// Who he is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// What he calls himself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What he may use.
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Whether how he came in is good for this; a session is good for everything.
    pub fn may(&self, scope: TokenScope) -> bool {
        match &self.entrance {
            Entrance::Session(_) => true,
            Entrance::Token(scopes) => scopes.contains(&scope),
        }
    }

    /// His session; `None` for a program with a token.
    pub fn signed_in(&self) -> Option<SignedIn> {
        match self.entrance {
            Entrance::Session(session) => Some(SignedIn {
                user: self.user,
                session,
            }),
            Entrance::Token(_) => None,
        }
    }

    /// What his tier lets him do.
    pub fn premium(&self) -> Option<Premium> {
        (self.tier == Tier::Premium).then_some(Premium(self.user))
    }

    /// What his role lets him do, however he came in.
    pub fn operator(&self) -> Option<Operator> {
        let runs_it = self.role == UserRole::Operator && self.may(TokenScope::Operate);
        runs_it.then_some(Operator(By::Member(self.user)))
    }
}

/// The permission to change how one signs in, and all else about oneself: a program with
/// a token never has it.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    pub(super) user: UserId,
    pub(super) session: u128,
}

impl SignedIn {
    /// Who he is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// What forms shown to him are bound to: it stays the same while he is signed in.
    pub fn session(&self) -> String {
        format!("{}{:032x}", self.user, self.session)
    }
}

/// The permission to use what is for the tier premium.
#[derive(Clone, Copy, Debug)]
pub struct Premium(UserId);

impl Premium {
    /// Who has it.
    pub fn user(&self) -> UserId {
        self.0
    }
}

/// The permission to change the site.
#[derive(Clone, Copy, Debug)]
pub struct Operator(By);

#[derive(Clone, Copy, Debug)]
enum By {
    Token,
    Member(UserId),
    Console,
}

impl Operator {
    /// That of whoever has the store open for himself, at the command line.
    pub(super) fn at_the_console() -> Self {
        Self(By::Console)
    }

    /// Who is remembered to have done something.
    pub(super) fn actor(&self) -> AuditActor {
        match self.0 {
            By::Console => AuditActor::Console,
            By::Token | By::Member(_) => AuditActor::Operator,
        }
    }

    /// His account, where he has one.
    pub fn user(&self) -> Option<UserId> {
        match self.0 {
            By::Member(user) => Some(user),
            By::Token | By::Console => None,
        }
    }
}

/// The operator's own token: the way in that needs no account.
#[derive(Clone)]
pub struct OperatorToken(Arc<Secret>);

impl OperatorToken {
    /// `None` for an empty text: nobody operates the site by a token then.
    pub fn new(token: Secret) -> Option<Self> {
        (!token.is_empty()).then(|| Self(Arc::new(token)))
    }

    /// The permission of whoever presents the token itself.
    pub fn admit(&self, given: &str) -> Option<Operator> {
        self.0.is(given).then_some(Operator(By::Token))
    }

    /// The permission of whoever presents what [`Self::sign_in`] gave.
    pub fn admit_session(&self, given: &str) -> Option<Operator> {
        self.session().is(given).then_some(Operator(By::Token))
    }

    /// What a visitor who gave `token` is known by from now on; `None` when it is not
    /// the operator's.
    pub fn sign_in(&self, token: &str) -> Option<Secret> {
        self.0.is(token.trim()).then(|| self.session())
    }

    /// The key of the forms' tokens, so that an open page outlives a restart.
    pub fn form_key(&self) -> Secret {
        self.derived(FORMS)
    }

    fn session(&self) -> Secret {
        self.derived(SESSION)
    }

    fn derived(&self, purpose: &str) -> Secret {
        let key = blake3::derive_key(purpose, self.0.expose().as_bytes());
        Secret::new(hex(&key))
    }
}
