//! The MLB Stats API as a source: a fake one read and stored whole, its faults,
//! and the recorded bodies of the real one.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use afwd::domain::{Check, Finding, Level, Season, Severity, TransactionKind};
use afwd::ingest::mlb::{
    Ask, Harvest, Kind, Page, Rules, Side, Sport, Tally, apply, backfill, daily, read, read_under,
};
use afwd::store::{Config, Opening, Store};
use jiff::civil::{Date, date};

use crate::support::upstream::{self, Fault, Upstream};

const TODAY: Date = date(2026, 7, 1);

fn source() -> Upstream {
    Upstream::start(upstream::Config {
        // Small pages, so that answers have several.
        page: 40,
        players: 900,
        ..upstream::Config::default()
    })
}

fn empty_store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    (dir, store)
}

/// Every page of every question, without the network.
fn pages(upstream: &Upstream, asks: &[Ask]) -> Vec<Page> {
    let mut pages = Vec::new();
    for ask in asks {
        let mut offset = Some(0);
        while let Some(at) = offset {
            let body = upstream.answer(&ask.path(at)).expect("an answer");
            offset = ask.next(&body, at).expect("a page");
            pages.push(Page {
                ask: ask.clone(),
                offset: at,
                body,
            });
        }
    }
    pages
}

fn refresh(upstream: &Upstream, store: &Store, today: Date) -> (Harvest, Tally) {
    upstream.set_today(today);
    let yesterday = today.yesterday().expect("a day before");
    let pages = pages(upstream, &daily(today, yesterday));
    let harvest = read(&pages, today, Kind::Daily).expect("a good source");
    let tally = store.write(|tx| apply(&harvest, tx)).expect("applied");
    (harvest, tally)
}

fn worst(findings: &[Finding]) -> Vec<&str> {
    let critical = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Critical);
    critical.map(|finding| finding.what.as_str()).collect()
}

#[test]
fn a_season_is_stored_and_storing_it_again_changes_nothing() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let (harvest, tally) = refresh(&upstream, &store, TODAY);
    assert!(
        harvest.batting.len() > 100 && harvest.pitching.len() > 100,
        "{}",
        harvest.rows
    );
    assert!(
        !harvest.mlb.is_empty() && !harvest.limits.is_empty() && !harvest.transactions.is_empty()
    );
    assert_eq!(tally.batting.added, players(&harvest.batting));
    assert_eq!(worst(&harvest.findings), [""; 0]);
    assert_eq!(harvest.refused, []);
    let state = |store: &Store| {
        store
            .read(|tx| Ok((tx.digest()?.hash, tx.change_seq()?)))
            .expect("read")
    };
    let before = state(&store);
    let again = store.write(|tx| apply(&harvest, tx)).expect("applied");
    assert_eq!(state(&store), before);
    assert_eq!((again.total().added, again.total().updated), (0, 0));
}

fn players<L>(lines: &[(afwd::domain::ProspectId, L)]) -> u64 {
    lines
        .iter()
        .map(|(id, _)| *id)
        .collect::<BTreeSet<_>>()
        .len() as u64
}

#[test]
fn totals_grow_day_by_day_and_history_stays() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let mut played = 0;
    let mut day = TODAY;
    for _ in 0..30 {
        let (harvest, _) = refresh(&upstream, &store, day);
        let now: u64 = harvest
            .batting
            .iter()
            .map(|(_, line)| u64::from(line.counts.pa))
            .sum();
        assert!(
            now >= played,
            "{day}: {now} plate appearances after {played}"
        );
        played = now;
        day = day.tomorrow().expect("a day after");
    }
    let (moved, promotions) = store
        .read(|tx| {
            let july = tx.transactions_between(TODAY, day)?;
            let up = july
                .iter()
                .filter(|(_, one)| one.kind == TransactionKind::Promotion);
            Ok((july.len(), up.count()))
        })
        .expect("read");
    assert!(
        promotions > 0 && promotions < moved,
        "{promotions} of {moved}"
    );
    let lines = store
        .read(|tx| {
            let histories = tx.histories()?;
            Ok(histories
                .iter()
                .map(|h| h.batting.len() + h.pitching.len())
                .sum::<usize>())
        })
        .expect("read");
    let (harvest, _) = refresh(&upstream, &store, day);
    assert!(
        lines <= harvest.batting.len() + harvest.pitching.len(),
        "nothing counts twice"
    );
}

