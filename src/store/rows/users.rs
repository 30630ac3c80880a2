//! People with accounts.

use crate::domain::{User, UserId};
use crate::store::error::StoreError;
use crate::store::record::shape::Form;
use crate::store::record::users::{OwnerRecord, UserRecord};
use crate::store::tables::{USER_MAILS, USERS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Every account, by id.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.scan(&USERS, .., |_, user| Ok(user.value()))
    }

    /// An account.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.row(&USERS, id.0)?.map(Form::value))
    }

    /// Whose the mail address with this hash is.
    pub fn user_of_mail(&self, hash: &str) -> Result<Option<UserId>, StoreError> {
        let owner = self.row(&USER_MAILS, hash)?;
        Ok(owner.map(|OwnerRecord(id)| UserId(id)))
    }
}

impl WriteTx {
    /// An account, as this transaction leaves it.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.get(&USERS, id.0)?.map(Form::value))
    }

    /// Every account, by id, as this transaction leaves them.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        let users = self.all(&USERS)?;
        Ok(users.into_iter().map(Form::value).collect())
    }

    /// Puts an account.
    pub fn put_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.put(&USERS, user.id.0, &UserRecord::of(user))
    }

    /// Whose the mail address with this hash is, as this transaction leaves it.
    pub fn user_of_mail(&self, hash: &str) -> Result<Option<UserId>, StoreError> {
        let owner = self.get(&USER_MAILS, hash)?;
        Ok(owner.map(|OwnerRecord(id)| UserId(id)))
    }

    /// Makes `hash` the only one by which an account is found.
    pub fn put_user_mail(&mut self, hash: &str, id: UserId) -> Result<(), StoreError> {
        let own = OwnerRecord(id.0);
        let others = self.remove_where(&USER_MAILS, .., |key, held| *held == own && *key != hash);
        others?;
        self.put(&USER_MAILS, hash, &own)
    }
}
