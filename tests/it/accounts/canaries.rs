//! Secrets that are easily found, put wherever a secret may be: none of them is in the
//! log, in an error, in the figures or in the plain bytes of the store and its backups.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::server::DemoServer;

const MAIL: &str = "canary-mail@example.org";
const PASSWORD: &str = "canary password of a flightless bird";
const WRONG: &str = "canary password of somebody else";
const BEARER: &str = "canary.bearer.of-nobody";
const COOKIE: &str = "canary-cookie-of-nobody";

/// What the server says, with the body as JSON where it is some.
fn post(server: &DemoServer, path: &str, header: &str, body: &Value) -> (String, Value) {
    let response = server.send("POST", path, header, &body.to_string());
    let json = response.split_once("\r\n\r\n").map(|(_, body)| body);
    let json = json.and_then(|body| serde_json::from_str(body).ok());
    (response, json.unwrap_or_default())
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Plain bytes of everything a backup holds.
fn unpacked(archive: &Path) -> Vec<u8> {
    let packed = fs::read(archive).expect("an archive");
    zstd::decode_all(packed.as_slice()).expect("plain")
}

#[test]
fn no_secret_is_found_where_it_does_not_belong() {
    let server = DemoServer::start_with(&["--accounts", "open", "--log", "afwd=trace"]);
    let mut said = String::new();
    let new = json!({"mail": MAIL, "name": "Bird", "password": PASSWORD});
    said += &post(&server, "/api/auth/register", "", &new).0;
    said += &post(&server, "/api/auth/register", "", &new).0;
    for body in [
        json!({"mail": MAIL, "password": WRONG}),
        json!({"mail": MAIL, "password": [PASSWORD]}),
        json!({"mail": MAIL, "password": PASSWORD, "more": PASSWORD}),
        json!({"mail": [MAIL], "password": PASSWORD}),
    ] {
        said += &post(&server, "/api/auth/login", "", &body).0;
    }
    let proofs = json!({"mail": MAIL, "password": PASSWORD});
    let (_, tokens) = post(&server, "/api/auth/login", "", &proofs);
    let (access, refresh) = (
        text(&tokens["access_token"]),
        text(&tokens["refresh_token"]),
    );
    let bearer = format!("Authorization: Bearer {access}\r\n");
    let token = json!({"name": "bot", "scopes": ["read"], "days": 7});
    let (_, made) = post(&server, "/api/users/tokens", &bearer, &token);
    let api_token = text(&made["token"]);
    let (_, next) = post(
        &server,
        "/api/auth/refresh",
        "",
        &json!({"refresh_token": refresh}),
    );
    let next = text(&next["refresh_token"]);
    for (path, header) in [
        (
            "/api/users/profile",
            format!("Authorization: Bearer {BEARER}\r\n"),
        ),
        (
            "/account",
            format!("Cookie: afwd_access={COOKIE}; afwd_refresh={COOKIE}\r\n"),
        ),
        ("/reset/canary-link-of-nobody", String::new()),
        ("/api/nothing?token=canary", bearer.clone()),
    ] {
        let response = server.send("GET", path, &header, "");
        said += response.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    }
    said += &server.get_as_operator("/metrics");
    let setup = server.setup_path();
    let operator = server.operator_token();
    let league = server.league();
    let store = fs::read(league.join("afwd.redb")).expect("the store");
    let archive = league.join("backup.afwd");
    let backup = Command::new(env!("CARGO_BIN_EXE_afwd"))
        .args(["backup", "--data"])
        .args([&league, &archive])
        .output()
        .expect("it runs");
    assert!(
        backup.status.success(),
        "{}",
        String::from_utf8_lossy(&backup.stderr)
    );
    let archive = unpacked(&archive);
    let log = server.stop();
    let secrets = [
        PASSWORD, WRONG, &access, &refresh, &next, &api_token, &operator,
    ];
    for secret in secrets {
        let found = |place: &[u8]| {
            place
                .windows(secret.len())
                .any(|at| at == secret.as_bytes())
        };
        for (name, place) in [
            ("an answer", said.as_bytes()),
            ("the log", log.as_bytes()),
            ("the store", &store),
            ("the backup", &archive),
        ] {
            assert!(!found(place), "{name} has {secret}");
        }
    }
    for (name, place) in [("the store", &store), ("the backup", &archive)] {
        let found = place.windows(MAIL.len()).any(|at| at == MAIL.as_bytes());
        assert!(!found, "{name} has the mail address");
    }
    let link = setup.rsplit('/').next().expect("a link");
    let path = link.as_bytes();
    assert!(
        !store.windows(path.len()).any(|at| at == path),
        "the store has the setup link"
    );
    // The setup link is for the terminal; nothing else of these is.
    for canary in [MAIL, BEARER, COOKIE, "canary-link-of-nobody"] {
        assert!(!log.contains(canary), "the log has {canary}");
    }
}
