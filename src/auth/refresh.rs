//! Refresh tokens: each is good once and is followed by another. One that comes again
//! was stolen, and its session ends; but tabs of one browser may ask at the same time,
//! so the token just before the good one gets the same successor for ten seconds.
//!
//! A token names account and session and has 256 random bits. The store has hashes, and
//! the successor sealed so that only the token before it opens it.

use jiff::{SignedDuration, Timestamp};

use super::error::{AuthError, KeyError, Result};
use crate::domain::{Session, UserId};
use crate::secret::{KEY_BYTES, SealingKey, Secret, hex, random, same, sha256};

/// A session ends when it was not used for this long,
pub const IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// and this long after its sign-in in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long the token before the good one gets the good one.
pub const REPLAY: SignedDuration = SignedDuration::from_secs(10);

const PREFIX: &str = "afwd_r_";
const SUCCESSOR: &str = "afwd 2026 accounts: successor of a refresh token";

/// A refresh token, taken apart.
#[derive(Clone)]
pub(super) struct RefreshToken {
    pub(super) user: UserId,
    pub(super) session: u128,
    text: Secret,
}

impl RefreshToken {
    /// A new one.
    pub(super) fn new(user: UserId, session: u128) -> Result<Self> {
        let secret = hex(&random::<32>()?);
        let text = Secret::new(format!("{PREFIX}{user}{session:032x}{secret}"));
        Ok(Self {
            user,
            session,
            text,
        })
    }

    /// The one with this text; `None` when it is no refresh token.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let sound = digits.len() == 128 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let user = digits.get(..32).filter(|_| sound)?.parse().ok()?;
        let session = u128::from_str_radix(digits.get(32..64)?, 16).ok()?;
        Some(Self {
            user,
            session,
            text: Secret::new(text),
        })
    }

    pub(super) fn text(&self) -> &Secret {
        &self.text
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.text.expose().as_bytes())
    }

    /// The key that only whoever has this token has.
    fn key(&self) -> Result<SealingKey> {
        let key: [u8; KEY_BYTES] = blake3::derive_key(SUCCESSOR, self.text.expose().as_bytes());
        SealingKey::new(&key).ok_or(AuthError::Keys(KeyError::Provider))
    }
}

/// What becomes of a session when a token of it is presented.
pub(super) enum Presented {
    /// It was the good one: the session is to be kept like this, and this token is good.
    Rotated(Session, RefreshToken),
    /// It was the one before, just now: the good one again.
    Again(RefreshToken),
    /// It was neither, or the session is too old: the session is to end.
    Over {
        /// True when somebody else has the token, too.
        stolen: bool,
    },
}

/// A new session, and its first token.
pub(super) fn begin(user: UserId, agent: &str, now: Timestamp) -> Result<(Session, RefreshToken)> {
    let id = u128::from_be_bytes(random()?);
    let token = RefreshToken::new(user, id)?;
    let session = Session {
        user,
        id,
        current: token.hash(),
        previous: None,
        successor: Vec::new(),
        rotated: now,
        created: now,
        agent: agent.to_owned(),
    };
    Ok((session, token))
}

/// When a session ends at the latest.
pub(super) fn end_of(session: &Session) -> Timestamp {
    let idle = session.rotated.saturating_add(IDLE);
    let absolute = session.created.saturating_add(ABSOLUTE);
    let earlier = idle.ok().into_iter().chain(absolute.ok()).min();
    earlier.unwrap_or(session.created)
}

/// What becomes of `session` when `token` is presented.
///
/// # Errors
/// When there are no random numbers.
pub(super) fn present(session: Session, token: &RefreshToken, now: Timestamp) -> Result<Presented> {
    if now >= end_of(&session) {
        return Ok(Presented::Over { stolen: false });
    }
    let hash = token.hash();
    if same(&hash, &session.current) {
        return rotate(session, token, now);
    }
    let before = session.previous.is_some_and(|before| same(&hash, &before));
    if before && now.duration_since(session.rotated) <= REPLAY {
        let place = format!("{:032x}", session.id);
        let opened = token.key()?.open(place.as_bytes(), &session.successor);
        let text = opened
            .ok()
            .and_then(|text| String::from_utf8(text.to_vec()).ok());
        if let Some(good) = text.and_then(|text| RefreshToken::parse(&text)) {
            return Ok(Presented::Again(good));
        }
    }
    Ok(Presented::Over { stolen: true })
}

fn rotate(mut session: Session, token: &RefreshToken, now: Timestamp) -> Result<Presented> {
    let next = RefreshToken::new(session.user, session.id)?;
    let place = format!("{:032x}", session.id);
    let sealed = token
        .key()?
        .seal(place.as_bytes(), next.text().expose().as_bytes());
    session.successor = sealed.map_err(|_| AuthError::Keys(KeyError::Provider))?;
    session.previous = Some(token.hash());
    session.current = next.hash();
    session.rotated = now;
    Ok(Presented::Rotated(session, next))
}

#[cfg(test)]
mod schedules;
#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Presented, RefreshToken, begin, present};
    use crate::domain::{Session, UserId};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(seconds: i64) -> Timestamp {
        NOW + SignedDuration::from_secs(seconds)
    }

    fn rotated(session: Session, token: &RefreshToken, now: Timestamp) -> (Session, RefreshToken) {
        match present(session, token, now).expect("random numbers") {
            Presented::Rotated(session, next) => (session, next),
            _ => panic!("the token was good"),
        }
    }

    fn is_over(session: &Session, token: &RefreshToken, now: Timestamp) -> Option<bool> {
        match present(session.clone(), token, now).expect("random numbers") {
            Presented::Over { stolen } => Some(stolen),
            _ => None,
        }
    }

    #[test]
    fn the_token_before_gets_the_same_successor_for_ten_seconds() {
        let (session, first) = begin(UserId(7), "Firefox", NOW).expect("a session");
        let (session, second) = rotated(session, &first, after(60));
        for seconds in [60, 65, 70] {
            match present(session.clone(), &first, after(seconds)).expect("random numbers") {
                Presented::Again(good) => assert_eq!(good.text(), second.text()),
                _ => panic!("{seconds}"),
            }
        }
        assert_eq!(is_over(&session, &first, after(71)), Some(true));
        let (session, _) = rotated(session, &second, after(61));
        assert_eq!(
            is_over(&session, &first, after(62)),
            Some(true),
            "two before"
        );
    }

    #[test]
    fn a_session_ends_when_it_is_idle_or_old() {
        let (session, token) = begin(UserId(7), "", NOW).expect("a session");
        let day = 24 * 3600;
        assert_eq!(is_over(&session, &token, after(14 * day - 1)), None);
        assert_eq!(is_over(&session, &token, after(14 * day)), Some(false));
        let (mut session, mut token) = (session, token);
        for days in [10, 20, 29] {
            (session, token) = rotated(session, &token, after(days * day));
        }
        assert_eq!(is_over(&session, &token, after(30 * day - 1)), None);
        assert_eq!(is_over(&session, &token, after(30 * day)), Some(false));
    }

    #[test]
    fn a_token_is_read_back_and_nothing_else_is_one() {
        let (session, token) = begin(UserId(7), "", NOW).expect("a session");
        let text = token.text().expose();
        let read = RefreshToken::parse(text).expect("a token");
        assert_eq!((read.user, read.session), (UserId(7), session.id));
        for wrong in [
            "",
            "afwd_r_",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
        ] {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
