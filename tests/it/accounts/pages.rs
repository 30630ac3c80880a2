//! The pages and the API of accounts, as a browser without scripts and a program use
//! them.

use afwd::domain::{Registration, UserRole};
use afwd::web::{Site, route_table};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::site::{Browser, FORM, JSON, OWN_PAGE, Served, TOKEN};
use super::{OTHER, PASSWORD, from};
use crate::models::ask;

const ANN: &str = "ann@example.org";

#[tokio::test]
async fn the_first_operator_invites_a_friend_who_comes_in() {
    let served = Served::with(Registration::Invited, Site::default());
    let setup = served
        .place
        .accounts
        .setup_path()
        .expect("a link")
        .expect("nobody yet");
    let mut ann = Browser::new(&served.site);
    let weak = [("mail", ANN), ("name", "Ann"), ("password", "password")];
    let shown = ann.submit(setup.expose(), setup.expose(), &weak).await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST);
    assert!(
        shown.texts(".notice")[0].contains("guessed too easily"),
        "{}",
        shown.page
    );
    assert_eq!(
        shown.field("mail").as_deref(),
        Some(ANN),
        "what was typed stays"
    );
    let good = [("mail", ANN), ("name", "Ann"), ("password", PASSWORD)];
    let shown = ann.submit(setup.expose(), setup.expose(), &good).await;
    assert_eq!(
        (shown.status, shown.location()),
        (StatusCode::SEE_OTHER, "/account")
    );
    let account = ann.get("/account").await;
    assert!(
        account.page.contains("Ann, ann@example.org"),
        "{}",
        account.page
    );
    let admin = ann.get("/admin").await;
    assert!(admin.page.contains("/admin/users"), "he runs the site");
    let invited = [
        ("mail", "bob@example.org"),
        ("name", "Bob"),
        ("role", "reader"),
        ("tier", "free"),
    ];
    let shown = ann
        .submit("/admin/users", "/admin/users/invite", &invited)
        .await;
    let link = shown.texts("pre code").remove(0);
    let at = link.find("/join/").expect("a link");
    let path = &link[at..];
    let mut bob = Browser::new(&served.site);
    let fields = [("name", "Bob"), ("password", OTHER)];
    let shown = bob.submit(path, path, &fields).await;
    assert_eq!(shown.location(), "/account", "{}", shown.page);
    assert_eq!(bob.get("/admin/users").await.status, StatusCode::FORBIDDEN);
    let gone = Browser::new(&served.site).get(path).await;
    assert_eq!(gone.status, StatusCode::GONE, "once");
}

#[tokio::test]
async fn a_sign_in_goes_on_by_itself_and_ends_when_it_is_told_to() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut ann = Browser::new(&served.site);
    let shown = ann.get("/account").await;
    assert_eq!(shown.location(), "/sign-in?next=/account");
    ann.sign_in(ANN).await;
    let first = ann.cookie("afwd_access").expect("a cookie").to_owned();
    served.place.clock.wait(16 * 60);
    let shown = ann.get("/account").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_ne!(ann.cookie("afwd_access").expect("a cookie"), first);
    // A page that was open meanwhile still has the right token.
    let token = shown.field("form_token").expect("a form");
    served.place.clock.wait(16 * 60);
    let profile = [
        ("name", "Ann G."),
        ("time_zone", "Europe/Rome"),
        ("theme", "dark"),
        ("units", "metric"),
        ("league", ""),
    ];
    let shown = ann.post("/account/profile", &token, &profile).await;
    assert_eq!(shown.location(), "/account", "{}", shown.page);
    assert_eq!(ann.cookie("theme"), Some("dark"));
    let mut other = Browser::new(&served.site);
    other.sign_in(ANN).await;
    let shown = ann.post("/account/sign-out-everywhere", &token, &[]).await;
    assert_eq!(shown.location(), "/");
    assert!(ann.cookie("afwd_access").is_none() && ann.cookie("afwd_refresh").is_none());
    assert!(
        ann.cookie("afwd_device").is_some(),
        "the device stays known"
    );
    let shown = other.get("/account").await;
    assert_eq!(shown.location(), "/sign-in?next=/account", "everywhere");
    assert!(
        other.cookie("afwd_refresh").is_none(),
        "what is over is not sent again"
    );
}

