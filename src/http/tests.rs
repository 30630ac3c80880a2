//! The client against a peer that answers with scripted bytes.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use parking_lot::Mutex;

use super::{Client, Config, Host, HttpError, Kept, Ledger, LedgerError, Wants};
use crate::clock::FixedClock;

/// Budget and bodies in memory.
#[derive(Default)]
struct Memory {
    spent: Mutex<HashMap<(String, Date), u32>>,
    kept: Mutex<HashMap<String, Kept>>,
}

impl Ledger for Memory {
    fn spend(&self, host: &str, day: Date, limit: u32) -> Result<bool, LedgerError> {
        let mut spent = self.spent.lock();
        let made = spent.entry((host.to_owned(), day)).or_default();
        let allowed = *made < limit;
        *made += u32::from(allowed);
        Ok(allowed)
    }

    fn kept(&self, url: &str) -> Result<Option<Kept>, LedgerError> {
        Ok(self.kept.lock().get(url).cloned())
    }

    fn keep(&self, url: &str, kept: &Kept) -> Result<(), LedgerError> {
        self.kept.lock().insert(url.to_owned(), kept.clone());
        Ok(())
    }
}

/// A peer that gives one scripted answer per connection, the last for ever.
struct Peer {
    origin: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    fn new(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&heads);
        std::thread::spawn(move || {
            for (at, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { return };
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
                heard.lock().push(text);
                let _ = stream.write_all(&answers[at.min(answers.len() - 1)]);
            }
        });
        Self { origin, heads }
    }

    fn asked(&self) -> usize {
        self.heads.lock().len()
    }

    fn client(&self, per_day: u32, ledger: &Arc<Memory>) -> Client {
        let host = Host {
            origin: self.origin.clone(),
            per_second: 1e4,
            per_day,
            private: true,
        };
        let mut config = Config::new("ops@example.org", vec![host]);
        config.pause = Duration::from_millis(1);
        config.total_timeout = Duration::from_millis(400);
        config.largest_body = 10_000;
        let ledger = Arc::clone(ledger) as Arc<dyn Ledger>;
        Client::new(config, ledger, Arc::new(FixedClock(noon()))).expect("a client")
    }

    async fn get(&self) -> Result<super::Reply, HttpError> {
        let ledger = Arc::new(Memory::default());
        self.client(1000, &ledger)
            .get(&format!("{}/x", self.origin), Wants::Json)
            .await
    }
}

fn noon() -> jiff::Timestamp {
    "2026-07-01T12:00:00Z".parse().expect("a time")
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn good() -> Vec<u8> {
    answer(
        "200 OK",
        "content-type: application/json\r\netag: \"1\"\r\n",
        b"{\"a\":1}",
    )
}

#[tokio::test]
async fn an_answer_comes_through_and_the_peer_is_told_who_asks() {
    let peer = Peer::new(vec![good()]);
    assert_eq!(peer.get().await.expect("an answer").body, b"{\"a\":1}");
    let heads = peer.heads.lock();
    assert!(
        heads[0].contains("user-agent: afwd/") && heads[0].contains("(ops@example.org)"),
        "{}",
        heads[0]
    );
}

#[tokio::test]
async fn passing_failures_are_tried_again_and_others_are_not() {
    let failing = |first: Vec<u8>| async move {
        let peer = Peer::new(vec![first, good()]);
        (peer.get().await, peer.asked())
    };
    for passing in [
        answer("500 No", "", b"{}"),
        answer("503 No", "", b"{}"),
        answer("429 Slow", "retry-after: 0\r\n", b"{}"),
        answer(
            "200 OK",
            "content-type: text/html\r\n",
            b"<html>maintenance</html>",
        ),
        answer("200 OK", "", b"  <!doctype html>"),
        answer("200 OK", "content-encoding: gzip\r\n", b"no gzip at all"),
        answer("200 OK", "", b"\xff\xfe{\0}\0"),
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":".to_vec(),
        Vec::new(),
    ] {
        let (reply, asked) = failing(passing.clone()).await;
        assert!(
            reply.is_ok() && asked == 2,
            "{}: {reply:?}",
            String::from_utf8_lossy(&passing)
        );
    }
    for lasting in [
        answer("404 No", "", b"{}"),
        answer("401 No", "", b"{}"),
        answer("301 Moved", "location: http://169.254.169.254/\r\n", b""),
        answer("302 Moved", "location: /x\r\n", b""),
        answer(
            "403 No",
            "cf-mitigated: challenge\r\ncontent-type: text/html\r\n",
            b"<html>",
        ),
        answer("429 Slow", "retry-after: 315360000\r\n", b"{}"),
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n{}".to_vec(),
        answer("200 OK", "", &[b' '; 10_001]),
    ] {
        let (reply, asked) = failing(lasting.clone()).await;
        assert!(
            reply.is_err() && asked == 1,
            "{}: {reply:?}",
            String::from_utf8_lossy(&lasting[..60.min(lasting.len())])
        );
    }
}

#[tokio::test]
async fn a_bomb_costs_no_more_than_the_limit() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder
        .write_all(&vec![b' '; 5_000_000])
        .expect("in memory");
    let bomb = encoder.finish().expect("in memory");
    let peer = Peer::new(vec![answer("200 OK", "content-encoding: gzip\r\n", &bomb)]);
    assert!(matches!(peer.get().await, Err(HttpError::TooLarge { .. })));
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let silent = Peer {
        origin,
        heads: Arc::default(),
    };
    assert!(matches!(silent.get().await, Err(HttpError::Timeout { .. })));
}

