//! The second factor: codes that change every half minute (RFC 6238), and recovery
//! codes for the day the device is lost. No code is taken twice.

use jiff::Timestamp;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use totp_rs::{Builder, Totp};

use super::error::{AuthError, KeyError, Result};
use crate::domain::{SecondFactor, SecretHash};
use crate::secret::{Secret, hex, random, same, sha256, unhex};

/// Bytes of a seed.
const SEED_BYTES: usize = 20;
/// Recovery codes made at once.
const RECOVERY_CODES: usize = 10;
/// Random bytes of one.
const RECOVERY_BYTES: usize = 10;
const ISSUER: &str = "A Fine Wine Dynasty";

/// What somebody puts into his authenticator.
#[derive(Debug)]
pub struct Seed {
    /// The seed in base 32, to be typed.
    pub text: Secret,
    /// The address that authenticators read.
    pub url: Secret,
    /// The address as a picture: an SVG element without a script or a style.
    pub picture: String,
}

/// Which code somebody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeUsed {
    /// That of a half minute.
    Step(u64),
    /// The recovery code with this hash.
    Recovery(SecretHash),
}

/// A new seed, as hexadecimal digits.
pub(super) fn new_seed() -> Result<Secret> {
    Ok(Secret::new(hex(&random::<SEED_BYTES>()?)))
}

/// The seed as its owner needs it.
pub(super) fn shown(seed: &Secret, account: &str) -> Result<Seed> {
    let codes = codes(seed, account)?;
    let url = codes
        .to_url()
        .map_err(|_| AuthError::Keys(KeyError::Changed))?;
    let picture = QrCode::with_error_correction_level(&url, EcLevel::M);
    let picture = picture.map_err(|_| AuthError::Keys(KeyError::Changed))?;
    let mut drawing = picture.render::<svg::Color<'_>>();
    let picture = drawing.min_dimensions(220, 220).build();
    Ok(Seed {
        text: Secret::new(codes.secret().to_base32()),
        url: Secret::new(url),
        picture: without_declaration(picture),
    })
}

fn without_declaration(svg: String) -> String {
    match svg.find("<svg") {
        Some(at) => svg[at..].to_owned(),
        None => svg,
    }
}

fn codes(seed: &Secret, account: &str) -> Result<Totp> {
    let bytes = unhex(seed.expose()).ok_or(AuthError::Keys(KeyError::Changed))?;
    let account = account.replace(':', " ");
    let builder = Builder::new()
        .with_secret(bytes)
        .with_account_name(account)
        .with_issuer(Some(ISSUER));
    builder
        .build()
        .map_err(|_| AuthError::Keys(KeyError::Changed))
}

/// Which code `given` is; `None` when it is none, or was used.
pub(super) fn check(
    factor: &SecondFactor,
    seed: &Secret,
    given: &str,
    now: Timestamp,
) -> Result<Option<CodeUsed>> {
    let given: String = given
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    if let Some(step) = codes(seed, "")?.check(&given, seconds) {
        return Ok((step > factor.last_step).then_some(CodeUsed::Step(step)));
    }
    let hash = recovery_hash(&given);
    let known = factor.recovery.iter().any(|code| same(code, &hash));
    Ok(known.then_some(CodeUsed::Recovery(hash)))
}

/// The factor after a code of it was used.
///
/// # Errors
/// [`AuthError::WrongCode`] when somebody else used it in the meantime.
pub(super) fn spent(mut factor: SecondFactor, used: CodeUsed) -> Result<SecondFactor> {
    let good = match used {
        CodeUsed::Step(step) => step > factor.last_step,
        CodeUsed::Recovery(hash) => factor.recovery.contains(&hash),
    };
    if !good {
        return Err(AuthError::WrongCode);
    }
    match used {
        CodeUsed::Step(step) => factor.last_step = step,
        CodeUsed::Recovery(hash) => factor.recovery.retain(|code| *code != hash),
    }
    Ok(factor)
}

/// New recovery codes, and what is kept of them.
pub(super) fn recovery_codes() -> Result<(Vec<Secret>, Vec<SecretHash>)> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let digits = hex(&random::<RECOVERY_BYTES>()?);
        let groups = [&digits[..5], &digits[5..10], &digits[10..15], &digits[15..]];
        codes.push(Secret::new(groups.join("-")));
    }
    let hashes = codes.iter().map(|code| {
        let plain: String = code.expose().split('-').collect();
        recovery_hash(&plain)
    });
    let hashes = hashes.collect();
    Ok((codes, hashes))
}

fn recovery_hash(code: &str) -> SecretHash {
    sha256(code.to_ascii_lowercase().as_bytes())
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{CodeUsed, check, recovery_codes, shown, spent};
    use crate::domain::{Sealed, SecondFactor};
    use crate::secret::{Secret, hex};

    /// The seed of RFC 6238's test vectors.
    fn seed() -> Secret {
        Secret::new(hex(b"12345678901234567890"))
    }

    fn factor() -> SecondFactor {
        SecondFactor {
            seed: Sealed {
                key: 1,
                bytes: Vec::new(),
            },
            confirmed: true,
            last_step: 0,
            recovery: Vec::new(),
        }
    }

    #[test]
    fn codes_are_those_of_rfc_6238_and_good_once() {
        // The last six digits of the vectors' eight.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(time);
            let used = check(&factor(), &seed(), code, now).expect("a seed");
            let used = used.expect("the right code");
            assert_eq!(used, CodeUsed::Step(time as u64 / 30));
            let after = spent(factor(), used).expect("unused");
            assert!(spent(after.clone(), used).is_err(), "by two at once");
            assert_eq!(check(&after, &seed(), code, now).expect("a seed"), None);
            let late = now + SignedDuration::from_secs(90);
            assert_eq!(check(&factor(), &seed(), code, late).expect("a seed"), None);
        }
    }

    #[test]
    fn a_recovery_code_is_taken_as_it_is_typed_and_once() {
        let (codes, recovery) = recovery_codes().expect("random numbers");
        let factor = SecondFactor {
            recovery,
            ..factor()
        };
        let typed = codes[3].expose().to_uppercase().replace('-', " ");
        let used = check(&factor, &seed(), &typed, Timestamp::UNIX_EPOCH).expect("a seed");
        let after = spent(factor, used.expect("a code")).expect("unused");
        assert_eq!(after.recovery.len(), 9);
        let again = check(&after, &seed(), &typed, Timestamp::UNIX_EPOCH).expect("a seed");
        assert_eq!(again, None);
    }

    #[test]
    fn the_picture_is_plain_svg_and_the_address_has_the_seed() {
        let shown = shown(&seed(), "ann:gram@example.org").expect("a seed");
        assert!(shown.picture.starts_with("<svg") && !shown.picture.contains("style"));
        assert!(shown.url.expose().starts_with("otpauth://totp/"));
        assert_eq!(shown.text.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(shown.url.expose().contains(shown.text.expose()));
    }
}
