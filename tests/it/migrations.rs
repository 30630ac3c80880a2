//! Frozen stores of every schema there was: this program opens each of them, brings
//! it up to date and finds in it what was frozen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use afwd::clock::SystemClock;
use afwd::domain::{Job, JobState, Season};
use afwd::pipeline::{board, days, demo};
use afwd::simulate::Settings;
use afwd::store::{
    Config, Digest, KeptBody, Opening, QualityReport, Quarantined, Store, check_copy, schema,
};
use jiff::Timestamp;
use tempfile::TempDir;

fn frozen(schema: u32, kind: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(format!("schema-{schema}.{kind}"))
}

/// A directory with the store that was frozen at a schema.
fn thawed(schema: u32) -> TempDir {
    let dir = TempDir::new().expect("a directory");
    let packed = fs::read(frozen(schema, "redb.zst")).expect("a frozen store");
    assert!(packed.len() < 200 << 10, "{} bytes", packed.len());
    let file = zstd::decode_all(packed.as_slice()).expect("its bytes");
    fs::write(dir.path().join("afwd.redb"), file).expect("room");
    dir
}

fn digest(dir: &Path) -> Digest {
    let store = Store::open(&Config::new(dir), Opening::MustExist).expect("opens");
    store.read(|tx| tx.digest()).expect("a digest")
}

#[test]
fn every_frozen_store_opens_with_what_was_frozen() {
    for number in 1..=schema() {
        let dir = thawed(number);
        let found = serde_json::to_value(digest(dir.path())).expect("JSON");
        let text = fs::read_to_string(frozen(number, "json")).expect("its digest");
        let expected: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(found["hash"], expected["hash"], "schema {number}");
        for table in expected["tables"].as_array().expect("tables") {
            let same = found["tables"].as_array().expect("tables").iter();
            let same = same.filter(|other| other["name"] == table["name"]);
            assert_eq!(same.collect::<Vec<_>>(), [table], "schema {number}");
        }
        check_copy(&dir.path().join("afwd.redb")).expect("every page and row is sound");
    }
}

#[test]
fn a_newer_store_is_refused_with_its_own_exit_code() {
    let dir = thawed(schema());
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
    let refused = Command::new(env!("CARGO_BIN_EXE_afwd"))
        .args(["digest", "--data"])
        .arg(dir.path())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("newer afwd"), "{said}");
    assert!(
        fs::read(&file).expect("the file") == before,
        "it was changed"
    );
}

/// Freezes a store of this schema, once, before the next one is begun:
/// `cargo test --test it freeze -- --ignored`.
#[test]
#[ignore = "writes a fixture"]
fn freeze_a_store_of_this_schema() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    fill(&store, dir.path());
    let copy = dir.path().join("copy.redb");
    store.export(&copy).expect("a copy");
    drop(store);
    fs::rename(copy, dir.path().join("afwd.redb")).expect("in its place");
    let text = serde_json::to_string_pretty(&digest(dir.path())).expect("JSON");
    let file = fs::read(dir.path().join("afwd.redb")).expect("the file");
    let packed = zstd::encode_all(file.as_slice(), 19).expect("packed");
    assert!(!frozen(schema(), "json").exists(), "frozen already");
    fs::write(frozen(schema(), "redb.zst"), packed).expect("a fixture");
    fs::write(frozen(schema(), "json"), text).expect("a fixture");
}

/// A row of most kinds, all of them simulated or made up.
fn fill(store: &Store, dir: &Path) {
    let league = Settings {
        players: 60,
        first_season: Season(2016),
        last_season: Season(2022),
        seed: 7,
    };
    demo::load(store, &league).expect("a league");
    board::ensure(store, dir, Season(2022), &SystemClock, &mut |_| ()).expect("a board");
    days::keep_season(store, Season(2022), Season(2022).last_day()).expect("a day");
    let job = Job {
        name: "daily".to_owned(),
        key: "2022-12-31".to_owned(),
        payload: "{}".to_owned(),
        state: JobState::Waiting,
        steps: Vec::new(),
        failures: 0,
        id: 0,
        created: Timestamp::UNIX_EPOCH,
        due: Timestamp::UNIX_EPOCH,
        started: None,
        finished: None,
        error: String::new(),
        cancel: false,
    };
    let refused = Quarantined {
        file: "batting.csv".to_owned(),
        line: 7,
        kind: "milb-hitting".to_owned(),
        reason: "no season".to_owned(),
        row: "a,b,c".to_owned(),
    };
    let kept = KeptBody {
        etag: "\"1\"".to_owned(),
        last_modified: String::new(),
        body: vec![1, 2, 3],
    };
    let report = QualityReport {
        source: "mlb".to_owned(),
        checked: Timestamp::UNIX_EPOCH,
        rows: 3,
        applied: true,
        findings: Vec::new(),
    };
    let day = Season(2022).last_day();
    let filled = store.write(|tx| {
        tx.add_job(job)?;
        tx.put_quarantined("batting.csv", std::slice::from_ref(&refused))?;
        tx.keep_body("https://example.org/a", &kept)?;
        tx.stage_page("2022-12-31", "teams", 0, &vec![9, 9])?;
        tx.spend_request("https://example.org", day, 10)?;
        tx.change_source("mlb", |source| {
            source.terms_accepted = Some(Timestamp::UNIX_EPOCH)
        })?;
        tx.put_quality(day, &report)
    });
    filled.expect("a write");
}
