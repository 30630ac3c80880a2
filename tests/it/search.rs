//! Search as its callers see it: matching, opening, damage, rebuilding.

use std::path::Path;

use afwd::domain::ProspectId;
use afwd::search::{Entry, SearchIndex};
use proptest::prelude::{any, prop, proptest};

/// Invented players, the most relevant first.
const PLAYERS: [&str; 16] = [
    "Vladimir Montaño Jr.",
    "Juan Sorela",
    "Robert Wendling",
    "Shane O'Nolan",
    "Pete Marsh-Avery",
    "J.D. Morvane",
    "Ha-Seok Yim",
    "Elio de la Fuente",
    "José Peñaluz",
    "Jürgen Weißkopf",
    "Juan Solvero",
    "Juan Sorela Bravo",
    "Luis García",
    "García Luis",
    "Mo Ito",
    "Juana Orsolo",
];

fn entries(names: &[&str]) -> Vec<Entry> {
    let entry = |(i, name): (usize, &&str)| Entry {
        id: ProspectId(i as u32 + 1),
        name: (*name).to_owned(),
        weight: 1.0 / (i as f32 + 1.0),
        place: Default::default(),
    };
    names.iter().enumerate().map(entry).collect()
}

fn index() -> SearchIndex {
    let index = SearchIndex::in_memory().expect("in memory");
    index.rebuild(entries(&PLAYERS), 1).expect("rebuild");
    index
}

fn first(index: &SearchIndex, query: &str) -> Option<String> {
    let hits = index.search(query, 5).expect("search");
    hits.first().map(|hit| hit.name.clone())
}

#[test]
fn finds_a_name_however_it_is_written() {
    let index = index();
    for (query, name) in [
        ("Juan Sorela", "Juan Sorela"),
        ("juan so", "Juan Sorela"),
        ("vlad montano", "Vladimir Montaño Jr."),
        ("vladimir montano jr", "Vladimir Montaño Jr."),
        ("montano j", "Vladimir Montaño Jr."),
        ("bobby wendling", "Robert Wendling"),
        ("wendlign", "Robert Wendling"),
        ("onolan", "Shane O'Nolan"),
        ("o nolan", "Shane O'Nolan"),
        ("o’nolan shane", "Shane O'Nolan"),
        ("marshavery", "Pete Marsh-Avery"),
        ("pete marsh avery", "Pete Marsh-Avery"),
        ("jd morvane", "J.D. Morvane"),
        ("j d morvane", "J.D. Morvane"),
        ("j. d. morvane", "J.D. Morvane"),
        ("yim ha seok", "Ha-Seok Yim"),
        ("haseok yim", "Ha-Seok Yim"),
        ("delafuente elio", "Elio de la Fuente"),
        ("pepe penaluz", "José Peñaluz"),
        ("penalux jose", "José Peñaluz"),
        ("jurgen weisskopf", "Jürgen Weißkopf"),
        ("juansolvero", "Juan Solvero"),
        ("jaun solvreo", "Juan Solvero"),
        ("luis garcia", "Luis García"),
        ("garcia luis", "García Luis"),
        ("it", "Mo Ito"),
        ("m", "Vladimir Montaño Jr."),
        ("mo", "Mo Ito"),
    ] {
        assert_eq!(first(&index, query).as_deref(), Some(name), "{query}");
    }
}

#[test]
fn what_nobody_is_called_finds_nobody() {
    let index = index();
    for query in ["", "  ", "zzyzx", "qqqqqqqq wwwwwwww", "'-.", "東京"] {
        assert_eq!(first(&index, query), None, "{query}");
    }
}

#[test]
fn an_exact_name_scores_one_and_others_less() {
    let hits = index().search("juan sorela", 5).expect("search");
    assert!((hits[0].score - 1.0).abs() < f32::EPSILON);
    assert!(hits[1].score < 1.0);
}

