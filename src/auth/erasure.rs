//! Deleting an account, with everything about it; and forgetting it again when a
//! restored backup brings it back.
//!
//! Which rows go, the store knows from the kinds of its tables. That somebody is gone is
//! noted in a file beside the store before his rows go: backups don't hold that file, and
//! no restore replaces it.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{Accounts, Visitor};
use super::authority::{Operator, SignedIn};
use super::error::{AuthError, Result};
use super::people::keep_an_operator;
use crate::data_dir::DELETED_ACCOUNTS;
use crate::domain::{AuditActor, AuditKind, UserId};
use crate::secret::{PrivateFileError, Secret};
use crate::store::RowsAbout;

/// That an account was deleted, and what went with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Receipt {
    /// The account that was.
    pub account: String,
    /// When.
    pub deleted: String,
    /// Rows that were erased, by table.
    pub erased: Vec<ErasedRows>,
    /// What is left of it.
    pub left: String,
}

/// Rows of a table that were erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErasedRows {
    /// The table.
    pub table: String,
    /// How many.
    pub rows: u64,
}

impl Accounts {
    /// Deletes one's own account.
    ///
    /// # Errors
    /// When the password is wrong, or he is the last who runs the site.
    pub fn delete_own(&self, by: &SignedIn, password: &Secret, from: &Visitor) -> Result<Receipt> {
        self.confirm(by, password, from)?;
        self.delete(by.user, AuditActor::Owner)
    }

    /// Deletes somebody's account.
    ///
    /// # Errors
    /// When there is no such account, or he is the last who runs the site.
    pub fn delete_user(&self, by: &Operator, id: UserId) -> Result<Receipt> {
        self.delete(id, by.actor())
    }

    fn delete(&self, id: UserId, by: AuditActor) -> Result<Receipt> {
        self.user(id)?;
        let now = self.now();
        // Refused before anything is noted: what is noted is done, now or at the next start.
        self.write(|tx| keep_an_operator(tx, id))?;
        note_deletion(&self.data, id, now)?;
        let erased = self.change(id, |tx| {
            let erased = tx.erase_user(id, now)?;
            self.note(tx, UserId::NOBODY, AuditKind::Deleted, by, None)?;
            Ok(erased)
        })?;
        Ok(receipt(id, now, &erased))
    }

    /// Forgets again whom a restored backup brought back, and notes beside the store
    /// whom another installation of it had deleted.
    pub(super) fn forget_again(&self) -> Result<()> {
        let noted = noted_deletions(&self.data)?;
        let (users, known) = self.store.read(|tx| Ok((tx.users()?, tx.deletions()?)))?;
        for (id, at) in &known {
            if !noted.contains_key(id) {
                note_deletion(&self.data, *id, *at)?;
            }
        }
        let known: HashMap<UserId, Timestamp> = known.into_iter().collect();
        for user in users {
            if let Some(at) = noted.get(&user.id).or_else(|| known.get(&user.id)) {
                self.store.write(|tx| tx.erase_user(user.id, *at))?;
                tracing::info!(
                    "an account that was deleted came back with a backup, and went again"
                );
            }
        }
        let forgotten = noted.iter().filter(|(id, _)| !known.contains_key(id));
        for (id, at) in forgotten {
            self.store.write(|tx| tx.erase_user(*id, *at))?;
        }
        Ok(())
    }
}

fn receipt(id: UserId, at: Timestamp, erased: &[RowsAbout]) -> Receipt {
    let erased = erased.iter().filter(|about| about.rows > 0);
    Receipt {
        account: id.to_string(),
        deleted: at.to_string(),
        erased: erased
            .map(|about| ErasedRows {
                table: about.table.to_owned(),
                rows: about.rows,
            })
            .collect(),
        left: "The opaque name of the account and the time, so that backups made before forget \
               it, too, when they are restored."
            .to_owned(),
    }
}

/// Adds a line to the file of deletions; it is on disk when this returns.
fn note_deletion(data: &Path, id: UserId, at: Timestamp) -> Result<()> {
    let path = data.join(DELETED_ACCOUNTS);
    let append = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.create(true).append(true).open(&path)?;
        // A line that a crash cut short must not swallow this one.
        write!(file, "\n{id} {at}\n")?;
        file.sync_all()?;
        File::open(data)?.sync_all()
    };
    append().map_err(|cause| file_error(&path, cause))
}

/// Whom the file of deletions names. What a crash cut short is no line.
fn noted_deletions(data: &Path) -> Result<HashMap<UserId, Timestamp>> {
    let path = data.join(DELETED_ACCOUNTS);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(cause) => return Err(file_error(&path, cause)),
    };
    let lines = text.lines().filter_map(|line| {
        let (id, at) = line.split_once(' ')?;
        Some((id.parse().ok()?, at.parse().ok()?))
    });
    Ok(lines.collect())
}

fn file_error(path: &Path, cause: io::Error) -> AuthError {
    AuthError::File(PrivateFileError::File {
        path: path.to_owned(),
        cause,
    })
}