#[test]
fn a_backfill_says_nothing_of_today() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let pages = pages(&upstream, &backfill(Season(2024)));
    let harvest = read(&pages, TODAY, Kind::Backfill).expect("a good source");
    assert!(harvest.affiliations.is_empty() && harvest.transactions.is_empty());
    assert!(
        harvest
            .batting
            .iter()
            .all(|(_, line)| line.as_of == Season(2024).last_day())
    );
    assert!(
        harvest
            .batting
            .iter()
            .any(|(_, line)| !line.club.organisation.is_unknown())
    );
    assert!(
        harvest
            .batting
            .iter()
            .any(|(_, line)| line.counts.swings.is_some())
    );
    store.write(|tx| apply(&harvest, tx)).expect("applied");
    let (_, next) = refresh(&upstream, &store, TODAY);
    assert_eq!(next.batting.updated, 0, "another season's lines stay");
}

#[test]
fn what_an_import_left_in_the_partition_is_replaced() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let pages = pages(&upstream, &backfill(Season(2024)));
    let harvest = read(&pages, TODAY, Kind::Backfill).expect("a good source");
    let (id, mut imported) = harvest.batting[0];
    imported.club.team_id += 1;
    imported.level = Level::ShortSeasonA;
    store
        .write(|tx| tx.put_batting(&[(id, imported)]))
        .expect("imported");
    store.write(|tx| apply(&harvest, tx)).expect("applied");
    let history = store
        .read(|tx| tx.history(id))
        .expect("read")
        .expect("known");
    assert!(
        history
            .batting
            .iter()
            .all(|line| line.level != Level::ShortSeasonA)
    );
}

#[test]
fn spoilt_answers_are_not_applied_or_lose_only_their_bad_rows() {
    let upstream = source();
    let good = pages(&upstream, &daily(TODAY, TODAY));
    let lines = |harvest: &Harvest| harvest.batting.len() + harvest.pitching.len();
    let whole = lines(&read(&good, TODAY, Kind::Daily).expect("a good source"));
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
        let read = read(&spoilt(&upstream, &good, fault), TODAY, Kind::Daily);
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

#[test]
fn january_has_no_season_and_loses_nobody() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let (full, _) = refresh(&upstream, &store, date(2025, 12, 30));
    let before = store.read(|tx| Ok(tx.histories()?.len())).expect("read");
    let (harvest, _) = refresh(&upstream, &store, date(2026, 1, 10));
    assert!(harvest.batting.is_empty() && !full.batting.is_empty());
    assert!(
        harvest
            .findings
            .iter()
            .any(|finding| finding.what.contains("before the season"))
    );
    let after = store.read(|tx| Ok(tx.histories()?.len())).expect("read");
    assert_eq!(before, after);
}

#[test]
fn a_page_that_is_missing_or_extra_stops_the_source() {
    let upstream = source();
    let good = pages(&upstream, &daily(TODAY, TODAY));
    let later = good
        .iter()
        .position(|page| page.offset > 0)
        .expect("a later page");
    let mut without = good.clone();
    without.remove(later);
    let findings = read(&without, TODAY, Kind::Daily).expect_err("a page is missing");
    assert!(
        worst(&findings)
            .iter()
            .any(|what| what.contains("page from")),
        "{findings:?}"
    );
    let mut shuffled = good.clone();
    shuffled.reverse();
    let harvest = read(&shuffled, TODAY, Kind::Daily).expect("the order does not matter");
    assert!(harvest.rows > 0);
}

