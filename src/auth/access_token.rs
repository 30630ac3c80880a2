//! Access tokens: signed statements, good for a quarter of an hour, of who somebody is.
//!
//! What a token says is only believed once everything about it is as we make it: the
//! algorithm, the type, the key, issuer, audience and times, each of the right JSON
//! type. Whether its session and its epoch still hold, the directory knows.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::error::KeyError;
use super::keys::KeyRing;
use crate::domain::UserId;
use crate::secret::{Secret, hex, random};

/// How long a token is good.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// How far clocks may differ.
const LEEWAY_SECONDS: i64 = 5;
/// Type of our tokens (RFC 9068).
const TYPE: &str = "at+jwt";
const ISSUER: &str = "afwd";
/// No token of ours is longer.
const LONGEST: usize = 1024;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// Who it is.
    pub(super) user: UserId,
    /// By which sign-in.
    pub(super) session: u128,
    /// What his epoch was.
    pub(super) epoch: u32,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It was good, and is too old.
    #[error("The access token is too old: exchange the refresh token for a new one.")]
    Expired,
    /// It is none of ours, or was changed, or what it was made for is over.
    #[error("The access token is not valid: sign in again.")]
    Invalid,
}

/// What is inside.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    epoch: u32,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Makes and reads the tokens of one installation.
pub(super) struct AccessTokens {
    audience: String,
    validation: Validation,
}

impl AccessTokens {
    /// Those of the installation with this name.
    pub(super) fn of(installation: &str) -> Self {
        let audience = format!("afwd:{installation}");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[&audience]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Times are compared here, with the clock that everything else goes by.
        validation.validate_exp = false;
        validation.leeway = 0;
        Self {
            audience,
            validation,
        }
    }

    /// A token that says this until `until`, or its lifetime is over.
    ///
    /// # Errors
    /// When the provider fails.
    pub(super) fn make(
        &self,
        keys: &KeyRing,
        says: &Statement,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Secret, KeyError> {
        let (number, signer) = keys.signer().ok_or(KeyError::None)?;
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(number.to_string()),
            ..Header::new(Algorithm::HS256)
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: self.audience.clone(),
            sub: says.user.to_string(),
            sid: format!("{:032x}", says.session),
            epoch: says.epoch,
            jti: hex(&random::<16>()?),
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: (now + LIFETIME).min(until).as_second(),
        };
        let token = encode(&header, &claims, signer).map_err(|_| KeyError::Provider)?;
        Ok(Secret::new(token))
    }

    /// What a token says, once it is believed.
    ///
    /// # Errors
    /// When anything about it is not as we make it.
    pub(super) fn read(
        &self,
        keys: &KeyRing,
        token: &str,
        now: Timestamp,
    ) -> Result<Statement, TokenRefused> {
        let refused = || TokenRefused::Invalid;
        if token.len() > LONGEST {
            return Err(TokenRefused::Invalid);
        }
        let header = decode_header(token).map_err(|_| refused())?;
        let number = number_of_key(&header).ok_or_else(refused)?;
        let key = keys.verifier(number, now).ok_or_else(refused)?;
        let read = decode::<Claims>(token, key, &self.validation).map_err(|_| refused())?;
        let claims = read.claims;
        let now = now.as_second();
        let begun = claims.nbf <= now + LEEWAY_SECONDS && claims.iat <= now + LEEWAY_SECONDS;
        let lives = claims.exp.checked_sub(claims.iat);
        let as_made = lives.is_some_and(|lives| (0..=LIFETIME.as_secs()).contains(&lives));
        if !begun || !as_made || claims.jti.is_empty() {
            return Err(TokenRefused::Invalid);
        }
        if now > claims.exp + LEEWAY_SECONDS {
            return Err(TokenRefused::Expired);
        }
        Ok(Statement {
            user: claims.sub.parse().map_err(|_| refused())?,
            session: u128::from_str_radix(&claims.sid, 16).map_err(|_| refused())?,
            epoch: claims.epoch,
        })
    }
}

/// The number of the key of a header that is just as we write it.
fn number_of_key(header: &Header) -> Option<u32> {
    let number = header.kid.as_ref()?.parse().ok()?;
    let plain = Header {
        typ: Some(TYPE.to_owned()),
        kid: header.kid.clone(),
        ..Header::new(Algorithm::HS256)
    };
    // Whatever else a header may carry (jku, jwk, x5u, x5c, crit, ...) is not read: a
    // token that has it is not ours.
    (*header == plain).then_some(number)
}

#[cfg(test)]
mod forged;
