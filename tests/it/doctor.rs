//! `afwd doctor`: it finds what is wrong, says what to run, and changes nothing
//! unless it is asked to.

use std::fs;
use std::path::{Path, PathBuf};

use afwd::app::search_index;
use afwd::domain::ProspectId;
use afwd::store::{Config, Opening, PlayerFacts, Store};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::program::{afwd, complained, printed};

/// A directory with a store of a few players and its index.
struct Patient(TempDir);

/// What the doctor said.
struct Visit {
    code: Option<i32>,
    report: Value,
}

impl Patient {
    fn new() -> Self {
        let patient = Self(TempDir::new().expect("a directory"));
        let store = patient.open();
        let facts = PlayerFacts {
            name: "Ana Gram".to_owned(),
            name_rank: 1,
            ..PlayerFacts::default()
        };
        let rows: Vec<_> = (700_001..700_200)
            .map(|id| (ProspectId(id), facts.clone()))
            .collect();
        store.write(|tx| tx.put_players(&rows)).expect("a write");
        search_index(&store, patient.dir()).expect("an index");
        drop(store);
        patient
    }

    fn dir(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.dir().join("afwd.redb")
    }

    fn open(&self) -> Store {
        Store::open(&Config::new(self.dir()), Opening::CreateIfAbsent).expect("a store")
    }

    fn visit(&self, arguments: &[&str]) -> Visit {
        let output = afwd(self.dir())
            .args(["doctor", "--json", "--data"])
            .arg(self.dir())
            .args(arguments)
            .output()
            .expect("the program runs");
        let said = printed(&output);
        Visit {
            code: output.status.code(),
            report: serde_json::from_str(&said)
                .unwrap_or_else(|error| panic!("{error}: {said}{}", complained(&output))),
        }
    }
}

impl Visit {
    /// The worst finding of a check, and whether its text has `text`.
    fn severity(&self, check: &str, text: &str) -> &str {
        let findings = self.report["findings"].as_array().expect("findings");
        let found = findings.iter().find(|finding| {
            let what = finding["what"].as_str().expect("a sentence");
            finding["check"] == check && what.contains(text)
        });
        let found = found.unwrap_or_else(|| panic!("no {text:?} in {:#}", self.report));
        let severity = found["severity"].as_str().expect("a severity");
        let advised = !found["run"].as_str().expect("a text").is_empty();
        let fixed = found["fixed"] == true;
        assert!(
            matches!(severity, "fine" | "info") || advised || fixed,
            "{found}"
        );
        if fixed { "fixed" } else { severity }
    }
}

#[test]
fn a_healthy_store_is_found_so_and_left_alone() {
    let patient = Patient::new();
    let before = fs::read(patient.file()).expect("the file");
    let visit = patient.visit(&[]);
    assert_eq!(visit.code, Some(0), "{:#}", visit.report);
    assert_eq!(visit.report["healthy"], true);
    // The players, and the note of the change that brought them.
    assert_eq!(visit.severity("store", "200 rows"), "fine");
    assert_eq!(
        visit.severity("index", "199 names, as the store has"),
        "fine"
    );
    assert_eq!(visit.severity("clock", "it shows"), "fine");
    assert_eq!(visit.severity("models", "predicts"), "fine");
    assert!(
        fs::read(patient.file()).expect("the file") == before,
        "it was changed"
    );
}

#[test]
fn an_index_that_lags_or_is_damaged_is_made_again() {
    let patient = Patient::new();
    for harm in [0, 1, 2] {
        let dir = patient.dir().join("search");
        match harm {
            0 => fs::remove_dir_all(&dir).expect("it goes"),
            1 => fs::write(dir.join("meta.json"), "{}").expect("a damaged file"),
            _ => drop(patient.open().write(|tx| {
                let facts = PlayerFacts {
                    name: "Otto Newman".to_owned(),
                    ..PlayerFacts::default()
                };
                tx.put_players(&[(ProspectId(700_500), facts)])
            })),
        }
        let visit = patient.visit(&[]);
        assert_eq!(visit.code, Some(1), "{:#}", visit.report);
        assert_eq!(visit.severity("index", ""), "warning");
        let visit = patient.visit(&["--fix"]);
        assert_eq!(visit.severity("index", ""), "fixed");
        assert_eq!(visit.code, Some(0), "{:#}", visit.report);
        assert_eq!(
            patient.visit(&[]).severity("index", "as the store has"),
            "fine"
        );
    }
}

