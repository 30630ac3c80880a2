//! Frozen stores of every schema there was: this program opens each of them, brings
//! it up to date and finds in it what was frozen.

mod fill;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use afwd::store::{Config, Digest, Opening, Store, TABLE_KINDS, check_copy, schema};
use tempfile::TempDir;

use crate::support::program::{afwd, complained, printed};

/// A frozen store: its schema, and which of that schema's it is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Frozen(u32, u32);

impl Frozen {
    /// Every one there is, oldest first.
    fn all() -> Vec<Self> {
        let every = (1..=schema()).flat_map(|schema| {
            let of_schema = (1..).map(move |number| Self(schema, number));
            of_schema.take_while(|frozen| frozen.path("redb.zst").exists())
        });
        every.collect()
    }

    fn path(self, kind: &str) -> PathBuf {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        fixtures.join(match self {
            Self(schema, 1) => format!("schema-{schema}.{kind}"),
            Self(schema, number) => format!("schema-{schema}-{number}.{kind}"),
        })
    }

    /// A directory with the store.
    fn thawed(self) -> TempDir {
        let dir = TempDir::new().expect("a directory");
        let packed = fs::read(self.path("redb.zst")).expect("a frozen store");
        assert!(packed.len() < 200 << 10, "{} bytes", packed.len());
        let file = zstd::decode_all(packed.as_slice()).expect("its bytes");
        fs::write(dir.path().join("afwd.redb"), file).expect("room");
        dir
    }

    /// The digest it had.
    fn digest(self) -> serde_json::Value {
        let text = fs::read_to_string(self.path("json")).expect("its digest");
        serde_json::from_str(&text).expect("JSON")
    }
}

fn digest(dir: &Path) -> Digest {
    let store = Store::open(&Config::new(dir), Opening::MustExist).expect("opens");
    store.read(|tx| tx.digest()).expect("a digest")
}

#[test]
fn every_frozen_store_opens_with_what_was_frozen_and_decodes() {
    for frozen in Frozen::all() {
        let dir = frozen.thawed();
        let found = serde_json::to_value(digest(dir.path())).expect("JSON");
        let expected = frozen.digest();
        assert_eq!(found["hash"], expected["hash"], "{frozen:?}");
        for table in expected["tables"].as_array().expect("tables") {
            let same = found["tables"].as_array().expect("tables").iter();
            let same = same.filter(|other| other["name"] == table["name"]);
            assert_eq!(same.collect::<Vec<_>>(), [table], "{frozen:?}");
        }
        check_copy(&dir.path().join("afwd.redb")).expect("every page is sound, every row decodes");
    }
}

#[test]
fn every_schema_has_a_frozen_store_and_the_newest_has_rows_in_every_table() {
    let all = Frozen::all();
    let schemas: BTreeSet<u32> = all.iter().map(|frozen| frozen.0).collect();
    assert_eq!(schemas, (1..=schema()).collect());
    let newest = all.last().expect("a frozen store").digest();
    let tables = newest["tables"].as_array().expect("tables");
    let filled = tables.iter().filter(|table| table["rows"] != 0);
    let filled: BTreeSet<&str> = filled.filter_map(|table| table["name"].as_str()).collect();
    let known: BTreeSet<&str> = TABLE_KINDS.iter().map(|(name, _)| *name).collect();
    // Only the first release kept whole days: the oldest store has one.
    let gone = BTreeSet::from(["day_payloads"]);
    let empty: Vec<_> = known.difference(&filled).collect();
    let empty: Vec<_> = empty
        .into_iter()
        .filter(|name| !gone.contains(*name))
        .collect();
    assert!(
        empty.is_empty(),
        "no row of {empty:?} is frozen: put one in tests/it/migrations/fill.rs, then \
         `cargo test --test it freeze -- --ignored`"
    );
}

/// Puts a row with a sound envelope and these bytes as its record.
fn put_nonsense(file: &Path, table: &str, key: u64, record: &[u8]) {
    let table: redb::TableDefinition<'_, u64, &[u8]> = redb::TableDefinition::new(table);
    let mut row = vec![1];
    row.extend(record);
    let sum = blake3::hash(&row);
    row.extend(&sum.as_bytes()[..4]);
    let database = redb::Database::open(file).expect("a database");
    let tx = database.begin_write().expect("a write");
    let mut rows = tx.open_table(table).expect("the table");
    rows.insert(key, row.as_slice()).expect("an insert");
    drop(rows);
    tx.commit().expect("a commit");
}

#[test]
fn a_row_that_does_not_decode_is_found_by_the_doctor_and_in_a_copy() {
    let dir = Frozen(schema(), 1).thawed();
    let file = dir.path().join("afwd.redb");
    check_copy(&file).expect("sound");
    put_nonsense(&file, "jobs", 77, &[77, 3]);
    let error = check_copy(&file)
        .expect_err("a row of no shape")
        .to_string();
    assert!(error.contains("`jobs` at key 77"), "{error}");
    let doctor = afwd(dir.path())
        .args(["doctor", "--data"])
        .arg(dir.path())
        .output()
        .expect("the program runs");
    let said = printed(&doctor);
    assert_eq!(doctor.status.code(), Some(1), "{said}");
    assert!(said.contains("`jobs` at key 77"), "{said}");
}

#[test]
fn a_newer_store_is_refused_with_its_own_exit_code() {
    let dir = Frozen(schema(), 1).thawed();
    let file = dir.path().join("afwd.redb");
    let database = redb::Database::open(&file).expect("a database");
    let meta: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("meta");
    let tx = database.begin_write().expect("a write");
    let newer = (schema() + 1).to_le_bytes();
    tx.open_table(meta)
        .expect("the table")
        .insert("schema", newer.as_slice())
        .expect("an insert");
    tx.commit().expect("a commit");
    drop(database);
    let before = fs::read(&file).expect("the file");
    let refused = afwd(dir.path())
        .args(["digest", "--data"])
        .arg(dir.path())
        .output()
        .expect("the program runs");
    let said = complained(&refused);
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("newer afwd"), "{said}");
    assert!(
        fs::read(&file).expect("the file") == before,
        "it was changed"
    );
}

/// Freezes a store of this schema, before the next one is begun or when a record has a
/// new shape: `cargo test --test it freeze -- --ignored`.
#[test]
#[ignore = "writes a fixture"]
fn freeze_a_store_of_this_schema() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    fill::fill(&store, dir.path());
    let copy = dir.path().join("copy.redb");
    store.export(&copy).expect("a copy");
    drop(store);
    fs::rename(copy, dir.path().join("afwd.redb")).expect("in its place");
    let text = serde_json::to_string_pretty(&digest(dir.path())).expect("JSON");
    let file = fs::read(dir.path().join("afwd.redb")).expect("the file");
    let packed = zstd::encode_all(file.as_slice(), 19).expect("packed");
    let mut numbers = (1..).map(|number| Frozen(schema(), number));
    let next = numbers.find(|frozen| !frozen.path("redb.zst").exists());
    let next = next.expect("a number");
    fs::write(next.path("redb.zst"), packed).expect("a fixture");
    fs::write(next.path("json"), text).expect("a fixture");
}
