//! The store when its disk fails: no panic, no wrong answer, and well again by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use afwd::domain::ProspectId;
use afwd::store::{Config, OpenError, Opening, Reserve, Store, StoreError, check_copy};
use tempfile::TempDir;

mod damage;
pub(crate) mod disk;
mod ledger;

use disk::FaultyDisk;
use ledger::Ledger;

use crate::support::skip::{Lack, skipped};

/// So little cache that reads and writes reach the disk.
const CACHE_BYTES: usize = 32 << 10;
/// How soon a store must be well again.
const SOON: Duration = Duration::from_secs(10);

fn config(dir: &Path) -> Config {
    Config {
        cache_bytes: CACHE_BYTES,
        reserve: Reserve::Bytes(0),
        ..Config::new(dir)
    }
}

fn on(disk: &FaultyDisk, dir: &Path) -> Config {
    Config {
        disk: Arc::new(disk.clone()),
        ..config(dir)
    }
}

fn open(config: &Config) -> Store {
    Store::open(config, Opening::CreateIfAbsent).expect("a store")
}

/// Writes until that works again; says how long it took.
fn wait_until_well(store: &Store, ledger: &mut Ledger) -> Duration {
    let begun = Instant::now();
    for round in 5000.. {
        if ledger.put(store, 0..4, round).is_ok() {
            break;
        }
        assert!(begun.elapsed() < SOON, "{:?}", store.trouble());
        std::thread::sleep(Duration::from_millis(10));
    }
    begun.elapsed()
}

fn wait_for_no_trouble(store: &Store) {
    let begun = Instant::now();
    while let Some(trouble) = store.trouble() {
        assert!(begun.elapsed() < SOON, "{trouble}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Opens the store in `dir` on `disk` and uses it; whatever fails, goes on.
fn use_store(disk: &FaultyDisk, dir: &Path, ledger: &mut Ledger) -> Option<Store> {
    let store = match Store::open(&on(disk, dir), Opening::CreateIfAbsent) {
        Ok(store) => store,
        Err(error) => {
            let refused = matches!(error, OpenError::Io { .. } | OpenError::Damaged { .. });
            assert!(refused, "{error}");
            return None;
        }
    };
    for round in 1..4 {
        let first = u32::from(round % 3) * 20;
        let _ = ledger.put(&store, first..first + 40, round);
        let _ = ledger.check(&store);
    }
    Some(store)
}

#[test]
fn any_call_of_the_disk_may_fail() {
    let template = TempDir::new().expect("a directory");
    let mut ledger = Ledger::default();
    let unharmed = FaultyDisk::default();
    drop(use_store(&unharmed, template.path(), &mut ledger).expect("a sound disk"));
    let calls = unharmed.calls();
    assert!(calls > 150, "{calls} calls are too few to fail");
    println!("failing each of {calls} calls, once and for good");
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number / 2 > calls {
                        return;
                    }
                    fail_call(number / 2 + 1, number % 2 == 1);
                }
            });
        }
    });
}

fn fail_call(call: u64, lasting: bool) {
    let dir = TempDir::new().expect("a directory");
    drop(open(&config(dir.path())));
    let disk = FaultyDisk::failing_at(call, lasting);
    let mut ledger = Ledger::default();
    let used = use_store(&disk, dir.path(), &mut ledger);
    disk.heal();
    let store = used.unwrap_or_else(|| open(&on(&disk, dir.path())));
    wait_for_no_trouble(&store);
    ledger.check(&store).expect("reads work again");
    wait_until_well(&store, &mut ledger);
    ledger.check(&store).expect("reads work");
    drop(store);
    check_copy(&dir.path().join("afwd.redb")).expect("every page and row is sound");
    let store = open(&config(dir.path()));
    ledger.check(&store).expect("reads work");
}

