//! The store as its callers see it: durable, refusing what is not its own.

use afwd::domain::{
    BattingCounts, BattingLine, Club, Code, Confidence, Decision, Grade, Level, Position,
    Prediction, ProspectId, Review, Role, Sample, Season, SnapshotId,
};
use afwd::store::{
    Change, Config, OpenError, Opening, PlayerFacts, Quarantined, Store, StoreError,
    StoredPrediction, WriteTx,
};
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
        store.read(|tx| tx.digest()).expect("a digest").hash
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

fn sequence(store: &Store) -> u64 {
    store.read(|tx| tx.change_seq()).expect("a read")
}

fn asked(rank: u16) -> Review {
    Review {
        key: "k".to_owned(),
        source: "paper".to_owned(),
        name: "A. Gram".to_owned(),
        birth_date: None,
        organisation: Code::default(),
        position: String::new(),
        age: None,
        grades: vec![Grade {
            source: "paper".to_owned(),
            list: "top100".to_owned(),
            list_year: Season(2025),
            published: Some(date(2025, 2, 1)),
            sample: Sample::Full,
            rank: Some(rank),
            org_rank: None,
            future_value: None,
            tools: Vec::new(),
        }],
        candidates: vec![PLAYER],
        decision: Decision::Open,
    }
}

/// A write transaction's closure.
type Step = Box<dyn FnOnce(&mut WriteTx) -> Result<(), StoreError>>;

#[test]
fn a_change_of_the_truth_raises_the_sequence_and_nothing_else_does() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    put(&store, &[line(2025, date(2025, 8, 1), 90)]);
    let snapshot = SnapshotId {
        prospect: PLAYER,
        season: Season(2025),
        role: Role::Hitter,
    };
    let prediction = StoredPrediction {
        snapshot,
        model_id: "m".to_owned(),
        made_at: jiff::Timestamp::UNIX_EPOCH,
        prediction: Prediction {
            probability: 0.5,
            lower: 0.25,
            upper: 0.75,
            confidence: Confidence::Low,
            evaluated: true,
        },
    };
    let grade = asked(5).grades.remove(0);
    let steps: Vec<(&str, bool, Step)> = vec![
        (
            "a question",
            true,
            Box::new(|tx| tx.put_reviews(&[asked(5)]).map(drop)),
        ),
        (
            "the same again",
            false,
            Box::new(|tx| tx.put_reviews(&[asked(5)]).map(drop)),
        ),
        (
            "an answer",
            true,
            Box::new(|tx| tx.decide_review("k", Decision::Matched(PLAYER)).map(drop)),
        ),
        (
            "an answer taken back",
            true,
            Box::new(|tx| tx.decide_review("k", Decision::Open).map(drop)),
        ),
        (
            "a question nobody need answer",
            true,
            Box::new(move |tx| tx.answer_reviews(&[("k".to_owned(), grade)])),
        ),
        (
            "a prediction",
            false,
            Box::new(move |tx| tx.put_predictions(&[prediction])),
        ),
        (
            "a source",
            false,
            Box::new(|tx| tx.change_source("mlb", |source| source.rows = 3)),
        ),
        (
            "a refused row",
            true,
            Box::new(|tx| tx.put_quarantined("a.csv", &[refused()]).map(drop)),
        ),
        (
            "a file without one",
            true,
            Box::new(|tx| tx.put_quarantined("a.csv", &[]).map(drop)),
        ),
    ];
    for (what, rises, step) in steps {
        let digest = || store.read(|tx| tx.digest()).expect("a digest").hash;
        let before = (sequence(&store), digest());
        store.write(step).expect(what);
        let after = (sequence(&store), digest());
        assert_eq!(after.0 - before.0, u64::from(rises), "{what}");
        assert_eq!(after.1 != before.1, rises, "{what}");
    }
    assert!(store.read(|tx| tx.reviews()).expect("a read").is_empty());
}

fn refused() -> Quarantined {
    Quarantined {
        file: "a.csv".to_owned(),
        line: 2,
        kind: "milb-hitting".to_owned(),
        reason: "no season".to_owned(),
        row: "a,b".to_owned(),
    }
}

/// What changed after `sequence`, in words.
fn changes(store: &Store, sequence: u64) -> Option<Vec<String>> {
    let changes = store
        .read(|tx| tx.changes_since(sequence))
        .expect("a read")?;
    let mut said = Vec::new();
    for change in changes {
        for (table, touched) in change.tables {
            let ids = touched.ids().map(|ids| ids.collect::<Vec<_>>());
            said.push(match ids {
                Some(ids) => format!("{} {table} {ids:?}", change.sequence),
                None => format!("{} {table}", change.sequence),
            });
        }
    }
    Some(said)
}

#[test]
fn whoever_follows_is_told_what_changed() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    assert_eq!(changes(&store, 0), Some(Vec::new()));
    put(&store, &[line(2025, date(2025, 8, 1), 90)]);
    let first = [
        "1 batting [700001]",
        "1 months [700001]",
        "1 prospects [700001]",
    ];
    assert_eq!(changes(&store, 0).expect("known"), first);
    put(&store, &[line(2025, date(2025, 8, 1), 90)]);
    assert_eq!(changes(&store, 1), Some(Vec::new()), "nothing changed");
    store
        .write(|tx| tx.put_reviews(&[asked(5)]))
        .expect("a write");
    assert_eq!(changes(&store, 1).expect("known"), ["2 reviews"]);
    let many: Vec<_> = (1..=6_000)
        .map(|id| (ProspectId(id), named("Anybody", 1)))
        .collect();
    store.write(|tx| tx.put_players(&many)).expect("a write");
    assert_eq!(changes(&store, 2).expect("known"), ["3 prospects"]);
    assert_eq!(changes(&store, 0).expect("known").len(), 5);
    assert_eq!(changes(&store, 4), None, "it was never there");
    assert_eq!(changes(&store, u64::MAX), None);
}

#[test]
fn the_index_follows_players_and_what_they_did_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path());
    let last = || store.read(|tx| tx.last_change_of_names()).expect("a read");
    assert_eq!(last(), 0);
    put(&store, &[line(2025, date(2025, 8, 1), 90)]);
    assert_eq!(last(), 1);
    put(&store, &[line(2025, date(2025, 8, 1), 91)]);
    store
        .write(|tx| tx.put_reviews(&[asked(5)]))
        .expect("a write");
    assert_eq!((sequence(&store), last()), (3, 2));
    put(&store, &[line(2026, date(2026, 8, 1), 2)]);
    assert_eq!((sequence(&store), last()), (4, 4));
}

#[test]
fn a_change_without_a_note_is_not_passed_over() {
    let dir = tempfile::tempdir().expect("a directory");
    drop({
        let store = open(dir.path());
        put(&store, &[line(2025, date(2025, 8, 1), 90)]);
        store
    });
    // As a program from before the list of changes would.
    let database = redb::Database::open(dir.path().join("afwd.redb")).expect("the file");
    let meta: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("meta");
    let tx = database.begin_write().expect("a write");
    tx.open_table(meta)
        .expect("the table")
        .insert("changes", 2_u64.to_le_bytes().as_slice())
        .expect("an insert");
    tx.commit().expect("a commit");
    drop(database);
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    assert_eq!(changes(&store, 1), None);
    assert_eq!(
        store.read(|tx| tx.last_change_of_names()).expect("a read"),
        2
    );
    assert_eq!(changes(&store, 2), Some(Vec::new()));
    put(&store, &[line(2025, date(2025, 8, 1), 91)]);
    assert_eq!(changes(&store, 2).expect("known"), ["3 batting [700001]"]);
}