#[test]
fn a_store_in_use_is_said_to_be() {
    let patient = Patient::new();
    let store = patient.open();
    let visit = patient.visit(&["--fix"]);
    assert_eq!(visit.code, Some(0), "{:#}", visit.report);
    assert_eq!(visit.severity("store", "has it open"), "info");
    assert_eq!(visit.severity("index", "not compared"), "fine");
    store
        .read(|tx| tx.prospects())
        .expect("the store is still ours");
}

#[test]
fn damage_and_absence_are_told_apart() {
    let patient = Patient::new();
    let mut bytes = fs::read(patient.file()).expect("the file");
    let name = bytes.windows(8).position(|part| part == b"Ana Gram");
    bytes[name.expect("a name")] ^= 1;
    fs::write(patient.file(), &bytes).expect("a damaged file");
    let visit = patient.visit(&["--fix"]);
    assert_eq!(visit.code, Some(1));
    assert_eq!(visit.severity("store", "is damaged"), "critical");
    assert!(
        fs::read(patient.file()).expect("the file") == bytes,
        "it was changed"
    );
    fs::remove_file(patient.file()).expect("it goes");
    let visit = patient.visit(&[]);
    assert_eq!(
        (visit.code, visit.severity("store", "no store")),
        (Some(1), "warning")
    );
}

#[test]
fn leftovers_are_cleared_away_only_when_asked() {
    let patient = Patient::new();
    let left = [".x.afwd-partial", "afwd.redb.new"].map(|name| patient.dir().join(name));
    for path in &left {
        fs::write(path, "half").expect("a file");
    }
    fs::create_dir(patient.dir().join(".afwd-tmp-1")).expect("a directory");
    fs::write(patient.dir().join("before-schema-9.redb"), "kept").expect("a file");
    let visit = patient.visit(&[]);
    assert_eq!(visit.code, Some(1));
    assert_eq!(visit.severity("leftovers", "unfinished copies"), "warning");
    assert!(left.iter().all(|path| path.exists()));
    let visit = patient.visit(&["--fix"]);
    assert_eq!(visit.severity("leftovers", "unfinished copies"), "fixed");
    assert_eq!(visit.severity("leftovers", "before-schema-9"), "info");
    assert_eq!(visit.code, Some(0), "{:#}", visit.report);
    assert!(!left[1].exists());
    assert!(patient.dir().join("before-schema-9.redb").exists());
}

#[test]
fn the_surroundings_are_looked_at() {
    let patient = Patient::new();
    let visit = patient.visit(&["--now", "2019-05-01T00:00:00Z"]);
    assert_eq!(visit.severity("clock", "long past"), "critical");
    let visit = patient.visit(&["--admin-token", "short"]);
    assert_eq!(visit.severity("configuration", "token"), "warning");
    let shelf = TempDir::new().expect("a directory");
    let place = shelf.path().to_str().expect("a path");
    let visit = patient.visit(&["--backup-dir", place]);
    assert_eq!(visit.severity("backups", "none yet"), "critical");
    let backed_up = afwd(patient.dir())
        .args(["backup", place, "--data"])
        .arg(patient.dir())
        .status();
    assert!(backed_up.expect("the program runs").success());
    let visit = patient.visit(&["--backup-dir", place]);
    assert_eq!(visit.severity("backups", "0 hours old"), "fine");
    let visit = patient.visit(&["--backup-dir", place, "--now", "2031-05-01T00:00:00Z"]);
    assert_eq!(visit.severity("backups", "hours old"), "critical");
    let misspelt = afwd(patient.dir())
        .args(["doctor", "--data"])
        .arg(patient.dir())
        .env("AFWD_LISTN", "127.0.0.1:1")
        .output()
        .expect("the program runs");
    let said = printed(&misspelt);
    assert!(said.contains("AFWD_LISTN is set"), "{said}");
    assert_eq!(misspelt.status.code(), Some(1));
}
