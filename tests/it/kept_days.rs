//! Kept days: those of the first releases answer as they did, those of today are small,
//! and one that can't be read costs nobody a page.

mod season;

use std::path::Path;
use std::sync::Arc;

use afwd::clock::SystemClock;
use afwd::domain::{AsOf, ProspectId, Season};
use afwd::pipeline::{board, daily_boards, demo};
use afwd::rankings::{
    Board, BoardData, BoardQuery, Catalog, DayAnswer, FeatureSet, MoversQuery, RankingsError,
};
use afwd::simulate::LeagueSettings;
use afwd::store::{BoardMeta, Config, DayBoard, KeptDay, Opening, Store, StoredBoard};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::json;
use tempfile::TempDir;

use season::Year;

const MODEL: &str = "2021-test";

/// A store of the first release, with the board of the last day of 2022 as it was kept
/// then: the whole board, features and all.
fn first_release() -> (TempDir, Store) {
    let dir = TempDir::new().expect("a directory");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let packed = std::fs::read(fixtures.join("schema-1.redb.zst")).expect("a frozen store");
    let file = zstd::decode_all(packed.as_slice()).expect("its bytes");
    std::fs::write(dir.path().join("afwd.redb"), file).expect("room");
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    (dir, store)
}

fn empty() -> (TempDir, Store) {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    (dir, store)
}

fn kept(store: &Store, day: Date) -> Board {
    match daily_boards::board(store, day).expect("reads") {
        DayAnswer::Kept(board) => *board,
        other => panic!("{day}: {other:?}"),
    }
}

fn words(board: &Board) -> serde_json::Value {
    let query = BoardQuery {
        limit: 12,
        ..BoardQuery::default()
    };
    let features = FeatureSet::defined();
    let reasons: Vec<_> = board
        .ids()
        .step_by(20)
        .filter_map(|id| {
            let (role, _) = board.prediction(id, None)?;
            board.explanation(id, None, features.of(role))
        })
        .collect();
    let mut page = board.page(&query).expect("a page");
    // A token is of the question, and questions change.
    page.next_cursor = None;
    json!({
        "page": page,
        "reasons": reasons,
        "fine_wine": board.fine_wine(None),
    })
}

#[test]
fn a_board_kept_whole_by_the_first_release_answers_as_it_did() {
    let (_dir, store) = first_release();
    insta::assert_json_snapshot!(words(&kept(&store, Season(2022).last_day())));
}

#[test]
fn a_whole_board_becomes_small_when_its_time_is_over_and_tells_the_same() {
    let (_dir, store) = first_release();
    let day = Season(2022).last_day();
    let whole = kept(&store, day);
    daily_boards::keep(&store, day.saturating_add(45.days())).expect("keeps");
    let read = |day| store.read(|tx| tx.kept_day(day)).expect("reads");
    assert!(matches!(read(day), Some(KeptDay::Whole(_))), "not before");
    daily_boards::keep(&store, day.saturating_add(46.days())).expect("keeps");
    assert!(matches!(read(day), Some(KeptDay::Board(_))), "then");
    let small = kept(&store, day);
    assert!(whole.ids().eq(small.ids()), "the same order");
    for id in whole.ids() {
        let (then, now) = (whole.row(id).expect("a row"), small.row(id).expect("a row"));
        assert!((then.probability - now.probability).abs() <= 1e-6);
        assert!((then.lower - now.lower).abs() <= 1e-6);
        assert!((then.upper - now.upper).abs() <= 1e-6);
        let rounded = |mut row: afwd::rankings::view::BoardRow| {
            (row.probability, row.lower, row.upper) = (0.0, 0.0, 0.0);
            row
        };
        assert_eq!(rounded(then), rounded(now));
        let explained = |board: &Board| {
            let features = FeatureSet::defined();
            let (role, _) = board.prediction(id, None).expect("predicted");
            board
                .explanation(id, None, features.of(role))
                .expect("explained")
        };
        let (then, now) = (explained(&whole), explained(&small));
        assert!(now.features.is_empty() && now.groups.len() == then.groups.len());
        let sum: f64 = now.groups.iter().map(|group| group.log_odds).sum();
        assert!(
            (now.base_log_odds + sum - now.log_odds).abs() < 1e-9,
            "it adds up"
        );
        for group in &then.groups {
            let same = now.groups.iter().find(|other| other.group == group.group);
            let same = same.expect("the same groups");
            assert!(
                (same.log_odds - group.log_odds).abs() < 1e-3 + 1e-6 / now.probability,
                "{group:?} {same:?}"
            );
        }
    }
}

