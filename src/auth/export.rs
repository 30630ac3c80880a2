//! Everything that is known about a reader, for himself: JSON in a zip.

use std::io::{Cursor, Write};

use serde::Serialize;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::accounts::{Accounts, Visitor};
use super::authority::{Member, SignedIn};
use super::error::{AuthError, Result};
use super::views::{ApiTokenView, AuditView, ProfileView, SessionView};
use crate::domain::{AuditActor, AuditKind, FailureCount};

/// What the export says of itself.
const README: &str = "This is everything this installation of A Fine Wine Dynasty keeps about your account.\n\
\n\
profile.json    who you are, and how you like your pages\n\
sessions.json   where you are signed in\n\
tokens.json     your tokens for programs, without their secrets\n\
audit.json      what was done to your account\n\
subscription.json  what the payment service told of you\n\
failures.json   tries to sign in to your account that failed lately\n\
kept.json       how many rows of which tables are about you, and which file has them\n\
\n\
What lets you in (the hash of your password, the seed of your second factor, hashes of\n\
tokens) is counted in kept.json and not shown: it is good for nothing but getting in.\n";

/// Which file has what a personal table holds.
const FILES: [(&str, &str); 6] = [
    ("users", "profile.json"),
    ("user_mails", "profile.json"),
    ("sign_in_failures", "failures.json"),
    ("audit", "audit.json"),
    ("subscriptions", "subscription.json"),
    ("customers", "subscription.json"),
];

/// Rows of a table about the reader.
#[derive(Serialize)]
struct Kept {
    table: &'static str,
    /// The file that has them; none for what lets him in.
    file: Option<&'static str>,
    rows: u64,
}

impl Accounts {
    /// Everything about oneself, as the bytes of a zip.
    ///
    /// # Errors
    /// When the store fails.
    pub fn export(&self, by: &SignedIn, from: &Visitor) -> Result<Vec<u8>> {
        self.change(by.user, |tx| {
            let kind = AuditKind::Exported;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })?;
        let about = self.store.read(|tx| tx.rows_about(by.user))?;
        let kept: Vec<Kept> = about
            .iter()
            .map(|about| Kept {
                table: about.table,
                file: file_of(about.table),
                rows: about.rows,
            })
            .collect();
        let files = [
            ("profile.json", as_json(&self.own_profile(by)?)?),
            (
                "sessions.json",
                as_json::<Vec<SessionView>>(&self.sessions(by)?)?,
            ),
            (
                "tokens.json",
                as_json::<Vec<ApiTokenView>>(&self.api_tokens(by)?)?,
            ),
            (
                "audit.json",
                as_json::<Vec<AuditView>>(&self.own_audit(by)?)?,
            ),
            ("subscription.json", as_json(&self.own_subscription(by)?)?),
            ("failures.json", as_json(&self.own_failures(by)?)?),
            ("kept.json", as_json(&kept)?),
        ];
        packed(&files).map_err(AuthError::Export)
    }

    fn own_subscription(&self, by: &SignedIn) -> Result<Option<Value>> {
        let held = self.store.read(|tx| tx.subscription(by.user))?;
        Ok(held.map(|held| {
            json!({
                "customer": held.customer,
                "subscription": held.id,
                "status": held.status.as_str(),
                "period_end": held.period_end,
                "ends": held.ends,
                "unpaid_since": held.unpaid_since,
                "as_of": held.as_of,
            })
        }))
    }

    fn own_failures(&self, by: &SignedIn) -> Result<Value> {
        let failures = self.store.read(|tx| tx.account_failures(by.user))?;
        let count = |count: FailureCount| json!({"in_a_day": count.in_day, "last": count.last});
        Ok(json!({
            "devices_that_never_signed_in": count(failures.strangers),
            "devices_that_did": count(failures.known),
        }))
    }

    fn own_profile(&self, by: &SignedIn) -> Result<ProfileView> {
        let user = self.user(by.user)?;
        self.profile(&Member::of(&user, by))
    }
}

fn file_of(table: &str) -> Option<&'static str> {
    let mut files = FILES.iter().filter(|(of, _)| *of == table);
    files.next().map(|(_, file)| *file)
}

fn as_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(|error| AuthError::Export(error.to_string()))
}

/// A zip of the files; the same files are the same bytes.
fn packed(files: &[(&str, Vec<u8>)]) -> std::result::Result<Vec<u8>, String> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let readme = ("README.txt", README.as_bytes());
    let all = files.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    for (name, bytes) in std::iter::once(readme).chain(all) {
        zip.start_file(name, options)
            .map_err(|error| error.to_string())?;
        zip.write_all(bytes).map_err(|error| error.to_string())?;
    }
    let done = zip.finish().map_err(|error| error.to_string())?;
    Ok(done.into_inner())
}

#[cfg(test)]
mod tests {
    use super::file_of;
    use crate::store::{TABLE_KINDS, TableKind};

    #[test]
    fn what_every_personal_table_holds_is_in_a_file() {
        let personal = TABLE_KINDS
            .iter()
            .filter(|(_, kind)| *kind == TableKind::Personal);
        for (table, _) in personal {
            assert!(file_of(table).is_some(), "nothing of {table} is exported");
        }
    }
}
