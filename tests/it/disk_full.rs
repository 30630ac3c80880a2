//! The site when nothing can be written: it is read on, and says what is wrong.

use std::sync::Arc;

use afwd::app::sources::{Operation, OperationConfig, Unseen};
use afwd::clock::SystemClock;
use afwd::config::sources::SourceSettings;
use afwd::ingest::sources::MLB;
use afwd::store::{Config, Opening, Store};
use afwd::web::router;
use axum::Router;
use axum::http::StatusCode;

use crate::faults::disk::FaultyDisk;
use crate::models::{ask, site};

const TOKEN: (&str, &str) = ("authorization", "Bearer s3cret");

fn site_on(disk: &FaultyDisk, dir: &std::path::Path) -> Router {
    let config = Config {
        disk: Arc::new(disk.clone()),
        ..Config::new(dir)
    };
    let store = Store::open(&config, Opening::CreateIfAbsent).expect("a store");
    let config = OperationConfig {
        sources: SourceSettings::default().with(&MLB, |mlb| mlb.on = true),
        mailer: None,
        clock: Arc::new(SystemClock),
        landing: Arc::new(Unseen),
        runtime: tokio::runtime::Handle::current(),
    };
    let operation = Operation::new(&store, dir, config, |_, _| ());
    let (_, state) = site(Some("s3cret"));
    router(state.with_operation(Arc::new(operation.expect("an operation"))))
}

#[tokio::test]
async fn writes_are_refused_until_there_is_room() {
    let dir = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let site = site_on(&disk, dir.path());
    disk.set_full(true);
    let (status, _, body) = ask(&site, "POST", "/api/jobs/refresh", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{body}");
    let problem: serde_json::Value = serde_json::from_str(&body).expect("a problem document");
    assert_eq!(problem["code"], "disk_full");
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(detail.contains("64 MB are kept in reserve"), "{detail}");
    let (status, ..) = ask(&site, "GET", "/api/jobs", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::OK);
    disk.set_full(false);
    let (status, _, body) = ask(&site, "POST", "/api/jobs/refresh", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
}

#[tokio::test]
async fn a_failing_disk_is_said_so() {
    let dir = tempfile::tempdir().expect("a directory");
    let disk = FaultyDisk::default();
    let site = site_on(&disk, dir.path());
    disk.fail();
    let (status, _, body) = ask(&site, "POST", "/api/jobs/refresh", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    assert!(body.contains("store_unavailable"), "{body}");
    disk.heal();
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let (status, _, body) = ask(&site, "POST", "/api/jobs/refresh", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
}