/// The first so many days of a made-up season, kept.
fn season(store: &Store, players: usize, days: u32) -> Vec<(Date, DayBoard)> {
    let mut year = Year::new(players);
    let mut boards = Vec::new();
    for n in 0..days {
        let day = date(2026, 4, 1).saturating_add(i64::from(n).days());
        let board = year.next_day();
        let differs = store.write(|tx| tx.keep_day(day, &meta(), &board));
        assert!(differs.expect("keeps"), "{day}: every day is another");
        boards.push((day, board));
    }
    boards
}

fn meta() -> BoardMeta {
    BoardMeta {
        season: Season(2026),
        model_id: MODEL.to_owned(),
        data_seq: 7,
    }
}

/// Bytes of the store's file, written compactly.
fn size(store: &Store, dir: &Path) -> u64 {
    let copy = dir.join("copy.redb");
    store.export(&copy).expect("a copy");
    let size = std::fs::metadata(&copy).expect("the copy").len();
    std::fs::remove_file(&copy).expect("room");
    size
}

#[test]
fn every_day_of_a_season_reads_back_as_it_was_and_takes_few_bytes() {
    let (dir, store) = empty();
    let before = size(&store, dir.path());
    let boards = season(&store, 2000, 24);
    for (day, board) in boards.iter().step_by(7) {
        let read = store.read(|tx| tx.kept_day(*day)).expect("reads");
        let Some(KeptDay::Board(read)) = read else {
            panic!("{day} is not kept small")
        };
        assert_eq!(read.lines.len(), board.lines.len());
        for (read, line) in read.lines.iter().zip(&board.lines) {
            assert_eq!(
                (
                    read.id,
                    read.rank,
                    read.tier,
                    read.level,
                    read.club,
                    read.playing_time
                ),
                (
                    line.id,
                    line.rank,
                    line.tier,
                    line.level,
                    line.club,
                    line.playing_time
                )
            );
            let (a, b) = (read.prediction.probability, line.prediction.probability);
            assert!((a - b).abs() <= 5.1e-7, "{a} {b}");
        }
    }
    let id = boards[0].1.lines[100].id;
    let standings = daily_boards::standings(&store, id).expect("reads");
    for (day, standing) in &standings {
        let board = &boards.iter().find(|(on, _)| on == day).expect("kept").1;
        let line = board
            .lines
            .iter()
            .find(|line| line.id == id)
            .expect("on it");
        assert_eq!(standing.rank, line.rank, "{day}");
    }
    assert!(standings.len() > 20, "{} days", standings.len());
    // 60 MB for 180 days of 10,300 players are 32 bytes for each of them. Early in a
    // season, and where few players hardly fill a page, it is a half more.
    let grown = size(&store, dir.path()) - before;
    let each = grown as f64 / (2000.0 * 24.0);
    println!("{each:.1} bytes per player and day");
    assert!(each < 48.0, "{each} bytes per player and day");
}

/// A season at full size: how large it is and how long reading takes.
/// `cargo test --release --test it a_season_at_full_size -- --ignored --nocapture`
#[test]
#[ignore = "a measurement: a minute in a release build"]
fn a_season_at_full_size() {
    let (dir, store) = empty();
    let before = size(&store, dir.path());
    let clock = std::time::Instant::now;
    let begun = clock();
    let boards = season(&store, 11_500, 180);
    let kept = begun.elapsed() / 180;
    // The other half of the year: nothing changes.
    let (last, board) = boards.last().expect("days");
    for n in 1..=185 {
        let day = last.saturating_add(i64::from(n).days());
        store
            .write(|tx| tx.keep_day(day, &meta(), board))
            .expect("keeps");
    }
    let grown = size(&store, dir.path()) - before;
    let begun = clock();
    let standings = daily_boards::standings(&store, board.lines[500].id).expect("reads");
    let history = begun.elapsed();
    let begun = clock();
    let read = kept_at(&store, *last);
    println!(
        "365 days of {} players: {:.1} MB; keeping a day with its generation {kept:?}, reading one {:?} \
         ({} lines), a history of {} days {history:?}",
        board.lines.len(),
        grown as f64 / 1e6,
        begun.elapsed(),
        read,
        standings.len(),
    );
    assert!(grown < 60_000_000, "{grown} bytes");
}

fn kept_at(store: &Store, day: Date) -> usize {
    kept(store, day).len()
}

