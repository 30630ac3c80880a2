//! The fake source failing, on the wire and in its data.

use std::io::{Read, Write};

use afwd::domain::Season;
use afwd::ingest::mlb::{Ask, Harvest, Page, Purpose, Side, Sport, daily, read};

use super::{TODAY, pages, source, worst};
use crate::support::upstream::{Fault, Upstream};

#[test]
fn spoilt_answers_are_not_applied_or_lose_only_their_bad_rows() {
    let upstream = source();
    let good = pages(&upstream, &daily(TODAY, TODAY));
    let lines = |harvest: &Harvest| harvest.batting.len() + harvest.pitching.len();
    let whole = lines(&read(&good, TODAY, Purpose::Daily).expect("a good source"));
    for (fault, wanted) in [
        (Fault::MissingRows, Some("but none are given")),
        (Fault::DuplicatePage, Some("rows are declared")),
        (Fault::ReorderedPage, Some("rows are declared")),
        (Fault::Renamed, Some("`homeRunsHit` may be its new name")),
        (Fault::Empty, Some("though the season has begun")),
        (Fault::Truncated, Some("cut short")),
        (Fault::NotANumber, Some("not readable as JSON")),
        (Fault::Html, Some("web page")),
        (Fault::Unknown, None),
        (Fault::Negative, None),
        (Fault::Absurd, None),
    ] {
        let read = read(&spoilt(&upstream, &good, fault), TODAY, Purpose::Daily);
        match (read, wanted) {
            (Err(findings), Some(wanted)) => {
                let worst = worst(&findings);
                assert!(
                    worst.iter().any(|what| what.contains(wanted)),
                    "{fault:?}: {worst:?}"
                );
            }
            (Ok(harvest), None) if fault == Fault::Unknown => {
                let whats: Vec<_> = harvest.findings.iter().map(|f| f.what.as_str()).collect();
                assert!(
                    whats.iter().any(|what| what.contains("not known before")),
                    "{whats:?}"
                );
                assert_eq!(lines(&harvest), whole);
            }
            (Ok(harvest), None) => {
                assert!(!harvest.refused.is_empty(), "{fault:?}");
                assert!(
                    lines(&harvest) + harvest.refused.len() >= whole,
                    "{fault:?}"
                );
            }
            (Ok(_), Some(_)) => panic!("{fault:?} went unnoticed"),
            (Err(findings), None) => panic!("{fault:?}: {:?}", worst(&findings)),
        }
    }
}

/// The pages while lines of rookie batters come spoilt over the wire: as many as
/// a client fetches until it sees that something is wrong.
fn spoilt(upstream: &Upstream, good: &[Page], fault: Fault) -> Vec<Page> {
    let ask = Ask::Lines {
        season: Season(2026),
        level: Sport::Rookie,
        side: Side::Hitting,
        advanced: false,
    };
    upstream.heal();
    upstream.set_fault_on(
        "stats=season&group=hitting&season=2026&sportIds=16",
        fault,
        None,
    );
    let mut pages: Vec<Page> = good
        .iter()
        .filter(|page| page.ask != ask)
        .cloned()
        .collect();
    let mut offset = Some(0);
    while let Some(at) = offset {
        let (_, body) = get(&upstream.base_url, &ask.path(at), "");
        offset = ask.next(&body, at).unwrap_or(None);
        pages.push(Page {
            ask: ask.clone(),
            offset: at,
            body,
        });
    }
    pages
}

/// Head and body of a GET.
fn get(base_url: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
    let address = base_url.strip_prefix("http://").expect("an address");
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n"
    )
    .expect("sent");
    let mut reply = Vec::new();
    // A reset ends the reply where it got to.
    let _ = stream.read_to_end(&mut reply);
    let end = reply
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .expect("a head")
        + 4;
    let head = String::from_utf8(reply[..end].to_vec()).expect("text");
    (head, reply.split_off(end))
}

#[test]
fn the_fake_source_speaks_http_and_counts() {
    let upstream = source();
    let path = Ask::Dates {
        season: Season(2026),
    }
    .path(0);
    let (head, body) = get(&upstream.base_url, &path, "");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(Some(&body), upstream.answer(&path).as_ref());
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("a tag");
    let (head, body) = get(
        &upstream.base_url,
        &path,
        &format!("if-none-match: {tag}\r\n"),
    );
    assert!(
        head.starts_with("HTTP/1.1 304") && body.is_empty(),
        "{head}"
    );
    let (head, body) = get(&upstream.base_url, &path, "accept-encoding: gzip\r\n");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert_eq!(body[..2], [0x1f, 0x8b]);
    upstream.set_fault_on("seasons", Fault::TooManyYears, Some(1));
    let (head, _) = get(&upstream.base_url, &path, "");
    assert!(
        head.starts_with("HTTP/1.1 429") && head.contains("retry-after: 315360000"),
        "{head}"
    );
    let (head, _) = get(&upstream.base_url, &path, "");
    assert!(
        head.starts_with("HTTP/1.1 200"),
        "a fault ends after its requests: {head}"
    );
    assert_eq!(upstream.requests()["/api/v1/seasons"], 5);
}

#[test]
fn every_fault_has_its_own_way() {
    let upstream = source();
    let path = daily(TODAY, TODAY)[0].path(0);
    for (fault, wanted) in [
        (Fault::Unauthorized, "HTTP/1.1 401"),
        (Fault::Forbidden, "HTTP/1.1 403"),
        (Fault::Challenge, "cf-mitigated: challenge"),
        (Fault::NotFound, "HTTP/1.1 404"),
        (Fault::TooManyDate, "GMT"),
        (Fault::Internal, "HTTP/1.1 500"),
        (Fault::Unavailable, "HTTP/1.1 503"),
        (Fault::RedirectLoop, "location: /api/v1/teams"),
        (Fault::RedirectLocal, "location: http://127.0.0.1"),
        (Fault::RedirectMetadata, "location: http://169.254.169.254"),
        (Fault::BadGzip, "content-encoding: gzip"),
        (Fault::Charset, "charset=ISO-8859-1"),
        (Fault::Reset, "HTTP/1.1 200"),
    ] {
        upstream.heal();
        upstream.set_fault(fault);
        let (head, _) = get(&upstream.base_url, &path, "");
        assert!(head.contains(wanted), "{fault:?}: {head}");
    }
    upstream.heal();
    upstream.set_fault(Fault::Huge);
    assert!(get(&upstream.base_url, &path, "").1.len() > 10 << 20);
    upstream.heal();
    upstream.set_fault(Fault::GzipBomb);
    assert!(get(&upstream.base_url, &path, "").1.len() < 2 << 20);
}
