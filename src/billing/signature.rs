//! Whether a message really comes from Stripe: `Stripe-Signature`, scheme v1.
//!
//! Source: <https://docs.stripe.com/webhooks#verify-manually>. Any of several `v1` may
//! match, since a secret is replaced while the old one is still used; other schemes are
//! not looked at.

use jiff::Timestamp;

use crate::secret::{Secret, same};

/// Oldest signature that is believed, in seconds.
const TOLERANCE: i64 = 300;
/// Longest header, and most signatures in it: more is nobody's we know.
const LONGEST: usize = 4096;
const MOST: usize = 16;

/// Why a message is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// There is no header, or it has no time or no signature of the scheme.
    #[error("`Stripe-Signature` is missing or has no `t` and `v1`")]
    Missing,
    /// It was signed too long ago.
    #[error("the message was signed more than {TOLERANCE} s ago: is the clock right?")]
    Old,
    /// No signature is of these bytes under the secret.
    #[error("no signature fits: is AFWD_STRIPE_WEBHOOK_SECRET that of this endpoint?")]
    Other,
}

/// Checks the header of a message with this body, byte for byte as it came.
///
/// # Errors
/// When it is not believed.
pub(super) fn check(
    header: Option<&str>,
    body: &[u8],
    secret: &Secret,
    now: Timestamp,
) -> Result<(), BadSignature> {
    let header = header.filter(|header| header.len() <= LONGEST);
    let mut time = None;
    let mut signatures = Vec::new();
    for pair in header.ok_or(BadSignature::Missing)?.split(',') {
        match pair.split_once('=') {
            Some(("t", value)) if time.is_none() => time = Some(value),
            Some(("v1", value)) if signatures.len() < MOST => signatures.push(value),
            _ => {}
        }
    }
    let time = time.ok_or(BadSignature::Missing)?;
    let digits = !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit());
    let signed = time.parse::<i64>().ok().filter(|_| digits);
    let signed = signed.ok_or(BadSignature::Missing)?;
    if signatures.is_empty() {
        return Err(BadSignature::Missing);
    }
    let expected = secret.sign(&[time.as_bytes(), b".", body].concat());
    // All are compared, so that the time tells nothing of which it was.
    let matches = signatures
        .iter()
        .filter(|given| same(given.as_bytes(), expected.as_bytes()))
        .count();
    match matches {
        0 => Err(BadSignature::Other),
        _ if now.as_second().saturating_sub(signed) > TOLERANCE => Err(BadSignature::Old),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{BadSignature, check};
    use crate::secret::Secret;

    const BODY: &[u8] = b"{\"id\": \"evt_1\"}";
    const SIGNED: i64 = 1_800_000_000;

    fn signature(secret: &str, body: &[u8]) -> String {
        let message = [SIGNED.to_string().as_bytes(), b".", body].concat();
        Secret::new(secret).sign(&message)
    }

    fn checked(header: &str, body: &[u8], after: i64) -> Result<(), BadSignature> {
        let now = Timestamp::from_second(SIGNED + after).expect("a time");
        check(Some(header), body, &Secret::new("whsec_test"), now)
    }

    /// Against another implementation:
    /// `printf '1492774577.{}' | openssl dgst -sha256 -hmac whsec_test`.
    #[test]
    fn a_signature_is_the_hmac_of_time_and_body() {
        let made = "0d0602f6611bd2252dd4b74b58a4528355a7380639a15e6cc21e3059d56d5b8b";
        let now = Timestamp::from_second(1_492_774_577).expect("a time");
        let header = format!("t=1492774577,v1={made}");
        assert_eq!(
            check(Some(&header), b"{}", &Secret::new("whsec_test"), now),
            Ok(())
        );
    }

    #[test]
    fn any_of_several_may_fit_and_300_seconds_are_allowed() {
        let (good, old) = (signature("whsec_test", BODY), signature("whsec_old", BODY));
        for header in [
            format!("t={SIGNED},v1={good}"),
            format!("t={SIGNED},v1={old},v1={good}"),
            format!("v0=1,v1={good},t={SIGNED},x=y,nonsense"),
        ] {
            for after in [-3600, 0, 300] {
                assert_eq!(checked(&header, BODY, after), Ok(()), "{header} {after}");
            }
            assert_eq!(
                checked(&header, BODY, 301),
                Err(BadSignature::Old),
                "{header}"
            );
            let mut other = BODY.to_vec();
            for bit in 0..BODY.len() * 8 {
                other[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(checked(&header, &other, 0), Err(BadSignature::Other));
                other[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let good = signature("whsec_test", BODY);
        let commas = ",".repeat(1_000_000);
        for header in [
            "",
            &format!("v1={good}"),
            &format!("t={SIGNED}"),
            &format!("t={SIGNED},v0={good}"),
            &format!("t=soon,v1={good}"),
            &format!("t=+{SIGNED},v1={good}"),
            &format!("t=,v1={good}"),
            &format!("t={SIGNED}{commas},v1={good}"),
        ] {
            assert_eq!(
                checked(header, BODY, 0),
                Err(BadSignature::Missing),
                "{:.80}",
                header
            );
        }
        for header in [
            format!("t={SIGNED},v1={}", good.to_uppercase()),
            format!("t={SIGNED},v1={}", &good[1..]),
            format!("t={},v1={good}", SIGNED + 1),
            format!("t={SIGNED},v1="),
        ] {
            assert_eq!(
                checked(&header, BODY, 0),
                Err(BadSignature::Other),
                "{header}"
            );
        }
        let now = Timestamp::from_second(SIGNED).expect("a time");
        let missing = check(None, BODY, &Secret::new("whsec_test"), now);
        assert_eq!(missing, Err(BadSignature::Missing));
    }
}
