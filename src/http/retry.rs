//! Pauses between tries, and what `Retry-After` asks for.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;

/// Longest pause of our own choosing.
const LONGEST: Duration = Duration::from_secs(30);
/// However long a server asks to be left alone, it is asked again after this.
const LONGEST_REST: Duration = Duration::from_secs(6 * 3600);

/// Pause before try `next` (from 1): `base` doubled each time, of which a random
/// part between half and all, so that many clients don't return together.
pub(super) fn pause(base: Duration, next: u32) -> Duration {
    let whole = base
        .saturating_mul(1 << next.saturating_sub(1).min(16))
        .min(LONGEST);
    whole.mul_f64(0.5 + 0.5 * chance())
}

/// What `Retry-After` asks for, at most six hours; `None` when it says nothing
/// that can be understood. Seconds and HTTP dates (RFC 9110, 10.2.3) are read.
pub(super) fn asked(header: Option<&str>, now: Timestamp) -> Option<Duration> {
    let text = header?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        // More digits than a number holds is a long time too.
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            LONGEST_REST
        }
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or_default()
        }
    };
    Some(seconds.min(LONGEST_REST))
}

/// A number from 0 to 1; the standard library seeds its hashers at random.
fn chance() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{LONGEST_REST, asked, pause};

    #[test]
    fn pauses_double_within_their_jitter() {
        let base = Duration::from_millis(100);
        for (next, whole) in [(1, 100), (2, 200), (3, 400)] {
            let pause = pause(base, next).as_millis();
            assert!((whole / 2..=whole).contains(&pause), "{next}: {pause}");
        }
        assert!(pause(base, 40) <= Duration::from_secs(30));
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        let now = "2026-07-01T10:00:00Z".parse::<Timestamp>().expect("a time");
        let asked = |text| asked(Some(text), now);
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            asked("Wed, 01 Jul 2026 10:00:30 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(asked("Wed, 01 Jul 2015 10:00:30 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("315360000"), Some(LONGEST_REST));
        assert_eq!(asked("99999999999999999999999999"), Some(LONGEST_REST));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-5"), None);
    }
}
