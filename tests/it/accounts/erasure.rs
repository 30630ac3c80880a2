//! Everything about somebody: given to him, and gone when he goes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read as _};

use afwd::auth::{Accounts, Visitor};
use afwd::domain::{Subscription, SubscriptionStatus, TokenScope, UserId, UserRole};
use afwd::secret::Secret;
use afwd::store::{TABLE_KINDS, TableKind};
use jiff::Timestamp;

use super::{OTHER, PASSWORD, Place, config, from, open};

/// Puts something of Ann's into every table about people.
fn everything(place: &Place) -> UserId {
    let ann = place.ann();
    let tokens = place.entered();
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let scopes = [TokenScope::Read];
    let made = place
        .accounts
        .make_api_token(&own, "bot", &scopes, 30, &from("x"));
    made.expect("a token");
    let by = place.accounts.at_the_console();
    place.accounts.reset_path(&by, ann).expect("a link");
    let _ = place.sign_in("ann@example.org", OTHER, &from("203.0.113.7"));
    let paid = place
        .store
        .write(|tx| tx.put_subscription(&subscription(ann)));
    paid.expect("a write");
    ann
}

fn subscription(user: UserId) -> Subscription {
    Subscription {
        user,
        customer: "cus_ann".to_owned(),
        id: "sub_ann".to_owned(),
        status: SubscriptionStatus::Active,
        period_end: None,
        ends: false,
        unpaid_since: None,
        as_of: Timestamp::UNIX_EPOCH,
        raised: true,
    }
}

fn about_people() -> BTreeSet<&'static str> {
    let kinds = TABLE_KINDS
        .iter()
        .filter(|(_, kind)| kind.is_about_people());
    kinds.map(|(name, _)| *name).collect()
}

#[test]
fn every_table_about_people_says_whose_its_rows_are_and_loses_them_all() {
    let place = Place::new();
    let ann = everything(&place);
    let bob = place.add("bob@example.org", UserRole::Reader);
    let rows = |id| place.store.read(|tx| tx.rows_about(id)).expect("rows");
    let held: BTreeSet<&str> = rows(ann)
        .iter()
        .filter(|about| about.rows > 0)
        .map(|about| about.table)
        .collect();
    assert_eq!(
        held,
        about_people(),
        "a table has no row of hers: put one in here"
    );
    let bobs = rows(bob);
    let by = place.accounts.at_the_console();
    let receipt = place.accounts.delete_user(&by, ann).expect("deleted");
    let erased: BTreeSet<&str> = receipt
        .erased
        .iter()
        .map(|rows| rows.table.as_str())
        .collect();
    assert_eq!(erased, about_people());
    assert!(rows(ann).iter().all(|about| about.rows == 0));
    assert_eq!(rows(bob), bobs, "Bob's stay");
    let place = place.reopened();
    assert!(
        place
            .sign_in("ann@example.org", PASSWORD, &from("x"))
            .is_err()
    );
    let new = place.ann();
    assert_ne!(new, ann, "an id is never given twice");
}

#[test]
fn a_restored_backup_does_not_bring_anybody_back() {
    let place = Place::new();
    let ann = everything(&place);
    let tokens = place.entered();
    let Place {
        dir,
        clock,
        accounts,
        store,
    } = place;
    drop((accounts, store));
    let file = dir.path().join("afwd.redb");
    let backup = fs::read(&file).expect("the store");
    let store = open(dir.path());
    let accounts = Accounts::open(config(dir.path(), &store, &clock)).expect("accounts");
    let by = accounts.at_the_console();
    accounts.delete_user(&by, ann).expect("deleted");
    drop((accounts, store));
    // A crash cut a later line short.
    let noted = dir.path().join("deleted-accounts");
    let lines = fs::read_to_string(&noted).expect("deletions");
    fs::write(&noted, format!("{lines}0123abc")).expect("room");
    fs::write(&file, backup).expect("room");
    let store = open(dir.path());
    let accounts = Accounts::open(config(dir.path(), &store, &clock)).expect("accounts");
    let rows = store.read(|tx| tx.rows_about(ann)).expect("rows");
    assert!(rows.iter().all(|about| about.rows == 0), "{rows:?}");
    assert!(accounts.recognise(tokens.access.expose()).is_err());
    assert_eq!(accounts.count(), 0);
    let deletions = store.read(|tx| tx.deletions()).expect("deletions");
    assert_eq!(deletions.len(), 1, "the next backup knows it, too");
    // And that backup forgets her where nothing else does.
    drop((accounts, store));
    fs::remove_file(&noted).expect("removed");
    let store = open(dir.path());
    Accounts::open(config(dir.path(), &store, &clock)).expect("accounts");
    let lines = fs::read_to_string(&noted).expect("noted again");
    assert!(lines.contains(&ann.to_string()));
}

