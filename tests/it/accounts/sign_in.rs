//! Who gets in, and how often others may try.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use afwd::auth::{Accounts, AuthError};
use afwd::domain::UserRole;
use afwd::secret::Secret;
use afwd::store::StoreError;

use super::{OTHER, PASSWORD, Place, from, known, said};

const ANN: &str = "ann@example.org";

#[test]
fn the_right_password_opens_and_nothing_says_who_has_an_account() {
    let place = Place::new();
    let (ann, bob) = (place.ann(), place.add("bob@example.org", UserRole::Reader));
    let by = place.accounts.at_the_console();
    place.accounts.disable(&by, bob).expect("disabled");
    let tokens = place.entered();
    assert_eq!(place.member(&tokens).expect("a member").user(), ann);
    let before = place.accounts.hashes_made();
    let wrong = [
        (ANN, OTHER),
        ("bob@example.org", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
    ];
    for (count, (mail, password)) in (1..).zip(wrong) {
        let tried = place.sign_in(mail, password, &from("192.0.2.2"));
        assert_eq!(said(tried), AuthError::Wrong.to_string(), "{mail}");
        // The work is the same, too: a hash each.
        assert_eq!(place.accounts.hashes_made(), before + count, "{mail}");
    }
    let upper = place.sign_in(" ANN@Example.org ", PASSWORD, &from("192.0.2.1"));
    assert!(upper.is_ok(), "an address is one, however it is written");
}

#[test]
fn one_account_has_ten_free_failures_and_then_only_its_own_devices_get_in() {
    let place = Place::new();
    place.ann();
    let own = known("198.51.100.1", &place.entered());
    for n in 0..10 {
        let tried = place.sign_in(ANN, OTHER, &from(&format!("192.0.2.{n}")));
        assert!(matches!(tried, Err(AuthError::Wrong)), "{n}");
    }
    // Not even the right password helps a stranger now, and he is not told why.
    let stranger = from("203.0.113.1");
    let refused = place.sign_in(ANN, PASSWORD, &stranger);
    assert_eq!(said(refused), AuthError::Wrong.to_string());
    // Its owner is not locked out.
    place.sign_in(ANN, PASSWORD, &own).expect("a known device");
    // Killed and started again, it is as before.
    let place = place.reopened();
    let refused = place.sign_in(ANN, PASSWORD, &from("203.0.113.2"));
    assert_eq!(said(refused), AuthError::Wrong.to_string());
    place.clock.wait(11);
    place
        .sign_in(ANN, PASSWORD, &from("203.0.113.3"))
        .expect("after the pause");
}

#[test]
fn a_known_device_has_its_own_count_and_is_told_to_wait() {
    let place = Place::new();
    place.ann();
    let own = known("198.51.100.1", &place.entered());
    for _ in 0..10 {
        let tried = place.sign_in(ANN, OTHER, &own);
        assert!(matches!(tried, Err(AuthError::Wrong)));
    }
    let tried = place.sign_in(ANN, PASSWORD, &own);
    assert!(
        matches!(tried, Err(AuthError::Throttled(_))),
        "{}",
        said(tried)
    );
    place.clock.wait(1);
    place.sign_in(ANN, PASSWORD, &own).expect("after a second");
}

#[test]
fn an_account_has_a_hundred_failures_a_day() {
    let place = Place::new();
    let ann = place.ann();
    let mut tried = 0;
    for n in 0..2_000 {
        let network = format!("10.{}.{}.1", n / 250, n % 250);
        let before = place
            .store
            .read(|tx| tx.account_failures(ann))
            .expect("a count");
        let refused = place.sign_in(ANN, OTHER, &from(&network));
        assert!(refused.is_err());
        let after = place
            .store
            .read(|tx| tx.account_failures(ann))
            .expect("a count");
        tried += u32::from(after != before);
        place.clock.wait(30);
        if tried == 100 && n > 1_000 {
            break;
        }
    }
    assert_eq!(tried, 100);
}

#[test]
fn a_network_waits_a_minute_after_ten_and_is_told_so() {
    let place = Place::new();
    place.ann();
    for n in 0..10 {
        let tried = place.sign_in(&format!("{n}@example.org"), OTHER, &from("192.0.2.7"));
        assert!(matches!(tried, Err(AuthError::Wrong)));
    }
    let place = place.reopened();
    let tried = place.sign_in(ANN, PASSWORD, &from("192.0.2.7"));
    assert!(matches!(tried, Err(AuthError::Throttled(wait)) if wait.as_secs() == 60));
    place
        .sign_in(ANN, PASSWORD, &from("192.0.2.8"))
        .expect("from elsewhere");
}

#[test]
fn invented_names_and_networks_make_no_rows_and_free_nobody() {
    let place = Place::new();
    let ann = place.ann();
    for n in 0..10 {
        let tried = place.sign_in(ANN, OTHER, &from(&format!("192.0.2.{n}")));
        assert!(tried.is_err());
    }
    let locked = place
        .store
        .read(|tx| tx.account_failures(ann))
        .expect("a count");
    // As if four thousand networks had failed already: there is no room for more.
    let filled = place.store.write(|tx| {
        let count = locked.strangers;
        for n in 0..4_100 {
            tx.put_address_failures(&format!("10.0.{}.{}", n / 250, n % 250), &count)?;
        }
        Ok::<_, StoreError>(())
    });
    filled.expect("a write");
    let rows = || {
        place
            .store
            .write(|tx| tx.failed_networks())
            .expect("a count")
    };
    let before = rows();
    for n in 0..200 {
        let network = format!("2001:db8:{n:x}:1::/64");
        let tried = place.sign_in(&format!("invented-{n}@example.org"), OTHER, &from(&network));
        assert!(tried.is_err());
    }
    assert!(rows() <= before + 2, "one row for all the others");
    let after = place
        .store
        .read(|tx| tx.account_failures(ann))
        .expect("a count");
    assert_eq!(after, locked);
    let about = place.store.read(|tx| tx.rows_about(ann)).expect("rows");
    let failures = about.iter().find(|about| about.table == "sign_in_failures");
    assert_eq!(failures.expect("the table").rows, 1);
}

#[test]
fn of_many_tries_at_once_no_more_than_ten_compare_a_password() {
    let place = Place::new();
    let ann = place.ann();
    let right = AtomicU32::new(0);
    thread::scope(|scope| {
        for n in 0..60 {
            let (place, right) = (&place, &right);
            scope.spawn(move || {
                // The sixtieth has the right one.
                let password = if n == 59 { PASSWORD } else { OTHER };
                let network = format!("192.0.2.{n}");
                let tried = place.sign_in(ANN, password, &from(&network));
                right.fetch_add(u32::from(tried.is_ok()), Ordering::SeqCst);
            });
        }
    });
    let failures = place
        .store
        .read(|tx| tx.account_failures(ann))
        .expect("a count");
    assert!(
        failures.strangers.in_day <= 10,
        "{}",
        failures.strangers.in_day
    );
    assert!(right.load(Ordering::SeqCst) <= 1);
}

#[test]
fn a_weak_password_is_not_taken_and_a_hash_of_less_is_made_anew() {
    let place = Place::new();
    let ann = place.ann();
    let member = place.member(&place.entered()).expect("a member");
    let own = member.signed_in().expect("a session");
    let old = Secret::new(PASSWORD);
    for weak in ["password", "ann@example.org", "short", "qwertyuiop"] {
        let weak = Secret::new(weak);
        let refused = place
            .accounts
            .change_password(&own, &old, &weak, &from("192.0.2.1"));
        assert!(matches!(refused, Err(AuthError::WeakPassword(_))));
    }
    let hash = |place: &Place| {
        let held = place.store.read(|tx| tx.credential(ann)).expect("a read");
        held.expect("a credential").password
    };
    assert!(hash(&place).contains("m=64,"));
    let Place {
        dir,
        clock,
        accounts,
        store,
    } = place;
    drop(accounts);
    let mut config = super::config(dir.path(), &store, &clock);
    config.hash_memory_kib = 128;
    let accounts = Arc::new(Accounts::open(config).expect("accounts"));
    let place = Place {
        dir,
        clock,
        accounts,
        store,
    };
    place.entered();
    assert!(hash(&place).contains("m=128,"), "{}", hash(&place));
    place.entered();
}
