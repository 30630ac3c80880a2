//! Everything that is known about a reader, for himself: JSON in a zip.

use std::io::{Cursor, Write};

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::accounts::{Accounts, Visitor};
use super::authority::{Member, SignedIn};
use super::error::{AuthError, Result};
use super::views::{ApiTokenView, AuditView, ProfileView, SessionView};
use crate::domain::{AuditActor, AuditKind};
use crate::store::TableKind;

/// What the export says of itself.
const README: &str = "This is everything this installation of A Fine Wine Dynasty keeps about your account.\n\
\n\
profile.json    who you are, and how you like your pages\n\
sessions.json   where you are signed in\n\
tokens.json     your tokens for programs, without their secrets\n\
audit.json      what was done to your account\n\
kept.json       how many rows of which tables are about you\n\
\n\
What lets you in (the hash of your password, the seed of your second factor, hashes of\n\
tokens) is counted in kept.json and not shown: it is good for nothing but getting in.\n";

/// Rows of a table about the reader.
#[derive(Serialize)]
struct Kept {
    table: &'static str,
    /// False for what lets him in.
    shown: bool,
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
                shown: about.kind == TableKind::Personal,
                rows: about.rows,
            })
            .collect();
        let files = [
            ("profile.json", json(&self.own_profile(by)?)?),
            (
                "sessions.json",
                json::<Vec<SessionView>>(&self.sessions(by)?)?,
            ),
            (
                "tokens.json",
                json::<Vec<ApiTokenView>>(&self.api_tokens(by)?)?,
            ),
            ("audit.json", json::<Vec<AuditView>>(&self.own_audit(by)?)?),
            ("kept.json", json(&kept)?),
        ];
        packed(&files).map_err(AuthError::Export)
    }

    fn own_profile(&self, by: &SignedIn) -> Result<ProfileView> {
        let user = self.user(by.user)?;
        self.profile(&Member::of(&user, by))
    }
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
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