#[test]
fn a_day_on_which_nothing_changed_costs_a_row() {
    let (dir, store) = empty();
    let board = Year::new(1500).next_day();
    let keep = |n: i64| {
        let day = date(2026, 11, 1).saturating_add(n.days());
        store
            .write(|tx| tx.keep_day(day, &meta(), &board))
            .expect("keeps")
    };
    assert!(keep(0), "the first is new");
    let before = size(&store, dir.path());
    assert!((1..100).all(|n| !keep(n)), "the others are not");
    let grown = size(&store, dir.path()) - before;
    assert!(grown < 100 * 256, "{grown} bytes for 99 days");
    assert_eq!(kept(&store, date(2026, 11, 30)).len(), board.lines.len());
}

#[test]
fn a_day_kept_again_leaves_those_written_beside_it_as_they_were() {
    let (_dir, store) = empty();
    let boards = season(&store, 60, 5);
    let read = || -> Vec<Option<KeptDay>> {
        let days = boards.iter().map(|(day, _)| *day);
        days.map(|day| store.read(|tx| tx.kept_day(day)).expect("reads"))
            .collect()
    };
    // Rates are unknown early in a season, and unknown is unlike itself.
    let read = || {
        read()
            .iter()
            .map(|day| format!("{day:?}"))
            .collect::<Vec<_>>()
    };
    let before = read();
    let (second, _) = &boards[1];
    let other = Year::new(30).next_day();
    store
        .write(|tx| tx.keep_day(*second, &meta(), &other))
        .expect("keeps");
    let after = read();
    assert_ne!(before[1], after[1]);
    assert_eq!((&before[0], &before[2..]), (&after[0], &after[2..]));
}

/// Flips a byte in the columns of a day.
fn damage(dir: &Path, day: Date) {
    use redb::ReadableTable as _;

    let database = redb::Database::open(dir.join("afwd.redb")).expect("a database");
    let table: redb::TableDefinition<'_, (i32, u8, u8), &[u8]> =
        redb::TableDefinition::new("day_columns");
    let epoch = date(1970, 1, 1);
    let number = epoch.until(day).expect("a day").get_days();
    let tx = database.begin_write().expect("a write");
    {
        let mut rows = tx.open_table(table).expect("the table");
        let mut bytes = rows
            .get((number, 0, 0))
            .expect("reads")
            .expect("a row")
            .value()
            .to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        rows.insert((number, 0, 0), bytes.as_slice())
            .expect("an insert");
    }
    tx.commit().expect("a commit");
}

/// A league of three seasons with its newest board, and the catalog over it.
fn league(dir: &Path) -> Store {
    let store = Store::open(&Config::new(dir), Opening::CreateIfAbsent).expect("a store");
    let league = LeagueSettings {
        players: 60,
        first_season: Season(2016),
        last_season: Season(2022),
        seed: 7,
    };
    demo::load(&store, &league).expect("a league");
    board::ensure(&store, dir, Season(2022), &SystemClock, &mut |_| ()).expect("a board");
    store
}

fn catalog(store: &Store, dir: &Path) -> Arc<Catalog> {
    let catalog = afwd::app::catalog(store, dir).expect("a catalog");
    catalog.refresh().expect("boards");
    Arc::new(catalog)
}

