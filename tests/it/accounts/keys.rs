//! The keys of an installation: turned while readers are on, and lost.

use std::fs;

use afwd::auth::{Accounts, AuthError, KeyError, rotate_keys};
use afwd::clock::Clock as _;
use afwd::domain::UserRole;
use afwd::secret::{Secret, write_private};

use super::{PASSWORD, Place, config, from};

const KEYS: &str = "account-keys";

#[test]
fn keys_turn_while_readers_are_on_and_everything_is_sealed_again() {
    let place = Place::new();
    let ann = place.ann();
    let tokens = place.entered();
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let password = Secret::new(PASSWORD);
    place
        .accounts
        .begin_second_factor(&own, &password, &from("x"))
        .expect("a seed");
    let number = rotate_keys(place.dir.path(), place.clock.now()).expect("a new key");
    assert_eq!(number, 2);
    place.accounts.follow_keys().expect("followed");
    place.accounts.follow_keys().expect("nothing to do");
    let sealed = place.store.read(|tx| {
        let seed = tx.credential(ann)?.and_then(|held| held.second_factor);
        Ok((
            tx.user(ann)?.map(|user| user.mail.key),
            seed.map(|factor| factor.seed.key),
        ))
    });
    assert_eq!(sealed.expect("a read"), (Some(2), Some(2)));
    assert!(
        place.member(&tokens).is_some(),
        "an access token holds for its quarter of an hour"
    );
    let next = place
        .accounts
        .refresh(tokens.refresh.expose(), &from("x"))
        .expect("the next");
    assert!(place.member(&next).is_some());
    assert!(
        place
            .sign_in("ann@example.org", PASSWORD, &from("x"))
            .is_ok()
    );
    place
        .accounts
        .waiting_second_factor(&own)
        .expect("the seed opens");
    let place = place.reopened();
    place.entered();
}

#[test]
fn a_lost_or_wrong_key_is_an_error_that_says_what_to_do() {
    let place = Place::new();
    place.ann();
    let keys = place.dir.path().join(KEYS);
    let kept = fs::read_to_string(&keys).expect("keys");
    let refused = || {
        let config = config(place.dir.path(), &place.store, &place.clock);
        match Accounts::open(config) {
            Err(AuthError::Keys(error)) => error,
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("opened"),
        }
    };
    fs::remove_file(&keys).expect("removed");
    assert_eq!(refused(), KeyError::Gone);
    assert!(!keys.exists(), "no new key hides that the old is lost");
    let line = kept
        .lines()
        .find(|line| !line.starts_with('#'))
        .expect("a key");
    let (head, secret) = line.rsplit_once(' ').expect("words");
    let other = secret.replace(|digit: char| digit.is_ascii_digit(), "f");
    write_private(&keys, &Secret::new(format!("{head} {other}"))).expect("room");
    assert_eq!(refused(), KeyError::Changed);
    let renamed = format!("7{}", line.strip_prefix('1').expect("the first"));
    write_private(&keys, &Secret::new(renamed)).expect("room");
    assert_eq!(refused(), KeyError::Missing(1));
    for error in [KeyError::Gone, KeyError::Changed, KeyError::Missing(1)] {
        let said = error.to_string();
        assert!(
            said.contains("account-keys") && !said.contains(secret),
            "{said}"
        );
    }
}

#[test]
fn keys_may_come_from_elsewhere_than_the_data_directory() {
    let given = "1 2026-01-01T00:00:00Z ".to_owned() + &"ab".repeat(32);
    let place = Place::with(|config| config.keys = Some(Secret::new(given)));
    assert!(!place.dir.path().join(KEYS).exists());
    place.add("ann@example.org", UserRole::Reader);
    place.entered();
}
