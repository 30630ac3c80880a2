//! Who may do what at this moment, in memory: asked with every request.
//!
//! It follows the store: after each change of an account its entry is read again, one
//! account at a time, so that the newest state is what stays. What was revoked is
//! refused from the next request on.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};

use super::access_token::Statement;
use super::authority::{Entrance, Member};
use super::refresh::end_of;
use crate::domain::{ApiToken, SecretHash, Session, User, UserId, UserState};
use crate::secret::same;
use crate::store::{ReadTx, Store, StoreError};

/// Everybody who can come in.
#[derive(Default)]
pub(super) struct Directory {
    entries: RwLock<HashMap<UserId, Entry>>,
    reading: Mutex<()>,
}

struct Entry {
    user: User,
    name: Arc<str>,
    /// Sessions, and when each ends at the latest.
    sessions: Vec<(u128, Timestamp)>,
    tokens: Vec<ApiToken>,
}

impl Directory {
    /// Reads everybody.
    pub(super) fn fill(&self, store: &Store) -> Result<(), StoreError> {
        let _turn = self.reading.lock();
        let all = store.read(|tx| {
            let users = tx.users()?.into_iter();
            let entries = users.map(|user| Ok((user.id, Entry::read(tx, user)?)));
            entries.collect::<Result<HashMap<_, _>, StoreError>>()
        })?;
        *self.entries.write() = all;
        Ok(())
    }

    /// Reads one account again.
    pub(super) fn follow(&self, store: &Store, id: UserId) -> Result<(), StoreError> {
        let _turn = self.reading.lock();
        let entry = store.read(|tx| {
            let user = tx.user(id)?;
            user.map(|user| Entry::read(tx, user)).transpose()
        });
        let mut entries = self.entries.write();
        match entry {
            Ok(Some(entry)) => entries.insert(id, entry),
            Ok(None) => entries.remove(&id),
            Err(error) => {
                // Nobody may stay in by a state that is no longer known.
                entries.remove(&id);
                return Err(error);
            }
        };
        Ok(())
    }

    /// The member of a believed access token; `None` once what it was made for is over.
    pub(super) fn by_session(&self, says: &Statement, now: Timestamp) -> Option<Member> {
        let entries = self.entries.read();
        let entry = entries.get(&says.user).filter(|entry| entry.is_active())?;
        let open = |(id, end): &(u128, Timestamp)| *id == says.session && now < *end;
        let holds = entry.user.epoch == says.epoch && entry.sessions.iter().any(open);
        holds.then(|| entry.member(Entrance::Session(says.session)))
    }

    /// The member of a token for programs, and when it was last seen to be used.
    pub(super) fn by_token(
        &self,
        user: UserId,
        id: u128,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Option<(Member, Option<Timestamp>)> {
        let entries = self.entries.read();
        let entry = entries.get(&user).filter(|entry| entry.is_active())?;
        let token = entry.tokens.iter().find(|token| token.id == id)?;
        let holds = same(&token.hash, hash) && now < token.expires;
        let member = || entry.member(Entrance::Token(token.scopes.clone()));
        holds.then(|| (member(), token.used))
    }

    /// How many can come in.
    pub(super) fn len(&self) -> usize {
        self.entries.read().len()
    }
}

impl Entry {
    fn read(tx: &ReadTx, user: User) -> Result<Self, StoreError> {
        let end = |session: &Session| (session.id, end_of(session));
        Ok(Self {
            sessions: tx.sessions(user.id)?.iter().map(end).collect(),
            tokens: tx.api_tokens(user.id)?,
            name: Arc::from(user.name.as_str()),
            user,
        })
    }

    fn is_active(&self) -> bool {
        self.user.state == UserState::Active
    }

    fn member(&self, entrance: Entrance) -> Member {
        Member {
            user: self.user.id,
            name: Arc::clone(&self.name),
            role: self.user.role,
            tier: self.user.tier,
            entrance,
        }
    }
}