#[tokio::test]
async fn the_door_says_the_same_of_everybody_and_when_to_come_again() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut bodies = Vec::new();
    for mail in [ANN, "nobody@example.org"] {
        let mut browser = Browser::new(&served.site);
        let fields = [("mail", mail), ("password", OTHER)];
        let shown = browser.submit("/sign-in", "/sign-in", &fields).await;
        assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
        let token = shown.field("form_token").expect("a form");
        let without = shown.page.replace(&token, "").replace(mail, "");
        bodies.push(without);
    }
    assert_eq!(bodies[0], bodies[1]);
    let mut browser = Browser::new(&served.site);
    for _ in 0..8 {
        let fields = [("mail", "nobody@example.org"), ("password", OTHER)];
        browser.submit("/sign-in", "/sign-in", &fields).await;
    }
    let fields = [("mail", ANN), ("password", PASSWORD)];
    let shown = browser.submit("/sign-in", "/sign-in", &fields).await;
    assert_eq!(shown.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(shown.headers["retry-after"], "60");
    assert!(
        shown.texts(".notice")[0].contains("wait 60 s"),
        "{}",
        shown.page
    );
}

#[tokio::test]
async fn cookies_say_that_only_this_host_set_them_where_the_site_is_secure() {
    for (url, base, prefix) in [
        ("https://wine.example.org", "", "__Host-"),
        ("https://wine.example.org", "/wine", "__Secure-"),
        ("http://wine.example.org", "", ""),
    ] {
        let site = Site {
            base: base.parse().expect("a path"),
            public_url: Some(url.parse().expect("an address")),
            ..Site::default()
        };
        let served = Served::with(Registration::Open, site);
        served.add(ANN, UserRole::Reader);
        let mut ann = Browser::new(&served.site);
        let (door, mail) = (
            format!("{base}/sign-in"),
            [("mail", ANN), ("password", PASSWORD)],
        );
        let shown = ann.submit(&door, &door, &mail).await;
        assert_eq!(shown.location(), format!("{base}/account"));
        let cookie = ann.cookie(&format!("{prefix}afwd_refresh"));
        assert!(cookie.is_some(), "{}", ann.cookie_line());
        let set = shown.headers.get_all("set-cookie").iter();
        for set in set.map(|set| set.to_str().expect("plain text")) {
            assert!(set.contains("HttpOnly"), "{set}");
            assert_eq!(set.contains("Secure;"), !prefix.is_empty(), "{set}");
        }
        let shown = ann.get(&format!("{base}/account")).await;
        assert_eq!(shown.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_public_is_the_same_bytes_for_readers_who_are_signed_in() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut ann = Browser::new(&served.site);
    ann.sign_in(ANN).await;
    served.place.clock.wait(16 * 60);
    let mut looked = 0;
    for path in [
        "/",
        "/about",
        "/movers",
        "/prospects/101",
        "/privacy",
        "/api/prospects",
    ] {
        let own = ann.get(path).await;
        let others = Browser::new(&served.site).get(path).await;
        assert_eq!(own.page, others.page, "{path}");
        let kept = own.headers["cache-control"].to_str().expect("plain text");
        assert!(kept.starts_with("public"), "{path}: {kept}");
        assert!(own.headers.get("set-cookie").is_none(), "{path}");
        looked += 1;
    }
    assert_eq!(looked, 6);
}

#[tokio::test]
async fn no_form_of_another_page_changes_anything() {
    let served = Served::new();
    for name in ["ann", "bob"] {
        served.add(&format!("{name}@example.org"), UserRole::Operator);
    }
    let mut ann = Browser::new(&served.site);
    ann.sign_in(ANN).await;
    let mut bob = Browser::new(&served.site);
    bob.sign_in("bob@example.org").await;
    let own = ann
        .get("/account")
        .await
        .field("form_token")
        .expect("a form");
    let bobs = bob
        .get("/account")
        .await
        .field("form_token")
        .expect("a form");
    assert_ne!(own, bobs);
    let (line, digest) = (ann.cookie_line(), || {
        let sums = served
            .place
            .store
            .read(|tx| tx.digest())
            .expect("a digest")
            .tables;
        let about = ["users", "credentials", "sessions", "api_tokens", "audit"];
        let kept = sums
            .into_iter()
            .filter(|sum| about.contains(&sum.name.as_str()));
        kept.map(|sum| sum.hash).collect::<Vec<_>>()
    });
    let before = digest();
    let cookie = ("cookie", line.as_str());
    let form = |token: &str| format!("form_token={token}&to=premium&password={PASSWORD}&name=x");
    let (good, wrong, stale) = (form(&own), form(&bobs), form(""));
    let changing = route_table()
        .into_iter()
        .filter(|route| route.method != Method::GET);
    let mut tried = 0;
    for route in changing.filter(|route| !route.path.starts_with("/api/")) {
        let uri = route
            .path
            .replace("{id}", "1")
            .replace("{link}", "x")
            .replace("{key}", "k");
        for (headers, body) in [
            (&[FORM, cookie][..], &good),
            (&[FORM, cookie, ("sec-fetch-site", "cross-site")], &good),
            (&[FORM, cookie, ("sec-fetch-site", "same-site")], &good),
            (&[FORM, cookie, ("origin", "null")], &good),
            (
                &[
                    FORM,
                    cookie,
                    ("origin", "https://evil.example"),
                    ("host", "wine.example"),
                ],
                &good,
            ),
            (&[FORM, cookie, OWN_PAGE], &stale),
            (&[FORM, cookie, OWN_PAGE], &wrong),
        ] {
            let (status, _, said) = ask(&served.site, "POST", &uri, headers, body).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{uri} {headers:?}: {said}");
            tried += 1;
        }
    }
    let update = json!({"name": "x"}).to_string();
    for headers in [
        &[JSON, cookie][..],
        &[JSON, cookie, ("sec-fetch-site", "cross-site")],
        &[JSON, cookie, ("origin", "null")],
        &[("content-type", "text/plain"), cookie, OWN_PAGE],
        &[FORM, cookie, OWN_PAGE],
    ] {
        let (status, ..) = ask(&served.site, "PUT", "/api/users/profile", headers, &update).await;
        assert!(status.is_client_error(), "{headers:?}");
        tried += 1;
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(digest(), before, "something was changed");
}

#[tokio::test]
async fn a_program_signs_in_refreshes_and_signs_out() {
    let served = Served::new();
    let post = |path: &'static str, body: Value| {
        let site = served.site.clone();
        async move {
            let (status, _, said) = ask(&site, "POST", path, &[JSON], &body.to_string()).await;
            (
                status,
                serde_json::from_str::<Value>(&said).unwrap_or_default(),
            )
        }
    };
    let new = json!({"mail": ANN, "name": "Ann", "password": PASSWORD});
    for _ in 0..2 {
        let (status, said) = post("/api/auth/register", new.clone()).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{said}");
    }
    let wrong = json!({"mail": ANN, "password": OTHER});
    let (status, said) = post("/api/auth/login", wrong).await;
    assert_eq!(
        (status, &said["code"]),
        (StatusCode::UNAUTHORIZED, &json!("wrong_credentials"))
    );
    let (status, tokens) = post(
        "/api/auth/login",
        json!({"mail": ANN, "password": PASSWORD}),
    )
    .await;
    assert_eq!(
        (status, &tokens["token_type"]),
        (StatusCode::OK, &json!("Bearer"))
    );
    let profile = |access: &Value| {
        let (site, access) = (
            served.site.clone(),
            access.as_str().expect("text").to_owned(),
        );
        async move {
            let bearer = format!("Bearer {access}");
            let headers = [("authorization", bearer.as_str())];
            ask(&site, "GET", "/api/users/profile", &headers, "").await
        }
    };
    let (status, _, said) = profile(&tokens["access_token"]).await;
    assert_eq!(status, StatusCode::OK);
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&said["mail"], &said["tier"]),
        (&json!(ANN), &json!("free"))
    );
    let held = json!({"refresh_token": tokens["refresh_token"]});
    let (status, next) = post("/api/auth/refresh", held).await;
    assert_eq!(status, StatusCode::OK);
    let held = json!({"refresh_token": next["refresh_token"]});
    let (status, _) = post("/api/auth/logout", held.clone()).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, headers, _) = profile(&next["access_token"]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "at once");
    assert_eq!(headers["www-authenticate"], "Bearer");
    let (status, said) = post("/api/auth/refresh", held).await;
    assert_eq!(
        (status, &said["code"]),
        (StatusCode::UNAUTHORIZED, &json!("signed_out"))
    );
    let secret = json!({"mail": ANN, "password": [PASSWORD]});
    let (status, said) = post("/api/auth/login", secret).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(!said.to_string().contains(PASSWORD), "{said}");
}