#[test]
fn a_day_that_cannot_be_read_is_left_out_of_every_answer() {
    let dir = TempDir::new().expect("a directory");
    let store = league(dir.path());
    let [first, second, third] = [1, 2, 3].map(|day| date(2022, 7, day));
    // Three boards that differ: the second and third without the first players.
    let data: StoredBoard<BoardData> = store
        .read(|tx| tx.board(Season(2022)))
        .expect("reads")
        .expect("a board");
    let full = Board::load(data.board).to_keep(&FeatureSet::defined());
    for (gone, day) in [first, second, third].into_iter().enumerate() {
        let mut board = full.clone();
        board.lines.drain(..gone);
        (1..)
            .zip(&mut board.lines)
            .for_each(|(rank, line)| line.rank = rank);
        store
            .write(|tx| tx.keep_day(day, &data.meta, &board))
            .expect("keeps");
    }
    let id = full.lines[10].id;
    let days = |catalog: &Catalog| -> Vec<String> {
        let history = catalog.history_of(id).expect("a history");
        history
            .points
            .into_iter()
            .map(|point| point.as_of)
            .collect()
    };
    let whole = catalog(&store, dir.path());
    assert_eq!(
        days(&whole),
        ["2022", "2022-07-01", "2022-07-02", "2022-07-03"]
    );
    drop((whole, store));

    damage(dir.path(), third);
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    let hurt = catalog(&store, dir.path());
    assert_eq!(days(&hurt), ["2022", "2022-07-01", "2022-07-02"]);
    let moves = hurt.movers(&MoversQuery::default()).expect("movers");
    assert_eq!(
        (moves.from.as_deref(), moves.to.as_deref()),
        (Some("2022-07-01"), Some("2022-07-02"))
    );
    assert_eq!(moves.moves.len(), 1, "{:?}", moves.moves);
    let board = hurt.board(Some(AsOf::Day(third))).expect("the day before");
    assert_eq!(board.len(), full.lines.len() - 1);
    assert_eq!(hurt.unreadable_days(), 1);
    let (kept, unreadable) = daily_boards::check(&store).expect("checks");
    assert_eq!((kept, unreadable.len(), unreadable[0].0), (3, 1, third));

    // The first day is the one the others are written beside.
    drop((hurt, store));
    damage(dir.path(), first);
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    let hurt = catalog(&store, dir.path());
    let moves = hurt.movers(&MoversQuery::default()).expect("movers");
    assert!(moves.from.is_none() && moves.moves.is_empty(), "{moves:?}");
    let gone = hurt
        .board(Some(AsOf::Day(third)))
        .expect_err("none is left");
    assert!(matches!(gone, RankingsError::NoDay { .. }), "{gone}");
    assert_eq!(days(&hurt), ["2022"]);
    // And the next day is kept all the same.
    let day = date(2022, 7, 4);
    store
        .write(|tx| tx.keep_day(day, &data.meta, &full))
        .expect("keeps");
    assert_eq!(kept_at(&store, day), full.lines.len());
}

#[test]
fn boards_in_a_shape_that_is_not_known_are_made_again() {
    let dir = TempDir::new().expect("a directory");
    let store = league(dir.path());
    let make = |season| board::ensure(&store, dir.path(), season, &SystemClock, &mut |_| ());
    make(Season(2021)).expect("a board");
    let read = |season| {
        store
            .read(|tx| tx.board::<BoardData>(season))
            .expect("reads")
    };
    let before = [2021, 2022].map(|season| read(Season(season)).expect("a board"));
    // As they would be if a column had been added to them.
    for stored in &before {
        let wider = (&stored.board, Some(7_u32));
        store
            .write(|tx| tx.put_board(&stored.meta, &wider))
            .expect("puts");
        assert!(read(stored.meta.season).is_none());
    }
    let ensured = make(Season(2022)).expect("a board");
    assert!(ensured.made && ensured.players > 0);
    let [first, newest] = before;
    let bytes = |board: &BoardData| afwd::store::encode_value(board).expect("encodes");
    let again = read(Season(2021)).expect("it was made again");
    assert!(bytes(&again.board) == bytes(&first.board), "the same board");
    let again = read(Season(2022)).expect("it was made again");
    assert!(again.board.ids().eq(newest.board.ids()), "the same players");
    let known = |board: BoardData| {
        let board = Board::load(board);
        let changes: Vec<_> = board
            .ids()
            .filter_map(|id| board.row(id)?.rank_change)
            .collect();
        changes.len()
    };
    assert!(
        known(again.board) > 0,
        "with the changes since the board before"
    );
}

#[test]
fn a_prediction_is_not_made_from_a_day_without_features() {
    let dir = TempDir::new().expect("a directory");
    let store = league(dir.path());
    let day = date(2022, 7, 1);
    daily_boards::keep_season(&store, Season(2022), day).expect("keeps");
    let catalog = catalog(&store, dir.path());
    let id: ProspectId = catalog
        .board(None)
        .expect("a board")
        .ids()
        .next()
        .expect("one");
    let refused = catalog
        .predict(id, Some(AsOf::Day(day)))
        .expect_err("refused");
    assert!(matches!(refused, RankingsError::NoFeatures), "{refused}");
    let page = catalog
        .prospect(id, Some(AsOf::Day(day)))
        .expect("a profile");
    let newest = catalog.prospect(id, None).expect("a profile");
    assert_eq!(
        page.narrative[0], newest.narrative[0],
        "the number and the typical one"
    );
    assert_eq!(page.rates.len(), newest.rates.len());
    assert!(page.explanation.is_some_and(|why| !why.groups.is_empty()));
}