#[test]
fn survives_reopening_and_follows_a_rebuild() {
    let dir = tempfile::tempdir().expect("directory");
    let index = SearchIndex::open_or_create(dir.path()).expect("new");
    assert_eq!((index.applied_seq(), index.len()), (None, 0));
    assert_eq!(first(&index, "juan"), None);
    index.rebuild(entries(&PLAYERS), 41).expect("rebuild");

    let again = SearchIndex::open_or_create(dir.path()).expect("reopened");
    assert_eq!(
        (again.applied_seq(), again.len()),
        (Some(41), PLAYERS.len())
    );
    assert_eq!(first(&again, "juan sorela").as_deref(), Some("Juan Sorela"));
    again
        .rebuild(entries(&["Otto Newman"]), 42)
        .expect("rebuild");
    assert_eq!(first(&again, "juan sorela"), None);
    assert_eq!(first(&again, "otto n").as_deref(), Some("Otto Newman"));

    again.rebuild(entries(&[]), 43).expect("nobody left");
    let again = SearchIndex::open_or_create(dir.path()).expect("reopened");
    assert_eq!((again.applied_seq(), again.len()), (Some(43), 0));
}

#[test]
fn searches_go_on_during_rebuilds() {
    let index = index();
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| {
            for _ in 0..200 {
                let found = first(&index, "juan sorela");
                assert_eq!(found.as_deref(), Some("Juan Sorela"));
            }
        });
        for seq in 2..5 {
            index.rebuild(entries(&PLAYERS), seq).expect("rebuild");
        }
        searching.join().expect("every search was answered");
    });
}

fn built(dir: &Path) {
    let index = SearchIndex::open_or_create(dir).expect("new");
    index.rebuild(entries(&PLAYERS), 9).expect("rebuild");
}

#[test]
fn damage_is_noticed_and_healed_by_a_reset() {
    let dir = tempfile::tempdir().expect("directory");
    for kind in ["store", "idx", "term", "json"] {
        built(dir.path());
        damage(dir.path(), kind);
        assert!(SearchIndex::open_or_create(dir.path()).is_err(), "{kind}");
        let healed = SearchIndex::open_or_reset(dir.path()).expect("reset");
        assert_eq!(healed.applied_seq(), None);
    }
}

/// Changes the middle byte of every file of a kind.
fn damage(dir: &Path, kind: &str) {
    let files = std::fs::read_dir(dir).expect("list");
    let files = files.map(|file| file.expect("entry").path());
    let files: Vec<_> = files
        .filter(|f| f.extension().is_some_and(|e| e == kind))
        .collect();
    assert!(!files.is_empty(), "{kind}");
    for file in files {
        let mut bytes = std::fs::read(&file).expect("read");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x80;
        std::fs::write(&file, bytes).expect("write");
    }
}

#[test]
fn a_foreign_directory_is_refused() {
    let dir = tempfile::tempdir().expect("directory");
    std::fs::write(dir.path().join("notes.txt"), "mine").expect("write");
    assert!(SearchIndex::open_or_create(dir.path()).is_err());
    assert!(SearchIndex::open_or_reset(dir.path()).is_err());
    assert!(dir.path().join("notes.txt").exists());
}

proptest! {
    #[test]
    fn any_text_is_a_query(text in any::<String>(), limit in 0usize..20) {
        let found = shared().search(&text, limit).expect("search");
        assert!(found.len() <= limit);
    }

    #[test]
    fn any_name_can_be_held(names in prop::collection::vec(any::<String>(), 0..12)) {
        let index = SearchIndex::in_memory().expect("in memory");
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        index.rebuild(entries(&names), 1).expect("rebuild");
        for name in names {
            index.search(name, 3).expect("search");
        }
    }
}

fn shared() -> &'static SearchIndex {
    static INDEX: std::sync::OnceLock<SearchIndex> = std::sync::OnceLock::new();
    INDEX.get_or_init(index)
}
