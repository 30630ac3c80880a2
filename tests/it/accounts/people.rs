//! How accounts come to be, and what the operator does with them.

use std::fs;
use std::sync::{Arc, Mutex};

use afwd::auth::{AuthError, NewUser, Post};
use afwd::domain::{LinkKind, Registration, Tier, UserRole};
use afwd::secret::Secret;
use afwd::work::Mail;

use super::{OTHER, PASSWORD, Place, from, said};

fn link(path: &Secret) -> &str {
    path.expose().rsplit('/').next().expect("a link")
}

fn new(mail: &str) -> NewUser<'_> {
    NewUser {
        mail,
        name: "Ann",
        role: UserRole::Reader,
        tier: Tier::Free,
    }
}

/// A place that sends mail, and what it sent.
fn posting(registration: Registration) -> (Place, Arc<Mutex<Vec<Mail>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&sent);
    let place = Place::with(|config| {
        config.registration = registration;
        config.post = Some(Post {
            send: Box::new(move |mail| {
                kept.lock().expect("no panic").push(mail);
                Ok(())
            }),
            site: "https://wine.example.org".to_owned(),
        });
    });
    (place, sent)
}

fn link_in(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.starts_with("https://"));
    line.and_then(|line| line.rsplit('/').next())
        .expect("a link")
        .to_owned()
}

#[test]
fn the_first_operator_comes_by_the_setup_link_within_half_an_hour() {
    let place = Place::new();
    let password = Secret::new(PASSWORD);
    let late = place
        .accounts
        .setup_path()
        .expect("a link")
        .expect("no operator yet");
    place.clock.wait(30 * 60);
    let come = |link: &str| {
        place
            .accounts
            .set_up(link, &new("ann@example.org"), &password, &from("x"))
    };
    assert!(matches!(come(link(&late)), Err(AuthError::LinkGone)));
    let path = place
        .accounts
        .setup_path()
        .expect("a link")
        .expect("no operator yet");
    assert!(path.expose().starts_with("/join/"));
    let purpose = place.accounts.purpose(link(&path)).expect("good");
    assert_eq!(purpose.kind, LinkKind::Setup);
    let weak = Secret::new("password");
    let tried = place
        .accounts
        .set_up(link(&path), &new("ann@example.org"), &weak, &from("x"));
    assert!(matches!(tried, Err(AuthError::WeakPassword(_))));
    let tokens = come(link(&path)).expect("the link is still good");
    let member = place.member(&tokens).expect("a member");
    assert!(member.operator().is_some() && member.premium().is_some());
    assert!(
        matches!(come(link(&path)), Err(AuthError::LinkGone)),
        "once"
    );
    assert!(place.accounts.setup_path().expect("a read").is_none());
}

#[test]
fn an_operator_named_by_the_settings_is_made_once() {
    let place = Place::new();
    let (mail, password) = ("ann@example.org", Secret::new(PASSWORD));
    assert!(
        place
            .accounts
            .ensure_operator(mail, &password)
            .expect("made")
    );
    let other = Secret::new(OTHER);
    assert!(
        !place
            .accounts
            .ensure_operator(" ANN@example.org", &other)
            .expect("known")
    );
    let tokens = place
        .sign_in(mail, PASSWORD, &from("x"))
        .expect("signed in");
    assert!(
        place
            .member(&tokens)
            .expect("a member")
            .operator()
            .is_some()
    );
}

#[test]
fn an_invitation_is_handed_out_and_good_once() {
    let place = Place::new();
    let by = place.accounts.at_the_console();
    let (id, path) = place
        .accounts
        .invite(&by, &new("bob@example.org"))
        .expect("invited");
    let tried = place.sign_in("bob@example.org", PASSWORD, &from("x"));
    assert!(
        matches!(tried, Err(AuthError::Wrong)),
        "he has no password yet"
    );
    let again = place.accounts.invite(&by, &new("BOB@example.org"));
    assert!(matches!(again, Err(AuthError::Taken)));
    let password = Secret::new(PASSWORD);
    let choose = |link: &str| {
        place
            .accounts
            .choose_password(link, "Bob", &password, &from("x"))
    };
    let tokens = choose(link(&path)).expect("chosen").expect("let in");
    let member = place.member(&tokens).expect("a member");
    assert_eq!((member.user(), member.name()), (id, "Bob"));
    assert!(matches!(choose(link(&path)), Err(AuthError::LinkGone)));
    for wrong in ["", "x", &"0".repeat(96), &link(&path)[1..]] {
        assert!(matches!(choose(wrong), Err(AuthError::LinkGone)), "{wrong}");
    }
}

#[test]
fn links_go_out_by_mail_and_prove_the_address() {
    let (place, sent) = posting(Registration::Open);
    let password = Secret::new(PASSWORD);
    let register = |mail: &str| place.accounts.register(mail, "Ann", &password, &from("x"));
    register("ann@example.org").expect("made");
    register("ANN@example.org").expect("and nobody is told that there is one");
    place
        .accounts
        .ask_reset("nobody@example.org", &from("x"))
        .expect("nothing");
    for _ in 0..3 {
        let asked = place.accounts.ask_reset("ann@example.org", &from("x"));
        asked.expect("sent, once");
    }
    let sent = sent.lock().expect("no panic").clone();
    let subjects: Vec<&str> = sent.iter().map(|mail| mail.subject.as_str()).collect();
    let wanted = [
        "Confirm your mail address",
        "You have an account already",
        "Your new password",
    ];
    assert_eq!(subjects, wanted);
    assert!(sent.iter().all(|mail| mail.to == "ann@example.org"));
    let member = place.member(&place.entered()).expect("a member");
    assert!(
        !place
            .accounts
            .profile(&member)
            .expect("a profile")
            .mail_verified
    );
    place
        .accounts
        .verify_mail(&link_in(&sent[0]), &from("x"))
        .expect("proved");
    assert!(
        place
            .accounts
            .profile(&member)
            .expect("a profile")
            .mail_verified
    );
    let twice = place.accounts.verify_mail(&link_in(&sent[0]), &from("x"));
    assert!(matches!(twice, Err(AuthError::LinkGone)));
    let other = Secret::new(OTHER);
    let link = link_in(&sent[2]);
    place
        .accounts
        .choose_password(&link, "", &other, &from("x"))
        .expect("chosen");
    assert!(place.sign_in("ann@example.org", OTHER, &from("x")).is_ok());
}

