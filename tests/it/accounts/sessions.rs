//! Sessions and tokens: how long each holds, and what ends it.

use std::thread;

use afwd::auth::{AuthError, SignedIn, TokenRefused, Tokens};
use afwd::domain::{TokenScope, UserRole};
use afwd::secret::Secret;

use super::{OTHER, PASSWORD, Place, from};

const DAY: i64 = 24 * 3600;

impl Place {
    fn refreshed(&self, tokens: &Tokens) -> Result<Tokens, AuthError> {
        self.accounts
            .refresh(tokens.refresh.expose(), &from("192.0.2.1"))
    }

    fn own(&self, tokens: &Tokens) -> SignedIn {
        let member = self.member(tokens).expect("a member");
        member.signed_in().expect("a session")
    }
}

fn is_over(refreshed: Result<Tokens, AuthError>) -> bool {
    matches!(refreshed, Err(AuthError::SignedOut))
}

#[test]
fn an_access_token_is_good_for_a_quarter_of_an_hour_and_a_refresh_token_once() {
    let place = Place::new();
    place.ann();
    let first = place.entered();
    assert_eq!(first.expires_in, 900);
    place.clock.wait(905);
    assert!(place.member(&first).is_some());
    place.clock.wait(1);
    let late = place.accounts.recognise(first.access.expose());
    assert_eq!(late.err(), Some(TokenRefused::Expired));
    let second = place.refreshed(&first).expect("the next ones");
    assert!(place.member(&second).is_some());
    place.clock.wait(11);
    assert!(is_over(place.refreshed(&first)), "used again");
    assert!(
        is_over(place.refreshed(&second)),
        "the session ended with it"
    );
    assert!(place.member(&second).is_none(), "at once");
}

#[test]
fn tabs_that_ask_at_once_get_the_same_tokens() {
    let place = Place::new();
    place.ann();
    let first = place.entered();
    let got: Vec<String> = thread::scope(|scope| {
        let asking: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| place.refreshed(&first).expect("a tab")))
            .collect();
        let tokens = asking
            .into_iter()
            .map(|asking| asking.join().expect("no panic"));
        tokens
            .map(|tokens| tokens.refresh.expose().to_owned())
            .collect()
    });
    assert!(
        got.iter().all(|refresh| *refresh == got[0]),
        "one successor"
    );
    place.clock.wait(60);
    let next = place.accounts.refresh(&got[0], &from("192.0.2.1"));
    assert!(next.is_ok(), "nobody was signed out");
}

#[test]
fn a_session_ends_unused_after_14_days_and_after_30_in_any_case() {
    let place = Place::new();
    place.ann();
    let idle = place.entered();
    place.clock.wait(14 * DAY);
    assert!(is_over(place.refreshed(&idle)));
    let mut busy = place.entered();
    for _ in 0..29 {
        place.clock.wait(DAY);
        busy = place.refreshed(&busy).expect("within the month");
    }
    place.clock.wait(DAY - 60);
    busy = place.refreshed(&busy).expect("within the month");
    assert_eq!(
        busy.expires_in, 60,
        "no access beyond the end of the session"
    );
    place.clock.wait(60);
    assert!(is_over(place.refreshed(&busy)) && place.member(&busy).is_none());
}

