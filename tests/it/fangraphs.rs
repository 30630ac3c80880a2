//! FanGraphs as a second source: off unless asked for, polite, and never a reason
//! for the daily chain to fail.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use afwd::domain::Season;
use afwd::store::{Config, Opening, SourceState, Store};
use jiff::civil::date;

use crate::support::program::afwd;
use crate::support::upstream::{self, Upstream};

const CHALLENGE: &str =
    "HTTP/1.1 403 Forbidden\r\ncf-mitigated: challenge\r\ncontent-type: text/html\r\n";
const TEXT: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";
const ROWS: &str = r#"[{"PlayerName":"Ana Gram","TeamName":"Rockies (AAA)","AffAbbName":"COL","aLevel":"AAA",
    "PA":138.0,"K%":0.1,"BB%":0.2,"wRC+":120.5,"Age":26,"playerids":"sa1","xMLBAMID":700003}]"#;

/// A stand-in that answers by turns; the last answer is repeated.
struct Standin {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Standin {
    fn start(answers: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut head = [0; 4096];
                let read = stream.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                let (status, body) = answers[heard.len().min(answers.len() - 1)];
                heard.push(target);
                let length = body.len();
                // A client that has gone is no concern of ours.
                let _ = write!(
                    stream,
                    "{status}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Refreshes from a fake MLB Stats API and the stand-in; the chain must succeed.
fn refresh(data: &Path, standin: &Standin, more: &[&str]) -> SourceState {
    let today = date(2026, 7, 1);
    let source = Upstream::start(upstream::Config {
        today,
        players: 200,
        ..upstream::Config::default()
    });
    let output = afwd(data)
        .arg("--data")
        .arg(data)
        .arg("--now")
        .arg(format!("{today}T14:00:00Z"))
        .arg("refresh")
        .args(["--mlb-url", &source.base_url, "--mlb-per-second", "100000"])
        .args(["--mlb-small-league", "--accept-mlb-terms"])
        .args(["--fangraphs-url", &standin.url])
        .args(more)
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    open(data)
        .read(|tx| tx.source("fangraphs"))
        .expect("a store")
}

fn open(data: &Path) -> Store {
    Store::open(&Config::new(data), Opening::MustExist).expect("a store")
}

#[test]
fn the_first_challenge_ends_the_run_and_nothing_else() {
    let data = tempfile::tempdir().expect("a directory");
    let standin = Standin::start(&[
        (TEXT, "User-agent: *\nAllow: /\n"),
        (JSON, ROWS),
        (CHALLENGE, "<html>Just a moment"),
    ]);
    let state = refresh(data.path(), &standin, &["--fangraphs"]);
    assert_eq!(standin.asked().len(), 3, "{:?}", standin.asked());
    assert!(
        state.blocked_since.is_some() && state.error.contains("challenge"),
        "{state:?}"
    );
    let kept = open(data.path())
        .read(|tx| tx.leaders(Season(2026)))
        .expect("a store");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].counts.plate_appearances, Some(138));
    refresh(data.path(), &standin, &["--fangraphs"]);
    assert_eq!(
        standin.asked().len(),
        3,
        "who wants to be left alone is left alone"
    );
}

#[test]
fn a_page_in_place_of_data_is_a_challenge_too() {
    let data = tempfile::tempdir().expect("a directory");
    let standin = Standin::start(&[
        (TEXT, "User-agent: *\nAllow: /\n"),
        (PAGE, "<html>Just a moment"),
    ]);
    let state = refresh(data.path(), &standin, &["--fangraphs"]);
    assert_eq!(standin.asked().len(), 2, "{:?}", standin.asked());
    assert!(state.blocked_since.is_some(), "{state:?}");
}

#[test]
fn robots_that_forbid_or_can_not_be_read_are_obeyed() {
    let answers: [&'static [(&str, &str)]; 5] = [
        &[(TEXT, "Your browser is being checked")],
        &[(TEXT, "User-agent: *\nCrawl-delay: 600\n")],
        &[(TEXT, "User-agent: *\nDisallow: /api/\n")],
        &[(PAGE, "<html>hello")],
        &[("HTTP/1.1 404 Not Found\r\n", "")],
    ];
    for answers in answers {
        let data = tempfile::tempdir().expect("a directory");
        let standin = Standin::start(answers);
        let state = refresh(data.path(), &standin, &["--fangraphs"]);
        assert_eq!(standin.asked(), ["/robots.txt"]);
        assert!(state.error.contains("robots.txt"), "{state:?}");
    }
}

#[test]
fn it_is_off_unless_turned_on() {
    let data = tempfile::tempdir().expect("a directory");
    let standin = Standin::start(&[(JSON, ROWS)]);
    let state = refresh(data.path(), &standin, &[]);
    assert_eq!(state, SourceState::default());
    assert!(standin.asked().is_empty());
}
