//! What lets people in, and what is counted of those who failed.

use jiff::Timestamp;

use crate::domain::{
    AccountFailures, ApiToken, Credential, FailureCount, LinkKind, OneTimeLink, SecretHash,
    Session, UserId,
};
use crate::secret::hex;
use crate::store::error::StoreError;
use crate::store::record::shape::{Form, Record};
use crate::store::record::sign_in::{
    AccountFailuresRecord, ApiTokenRecord, CredentialRecord, FailureCountRecord, LinkRecord,
    SessionRecord,
};
use crate::store::tables::{
    ADDRESS_FAILURES, API_TOKENS, CREDENTIALS, ONE_TIME_LINKS, SESSIONS, SIGN_IN_FAILURES,
    StoredKey, Table,
};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// What somebody proves who he is with; `None` while he can't.
    pub fn credential(&self, user: UserId) -> Result<Option<Credential>, StoreError> {
        Ok(self.row(&CREDENTIALS, user.0)?.map(Form::value))
    }

    /// Somebody's sign-ins.
    pub fn sessions(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        self.scan(
            &SESSIONS,
            (user.0, 0)..=(user.0, u128::MAX),
            |_, session| Ok(session.value()),
        )
    }

    /// Somebody's tokens for programs.
    pub fn api_tokens(&self, user: UserId) -> Result<Vec<ApiToken>, StoreError> {
        self.scan(
            &API_TOKENS,
            (user.0, 0)..=(user.0, u128::MAX),
            |_, token| Ok(token.value()),
        )
    }

    /// A link that was not used.
    pub fn one_time_link(
        &self,
        user: UserId,
        hash: &SecretHash,
    ) -> Result<Option<OneTimeLink>, StoreError> {
        let digits = hex(hash);
        let link = self.row(&ONE_TIME_LINKS, (user.0, digits.as_str()))?;
        Ok(link.map(Form::value))
    }

    /// Somebody's links that were not used.
    pub fn one_time_links(&self, user: UserId) -> Result<Vec<OneTimeLink>, StoreError> {
        // Hexadecimal digits sort before `~`.
        self.scan(&ONE_TIME_LINKS, (user.0, "")..(user.0, "~"), |_, link| {
            Ok(link.value())
        })
    }

    /// Failed tries to sign in to an account.
    pub fn account_failures(&self, user: UserId) -> Result<AccountFailures, StoreError> {
        let failures = self.row(&SIGN_IN_FAILURES, user.0)?;
        Ok(failures.map(Form::value).unwrap_or_default())
    }

    /// Failed tries to sign in from a network.
    pub fn address_failures(&self, network: &str) -> Result<Option<FailureCount>, StoreError> {
        Ok(self.row(&ADDRESS_FAILURES, network)?.map(Form::value))
    }
}

impl WriteTx {
    /// What somebody proves who he is with, as this transaction leaves it.
    pub fn credential(&self, user: UserId) -> Result<Option<Credential>, StoreError> {
        Ok(self.get(&CREDENTIALS, user.0)?.map(Form::value))
    }

    /// Puts what somebody proves who he is with.
    pub fn put_credential(
        &mut self,
        user: UserId,
        credential: &Credential,
    ) -> Result<(), StoreError> {
        self.put(&CREDENTIALS, user.0, &CredentialRecord::of(credential))
    }

    /// A sign-in, as this transaction leaves it.
    pub fn session(&self, user: UserId, id: u128) -> Result<Option<Session>, StoreError> {
        Ok(self.get(&SESSIONS, (user.0, id))?.map(Form::value))
    }

