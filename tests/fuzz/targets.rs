//! What is fuzzed: whatever takes bytes from outside. Each function may refuse its
//! input and must not panic. Shared by the fuzz targets and the replay of the corpus
//! (`tests/it/fuzz.rs`).

use std::cell::RefCell;
use std::path::PathBuf;

use afwd::domain::{ProspectId, Season};
use afwd::ingest::lists::{ListOptions, import_board, import_list};
use afwd::ingest::mlb::{self, Ask, Page, Side, Sport};
use afwd::ingest::{FileKind, Options, Silent, import};
use afwd::ingest::{fangraphs, leaders};
use afwd::ml::Model;
use afwd::ops::backup::verify;
use afwd::search::{Entry, SearchIndex};
use afwd::store::{Config, Opening, Store, decode_value};
use jiff::civil::{Date, date};
use tempfile::TempDir;

const DAY: Date = date(2026, 7, 1);

/// A fuzz target.
pub(crate) type Target = fn(&[u8]);

/// Every target by name.
pub(crate) const ALL: [(&str, Target); 9] = [
    ("backup_archive", backup_archive),
    ("csv_import", csv_import),
    ("leaders", leaders_csv),
    ("lists", lists),
    ("mlb_json", mlb_json),
    ("model_file", model_file),
    ("robots", robots),
    ("row_envelope", row_envelope),
    ("search_query", search_query),
];

struct Desk {
    dir: TempDir,
    store: Store,
}

thread_local! {
    static DESK: Desk = {
        let dir = TempDir::new().expect("a directory");
        let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent);
        Desk { store: store.expect("a store"), dir }
    };
    static INDEX: SearchIndex = {
        let index = SearchIndex::in_memory().expect("an index");
        let names = ["Ana Gram", "José Peña Jr.", "Cy Clone", "D'Arcy van der Stave"];
        let entries = (1..).zip(names).map(|(id, name)| Entry {
            id: ProspectId(id),
            name: name.to_owned(),
            weight: 0.5,
            place: Default::default(),
        });
        index.rebuild(entries, 1).expect("an index");
        index
    };
    static MODEL: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

fn with_file(name: &str, data: &[u8], use_it: impl FnOnce(&Store, PathBuf)) {
    DESK.with(|desk| {
        let path = desk.dir.path().join(name);
        std::fs::write(&path, data).expect("a file");
        use_it(&desk.store, path);
    });
}

/// The first byte tells the kind of import, the rest is the file.
pub(crate) fn csv_import(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let (kind, _) = FileKind::ALL[usize::from(first) % FileKind::ALL.len()];
    with_file("import.csv", rest, |store, path| {
        let _ = import(store, kind, &path, &Options::default(), &Silent);
    });
}

/// A publisher's list, and the same as an export of The Board.
pub(crate) fn lists(data: &[u8]) {
    with_file("list.csv", data, |store, path| {
        let options = ListOptions {
            source: "paper".to_owned(),
            list: "top".to_owned(),
            published: Some(DAY),
            ..ListOptions::default()
        };
        let _ = import_list(store, &path, &options);
        let _ = import_board(store, &path, DAY);
    });
}

/// Leaders as an export and as an answer.
pub(crate) fn leaders_csv(data: &[u8]) {
    with_file("leaders.csv", data, |store, path| {
        let _ = leaders::import_leaders(store, &path, Some(Season(2026)), DAY);
        let players = leaders::Players::load(store).expect("a register");
        let _ = leaders::import_answer(store, "AAA-bat", data, &players, Season(2026), DAY);
    });
}

/// The first byte tells what was asked, the rest is the answer.
pub(crate) fn mlb_json(data: &[u8]) {
    let Some((&first, body)) = data.split_first() else {
        return;
    };
    let season = Season(2026);
    let asks = [
        Ask::Teams { season },
        Ask::Lines {
            season,
            level: Sport::ALL[0],
            side: Side::Hitting,
            advanced: false,
        },
        Ask::Lines {
            season,
            level: Sport::ALL[0],
            side: Side::Pitching,
            advanced: true,
        },
        Ask::People {
            season,
            level: Sport::ALL[0],
        },
        Ask::Transactions { from: DAY, to: DAY },
        Ask::Draft { year: season },
        Ask::Roster {
            team: 147,
            day: DAY,
        },
    ];
    let ask = asks[usize::from(first) % asks.len()].clone();
    let _ = ask.next(body, 0);
    let page = Page {
        ask,
        offset: 0,
        body: body.to_vec(),
    };
    let _ = mlb::read(&[page], DAY, mlb::Purpose::Daily);
}

/// A stored row.
pub(crate) fn row_envelope(data: &[u8]) {
    let _ = decode_value::<Vec<(String, Option<f64>)>>(data);
}

/// What somebody types.
pub(crate) fn search_query(data: &[u8]) {
    let query = String::from_utf8_lossy(data);
    INDEX.with(|index| {
        let hits = index.search(&query, 10).expect("an answer");
        assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    });
}

/// A `robots.txt`.
pub(crate) fn robots(data: &[u8]) {
    let robots = String::from_utf8_lossy(data);
    let _ = fangraphs::allows(&robots, "afwd", "/api/leaders?level=1");
    let delay = fangraphs::crawl_delay(&robots, "afwd");
    assert!(delay.is_none_or(|delay| delay.is_finite() && delay >= 0.0));
}

/// An archive to be verified.
pub(crate) fn backup_archive(data: &[u8]) {
    with_file("backup.tar.zst", data, |_, path| {
        let work = path.parent().expect("a directory");
        let _ = verify(&path, None, work);
    });
}

/// A model's weights, below a manifest that describes others.
pub(crate) fn model_file(data: &[u8]) {
    MODEL.with(|held| {
        let mut held = held.borrow_mut();
        let dir = held.get_or_insert_with(|| {
            let dir = TempDir::new().expect("a directory");
            let model = Model::embedded().expect("the shipped model");
            model.save(dir.path()).expect("a model");
            dir
        });
        for file in ["manifest.toml", "config.json", "weights.safetensors"] {
            let path = dir.path().join(file);
            let good = std::fs::read(&path).expect("a file");
            std::fs::write(&path, data).expect("a file");
            assert!(good == data || Model::load(dir.path()).is_err(), "{file}");
            std::fs::write(&path, good).expect("a file");
        }
    });
}