/// Name and text of every file of a zip.
fn unpacked(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let files = (0..zip.len()).map(|at| {
        let mut file = zip.by_index(at).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        let name = file.name().expect("a name").into_owned();
        (name, text)
    });
    files.collect()
}

#[test]
fn the_export_has_everything_of_ones_own_and_nothing_of_others() {
    let place = Place::new();
    everything(&place);
    place.add("bob@example.org", UserRole::Reader);
    let canary = Visitor {
        agent: "canary-of-bob".to_owned(),
        ..from("198.51.100.77")
    };
    place
        .sign_in("bob@example.org", PASSWORD, &canary)
        .expect("signed in");
    let tokens = place.entered();
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let bytes = place.accounts.export(&own, &from("x")).expect("an export");
    let files = unpacked(bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "README.txt",
        "profile.json",
        "sessions.json",
        "tokens.json",
        "audit.json",
        "subscription.json",
        "failures.json",
        "kept.json",
    ];
    assert_eq!(names, wanted);
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for hers in [
        "ann@example.org",
        "\"bot\"",
        "signed in",
        "Firefox",
        "203.0.113.7",
        "sub_ann",
    ] {
        assert!(all.contains(hers), "{hers}");
    }
    for not_hers in [
        "bob@example.org",
        "canary-of-bob",
        "198.51.100.77",
        "argon2id",
        tokens.access.expose(),
        tokens.refresh.expose(),
    ] {
        assert!(!all.contains(not_hers), "{not_hers}");
    }
    let kept: serde_json::Value = serde_json::from_str(&files[7].1).expect("JSON");
    let listed: BTreeSet<&str> = kept
        .as_array()
        .expect("tables")
        .iter()
        .filter_map(|table| table["table"].as_str())
        .collect();
    assert_eq!(listed, about_people());
    let secret = TABLE_KINDS
        .iter()
        .filter(|(_, kind)| *kind == TableKind::Secret);
    assert!(secret.count() >= 4);
}

#[test]
fn one_deletes_oneself_with_the_password_only() {
    let place = Place::new();
    place.ann();
    let tokens = place.entered();
    let own = place
        .member(&tokens)
        .expect("a member")
        .signed_in()
        .expect("a session");
    let delete = |password: &str| {
        let password = Secret::new(password);
        place.accounts.delete_own(&own, &password, &from("x"))
    };
    assert!(delete(OTHER).is_err() && place.member(&tokens).is_some());
    let receipt = delete(PASSWORD).expect("deleted");
    assert_eq!(receipt.account, own.user().to_string());
    assert!(place.member(&tokens).is_none());
    assert!(delete(PASSWORD).is_err());
}

#[test]
fn a_restore_brings_no_sign_in_back() {
    let place = Place::new();
    everything(&place);
    let tokens = place.entered();
    let Place {
        dir,
        clock,
        accounts,
        store,
    } = place;
    drop((accounts, store));
    afwd::app::make_ready(dir.path()).expect("ready");
    let store = open(dir.path());
    let accounts = Accounts::open(config(dir.path(), &store, &clock)).expect("accounts");
    assert!(accounts.recognise(tokens.access.expose()).is_err());
    let refreshed = accounts.refresh(tokens.refresh.expose(), &from("x"));
    assert!(refreshed.is_err());
    assert_eq!(accounts.count(), 1, "the account itself is there");
}
