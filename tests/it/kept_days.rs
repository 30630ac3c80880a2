//! Days kept by earlier versions of the program answer as they did.

use std::path::Path;

use afwd::domain::Season;
use afwd::pipeline::days;
use afwd::rankings::{Board, BoardQuery, FeatureSet};
use afwd::store::{Config, Opening, Store};
use serde_json::json;
use tempfile::TempDir;

/// A store of the first release, with the board of the last day of 2022 as it was kept
/// then: the whole board, features and all.
fn first_release() -> (TempDir, Store) {
    let dir = TempDir::new().expect("a directory");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let packed = std::fs::read(fixtures.join("schema-1.redb.zst")).expect("a frozen store");
    let file = zstd::decode_all(packed.as_slice()).expect("its bytes");
    std::fs::write(dir.path().join("afwd.redb"), file).expect("room");
    let store = Store::open(&Config::new(dir.path()), Opening::MustExist).expect("opens");
    (dir, store)
}

#[test]
fn a_board_kept_whole_by_the_first_release_answers_as_it_did() {
    let (_dir, store) = first_release();
    let day = Season(2022).last_day();
    let board = days::board(&store, day).expect("reads").expect("was kept");
    let board = Board::load(board);
    let query = BoardQuery {
        limit: 12,
        ..BoardQuery::default()
    };
    let page = board.page(&query).expect("a page");
    let features = FeatureSet::defined();
    let reasons: Vec<_> = board
        .ids()
        .step_by(20)
        .filter_map(|id| {
            let (role, _) = board.prediction(id, None)?;
            board.explanation(id, None, features.of(role))
        })
        .collect();
    insta::assert_json_snapshot!(json!({
        "page": page,
        "reasons": reasons,
        "fine_wine": board.fine_wine(None),
    }));
}