#[tokio::test]
async fn the_budget_holds_across_clients() {
    let peer = Peer::new(vec![good()]);
    let ledger = Arc::new(Memory::default());
    let url = format!("{}/x", peer.origin);
    for _ in 0..3 {
        let reply = peer.client(3, &ledger).get(&url, Wants::Json).await;
        assert!(reply.is_ok(), "{reply:?}");
    }
    let over = peer.client(3, &ledger).get(&url, Wants::Json).await;
    let Err(HttpError::Budget { resets, .. }) = over else {
        panic!("{over:?}")
    };
    assert_eq!(resets.to_string(), "2026-07-02T00:00:00Z");
    assert_eq!(peer.asked(), 3);
}

#[tokio::test]
async fn a_host_that_keeps_failing_is_left_alone() {
    let peer = Peer::new(vec![answer("500 No", "", b"{}")]);
    let client = peer.client(1000, &Arc::new(Memory::default()));
    let url = format!("{}/x", peer.origin);
    assert!(matches!(
        client.get(&url, Wants::Json).await,
        Err(HttpError::Status { status: 500, .. })
    ));
    let resting = client.get(&url, Wants::Json).await;
    assert!(
        matches!(resting, Err(HttpError::Resting { .. })),
        "{resting:?}"
    );
    assert_eq!(peer.asked(), 5);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let peer = Peer::new(vec![good(), answer("304 Same", "", b"")]);
    let client = peer.client(1000, &Arc::new(Memory::default()));
    let url = format!("{}/x", peer.origin);
    assert!(
        !client
            .get_if_changed(&url, Wants::Json)
            .await
            .expect("an answer")
            .unchanged
    );
    let second = client
        .get_if_changed(&url, Wants::Json)
        .await
        .expect("an answer");
    assert!(second.unchanged && second.body == b"{\"a\":1}");
    let heads = peer.heads.lock();
    assert!(heads[1].contains("if-none-match: \"1\""));
}

#[tokio::test]
async fn only_listed_hosts_are_asked_and_only_public_addresses() {
    let peer = Peer::new(vec![good()]);
    let client = peer.client(1000, &Arc::new(Memory::default()));
    let evil = peer.origin.replace("127.0.0.1", "127.0.0.1@127.0.0.2");
    for url in [
        "https://example.com/",
        "file:///etc/passwd",
        "",
        &evil,
        "http://127.0.0.1:1/",
    ] {
        let refused = client.get(url, Wants::Json).await;
        assert!(
            matches!(refused, Err(HttpError::NotAllowed { .. })),
            "{url}: {refused:?}"
        );
    }
    let public = |origin: &str| {
        let host = Host {
            origin: origin.to_owned(),
            per_second: 1e4,
            per_day: 9,
            private: false,
        };
        let config = Config::new("", vec![host]);
        Client::new(
            config,
            Arc::new(Memory::default()),
            Arc::new(FixedClock(noon())),
        )
    };
    for origin in [
        "https://127.0.0.1",
        "https://[::1]",
        "https://169.254.169.254",
        "https://localhost",
    ] {
        let client = public(origin).expect("a client");
        let refused = client.get(&format!("{origin}/x"), Wants::Json).await;
        assert!(
            matches!(refused, Err(HttpError::Private { .. })),
            "{origin}: {refused:?}"
        );
    }
    for origin in ["http://example.com", "ftp://example.com", "example.com", ""] {
        assert!(public(origin).is_err(), "{origin}");
    }
    assert_eq!(peer.asked(), 0);
}