#[test]
fn reads_outlive_a_failure_and_writes_resume() {
    let dir = TempDir::new().expect("a directory");
    let disk = FaultyDisk::default();
    let store = open(&on(&disk, dir.path()));
    let mut ledger = Ledger::default();
    ledger.put(&store, 0..400, 1).expect("a sound disk");
    disk.fail();
    let error = ledger.put(&store, 0..10, 2).expect_err("the disk fails");
    assert!(!matches!(error, StoreError::Refused(_)), "{error}");
    assert!(ledger.check(&store).is_err(), "nothing can be read");
    assert!(store.trouble().expect("trouble").contains("planted"));
    disk.heal();
    wait_for_no_trouble(&store);
    ledger.check(&store).expect("reads work again");
    let took = wait_until_well(&store, &mut ledger);
    assert_eq!(store.trouble(), None);
    println!("well again after {took:?}");
}

#[test]
fn readers_and_a_writer_live_through_many_failures() {
    let dir = TempDir::new().expect("a directory");
    let disk = FaultyDisk::default();
    let store = open(&on(&disk, dir.path()));
    let mut fixed = Ledger::default();
    fixed.put(&store, 0..400, 1).expect("a sound disk");
    let mut changing = Ledger::default();
    let (mut failures, done) = (0, AtomicBool::new(false));
    let answers = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let mut fixed = fixed.clone();
            let (store, done, answers) = (&store, &done, &answers);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    // Panics at a wrong answer.
                    let answered = fixed.check(store).is_ok();
                    answers.fetch_add(u64::from(answered), Ordering::Relaxed);
                }
            });
        }
        for round in 1..150 {
            if round % 2 == 0 {
                disk.fail_after(u64::from(round % 40));
            }
            failures += u32::from(changing.put(&store, 1000..1040, round).is_err());
            disk.heal();
            wait_for_no_trouble(&store);
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("{failures} writes failed, {answers:?} whole readings");
    assert!(failures > 20, "{failures}");
    for ledger in [&mut fixed, &mut changing] {
        ledger.check(&store).expect("reads work");
    }
    drop(store);
    check_copy(&dir.path().join("afwd.redb")).expect("every page and row is sound");
}

#[test]
fn a_read_under_way_has_an_age() {
    let dir = TempDir::new().expect("a directory");
    let store = open(&config(dir.path()));
    let age = store.read(|_| {
        std::thread::sleep(Duration::from_millis(20));
        Ok(store.oldest_read())
    });
    assert!(age.expect("a read").expect("this one") >= Duration::from_millis(20));
    assert_eq!(store.oldest_read(), None);
}

#[test]
fn a_store_that_is_looked_at_is_not_changed() {
    let dir = TempDir::new().expect("a directory");
    let mut ledger = Ledger::default();
    let store = open(&config(dir.path()));
    ledger.put(&store, 0..40, 1).expect("a write");
    // What a killed process leaves.
    let left = TempDir::new().expect("a directory");
    let file = left.path().join("afwd.redb");
    fs::copy(dir.path().join("afwd.redb"), &file).expect("a copy");
    let before = fs::read(&file).expect("the file");
    let looked_at = Store::look(&config(left.path())).expect("it can be read");
    ledger.check(&looked_at).expect("reads work");
    let error = ledger
        .put(&looked_at, 0..1, 2)
        .expect_err("nothing is written");
    assert!(error.to_string().contains("reading only"), "{error}");
    ledger.check(&looked_at).expect("reads work");
    assert!(looked_at.contents().expect("every row").tables.len() > 20);
    drop(looked_at);
    assert!(
        fs::read(&file).expect("the file") == before,
        "it was changed"
    );
}

#[test]
fn a_disk_that_became_read_only_is_read() {
    let dir = TempDir::new().expect("a directory");
    let disk = FaultyDisk::default();
    let store = open(&on(&disk, dir.path()));
    let mut ledger = Ledger::default();
    ledger.put(&store, 0..400, 1).expect("a sound disk");
    disk.set_read_only(true);
    ledger
        .put(&store, 0..10, 2)
        .expect_err("nothing can be written");
    ledger.check(&store).expect("what is not in memory is read");
    assert!(store.trouble().expect("trouble").contains("read-only"));
    ledger.put(&store, 0..10, 3).expect_err("still not");
    ledger.check(&store).expect("reads work");
    disk.set_read_only(false);
    let took = wait_until_well(&store, &mut ledger);
    ledger.check(&store).expect("reads work");
    println!("written again after {took:?}");
}