    /// Puts a sign-in.
    pub fn put_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let key = (session.user.0, session.id);
        self.put(&SESSIONS, key, &SessionRecord::of(session))
    }

    /// Ends a sign-in; false when there was none.
    pub fn end_session(&mut self, user: UserId, id: u128) -> Result<bool, StoreError> {
        let known = self.session(user, id)?.is_some();
        self.remove(&SESSIONS, (user.0, id))?;
        Ok(known)
    }

    /// Ends somebody's sign-ins but for `kept`; says how many.
    pub fn end_sessions(&mut self, user: UserId, kept: Option<u128>) -> Result<u64, StoreError> {
        let his = (user.0, 0)..=(user.0, u128::MAX);
        self.remove_where(&SESSIONS, his, |key, _| Some(key.1) != kept)
    }

    /// Ends sign-ins not used since `idle`, or begun before `absolute`; says how many.
    pub fn end_old_sessions(
        &mut self,
        idle: Timestamp,
        absolute: Timestamp,
    ) -> Result<u64, StoreError> {
        self.remove_where(&SESSIONS, .., |_, session| {
            session.rotated < idle || session.created < absolute
        })
    }

    /// Ends everything that was given out: sign-ins, tokens for programs, links.
    pub fn end_all_access(&mut self) -> Result<(), StoreError> {
        self.clear(&SESSIONS)?;
        self.clear(&API_TOKENS)?;
        self.clear(&ONE_TIME_LINKS)
    }

    /// A token for programs, as this transaction leaves it.
    pub fn api_token(&self, user: UserId, id: u128) -> Result<Option<ApiToken>, StoreError> {
        Ok(self.get(&API_TOKENS, (user.0, id))?.map(Form::value))
    }

    /// Puts a token for programs.
    pub fn put_api_token(&mut self, token: &ApiToken) -> Result<(), StoreError> {
        let key = (token.user.0, token.id);
        self.put(&API_TOKENS, key, &ApiTokenRecord::of(token))
    }

    /// Ends a token for programs; false when there was none.
    pub fn end_api_token(&mut self, user: UserId, id: u128) -> Result<bool, StoreError> {
        let known = self.api_token(user, id)?.is_some();
        self.remove(&API_TOKENS, (user.0, id))?;
        Ok(known)
    }

    /// Ends all tokens for programs of somebody.
    pub fn end_api_tokens(&mut self, user: UserId) -> Result<(), StoreError> {
        self.remove_range(&API_TOKENS, (user.0, 0)..=(user.0, u128::MAX))
    }

    /// Ends tokens for programs that are no longer good; says how many.
    pub fn end_old_api_tokens(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.remove_where(&API_TOKENS, .., |_, token| token.expires < now)
    }

    /// Puts a link, in place of the others of its kind and account.
    pub fn put_one_time_link(&mut self, link: &OneTimeLink) -> Result<(), StoreError> {
        self.drop_one_time_links(link.user, link.kind)?;
        let digits = hex(&link.hash);
        let key = (link.user.0, digits.as_str());
        self.put(&ONE_TIME_LINKS, key, &LinkRecord::of(link))
    }

    /// Uses a link up: it is gone, whatever comes of it.
    pub fn take_one_time_link(
        &mut self,
        user: UserId,
        hash: &SecretHash,
    ) -> Result<Option<OneTimeLink>, StoreError> {
        let digits = hex(hash);
        let key = (user.0, digits.as_str());
        let link = self.get(&ONE_TIME_LINKS, key)?;
        self.remove(&ONE_TIME_LINKS, key)?;
        Ok(link.map(Form::value))
    }

    /// Drops the links of a kind that somebody has.
    pub fn drop_one_time_links(&mut self, user: UserId, kind: LinkKind) -> Result<(), StoreError> {
        let his = (user.0, "")..(user.0, "~");
        let dropped = self.remove_where(&ONE_TIME_LINKS, his, |_, link| link.kind.0 == kind);
        dropped.map(drop)
    }

    /// Drops links that are no longer good; says how many.
    pub fn drop_old_links(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.remove_where(&ONE_TIME_LINKS, .., |_, link| link.expires < now)
    }

    /// Failed tries to sign in to an account, as this transaction leaves them.
    pub fn account_failures(&self, user: UserId) -> Result<AccountFailures, StoreError> {
        let failures = self.get(&SIGN_IN_FAILURES, user.0)?;
        Ok(failures.map(Form::value).unwrap_or_default())
    }

    /// Puts the failed tries of an account; without any there is no row.
    pub fn put_account_failures(
        &mut self,
        user: UserId,
        failures: &AccountFailures,
    ) -> Result<(), StoreError> {
        if *failures == AccountFailures::default() {
            return self.remove(&SIGN_IN_FAILURES, user.0);
        }
        let record = AccountFailuresRecord::of(failures);
        self.put(&SIGN_IN_FAILURES, user.0, &record)
    }

    /// Failed tries to sign in from a network, as this transaction leaves them.
    pub fn address_failures(&self, network: &str) -> Result<Option<FailureCount>, StoreError> {
        Ok(self.get(&ADDRESS_FAILURES, network)?.map(Form::value))
    }

    /// Puts the failed tries of a network.
    pub fn put_address_failures(
        &mut self,
        network: &str,
        count: &FailureCount,
    ) -> Result<(), StoreError> {
        let record = FailureCountRecord::of(count);
        self.put(&ADDRESS_FAILURES, network, &record)
    }

    /// Networks that failed.
    pub fn failed_networks(&self) -> Result<u64, StoreError> {
        self.count(&ADDRESS_FAILURES)
    }

    /// Forgets failed tries of which none was since `before`; says how many.
    pub fn forget_failures(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let of_accounts = self.forget(&SIGN_IN_FAILURES, |failures| {
            failures.strangers.last.max(failures.known.last) < before
        })?;
        let of_networks = self.forget(&ADDRESS_FAILURES, |count| count.last < before)?;
        Ok(of_accounts + of_networks)
    }

    fn forget<K: StoredKey, R: Record>(
        &mut self,
        table: &Table<K, R>,
        goes: impl Fn(&R) -> bool,
    ) -> Result<u64, StoreError> {
        self.remove_where(table, .., |_, record| goes(record))
    }
}