#[tokio::test]
async fn a_reader_takes_his_data_and_deletes_himself() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut ann = Browser::new(&served.site);
    ann.sign_in(ANN).await;
    let shown = ann.get("/account/export").await;
    assert_eq!(shown.headers["content-type"], "application/zip");
    assert!(shown.page.starts_with("PK"));
    let wrong = [("password", OTHER)];
    let shown = ann
        .submit("/account/delete", "/account/delete", &wrong)
        .await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        shown.texts(".notice"),
        ["Mail address or password is wrong."]
    );
    let right = [("password", PASSWORD)];
    let shown = ann
        .submit("/account/delete", "/account/delete", &right)
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    let tables = shown.texts("dl.receipt dt");
    assert!(tables.contains(&"credentials".to_owned()), "{tables:?}");
    assert!(ann.cookie("afwd_access").is_none());
    assert!(served.place.sign_in(ANN, PASSWORD, &from("x")).is_err());
}

#[tokio::test]
async fn the_second_factor_is_set_up_and_asked_for_on_pages() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut ann = Browser::new(&served.site);
    ann.sign_in(ANN).await;
    let page = "/account/second-factor";
    let shown = ann.submit(page, page, &[("password", PASSWORD)]).await;
    assert_eq!(shown.location(), page);
    let shown = ann.get(page).await;
    assert_eq!(shown.texts("figure.code svg").len(), 1);
    let seed = shown.texts("main code").remove(0);
    let code = |seconds: i64| super::second_factor::code(&seed, seconds);
    let confirm = "/account/second-factor/confirm";
    let shown = ann.submit(page, confirm, &[("code", "000000")]).await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED, "{}", shown.page);
    let now = code(served.place.seconds());
    let shown = ann.submit(page, confirm, &[("code", &now)]).await;
    assert_eq!(shown.texts("ul.codes li").len(), 10);
    served.place.clock.wait(30);
    let mut other = Browser::new(&served.site);
    let fields = [("mail", ANN), ("password", PASSWORD), ("next", "/movers")];
    let shown = other.submit("/sign-in", "/sign-in", &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(other.cookie("afwd_access").is_none(), "not in yet");
    let ticket = shown.field("ticket").expect("a ticket");
    let token = shown.field("form_token").expect("a form");
    let wrong = [
        ("ticket", ticket.as_str()),
        ("code", "000000"),
        ("next", "/movers"),
    ];
    let shown = other.post("/sign-in/code", &token, &wrong).await;
    assert_eq!(shown.status, StatusCode::UNAUTHORIZED);
    let now = code(served.place.seconds());
    let right = [
        ("ticket", ticket.as_str()),
        ("code", &now),
        ("next", "/movers"),
    ];
    let shown = other.post("/sign-in/code", &token, &right).await;
    assert_eq!(
        (shown.status, shown.location()),
        (StatusCode::SEE_OTHER, "/movers")
    );
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_led_to_another_site_after_he_signed_in() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:1",
    ] {
        let mut ann = Browser::new(&served.site);
        let fields = [("mail", ANN), ("password", PASSWORD), ("next", next)];
        let shown = ann.submit("/sign-in", "/sign-in", &fields).await;
        assert_eq!(shown.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn the_operators_token_stays_a_way_in() {
    let served = Served::new();
    served.add(ANN, UserRole::Reader);
    let mut operator = Browser::new(&served.site);
    let shown = operator
        .submit("/admin", "/admin/sign-in", &[("token", TOKEN)])
        .await;
    assert_eq!(shown.location(), "/admin");
    let shown = operator.get("/admin/users").await;
    assert!(shown.page.contains(ANN), "{}", shown.page);
    let shown = operator.get("/account").await;
    assert_eq!(
        shown.location(),
        "/sign-in?next=/account",
        "it is nobody's account"
    );
    let shown = operator.get("/admin/audit").await;
    assert_eq!(shown.status, StatusCode::OK);
}