#[test]
fn a_file_that_lost_its_content_is_not_taken_for_the_store() {
    let dir = TempDir::new().expect("a directory");
    let disk = FaultyDisk::default();
    let store = open(&on(&disk, dir.path()));
    let mut ledger = Ledger::default();
    ledger.put(&store, 0..400, 1).expect("a sound disk");
    let file = dir.path().join("afwd.redb");
    let other = TempDir::new().expect("a directory");
    drop(open(&config(other.path())));
    fs::copy(other.path().join("afwd.redb"), &file).expect("another store in its place");
    disk.fail();
    let _ = ledger.put(&store, 0..10, 2);
    disk.heal();
    std::thread::sleep(Duration::from_millis(150));
    let error = store.read(|tx| tx.prospect(ProspectId(700_000)));
    assert!(error.is_err(), "{error:?}");
    let trouble = store.trouble().expect("trouble");
    assert!(trouble.contains("another store"), "{trouble}");
    fs::write(&file, []).expect("an empty file");
    std::thread::sleep(Duration::from_millis(150));
    let trouble = store.trouble().expect("trouble");
    assert!(trouble.contains("empty"), "{trouble}");
    assert_eq!(fs::metadata(&file).expect("the file").len(), 0);
}

#[test]
fn a_full_disk_is_refused_before_it_is_met() {
    let dir = TempDir::new().expect("a directory");
    let disk = FaultyDisk::default();
    let store = open(&Config {
        reserve: Reserve::Usual,
        ..on(&disk, dir.path())
    });
    let mut ledger = Ledger::default();
    ledger.put(&store, 0..50, 1).expect("room");
    disk.set_full(true);
    let calls = disk.calls();
    let error = ledger.put(&store, 0..10, 2).expect_err("no room");
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.to_string().contains("64 MB are kept"), "{error}");
    assert_eq!(disk.calls(), calls, "the database was not touched");
    assert!(store.trouble().expect("trouble").contains("disk is full"));
    ledger.check(&store).expect("reads work");
    disk.set_full(false);
    ledger.put(&store, 0..10, 3).expect("room");
    assert_eq!(store.trouble(), None);
}

/// A small disk in memory; unmounted when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None` where nobody may mount one.
    fn mount(size: &str) -> Option<Self> {
        let dir = TempDir::new().expect("a directory");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(dir.path())
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(dir)),
            other => {
                skipped(Lack::Mount, &format!("a tmpfs can't be mounted: {other:?}"));
                None
            }
        }
    }

    fn fill(&self, bytes: usize) -> PathBuf {
        let path = self.0.path().join("filler");
        fs::write(&path, vec![1; bytes]).expect("room for the filler");
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_disk_that_was_full_is_written_again() {
    let Some(disk) = SmallDisk::mount("8m") else {
        return;
    };
    let filler = disk.fill(3 << 20);
    let store = open(&config(&disk.0.path().join("data")));
    let mut ledger = Ledger::default();
    let mut full = None;
    for round in 1..3000 {
        let first = u32::from(round) * 40;
        if let Err(error) = ledger.put(&store, first..first + 40, round) {
            full = Some(error);
            break;
        }
    }
    let full = full.expect("8 MB are full some time");
    assert!(matches!(full, StoreError::Full { .. }), "{full}");
    for round in 3000..3005 {
        ledger.check(&store).expect("reads work on a full disk");
        let still = ledger.put(&store, 0..4000, round).expect_err("still full");
        assert!(matches!(still, StoreError::Full { .. }), "{still}");
    }
    fs::remove_file(filler).expect("room again");
    let took = wait_until_well(&store, &mut ledger);
    ledger.check(&store).expect("reads work");
    println!("{} players kept, well again after {took:?}", ledger.len());
    drop(store);
    let store = open(&config(&disk.0.path().join("data")));
    ledger.check(&store).expect("everything that was kept");
}
