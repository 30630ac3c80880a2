//! The second factor, from the seed to the last recovery code.

use afwd::auth::{AuthError, SignInAttempt, SignedIn, Tokens, Visitor};
use afwd::secret::Secret;

use super::{OTHER, PASSWORD, Place, from};

/// What an authenticator shows for a seed in base 32.
pub(super) fn code(seed: &str, seconds: i64) -> String {
    let seed = totp_rs::Secret::try_from_base32(seed).expect("a seed");
    let codes = totp_rs::Builder::new()
        .with_secret(seed)
        .build()
        .expect("codes");
    codes
        .generate(seconds.try_into().expect("a time"))
        .to_string()
}

impl Place {
    pub(super) fn seconds(&self) -> i64 {
        use afwd::clock::Clock as _;
        self.clock.now().as_second()
    }

    fn try_with(&self, password: &str, code: Option<&str>) -> Result<Tokens, AuthError> {
        let attempt = SignInAttempt {
            mail: "ann@example.org",
            password: &Secret::new(password),
            code,
        };
        self.accounts.sign_in(&attempt, &from("192.0.2.1"))
    }
}

/// Ann with a second factor: her session, its seed, her recovery codes.
fn protected(place: &Place) -> (SignedIn, Secret, Vec<Secret>) {
    place.ann();
    let member = place.member(&place.entered()).expect("a member");
    let own = member.signed_in().expect("a session");
    let (password, from) = (Secret::new(PASSWORD), from("192.0.2.1"));
    let seed = place
        .accounts
        .begin_second_factor(&own, &password, &from)
        .expect("a seed");
    assert!(
        place.try_with(PASSWORD, None).is_ok(),
        "it counts for nothing yet"
    );
    let wrong = place.accounts.confirm_second_factor(&own, "000000", &from);
    assert!(matches!(wrong, Err(AuthError::WrongCode)));
    let now = code(seed.text.expose(), place.seconds());
    let recovery = place.accounts.confirm_second_factor(&own, &now, &from);
    (own, seed.text, recovery.expect("turned on"))
}

fn ticket(tried: Result<Tokens, AuthError>) -> Secret {
    match tried {
        Err(AuthError::SecondFactorNeeded(ticket)) => ticket,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("let in without a code"),
    }
}

#[test]
fn a_code_is_asked_for_after_the_password_and_good_once() {
    let place = Place::new();
    let (_, seed, _) = protected(&place);
    let now = code(seed.expose(), place.seconds());
    let again = place.try_with(PASSWORD, Some(&now));
    assert!(
        matches!(again, Err(AuthError::WrongCode)),
        "it was used to turn it on"
    );
    place.clock.wait(30);
    let now = code(seed.expose(), place.seconds());
    let wrong = place.try_with(OTHER, Some(&now));
    assert!(
        matches!(wrong, Err(AuthError::Wrong)),
        "a code alone opens nothing"
    );
    let ticket = ticket(place.try_with(PASSWORD, None));
    let from = from("192.0.2.1");
    place
        .accounts
        .sign_in_with_code(ticket.expose(), &now, &from)
        .expect("let in");
    let replayed = place
        .accounts
        .sign_in_with_code(ticket.expose(), &now, &from);
    assert!(matches!(replayed, Err(AuthError::WrongCode)));
    place.clock.wait(30);
    assert!(
        place
            .try_with(PASSWORD, Some(&code(seed.expose(), place.seconds())))
            .is_ok()
    );
}

#[test]
fn a_ticket_is_good_for_five_minutes_and_for_nothing_else() {
    let place = Place::new();
    let (_, seed, _) = protected(&place);
    let ticket = ticket(place.try_with(PASSWORD, None));
    place.clock.wait(301);
    let now = code(seed.expose(), place.seconds());
    let late = place
        .accounts
        .sign_in_with_code(ticket.expose(), &now, &Visitor::default());
    assert!(matches!(late, Err(AuthError::SignedOut)));
    assert!(place.accounts.recognise(ticket.expose()).is_err());
    for forged in ["", "1.", "1.00", &format!("1.{}", "ab".repeat(60))] {
        let tried = place
            .accounts
            .sign_in_with_code(forged, &now, &Visitor::default());
        assert!(matches!(tried, Err(AuthError::SignedOut)), "{forged}");
    }
}

#[test]
fn whoever_knows_the_password_can_not_try_codes_for_ever() {
    let place = Place::new();
    let (_, seed, _) = protected(&place);
    place.clock.wait(30);
    let right = code(seed.expose(), place.seconds());
    for n in 0..10 {
        let stranger = from(&format!("203.0.113.{n}"));
        let attempt = SignInAttempt {
            mail: "ann@example.org",
            password: &Secret::new(PASSWORD),
            code: None,
        };
        let ticket = ticket(place.accounts.sign_in(&attempt, &stranger));
        let tried = place
            .accounts
            .sign_in_with_code(ticket.expose(), "000000", &stranger);
        assert!(matches!(tried, Err(AuthError::WrongCode)), "{n}");
    }
    let attempt = SignInAttempt {
        mail: "ann@example.org",
        password: &Secret::new(PASSWORD),
        code: Some(&right),
    };
    let tried = place.accounts.sign_in(&attempt, &from("203.0.113.99"));
    assert!(
        matches!(tried, Err(AuthError::Wrong)),
        "the account is shut to strangers"
    );
}

#[test]
fn each_recovery_code_opens_once() {
    let place = Place::new();
    let (own, seed, recovery) = protected(&place);
    assert_eq!(recovery.len(), 10);
    let first = recovery[0].expose();
    assert!(place.try_with(PASSWORD, Some(first)).is_ok());
    assert!(matches!(
        place.try_with(PASSWORD, Some(first)),
        Err(AuthError::WrongCode)
    ));
    let member = place.member(
        &place
            .try_with(PASSWORD, Some(recovery[1].expose()))
            .expect("in"),
    );
    let profile = place
        .accounts
        .profile(&member.expect("a member"))
        .expect("a profile");
    assert!(profile.second_factor && profile.recovery_codes == 8);
    let (wrong, right) = (Secret::new(OTHER), Secret::new(PASSWORD));
    let from = from("192.0.2.1");
    let refused = place.accounts.drop_second_factor(&own, &wrong, &from);
    assert!(matches!(refused, Err(AuthError::Wrong)));
    place
        .accounts
        .drop_second_factor(&own, &right, &from)
        .expect("turned off");
    assert!(place.try_with(PASSWORD, None).is_ok());
    let events = place.accounts.own_audit(&own).expect("a list");
    let count = |what: &str| events.iter().filter(|event| event.event == what).count();
    assert_eq!(count("recovery code used"), 2);
    assert_eq!(count("second factor turned on"), 1);
    assert_eq!(count("second factor turned off"), 1);
    drop(seed);
}

#[test]
fn the_operator_lets_in_who_lost_everything() {
    let place = Place::new();
    let (own, ..) = protected(&place);
    let by = place.accounts.at_the_console();
    ticket(place.try_with(PASSWORD, None));
    let dropped = place.accounts.drop_second_factor_of(&by, own.user());
    dropped.expect("turned off");
    assert!(place.try_with(PASSWORD, None).is_ok());
}
