//! Tokens for programs: made and ended by their owner, known by a hash.

use jiff::SignedDuration;

use super::accounts::{Accounts, Visitor};
use super::authority::{Member, SignedIn};
use super::error::{AuthError, Result};
use super::own::label;
use super::views::ApiTokenView;
use crate::domain::{ApiToken, AuditActor, AuditKind, TokenScope, UserId};
use crate::secret::{Secret, hex, random, sha256};

const PREFIX: &str = "afwd_t_";
/// Tokens for programs one may have.
const MOST: usize = 20;
/// How long a token for programs is good, at most, in days.
pub const LONGEST_DAYS: u16 = 366;
/// Uses of a token are kept once in this time.
const USE_KEPT: SignedDuration = SignedDuration::from_hours(1);

impl Accounts {
    /// One's tokens for programs, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn api_tokens(&self, by: &SignedIn) -> Result<Vec<ApiTokenView>> {
        let mut tokens = self.store.read(|tx| tx.api_tokens(by.user))?;
        tokens.sort_by_key(|token| std::cmp::Reverse(token.created));
        Ok(tokens.iter().map(ApiTokenView::from).collect())
    }

    /// Makes a token for programs; its text is shown this once.
    ///
    /// # Errors
    /// When a field can't be used, or there are too many.
    pub fn make_api_token(
        &self,
        by: &SignedIn,
        name: &str,
        scopes: &[TokenScope],
        days: u16,
        from: &Visitor,
    ) -> Result<(ApiTokenView, Secret)> {
        let name = label(name, "A token's name")?;
        if name.is_empty() || scopes.is_empty() || !(1..=LONGEST_DAYS).contains(&days) {
            return Err(AuthError::Field(format!(
                "A token needs a name, something it is good for, and 1 to {LONGEST_DAYS} days."
            )));
        }
        let id = u128::from_be_bytes(random()?);
        let secret = hex(&random::<32>()?);
        let text = format!("{PREFIX}{}{id:032x}{secret}", by.user);
        let token = ApiToken {
            user: by.user,
            id,
            name,
            hash: sha256(text.as_bytes()),
            scopes: scopes.to_vec(),
            created: self.now(),
            expires: self.now() + SignedDuration::from_hours(i64::from(days) * 24),
            used: None,
        };
        let held = self.store.read(|tx| tx.api_tokens(by.user))?.len();
        if held >= MOST {
            return Err(AuthError::NotNow(
                "You have 20 tokens already: end one first.",
            ));
        }
        self.change(by.user, |tx| {
            tx.put_api_token(&token)?;
            let kind = AuditKind::ApiTokenMade;
            self.note(tx, by.user, kind, AuditActor::Owner, Some(from))
        })?;
        Ok((ApiTokenView::from(&token), Secret::new(text)))
    }

    /// Ends a token for programs.
    ///
    /// # Errors
    /// When the store fails. There is none: that is no error.
    pub fn end_api_token(&self, by: &SignedIn, id: &str, from: &Visitor) -> Result<()> {
        let Ok(id) = u128::from_str_radix(id, 16) else {
            return Ok(());
        };
        self.change(by.user, |tx| {
            if tx.end_api_token(by.user, id)? {
                let kind = AuditKind::ApiTokenEnded;
                self.note(tx, by.user, kind, AuditActor::Owner, Some(from))?;
            }
            Ok(())
        })
    }

    /// The member a token for programs belongs to, and whether its use is to be kept
    /// with [`Self::keep_use`]. Asks nothing of the disk.
    pub fn recognise_api_token(&self, text: &str) -> Option<(Member, bool)> {
        let (user, id) = parse_api_token(text)?;
        let (now, hash) = (self.now(), sha256(text.as_bytes()));
        let (member, used) = self.directory.by_token(user, id, &hash, now)?;
        let stale = used.is_none_or(|used| now.duration_since(used) >= USE_KEPT);
        Some((member, stale))
    }

    /// Keeps that a token for programs was used now.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_use(&self, text: &str) -> Result<()> {
        let Some((user, id)) = parse_api_token(text) else {
            return Ok(());
        };
        self.change(user, |tx| {
            if let Some(mut token) = tx.api_token(user, id)? {
                token.used = Some(self.now());
                tx.put_api_token(&token)?;
            }
            Ok(())
        })
    }
}

fn parse_api_token(text: &str) -> Option<(UserId, u128)> {
    let digits = text.strip_prefix(PREFIX)?;
    let sound = digits.len() == 128 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let user = digits.get(..32).filter(|_| sound)?.parse().ok()?;
    let id = u128::from_str_radix(digits.get(32..64)?, 16).ok()?;
    Some((user, id))
}