#[test]
fn a_new_address_counts_once_it_is_proved() {
    let (place, sent) = posting(Registration::Invited);
    place.ann();
    let tokens = place.entered();
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let password = Secret::new(PASSWORD);
    let change = |mail: &str| {
        place
            .accounts
            .change_mail(&own, mail, &password, &from("x"))
    };
    assert!(!change("ann@example.com").expect("sent"));
    assert!(
        place
            .sign_in("ann@example.org", PASSWORD, &from("x"))
            .is_ok()
    );
    let link = link_in(&sent.lock().expect("no panic")[0]);
    place
        .accounts
        .verify_mail(&link, &from("x"))
        .expect("proved");
    assert!(
        place
            .sign_in("ann@example.org", PASSWORD, &from("y"))
            .is_err()
    );
    assert!(
        place
            .sign_in("ann@example.com", PASSWORD, &from("y"))
            .is_ok()
    );
}

#[test]
fn registration_is_by_invitation_unless_it_is_open() {
    for (registration, open) in [
        (Registration::Open, true),
        (Registration::Invited, false),
        (Registration::Closed, false),
    ] {
        let place = Place::with(|config| config.registration = registration);
        let password = Secret::new(PASSWORD);
        let made = place
            .accounts
            .register("ann@example.org", "", &password, &from("x"));
        assert_eq!(made.is_ok(), open, "{}", said(made));
        assert_eq!(place.accounts.count(), usize::from(open));
    }
}

#[test]
fn the_last_operator_stays_one() {
    let place = Place::new();
    let by = place.accounts.at_the_console();
    let ann = place.add("ann@example.org", UserRole::Operator);
    let reader = UserRole::Reader;
    for refused in [
        place.accounts.set_role(&by, ann, reader),
        place.accounts.disable(&by, ann),
        place.accounts.delete_user(&by, ann).map(drop),
    ] {
        assert!(
            matches!(refused, Err(AuthError::NotNow(_))),
            "{}",
            said(refused)
        );
    }
    assert!(
        !place.dir.path().join("deleted-accounts").exists(),
        "nothing was begun"
    );
    place.add("bob@example.org", UserRole::Operator);
    place
        .accounts
        .set_role(&by, ann, reader)
        .expect("there is Bob");
    assert!(
        place
            .sign_in("ann@example.org", PASSWORD, &from("x"))
            .is_ok()
    );
}

#[test]
fn what_was_done_is_remembered_without_secrets() {
    let place = Place::new();
    let ann = place.ann();
    let tokens = place.entered();
    let _ = place.sign_in("ann@example.org", OTHER, &from("203.0.113.9"));
    let by = place.accounts.at_the_console();
    place
        .accounts
        .set_tier(&by, ann, Tier::Premium)
        .expect("changed");
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let events = place.accounts.own_audit(&own).expect("a list");
    let what: Vec<&str> = events.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(
        what,
        ["tier changed", "sign-in failed", "signed in", "joined"]
    );
    assert_eq!(events[1].address, "203.0.113.9");
    assert_eq!(events[0].by, "command line");
    let all = place.accounts.audit(&by).expect("a list");
    assert_eq!(all, events);
    let file = fs::read(place.dir.path().join("afwd.redb")).expect("the store");
    for secret in [
        PASSWORD,
        "ann@example.org",
        tokens.refresh.expose(),
        tokens.access.expose(),
    ] {
        let found = file
            .windows(secret.len())
            .any(|bytes| bytes == secret.as_bytes());
        assert!(!found, "a secret is in the store");
    }
}

#[test]
fn a_network_registers_as_often_as_it_may_fail() {
    let place = Place::with(|config| config.registration = Registration::Open);
    let password = Secret::new(PASSWORD);
    let register = |n: u32| {
        let mail = format!("reader-{n}@example.org");
        place
            .accounts
            .register(&mail, "", &password, &from("192.0.2.1"))
    };
    for n in 0..10 {
        register(n).expect("made");
    }
    let hashes = place.accounts.hashes_made();
    assert!(matches!(register(10), Err(AuthError::Throttled(_))));
    assert_eq!(place.accounts.hashes_made(), hashes, "it costs nothing");
    place.clock.wait(60);
    register(10).expect("made");
}

#[test]
fn a_link_that_is_not_good_costs_no_hash() {
    let place = Place::new();
    let ann = place.ann();
    let (hashes, password) = (place.accounts.hashes_made(), Secret::new(PASSWORD));
    let forged = format!("{ann}{}", "0".repeat(64));
    let chosen = place
        .accounts
        .choose_password(&forged, "", &password, &from("x"));
    assert!(matches!(chosen, Err(AuthError::LinkGone)));
    let forged = "0".repeat(96);
    let set_up = place
        .accounts
        .set_up(&forged, &new("eve@example.org"), &password, &from("x"));
    assert!(matches!(set_up, Err(AuthError::LinkGone)));
    assert_eq!(place.accounts.hashes_made(), hashes);
}
