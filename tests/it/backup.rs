//! Backups: made under load, restored whole, whatever happens in between.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use afwd::domain::{ProspectId, Season};
use afwd::ops::backup::{
    BackupError, BackupJob, BackupStep, Key, Made, Manifest, Origin, Restore, Restored, hostile,
    recover, settle, unwatched, verify,
};
use afwd::store::{Config, Opening, PlayerFacts, Store};
use jiff::Timestamp;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A directory with a data directory in it, and room beside it.
struct House(TempDir);

impl House {
    fn new() -> Self {
        let house = Self(TempDir::new().expect("a directory"));
        fs::create_dir(house.data()).expect("a directory");
        house
    }

    /// With a store of some players and a model.
    fn filled() -> Self {
        let house = Self::new();
        put_players(&house.open(), 0..200);
        let model = house.data().join("models/2025-abcdef12");
        fs::create_dir_all(&model).expect("a directory");
        fs::write(model.join("card.md"), "a card").expect("a file");
        fs::write(model.join("weights.safetensors"), [7; 5000]).expect("a file");
        fs::create_dir(house.data().join("search")).expect("a directory");
        fs::write(house.data().join("search/meta.json"), "old index").expect("a file");
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    fn open(&self) -> Store {
        open(&self.data())
    }

    fn backup(&self, name: &str, key: Option<&Key>) -> Result<Made, BackupError> {
        back_up(&self.open(), &self.data(), &self.path(name), key)
    }

    fn restore(&self, archive: &str) -> Result<Restored, BackupError> {
        restore(&self.data(), &self.path(archive), None, false)
    }
}

fn open(data: &Path) -> Store {
    Store::open(&Config::new(data), Opening::CreateIfAbsent).expect("a store")
}

fn put_players(store: &Store, ids: std::ops::Range<u32>) {
    let rows: Vec<_> = ids
        .map(|id| {
            let facts = PlayerFacts {
                name: format!("Player {id}"),
                name_rank: 1,
                ..PlayerFacts::default()
            };
            (ProspectId(700_000 + id), facts)
        })
        .collect();
    store.write(|tx| tx.put_players(&rows)).expect("a write");
}

fn back_up(
    store: &Store,
    data: &Path,
    target: &Path,
    key: Option<&Key>,
) -> Result<Made, BackupError> {
    let job = BackupJob {
        origin: Origin::Store(store),
        data,
        key,
        now: NOW,
        watch: &unwatched,
    };
    job.to_file(target)
}

/// Stands in for opening the store and building the index.
fn make_ready(dir: &Path) -> anyhow::Result<()> {
    fs::create_dir(dir.join("search"))?;
    Ok(fs::write(dir.join("search/meta.json"), "new index")?)
}

fn restore(
    data: &Path,
    archive: &Path,
    key: Option<&Key>,
    force: bool,
) -> Result<Restored, BackupError> {
    let restore = Restore {
        data,
        key,
        force,
        now: NOW,
        prepare: &make_ready,
        watch: &unwatched,
    };
    restore.perform(archive)
}

/// Every file under `dir` with its content.
fn photograph(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                files.insert(path.clone(), fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in photograph(from) {
        let target = to.join(path.strip_prefix(from).expect("a path inside"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("a directory");
        fs::write(target, bytes).expect("a file");
    }
}

fn hash(data: &Path) -> String {
    open(data).read(|tx| tx.digest()).expect("a digest").hash
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .expect("a directory")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_restored_backup_of_a_restored_backup_is_the_same() {
    let (first, second) = (House::filled(), House::new());
    let made = first.backup("a", None).expect("a backup");
    restore(&second.data(), &first.path("a"), None, false).expect("a restore");
    let again = second.backup("b", None).expect("a backup");
    let (made, again): (Manifest, Manifest) = (made.verified.manifest, again.verified.manifest);
    assert_eq!(made.tables, again.tables);
    assert_eq!(made.identity, again.identity);
    assert_eq!(made.files[1..], again.files[1..], "the models");
    let third = House::new();
    restore(&third.data(), &second.path("b"), None, false).expect("a restore");
    let bytes = |house: &House| fs::read(house.data().join("afwd.redb")).expect("a store");
    assert!(hash(&third.data()) == hash(&first.data()));
    assert!(!bytes(&third).is_empty());
    assert_eq!(names(&second.data()), ["afwd.redb", "models", "search"]);
}

#[test]
fn backups_under_write_load_hold_one_commit_each() {
    let house = House::filled();
    let store = house.open();
    let (stop, season) = (AtomicBool::new(false), AtomicU16::new(1));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Each commit adds two rows.
            while !stop.load(Ordering::Relaxed) {
                let n = season.fetch_add(1, Ordering::Relaxed);
                let commit = store.write(|tx| {
                    tx.put_team_names([(1, Season(n), "One")].into_iter())?;
                    tx.put_team_names([(2, Season(n), "Two")].into_iter())
                });
                commit.expect("writers are not disturbed");
            }
        });
        for n in 0..5 {
            let target = house.path(&format!("backup{n}"));
            let made = back_up(&store, &house.data(), &target, None).expect("a backup");
            let tables = &made.verified.manifest.tables;
            let teams = tables.iter().find(|table| table.name == "teams");
            assert_eq!(teams.expect("the table").rows % 2, 0, "half a commit");
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(names(&house.data()), ["afwd.redb", "models", "search"]);
}

#[test]
fn nothing_is_overwritten() {
    let house = House::filled();
    fs::write(house.path("a"), "precious").expect("a file");
    let refused = house.backup("a", None);
    assert!(
        matches!(refused, Err(BackupError::Exists(_))),
        "{refused:?}"
    );
    assert_eq!(fs::read(house.path("a")).expect("a file"), b"precious");
    assert_eq!(names(house.0.path()), ["a", "data"]);
}

#[test]
fn a_sealed_backup_opens_with_its_key_only() {
    let house = House::filled();
    let key = Key::passphrase("a long enough passphrase");
    house.backup("a", Some(&key)).expect("a backup");
    let check = |key: Option<&Key>| verify(&house.path("a"), key, house.0.path());
    assert!(check(Some(&key)).expect("it opens").sealed);
    let other = Key::passphrase("another passphrase");
    assert!(matches!(
        check(Some(&other)),
        Err(BackupError::WrongKey(..))
    ));
    assert!(matches!(check(None), Err(BackupError::KeyNeeded(_))));

    let file = house.path("key");
    Key::make_file(&file).expect("a key file");
    assert!(
        Key::make_file(&file).is_err(),
        "a key file is never overwritten"
    );
    let own = Key::from_key_file(&file).expect("a key");
    house.backup("b", Some(&own)).expect("a backup");
    assert!(matches!(
        verify(&house.path("b"), Some(&key), house.0.path()),
        Err(BackupError::WrongKey(..))
    ));
    let empty = House::new();
    restore(&empty.data(), &house.path("b"), Some(&own), false).expect("a restore");
    assert_eq!(hash(&empty.data()), hash(&house.data()));
}

#[test]
fn a_restore_is_refused_while_the_store_is_in_use_or_anothers() {
    let (house, other) = (House::filled(), House::filled());
    house.backup("a", None).expect("a backup");
    let store = house.open();
    let refused = house.restore("a");
    assert!(matches!(refused, Err(BackupError::InUse(_))), "{refused:?}");
    drop(store);
    let refused = restore(&other.data(), &house.path("a"), None, false);
    assert!(
        matches!(refused, Err(BackupError::OtherStore { .. })),
        "{refused:?}"
    );
    restore(&other.data(), &house.path("a"), None, true).expect("by force");
}

#[test]
fn the_old_data_is_kept_until_the_next_healthy_start() {
    let house = House::filled();
    house.backup("a", None).expect("a backup");
    let before = hash(&house.data());
    put_players(&house.open(), 500..600);
    let changed = hash(&house.data());
    fs::write(house.data().join("config.toml"), "mine").expect("a file");
    let first = house
        .restore("a")
        .expect("a restore")
        .previous
        .expect("old data");
    assert_eq!(hash(&house.data()), before);
    assert_eq!(hash(&first), changed, "the old data is whole");
    let second = house
        .restore("a")
        .expect("a restore")
        .previous
        .expect("old data");
    assert!(!first.exists() && second.exists(), "one is kept");
    recover(&house.data()).expect("nothing to do");
    assert_eq!(settle(&house.data()).expect("settled"), [second]);
    assert_eq!(
        names(&house.data()),
        ["afwd.redb", "config.toml", "models", "search"]
    );
}

/// The directory as it was at each step is what a kill there would have left.
#[test]
fn a_restore_interrupted_at_any_step_leaves_old_or_new() {
    let house = House::filled();
    house.backup("a", None).expect("a backup");
    let new = hash(&house.data());
    put_players(&house.open(), 500..600);
    let old = hash(&house.data());
    let moments = Mutex::new(Vec::new());
    let watch = |step: BackupStep| {
        let mut moments = moments.lock().expect("a lock");
        let copied = house.path(&format!("moment{}", moments.len()));
        copy(&house.data(), &copied);
        moments.push((step, copied));
    };
    let restore = Restore {
        data: &house.data(),
        key: None,
        force: false,
        now: NOW,
        prepare: &make_ready,
        watch: &watch,
    };
    restore.perform(&house.path("a")).expect("a restore");
    let moments = moments.into_inner().expect("a lock");
    assert_eq!(moments.len(), 11, "{moments:?}");
    let decided = moments
        .iter()
        .position(|(step, _)| *step == BackupStep::Decided);
    for (n, (step, data)) in moments.iter().enumerate() {
        recover(data).expect("recovered");
        recover(data).expect("recovered again");
        let is_new = n >= decided.expect("a decision");
        assert_eq!(
            hash(data),
            if is_new { new.clone() } else { old.clone() },
            "{step:?}"
        );
        let index = fs::read_to_string(data.join("search/meta.json")).expect("an index");
        assert_eq!(
            index,
            if is_new { "new index" } else { "old index" },
            "{step:?}"
        );
        let left = names(data);
        let stray = left
            .iter()
            .find(|name| name.starts_with('.') || name.starts_with("restor"));
        assert_eq!(stray, None, "{step:?}");
    }
}

#[test]
fn leftovers_of_dead_processes_go_and_those_of_live_ones_stay() {
    let house = House::filled();
    fs::create_dir(house.data().join(".afwd-tmp-dead")).expect("a directory");
    let live = house.data().join(".afwd-tmp-live");
    fs::create_dir(&live).expect("a directory");
    let lock = fs::File::open(&live).expect("a directory");
    lock.try_lock().expect("a lock");
    recover(&house.data()).expect("recovered");
    assert!(live.exists() && !house.data().join(".afwd-tmp-dead").exists());
}

#[test]
fn hostile_archives_are_refused_and_touch_nothing() {
    let house = House::filled();
    let key = Key::passphrase("a long enough passphrase");
    let good = house
        .backup("good", None)
        .expect("a backup")
        .verified
        .manifest;
    house.backup("sealed", Some(&key)).expect("a backup");
    let read = |name: &str| fs::read(house.path(name)).expect("an archive");
    let cases = hostile::cases(&read("good"), &read("sealed")).expect("a corpus");
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let before = photograph(house.0.path());
    let archive = TempDir::new().expect("a directory");
    let archive = archive.path().join("hostile");
    for case in &cases {
        fs::write(&archive, case.bytes()).expect("a file");
        let work = TempDir::new().expect("a directory");
        match verify(&archive, Some(&key), work.path()) {
            Err(_) => {}
            Ok(_) if case.must_refuse => panic!("accepted: {}", case.name),
            Ok(verified) => {
                assert_eq!(verified.manifest.tables, good.tables, "{}", case.name);
                continue;
            }
        }
        assert_eq!(names(work.path()), [""; 0], "{} left files", case.name);
        let restored = restore(&house.data(), &archive, Some(&key), true);
        assert!(restored.is_err(), "restored: {}", case.name);
        assert!(
            photograph(house.0.path()) == before,
            "{} touched data",
            case.name
        );
    }
    assert!(!Path::new("/tmp/afwd-evil").exists());
}

#[test]
fn a_newer_store_is_refused_and_not_changed() {
    let house = House::filled();
    house.backup("good", None).expect("a backup");
    let good = fs::read(house.path("good")).expect("an archive");
    let cases = hostile::cases(&good, &good).expect("a corpus");
    let newer = cases
        .iter()
        .find(|case| case.name == "a manifest with a newer schema");
    let bytes = newer.expect("the case").bytes();
    fs::write(house.path("newer"), &bytes).expect("a file");
    let before = photograph(house.0.path());
    let refused = house.restore("newer");
    assert!(
        matches!(refused, Err(BackupError::Newer { .. })),
        "{refused:?}"
    );
    assert!(photograph(house.0.path()) == before);
}
