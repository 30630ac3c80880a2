//! The MLB Stats API as a source: a fake one read and stored whole, its faults,
//! and the recorded bodies of the real one.

mod faults;
mod samples;

use std::collections::BTreeSet;

use afwd::domain::{Finding, Level, Season, Severity, TransactionKind};
use afwd::ingest::mlb::{Ask, Harvest, Page, Purpose, Tally, apply, backfill, daily, read};
use afwd::store::{Config, Opening, Store};
use jiff::civil::{Date, date};

use crate::support::upstream::{self, Upstream};

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
    let harvest = read(&pages, today, Purpose::Daily).expect("a good source");
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
    for _ in 0..12 {
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
    let harvest = read(&pages, TODAY, Purpose::Backfill).expect("a good source");
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
fn every_season_since_2005_can_be_backfilled() {
    let upstream = Upstream::start(upstream::Config {
        players: 2000,
        seasons: (2005, 2026),
        ..upstream::Config::default()
    });
    let (_dir, store) = empty_store();
    for season in (2005..=2026).map(Season) {
        let pages = pages(&upstream, &backfill(season));
        let harvest = read(&pages, TODAY, Purpose::Backfill)
            .unwrap_or_else(|findings| panic!("{season}: {:?}", worst(&findings)));
        assert_eq!(harvest.batting.is_empty(), season.0 == 2020, "{season}");
        assert!(!harvest.mlb.is_empty(), "{season}");
        assert_eq!(harvest.refused, [], "{season}");
        store.write(|tx| apply(&harvest, tx)).expect("applied");
    }
    let seasons = store.read(|tx| tx.seasons()).expect("read");
    assert_eq!(seasons.len(), 21, "there were no minor leagues in 2020");
}

#[test]
fn what_an_import_left_in_the_partition_is_replaced() {
    let (upstream, (_dir, store)) = (source(), empty_store());
    let pages = pages(&upstream, &backfill(Season(2024)));
    let harvest = read(&pages, TODAY, Purpose::Backfill).expect("a good source");
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
    let findings = read(&without, TODAY, Purpose::Daily).expect_err("a page is missing");
    assert!(
        worst(&findings)
            .iter()
            .any(|what| what.contains("page from")),
        "{findings:?}"
    );
    let mut shuffled = good.clone();
    shuffled.reverse();
    let harvest = read(&shuffled, TODAY, Purpose::Daily).expect("the order does not matter");
    assert!(harvest.rows > 0);
}
