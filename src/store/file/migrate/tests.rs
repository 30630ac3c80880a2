use std::cell::Cell;
use std::fs;
use std::path::Path;

use redb::{ReadableTable, WriteTransaction};
use tempfile::TempDir;

use super::{Migration, Plan, SCHEMA, Step};
use crate::domain::ProspectId;
use crate::store::tables::META;
use crate::store::{Config, FILE, OpenError, Opening, PlayerFacts, Store, identify};

const PLAYER: ProspectId = ProspectId(700_001);

/// The version a later program might have.
const HEAD: u32 = SCHEMA + 2;

/// Two migrations from today's version on whose steps are not the same when done twice.
const PLAN: Plan = Plan {
    head: HEAD,
    migrations: &[
        Migration {
            to: SCHEMA + 1,
            steps: &[
                Step {
                    what: "one",
                    run: |tx| add(tx, 1),
                },
                Step {
                    what: "ten",
                    run: |tx| add(tx, 10),
                },
                Step {
                    what: "a hundred",
                    run: |tx| add(tx, 100),
                },
            ],
        },
        Migration {
            to: HEAD,
            steps: &[Step {
                what: "a thousand",
                run: |tx| add(tx, 1000),
            }],
        },
    ],
};

thread_local! {
    /// Steps until the power goes; none for never.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

fn add(tx: &WriteTransaction, more: u64) -> Result<(), redb::Error> {
    let mut meta = tx.open_table(META)?;
    let sum = meta.get("sum")?.map_or(0, |row| number(row.value()));
    meta.insert("sum", (sum + more).to_le_bytes().as_slice())?;
    let left = LEFT.get();
    LEFT.set(left.map(|left| left.saturating_sub(1)));
    assert_ne!(left, Some(0), "planted end of the process");
    Ok(())
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

fn open(dir: &Path, plan: &Plan) -> Result<Store, OpenError> {
    Store::open_with(&Config::new(dir), Opening::CreateIfAbsent, plan)
}

/// A store of today.
fn old_store(dir: &Path) {
    let store = open(dir, &Plan::TODAY).expect("a new store");
    let facts = PlayerFacts {
        name: "Ana Gram".to_owned(),
        name_rank: 1,
        ..PlayerFacts::default()
    };
    store
        .write(|tx| tx.put_players(&[(PLAYER, facts.clone())]))
        .expect("a write");
}

fn sum(store: &Store) -> u64 {
    let read = store.read(|tx| {
        let meta = tx.tx.open_table(META)?;
        Ok(meta.get("sum")?.map_or(0, |row| number(row.value())))
    });
    read.expect("a read")
}

fn copy_name(number: &str) -> String {
    format!("before-schema-{HEAD}{number}.redb")
}

fn copies(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).expect("a directory");
    let names = names.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.retain(|name| name != FILE);
    names.sort();
    names
}

#[test]
fn every_step_is_done_once_wherever_the_process_ends() {
    for lives in [&[][..], &[0], &[1], &[2], &[3], &[0, 0, 0], &[1, 0, 1]] {
        let dir = TempDir::new().expect("a directory");
        old_store(dir.path());
        for &steps in lives {
            LEFT.set(Some(steps));
            let error = open(dir.path(), &PLAN).expect_err("the process ends");
            assert!(matches!(error, OpenError::Migration { .. }), "{error}");
        }
        LEFT.set(None);
        for _ in 0..2 {
            let store = open(dir.path(), &PLAN).expect("up to date");
            assert_eq!(sum(&store), 1111, "{lives:?}");
            let player = store.read(|tx| tx.prospect(PLAYER)).expect("a read");
            assert_eq!(player.expect("the player").name, "Ana Gram");
        }
        assert_eq!(copies(dir.path()), [copy_name("")], "{lives:?}");
    }
}

#[test]
fn the_copy_is_the_store_before() {
    let dir = TempDir::new().expect("a directory");
    old_store(dir.path());
    let before = identify(&dir.path().join(FILE)).expect("a store");
    drop(open(dir.path(), &PLAN).expect("up to date"));
    let copy = dir.path().join(copy_name(""));
    assert_eq!(identify(&copy), Some(before));
    fs::rename(copy, dir.path().join(FILE)).expect("back to the old");
    let store = open(dir.path(), &Plan::TODAY).expect("the old program");
    assert_eq!(sum(&store), 0);
}

#[test]
fn another_copy_is_not_overwritten() {
    let dir = TempDir::new().expect("a directory");
    old_store(dir.path());
    fs::write(dir.path().join(copy_name("")), "mine").expect("a file");
    drop(open(dir.path(), &PLAN).expect("up to date"));
    assert_eq!(copies(dir.path()), [copy_name("-2"), copy_name("")]);
}

#[test]
fn an_older_program_refuses_and_changes_nothing() {
    for steps in [None, Some(1)] {
        let dir = TempDir::new().expect("a directory");
        old_store(dir.path());
        LEFT.set(steps);
        let migrated = open(dir.path(), &PLAN);
        assert_eq!(migrated.is_ok(), steps.is_none());
        drop(migrated);
        LEFT.set(None);
        let path = dir.path().join(FILE);
        let bytes = fs::read(&path).expect("the file");
        let error = open(dir.path(), &Plan::TODAY).expect_err("newer");
        let OpenError::Newer { found, known, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(
            (found, known),
            (if steps.is_none() { HEAD } else { SCHEMA + 1 }, SCHEMA)
        );
        assert!(fs::read(&path).expect("the file") == bytes);
    }
}
