//! Since yesterday: movers, days, the feed and the stream of events.

use afwd::rankings::{MoversQuery, MoversView};
use afwd::web::{AppState, router};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::support::league::{Days, catalog, catalog_keeping};

fn site(stop: &CancellationToken) -> (Router, std::sync::Arc<afwd::rankings::Catalog>) {
    let catalog = catalog();
    (
        router(AppState::new(catalog.clone(), 8 << 20, stop.clone())),
        catalog,
    )
}

async fn get(uri: &str) -> (StatusCode, String) {
    let (site, _) = site(&CancellationToken::new());
    let request = Request::get(uri).body(Body::empty()).expect("a request");
    let response = site
        .clone()
        .oneshot(request)
        .await
        .expect("the router never fails");
    let status = response.status();
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn moves(kept: Days) -> MoversView {
    catalog_keeping(kept)
        .movers(&MoversQuery::default())
        .expect("two days are kept")
}

#[test]
fn what_happened_between_the_two_newest_days_is_told() {
    for kept in [Days::Whole, Days::Small] {
        told(&moves(kept));
    }
}

fn told(view: &MoversView) {
    assert_eq!(
        (view.from.as_deref(), view.to.as_deref()),
        (Some("2024-07-02"), Some("2024-07-03"))
    );
    let of = |id: u32| {
        view.moves
            .iter()
            .filter(|m| m.id == 100 + id)
            .map(|m| m.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(1), ["arrival"]);
    assert_eq!(of(2), ["departure"]);
    assert_eq!(of(60), ["rise"]);
    assert_eq!(of(5), ["transaction"]);
    assert_eq!(
        view.moves.len(),
        4,
        "nobody else moved by himself: {:?}",
        view.moves
    );
    assert!(!view.other_model);
}

#[test]
fn the_reasons_of_a_move_are_those_of_the_explanations() {
    reasons(&moves(Days::Whole), 1e-6);
    // Log-odds of groups are kept to a ten-thousandth.
    reasons(&moves(Days::Small), 5e-4);
}

fn reasons(view: &MoversView, precision: f64) {
    let rise = view.moves.iter().find(|m| m.kind == "rise").expect("one");
    // Player 60 is explained like player 20: one share, 40 fortieths larger.
    assert_eq!(rise.reasons.len(), 1);
    assert_eq!(rise.reasons[0].group, "Contact");
    assert!(
        (rise.reasons[0].log_odds - 1.0).abs() < precision,
        "{:?}",
        rise.reasons
    );
    let (before, after) = (rise.before.expect("known"), rise.after.expect("known"));
    assert!((rise.reasons[0].probability - (after - before)).abs() < precision);
    let log_odds = |p: f64| (p / (1.0 - p)).ln();
    assert!(
        (log_odds(after) - log_odds(before) - 1.0).abs() < precision,
        "the shares add up to the move"
    );
}

#[tokio::test]
async fn days_can_be_asked_for_by_page_and_api() {
    let (status, body) = get("/api/prospects?as_of=2024-07-02&limit=200").await;
    assert_eq!(status, StatusCode::OK);
    let board: Value = serde_json::from_str(&body).expect("JSON");
    let ids: Vec<u64> = board["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["id"].as_u64())
        .collect();
    assert!(!ids.contains(&101) && ids.contains(&102));
    let (_, later) = get("/api/prospects?as_of=2025-01-01&limit=200").await;
    let later: Value = serde_json::from_str(&later).expect("JSON");
    assert!(
        later["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .any(|row| row["id"] == 101),
        "the newest day before is shown"
    );
    let (status, body) = get("/api/prospects?as_of=2020-01-01").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        body.contains("no_board_for_day") && body.contains("2024-07-02"),
        "{body}"
    );
    let (status, page) = get("/prospects/103?as_of=2024-07-03").await;
    assert!(status == StatusCode::OK && page.contains("as of 2024-07-03"));
    let (status, page) = get("/?as_of=2024-07-03").await;
    assert!(
        status == StatusCode::OK && page.contains("/prospects/103?as_of=2024-07-03"),
        "links keep the day"
    );
    assert_eq!(get("/?as_of=2024-13-03").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_api_and_history_answer() {
    let (status, page) = get("/movers").await;
    assert!(status == StatusCode::OK && page.contains("From 2024-07-02 to 2024-07-03"));
    assert!(page.contains("Larks to Herons"));
    let (_, body) = get("/api/movers?kind=rise&limit=1").await;
    let view: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(view["moves"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        get("/api/movers?kind=gossip").await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(get("/api/movers?limit=0").await.0, StatusCode::BAD_REQUEST);
    let (_, body) = get("/api/prospects/160/history").await;
    let history: Value = serde_json::from_str(&body).expect("JSON");
    let points: Vec<_> = history["points"]
        .as_array()
        .expect("points")
        .iter()
        .filter_map(|p| p["as_of"].as_str())
        .collect();
    assert_eq!(points, ["2023", "2024", "2024-07-02", "2024-07-03"]);
}

#[tokio::test]
async fn the_feed_is_well_formed_and_escaped() {
    let (status, feed) = get("/feed.atom").await;
    assert_eq!(status, StatusCode::OK);
    let mut depth: Vec<String> = Vec::new();
    for tag in feed
        .split('<')
        .skip(1)
        .filter_map(|part| part.split('>').next())
    {
        let name = tag
            .split([' ', '/'])
            .find(|part| !part.is_empty())
            .unwrap_or_default();
        match tag {
            _ if tag.starts_with('?') || tag.ends_with('/') => {}
            _ if tag.starts_with('/') => assert_eq!(depth.pop().as_deref(), Some(name)),
            _ => depth.push(name.to_owned()),
        }
    }
    assert!(depth.is_empty(), "{depth:?} stay open");
    assert_eq!(feed.matches("<entry>").count(), 1);
    assert!(feed.matches("<id>urn:uuid:").count() == 2 && feed.contains("&lt;li&gt;"));
}

#[tokio::test]
async fn open_pages_hear_of_a_newer_board_and_are_let_go_at_the_end() {
    let stop = CancellationToken::new();
    let (site, catalog) = site(&stop);
    let request = Request::get("/api/events")
        .body(Body::empty())
        .expect("a request");
    let response = site
        .clone()
        .oneshot(request)
        .await
        .expect("the router never fails");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    for (event, version) in [("board", 1), ("refresh", 2)] {
        let frame = body.frame().await.expect("an event").expect("a frame");
        let text = String::from_utf8_lossy(frame.data_ref().expect("data")).into_owned();
        let data = format!("event: {event}\ndata: {{\"version\":{version},\"season\":2024}}");
        assert!(text.contains(&data), "{text}");
        if event == "board" {
            catalog.refresh().expect("boards");
        }
    }
    stop.cancel();
    assert!(body.frame().await.is_none(), "the stream ends");
}
