//! The store as its callers see it: durable, refusing what is not its own.

use afwd::domain::{BattingCounts, BattingLine, Club, Level, Position, ProspectId, Season};
use afwd::store::{Change, Config, OpenError, Opening, PlayerFacts, Store, StoreError};
use jiff::civil::{Date, date};

const PLAYER: ProspectId = ProspectId(700_001);

fn open(dir: &std::path::Path) -> Store {
    Store::open(&Config::new(dir), Opening::CreateIfAbsent).expect("a new store")
}

fn line(season: u16, as_of: Date, hits: u16) -> BattingLine {
    let counts = BattingCounts {
        g: 100,
        pa: 400,
        ab: 350,
        h: hits,
        ..BattingCounts::default()
    };
    BattingLine {
        season: Season(season),
        level: Level::DoubleA,
        club: Club::default(),
        position: Some(Position::SS),
        as_of,
        counts,
    }
}

fn named(name: &str, rank: u16) -> PlayerFacts {
    PlayerFacts {
        name: name.to_owned(),
        name_rank: rank,
        ..PlayerFacts::default()
    }
}

fn put(store: &Store, lines: &[BattingLine]) -> Vec<Change> {
    let rows: Vec<_> = lines.iter().map(|line| (PLAYER, *line)).collect();
    store
        .write(|tx| {
            tx.put_players(&[(PLAYER, named("Ana Gram", 1))])?;
            tx.put_batting(&rows)
        })
        .expect("a write")
}

#[test]
fn the_newest_month_of_a_season_counts() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    put(
        &store,
        &[
            line(2025, date(2025, 6, 1), 40),
            line(2025, date(2025, 8, 1), 90),
            line(2024, date(2024, 12, 31), 70),
        ],
    );
    let history = store
        .read(|tx| tx.history(PLAYER))
        .expect("a read")
        .expect("the player");
    let hits: Vec<_> = history
        .batting
        .iter()
        .map(|line| (line.season.0, line.counts.h))
        .collect();
    assert_eq!(hits, [(2024, 70), (2025, 90)]);
    assert_eq!(store.read(|tx| tx.histories()).expect("a read"), [history]);
}

#[test]
fn the_same_again_changes_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    let lines = [line(2025, date(2025, 8, 1), 90)];
    assert_eq!(put(&store, &lines), [Change::Added]);
    let before = store
        .read(|tx| Ok((tx.digest()?, tx.change_seq()?)))
        .expect("a read");
    assert_eq!(put(&store, &lines), [Change::Unchanged]);
    assert_eq!(
        store
            .read(|tx| Ok((tx.digest()?, tx.change_seq()?)))
            .expect("a read"),
        before
    );
    assert_eq!(
        put(&store, &[line(2025, date(2025, 8, 1), 91)]),
        [Change::Updated]
    );
    assert_ne!(
        store
            .read(|tx| Ok((tx.digest()?, tx.change_seq()?)))
            .expect("a read"),
        before
    );
}

#[test]
fn facts_do_not_depend_on_the_order_of_arrival() {
    let digests = [["Old Name", "New Name"], ["New Name", "Old Name"]].map(|names| {
        let dir = tempfile::tempdir().expect("a directory");
        let store = open(dir.path());
        for name in names {
            let rank = if name == "New Name" { 2 } else { 1 };
            store
                .write(|tx| tx.put_players(&[(PLAYER, named(name, rank))]))
                .expect("a write");
        }
        let player = store
            .read(|tx| tx.prospect(PLAYER))
            .expect("a read")
            .expect("the player");
        assert_eq!(player.name, "New Name");
        store.read(|tx| tx.digest()).expect("a digest")
    });
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    let failed = store.write(|tx| {
        tx.put_players(&[(PLAYER, named("Nobody", 1))])?;
        Err::<(), _>(StoreError::Refused("changed my mind".into()))
    });
    assert!(failed.is_err());
    assert_eq!(store.read(|tx| tx.prospect(PLAYER)).expect("a read"), None);
}

#[test]
fn what_is_not_a_store_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("afwd.redb");
    let attempt =
        || Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect_err("refused");
    assert!(matches!(
        Store::open(&Config::new(dir.path()), Opening::MustExist).expect_err("refused"),
        OpenError::Missing(_)
    ));
    std::fs::write(&file, []).expect("an empty file");
    assert!(matches!(attempt(), OpenError::Empty(_)));
    std::fs::write(&file, "minutes of the league meeting").expect("a foreign file");
    assert!(matches!(attempt(), OpenError::Foreign { .. }));
    assert_eq!(
        std::fs::read(&file).expect("the file"),
        b"minutes of the league meeting"
    );
    std::fs::remove_file(&file).expect("removed");
    redb::Database::create(&file).expect("somebody else's database");
    assert!(matches!(attempt(), OpenError::Foreign { .. }));
}

#[test]
fn a_second_opening_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let _store = open(dir.path());
    let second = Store::open(&Config::new(dir.path()), Opening::MustExist).expect_err("refused");
    assert!(matches!(second, OpenError::AlreadyOpen(_)), "{second}");
}

#[test]
fn a_damaged_row_is_an_error_that_names_it() {
    let dir = tempfile::tempdir().expect("a directory");
    drop({
        let store = open(dir.path());
        put(&store, &[line(2025, date(2025, 8, 1), 90)]);
        store
    });
    let database = redb::Database::open(dir.path().join("afwd.redb")).expect("the file");
    let table: redb::TableDefinition<'_, u32, &[u8]> = redb::TableDefinition::new("prospects");
    let tx = database.begin_write().expect("a write");
    tx.open_table(table)
        .expect("the table")
        .insert(PLAYER.0, [1, 2, 3, 4, 5, 6].as_slice())
        .expect("an insert");
    tx.commit().expect("a commit");
    drop(database);
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    let error = store.read(|tx| tx.prospect(PLAYER)).expect_err("damaged");
    let text = error.to_string();
    assert!(
        text.contains("prospects") && text.contains("700001"),
        "{text}"
    );
}