/// Every way to end what was given out before.
#[test]
fn what_was_given_out_before_a_change_is_refused_after_it() {
    type Change = fn(&Place, &Tokens);
    let changes: [(&str, Change); 8] = [
        ("password", |place, tokens| {
            let (old, new) = (Secret::new(PASSWORD), Secret::new(OTHER));
            let own = place.own(tokens);
            let next = place
                .accounts
                .change_password(&own, &old, &new, &from("192.0.2.1"));
            assert!(
                place.member(&next.expect("changed")).is_some(),
                "he stays in himself"
            );
        }),
        ("mail", |place, tokens| {
            let (own, password) = (place.own(tokens), Secret::new(PASSWORD));
            let mail = "ann@example.com";
            let changed = place
                .accounts
                .change_mail(&own, mail, &password, &from("192.0.2.1"));
            assert!(changed.expect("changed"));
        }),
        ("role", |place, tokens| {
            let by = place.accounts.at_the_console();
            let role = UserRole::Operator;
            place
                .accounts
                .set_role(&by, place.own(tokens).user(), role)
                .expect("changed");
        }),
        ("reset", |place, tokens| {
            let by = place.accounts.at_the_console();
            let path = place
                .accounts
                .reset_path(&by, place.own(tokens).user())
                .expect("a link");
            let link = path.expose().rsplit('/').next().expect("a link");
            let chosen = place
                .accounts
                .choose_password(link, "", &Secret::new(OTHER), &from("x"));
            assert!(chosen.expect("chosen").is_none());
        }),
        ("sign-out", |place, tokens| {
            place
                .accounts
                .sign_out(tokens.refresh.expose(), &from("x"))
                .expect("signed out");
        }),
        ("sign-out everywhere", |place, tokens| {
            let own = place.own(tokens);
            place
                .accounts
                .sign_out_everywhere(&own, &from("x"))
                .expect("signed out");
        }),
        ("disabling", |place, tokens| {
            let by = place.accounts.at_the_console();
            place
                .accounts
                .disable(&by, place.own(tokens).user())
                .expect("disabled");
        }),
        ("deletion", |place, tokens| {
            let (own, password) = (place.own(tokens), Secret::new(PASSWORD));
            place
                .accounts
                .delete_own(&own, &password, &from("x"))
                .expect("deleted");
        }),
    ];
    for (what, change) in changes {
        let place = Place::new();
        place.ann();
        let (first, second) = (place.entered(), place.entered());
        let second = place.refreshed(&second).expect("the next ones");
        change(&place, &first);
        assert!(place.member(&first).is_none(), "{what}: access");
        assert!(is_over(place.refreshed(&first)), "{what}: refresh");
        if what != "sign-out" {
            assert!(place.member(&second).is_none(), "{what}: access of others");
            assert!(
                is_over(place.refreshed(&second)),
                "{what}: refresh of others"
            );
        }
        let place = place.reopened();
        assert!(
            place.member(&first).is_none(),
            "{what}: access, after a restart"
        );
    }
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_by_their_owner_only() {
    let place = Place::new();
    place.ann();
    place.add("bob@example.org", UserRole::Reader);
    let (first, second) = (place.entered(), place.entered());
    let (own, bob) = (
        place.own(&first),
        place
            .sign_in("bob@example.org", PASSWORD, &from("192.0.2.9"))
            .expect("signed in"),
    );
    let listed = place.accounts.sessions(&own).expect("a list");
    let current: Vec<bool> = listed.iter().map(|session| session.current).collect();
    assert_eq!(
        (listed.len(), current.iter().filter(|c| **c).count()),
        (2, 1)
    );
    assert!(listed.iter().all(|session| session.agent == "Firefox"));
    let other = listed
        .iter()
        .find(|session| !session.current)
        .expect("the other one");
    let bob = place.own(&bob);
    place
        .accounts
        .end_own_session(&bob, &other.id, &from("x"))
        .expect("nothing");
    assert!(place.member(&second).is_some(), "it is not Bob's");
    place
        .accounts
        .end_own_session(&own, &other.id, &from("x"))
        .expect("ended");
    assert!(place.member(&second).is_none() && place.member(&first).is_some());
}

#[test]
fn a_token_for_programs_is_good_for_its_scopes_until_its_day() {
    let place = Place::new();
    place.add("ann@example.org", UserRole::Operator);
    let own = place.own(&place.entered());
    let make = |scopes: &[TokenScope]| {
        let made = place
            .accounts
            .make_api_token(&own, "bot", scopes, 30, &from("x"));
        made.expect("a token")
    };
    let (view, read) = make(&[TokenScope::Read]);
    let (_, operate) = make(&[TokenScope::Operate]);
    let recognise = |text: &Secret| place.accounts.recognise_api_token(text.expose());
    let (reader, stale) = recognise(&read).expect("a member");
    assert!(stale && reader.may(TokenScope::Read) && !reader.may(TokenScope::Write));
    assert!(reader.operator().is_none() && reader.signed_in().is_none());
    assert!(
        recognise(&operate)
            .expect("a member")
            .0
            .operator()
            .is_some()
    );
    place.accounts.keep_use(read.expose()).expect("kept");
    assert!(!recognise(&read).expect("a member").1);
    let held = place.accounts.api_tokens(&own).expect("a list");
    let used = held
        .iter()
        .find(|token| token.id == view.id)
        .expect("listed");
    assert!(used.used.is_some() && used.scopes == ["read"]);
    let altered = format!("{}0", &read.expose()[..read.len() - 1]);
    let altered_or_same = recognise(&Secret::new(altered.clone()));
    assert!(altered_or_same.is_none() || altered == read.expose());
    assert!(
        place.accounts.recognise(read.expose()).is_err(),
        "no access token"
    );
    place
        .accounts
        .end_api_token(&own, &view.id, &from("x"))
        .expect("ended");
    assert!(recognise(&read).is_none(), "at once");
    place.clock.wait(30 * DAY);
    assert!(recognise(&operate).is_none(), "after its day");
}

#[test]
fn what_is_over_is_swept() {
    let place = Place::new();
    let ann = place.ann();
    place.entered();
    let own = place.own(&place.entered());
    let scopes = [TokenScope::Read];
    let made = place
        .accounts
        .make_api_token(&own, "bot", &scopes, 1, &from("x"));
    made.expect("a token");
    let by = place.accounts.at_the_console();
    place.accounts.reset_path(&by, ann).expect("a link");
    let rows = |place: &Place| {
        let about = place.store.read(|tx| tx.rows_about(ann)).expect("rows");
        let of = |name: &str| {
            let rows = about.iter().find(|about| about.table == name);
            rows.map_or(0, |about| about.rows)
        };
        [
            of("sessions"),
            of("api_tokens"),
            of("one_time_links"),
            of("audit"),
        ]
    };
    assert_eq!(rows(&place)[..3], [2, 1, 1]);
    assert_eq!(place.accounts.sweep().expect("swept"), 0, "nothing is over");
    place.clock.wait(15 * DAY);
    assert!(place.accounts.sweep().expect("swept") >= 4);
    assert_eq!(rows(&place)[..3], [0, 0, 0]);
    assert!(rows(&place)[3] > 0, "events stay");
    place.clock.wait(400 * DAY);
    place.accounts.sweep().expect("swept");
    assert_eq!(rows(&place), [0, 0, 0, 0]);
}
