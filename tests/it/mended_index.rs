//! The index of names heals by itself, whatever happened to its files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use afwd::app::search_index::NameIndex;
use afwd::domain::ProspectId;
use afwd::rankings::NameSearch;
use afwd::store::{Config, Opening, PlayerFacts, Store};
use afwd::web::{AppState, router};
use axum::http::StatusCode;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::models::ask;

/// How soon an index of a few names must be whole again.
const SOON: Duration = Duration::from_secs(5);
const PLAYERS: [&str; 6] = [
    "Vladimir Montaño Jr.",
    "Juan Sorela",
    "Shane O'Nolan",
    "José Peñaluz",
    "Jürgen Weißkopf",
    "Mo Ito",
];

fn filled(dir: &Path) -> Store {
    let store = Store::open(&Config::new(dir), Opening::CreateIfAbsent).expect("a store");
    put(&store, &PLAYERS);
    store
}

fn put(store: &Store, names: &[&str]) {
    let facts = |name: &&str| PlayerFacts {
        name: (*name).to_owned(),
        name_rank: 1,
        ..PlayerFacts::default()
    };
    let rows: Vec<_> = names.iter().map(|name| (id(name), facts(name))).collect();
    store.write(|tx| tx.put_players(&rows)).expect("a write");
}

/// Some number of a name's own.
fn id(name: &str) -> ProspectId {
    ProspectId(700_000 + name.bytes().map(u32::from).sum::<u32>())
}

/// The index of `dir` once it no longer says that it is stale.
fn whole(store: &Store, dir: &Path) -> NameIndex {
    let names = NameIndex::open(store, dir).expect("an index");
    let begun = Instant::now();
    while names.is_stale() {
        assert!(begun.elapsed() < SOON, "it does not heal");
        std::thread::sleep(Duration::from_millis(5));
    }
    names
}

fn answers(names: &NameIndex) -> Vec<Vec<(ProspectId, f32)>> {
    let queries = PLAYERS
        .iter()
        .chain(&["juan", "weisskop", "m", "nobody at all"]);
    queries
        .map(|query| names.search(query, 5).expect("an answer"))
        .collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) % end.max(1) as u64) as usize
    }
}

fn damage(dir: &Path, how: usize, numbers: &mut Numbers) {
    let all = files(dir);
    let file = &all[numbers.below(all.len())];
    let mut bytes = fs::read(file).expect("a file");
    match how {
        0 => fs::remove_dir_all(dir).expect("the directory goes"),
        1 => fs::remove_file(file).expect("a file goes"),
        2 => {
            bytes.truncate(numbers.below(bytes.len()));
            fs::write(file, bytes).expect("a shorter file");
        }
        _ if bytes.is_empty() => {}
        _ => {
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
            fs::write(file, bytes).expect("a changed file");
        }
    }
}

#[test]
fn damage_is_seen_in_a_file_that_the_index_forgot() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    let expected = answers(&whole(&store, data.path()));
    let dir = data.path().join("search");
    for suffix in ["term", "idx", "store"] {
        let file = files(&dir)
            .into_iter()
            .find(|file| file.extension().is_some_and(|found| found == suffix))
            .expect("a file of the index");
        let name = file.file_name().expect("a name").to_string_lossy();
        let list = dir.join(".managed.json");
        let listed = fs::read_to_string(&list).expect("the list");
        let forgotten = listed.replace(&*name, &name.replace(suffix, "lost"));
        assert_ne!(forgotten, listed, "{suffix}");
        fs::write(&list, forgotten).expect("a changed list");
        let mut bytes = fs::read(&file).expect("a file");
        bytes[0] ^= 1;
        fs::write(&file, bytes).expect("a changed file");
        let names = NameIndex::open(&store, data.path()).expect("an index");
        assert!(names.is_stale(), "damage of `{suffix}` is not seen");
        drop(names);
        assert_eq!(answers(&whole(&store, data.path())), expected);
    }
}

#[test]
fn a_damaged_index_heals_by_itself() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    let expected = answers(&whole(&store, data.path()));
    assert_eq!(expected[1][0].0, id("Juan Sorela"));
    let dir = data.path().join("search");
    let mut numbers = Numbers(42);
    let mut healed = 0;
    for round in 0..60 {
        damage(&dir, round % 6, &mut numbers);
        let stale = NameIndex::open(&store, data.path())
            .expect("an index")
            .is_stale();
        healed += u32::from(stale);
        let found = answers(&whole(&store, data.path()));
        assert_eq!(found, expected, "round {round}");
    }
    println!("60 kinds of damage, {healed} seen to be stale at once");
}

#[test]
fn an_index_behind_its_store_says_so_and_follows() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    let names = whole(&store, data.path());
    put(&store, &["Otto Newman"]);
    assert!(names.is_stale());
    names.follow().expect("it follows");
    assert!(!names.is_stale());
    assert_eq!(
        names.search("otto n", 1).expect("an answer")[0].0,
        id("Otto Newman")
    );
}

#[test]
fn leftovers_of_a_killed_rebuild_do_no_harm() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    let expected = answers(&whole(&store, data.path()));
    let dir = data.path().join("search");
    for file in files(&dir) {
        let name = file
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let Some((segment, _)) = name.split_once('.').filter(|(stem, _)| stem.len() == 32) else {
            continue;
        };
        for number in 0..30 {
            fs::write(dir.join(format!("{segment}.{number}.del")), "half").expect("a file");
        }
        break;
    }
    for round in 0..5 {
        // Another state of the store each time, so that the index is made again.
        put(&store, &[["Aa", "Bb", "Cc", "Dd", "Ee"][round]]);
        let found = answers(&whole(&store, data.path()));
        assert_eq!(found[1], expected[1]);
    }
}

#[test]
fn without_a_place_on_disk_names_are_searched_in_memory() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    fs::create_dir(data.path().join("search")).expect("a directory");
    fs::write(data.path().join("search/notes.txt"), "mine").expect("a file");
    let names = whole(&store, data.path());
    assert_eq!(
        names.search("juan so", 1).expect("an answer")[0].0,
        id("Juan Sorela")
    );
    assert!(data.path().join("search/notes.txt").exists());
}

#[tokio::test]
async fn an_answer_of_a_stale_index_is_not_kept() {
    let data = TempDir::new().expect("a directory");
    let store = filled(data.path());
    let catalog = afwd::app::catalog(&store, data.path()).expect("a catalog");
    let state = AppState::new(Arc::new(catalog), 1 << 20, CancellationToken::new());
    let site = router(state);
    for (uri, stale) in [
        ("/api/prospects/search?q=juan", false),
        ("/api/prospects/search?q=jose", true),
        ("/search?q=jose", true),
    ] {
        if stale {
            put(&store, &["Otto Newman"]);
        }
        let (status, headers, body) = ask(&site, "GET", uri, &[], "").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let kept = headers["cache-control"] != "no-store";
        assert_eq!(kept, !stale, "{uri}");
        let said = body.contains("\"stale\":true") || body.contains("does not hold yet");
        assert_eq!(said, stale, "{uri}: {body}");
    }
}