/// The recorded bodies and the questions they may stand for.
fn recorded() -> Vec<(&'static str, Ask)> {
    let lines = |season, side| Ask::Lines {
        season: Season(season),
        level: Sport::Majors,
        side,
        advanced: false,
    };
    let people = |season| Ask::People {
        season: Season(season),
        level: Sport::Majors,
    };
    let day = date(2024, 3, 1);
    vec![
        (
            "teams-sport1-2026",
            Ask::Teams {
                season: Season(2026),
            },
        ),
        (
            "teams-mixed-milb-2022",
            Ask::Teams {
                season: Season(2022),
            },
        ),
        ("sports-1-players-2024.first25of1454", people(2024)),
        ("sports-players.trimmed11", people(2022)),
        ("person-660271", people(2026)),
        ("person-676265", people(2022)),
        ("people-yearByYear-milb_all-677941.trimmed", people(2026)),
        ("person-season-multilevel-milb-2025", people(2025)),
        (
            "season-2024-sport1",
            Ask::Dates {
                season: Season(2024),
            },
        ),
        ("draft-2024.trimmed", Ask::Draft { year: Season(2024) }),
        (
            "draft-prospects-2024-limit5",
            Ask::Draft { year: Season(2024) },
        ),
        (
            "transactions-2024-03-01_02.trimmed",
            Ask::Transactions {
                from: day,
                to: date(2024, 3, 2),
            },
        ),
        ("roster-147-active-2024", Ask::Roster { team: 147, day }),
        (
            "roster-fullSeason-5015-2025-hydrated.trimmed3",
            Ask::Roster { team: 5015, day },
        ),
        (
            "stats-bulk-projected_ZipsRos-2026-hitting.trimmed3",
            lines(2026, Side::Hitting),
        ),
        (
            "stats-bulk-projected_ZipsRos-2026-pitching.trimmed3",
            lines(2026, Side::Pitching),
        ),
    ]
}

#[test]
fn the_recorded_bodies_are_read_row_by_row() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/upstream/samples/mlb-stats-api");
    if !samples.exists() {
        println!("skipped: {} is absent", samples.display());
        return;
    }
    for (name, ask) in recorded() {
        let path = samples.join(format!("{name}.json"));
        let text = std::fs::read_to_string(path).expect("a sample");
        let (body, rows) = as_asked(&text);
        let page = Page {
            ask: ask.clone(),
            offset: 0,
            body,
        };
        let as_of = date(2026, 11, 1);
        let harvest = read_under(&Rules::lenient(), &[page], as_of, Kind::Daily);
        let harvest = harvest.unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        assert_eq!(harvest.rows, rows, "{name}");
        assert_eq!(harvest.refused, [], "{name}");
        let facts = harvest.teams.len()
            + harvest.players.len()
            + harvest.draft.len()
            + harvest.transactions.len()
            + harvest.mlb.len()
            + harvest
                .rosters
                .iter()
                .map(|roster| roster.players.len())
                .sum::<usize>();
        let repeats = harvest
            .findings
            .iter()
            .filter(|finding| finding.check == Check::Duplicates);
        let facts = facts + repeats.map(|finding| finding.count as usize).sum::<usize>();
        println!(
            "{name}: {rows} rows, {facts} facts, {} findings",
            harvest.findings.len()
        );
        assert!(
            facts >= rows as usize || matches!(ask, Ask::Dates { .. }),
            "{name}"
        );
    }
}

/// The sample as the answer it was cut from: statistics under the kind that is
/// asked for, declared totals as cut. Also how many rows it has.
fn as_asked(text: &str) -> (Vec<u8>, u64) {
    let mut body: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let count = |list: &serde_json::Value| list.as_array().map_or(0, Vec::len) as u64;
    let mut rows = 0;
    for key in [
        "teams",
        "people",
        "seasons",
        "transactions",
        "roster",
        "prospects",
    ] {
        rows += count(&body[key]);
    }
    if !body["prospects"].is_null() {
        body["queriedSize"] = serde_json::json!(rows);
    }
    let rounds = body["drafts"]["rounds"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    rows += rounds
        .iter()
        .map(|round| count(&round["picks"]))
        .sum::<u64>();
    if let Some(block) = body.pointer_mut("/stats/0") {
        rows += count(&block["splits"]);
        block["totalSplits"] = serde_json::json!(rows);
        block["type"]["displayName"] = serde_json::json!("season");
    }
    (body.to_string().into_bytes(), rows)
}
