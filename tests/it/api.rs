//! The JSON API, driven through the whole router.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use afwd::rankings::Catalog;
use afwd::web::{AppState, openapi, router};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::support::league::{PLAYERS, catalog, empty_catalog};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("plain text"))
    }
}

fn site(catalog: Arc<Catalog>) -> Router {
    router(AppState::new(catalog, 8 << 20, CancellationToken::new()))
}

async fn ask(site: &Router, method: Method, uri: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = site
        .clone()
        .oneshot(request)
        .await
        .expect("the router never fails");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

async fn get(site: &Router, uri: &str) -> Answer {
    ask(site, Method::GET, uri, &[]).await
}

#[tokio::test]
async fn pages_hold_every_player_once_in_order() {
    let site = site(catalog());
    for sort in [
        "rank",
        "probability",
        "age",
        "level",
        "playing_time",
        "name",
    ] {
        for order in ["asc", "desc"] {
            let first = format!("/api/prospects?limit=17&sort={sort}&order={order}");
            let (mut uri, mut seen) = (first.clone(), Vec::new());
            loop {
                let page = get(&site, &uri).await.json();
                let rows = page["rows"].as_array().expect("rows").clone();
                seen.extend(rows.iter().map(|row| row["id"].as_u64()));
                let Some(cursor) = page["next_cursor"].as_str() else {
                    break;
                };
                uri = format!("{first}&cursor={cursor}");
            }
            assert_eq!(seen.len(), PLAYERS as usize, "{sort} {order}");
            assert_eq!(seen.iter().collect::<HashSet<_>>().len(), seen.len());
        }
    }
}

#[tokio::test]
async fn filters_show_only_what_they_name_and_as_many_as_they_promise() {
    let site = site(catalog());
    let filters = get(&site, "/api/prospects/filters").await.json();
    let names = [
        ("role", "roles"),
        ("position", "positions"),
        ("level", "levels"),
        ("league", "leagues"),
        ("organisation", "organisations"),
        ("confidence", "confidences"),
    ];
    for (parameter, list) in names {
        for choice in filters[list].as_array().expect("choices") {
            let value = choice["value"].as_str().expect("a value");
            let value_in_uri = value.replace('+', "%2B");
            let page = get(
                &site,
                &format!("/api/prospects?limit=200&{parameter}={value_in_uri}"),
            )
            .await
            .json();
            assert_eq!(page["total"], choice["count"], "{parameter}={value}");
            for row in page["rows"].as_array().expect("rows") {
                assert_eq!(row[parameter], value);
            }
        }
    }
    let ages = get(&site, "/api/prospects?limit=200&age_min=21&age_max=23")
        .await
        .json();
    assert!(ages["total"].as_u64() > Some(0));
    for row in ages["rows"].as_array().expect("rows") {
        assert!((20.95..=23.05).contains(&row["age"].as_f64().expect("an age")));
    }
    let regulars = get(&site, "/api/prospects?min_playing_time=300")
        .await
        .json();
    assert_eq!(regulars["total"], 20);
    assert_eq!(
        get(&site, "/api/prospects?q=BIRCH").await.json()["total"],
        20
    );
}

#[tokio::test]
async fn bad_input_names_what_is_wrong() {
    let site = site(catalog());
    let cursor = get(&site, "/api/prospects?limit=5").await.json()["next_cursor"].clone();
    let foreign = format!(
        "/api/prospects?role=hitter&cursor={}",
        cursor.as_str().expect("a cursor")
    );
    let table = [
        ("/api/prospects?rolle=hitter", 400, "bad_parameter", "rolle"),
        ("/api/prospects?role=umpire", 400, "bad_parameter", "role"),
        ("/api/prospects?level=AAAA", 400, "bad_parameter", "level"),
        (
            "/api/prospects?league=TOOLONGCODE",
            400,
            "bad_parameter",
            "league",
        ),
        ("/api/prospects?age_min=x", 400, "bad_parameter", "age_min"),
        (
            "/api/prospects?age_min=25&age_max=20",
            400,
            "bad_parameter",
            "age_max",
        ),
        (
            "/api/prospects?min_playing_time=-1",
            400,
            "bad_parameter",
            "min_playing_time",
        ),
        ("/api/prospects?sort=height", 400, "bad_parameter", "sort"),
        ("/api/prospects?order=up", 400, "bad_parameter", "order"),
        ("/api/prospects?limit=0", 400, "bad_parameter", "limit"),
        ("/api/prospects?limit=1001", 400, "bad_parameter", "limit"),
        ("/api/prospects?format=xml", 400, "bad_parameter", "format"),
        ("/api/prospects?cursor=zz", 400, "bad_cursor", "cursor"),
        (&foreign, 400, "bad_cursor", "another"),
        (
            "/api/prospects?as_of=1999",
            404,
            "no_board_for_season",
            "afwd predict --as-of 1999",
        ),
        ("/api/prospects?as_of=soon", 400, "bad_parameter", "as_of"),
        ("/api/prospects/abc", 404, "bad_id", "abc"),
        ("/api/prospects/7", 404, "unknown_prospect", "7"),
        ("/api/prospects/search", 400, "bad_parameter", "q"),
        (
            "/api/prospects/search?q=a&limit=99",
            400,
            "bad_parameter",
            "limit",
        ),
        (
            "/api/prospects/compare?ids=101",
            400,
            "bad_comparison",
            "two to five",
        ),
        (
            "/api/prospects/compare?ids=101,101",
            400,
            "bad_comparison",
            "different",
        ),
        (
            "/api/prospects/compare?ids=101,x",
            400,
            "bad_parameter",
            "ids",
        ),
        (
            "/api/ml/explanations/101?role=pitcher",
            404,
            "not_ranked",
            "2024",
        ),
        ("/api/nothing", 404, "not_found", "nothing"),
    ];
    for (uri, status, code, told) in table {
        let answer = get(&site, uri).await;
        let problem = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{uri}: {problem}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{uri}"
        );
        assert_eq!(problem["code"], code, "{uri}: {problem}");
        assert!(
            problem["detail"].as_str().expect("a detail").contains(told),
            "{uri}: {problem}"
        );
        assert_eq!(problem["request_id"], answer.header("x-request-id"));
    }
    let wrong_method = ask(&site, Method::DELETE, "/api/prospects", &[]).await;
    assert_eq!(wrong_method.json()["code"], "method_not_allowed");
    assert!(
        get(&site, "/nothing")
            .await
            .header("content-type")
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn every_encoding_holds_the_same_bytes_under_its_own_tag() {
    let site = site(catalog());
    let uri = "/api/prospects?limit=100";
    let plain = get(&site, uri).await;
    let mut tags = HashSet::from([plain.header("etag").to_owned()]);
    for encoding in ["gzip", "br"] {
        let accept = [("accept-encoding", encoding)];
        let mut answer = ask(&site, Method::GET, uri, &accept).await;
        for _ in 0..200 {
            if answer.header("content-encoding") == encoding {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            answer = ask(&site, Method::GET, uri, &accept).await;
        }
        assert_eq!(answer.header("content-encoding"), encoding);
        let mut body = Vec::new();
        match encoding {
            "gzip" => flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut body),
            _ => brotli::Decompressor::new(&answer.body[..], 4096).read_to_end(&mut body),
        }
        .expect("decodes");
        assert_eq!(body, plain.body);
        assert!(tags.insert(answer.header("etag").to_owned()));
        let again = [
            ("accept-encoding", encoding),
            ("if-none-match", answer.header("etag")),
        ];
        let unchanged = ask(&site, Method::GET, uri, &again).await;
        assert_eq!(
            (unchanged.status, unchanged.body.len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
    }
    assert_eq!(plain.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn explanations_add_up_and_end_at_the_shown_probability() {
    let site = site(catalog());
    for id in 100..100 + PLAYERS {
        let view = get(&site, &format!("/api/ml/explanations/{id}"))
            .await
            .json();
        let number = |value: &Value| value.as_f64().expect("a number");
        let sum = |list: &str| -> f64 {
            view[list]
                .as_array()
                .expect("a list")
                .iter()
                .map(|x| number(&x["log_odds"]))
                .sum()
        };
        let base = number(&view["base_log_odds"]);
        let log_odds = number(&view["log_odds"]);
        assert!((base + sum("groups") - log_odds).abs() < 1e-12);
        assert!((base + sum("features") - log_odds).abs() < 1e-12);
        let probability = number(&view["probability"]);
        assert!((1.0 / (1.0 + (-log_odds).exp()) - probability).abs() < 1e-12);
        let bars = view["groups"].as_array().expect("groups");
        assert_eq!(number(&bars[bars.len() - 1]["to"]), probability);
        assert!(bars.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]));
    }
}

#[tokio::test]
async fn narratives_say_what_the_numbers_say() {
    let site = site(catalog());
    let view = get(&site, "/api/prospects/110").await.json();
    let text = view["narrative"].to_string();
    assert!(
        (3..=4).contains(&view["narrative"].as_array().map_or(0, Vec::len)),
        "{text}"
    );
    assert!(
        text.contains("What lifts him above all is his contact") && text.contains("adding"),
        "{text}"
    );
    assert!(
        text.contains("What holds him back most is his plate discipline")
            && text.contains("taking"),
        "{text}"
    );
    assert_eq!(view["board"]["rank_change"], 0);
    assert_eq!(view["rates"].as_array().map_or(0, Vec::len), 5);
}

#[tokio::test]
async fn comparables_count_what_they_list_and_the_timeline_ends_at_the_probability() {
    let site = site(catalog());
    let all = get(&site, "/api/prospects/103/comparables").await.json();
    let listed = all["comparables"].as_array().expect("a list");
    let successes = listed.iter().filter(|c| c["success"] == true).count();
    assert_eq!(all["count"], listed.len());
    assert_eq!(all["successes"], successes);
    assert_eq!(all["success_share"], successes as f64 / listed.len() as f64);

    let profile = get(&site, "/api/prospects/103").await.json();
    assert_eq!(profile["comparables"]["count"], listed.len());
    assert_eq!(
        profile["comparables"]["comparables"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    let last = &profile["timeline"]["seasons"][3];
    assert_eq!(last["success"], profile["board"]["probability"]);
    assert_eq!(
        get(&site, "/api/prospects/9/comparables").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn predictions_are_stored_and_computed_alike() {
    let site = site(catalog());
    let stored = get(&site, "/api/ml/predict/105").await.json();
    let fresh = ask(&site, Method::POST, "/api/ml/predict/105", &[])
        .await
        .json();
    assert_eq!(stored["probability"], fresh["probability"]);
    assert_eq!(stored["groups"][0]["group"], fresh["groups"][0]["group"]);
    assert_eq!(
        get(&site, "/api/ml/model").await.json()["trained_until"],
        2021
    );
}

#[tokio::test]
async fn lists_come_as_csv_with_a_header() {
    let site = site(catalog());
    let lists = [
        ("/api/prospects?format=csv&limit=10", "rank,id,name", 10),
        (
            "/api/prospects?format=csv",
            "rank,id,name",
            PLAYERS as usize,
        ),
        (
            "/api/prospects?format=csv&limit=5000",
            "rank,id,name",
            PLAYERS as usize,
        ),
        ("/api/prospects?format=csv&q=birch", "rank,id,name", 20),
        ("/api/prospects/101/stats?format=csv", "season,level", 2),
        (
            "/api/prospects/101/stats?format=csv&side=pitching",
            "season,level",
            0,
        ),
        ("/api/prospects/search?q=birch&format=csv", "id,name", 20),
        (
            "/api/prospects/compare?ids=101,102&format=csv",
            "rank,id",
            2,
        ),
    ];
    for (uri, header, rows) in lists {
        let answer = get(&site, uri).await;
        assert_eq!(
            answer.header("content-type"),
            "text/csv; charset=utf-8",
            "{uri}"
        );
        let mut reader = csv::Reader::from_reader(&answer.body[..]);
        let columns = reader
            .headers()
            .expect("a header")
            .iter()
            .collect::<Vec<_>>()
            .join(",");
        assert!(columns.starts_with(header), "{uri}: {columns}");
        let records: Result<Vec<_>, _> = reader.records().collect();
        assert_eq!(
            records.expect("rows as wide as the header").len(),
            rows,
            "{uri}"
        );
    }
    let page = get(&site, "/api/prospects?limit=1").await.json();
    let keys: Vec<&String> = page["rows"][0].as_object().expect("a row").keys().collect();
    let text = String::from_utf8(get(&site, lists[0].0).await.body.to_vec()).expect("UTF-8");
    let columns: HashSet<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    assert!(keys.iter().all(|key| columns.contains(key.as_str())));
}

#[tokio::test]
async fn readiness_follows_the_boards_and_a_swap_drops_the_cache() {
    let catalog = empty_catalog();
    let site = site(Arc::clone(&catalog));
    assert_eq!(get(&site, "/healthz").await.status, StatusCode::OK);
    let early = get(&site, "/readyz").await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        early.json()["reasons"][0]["what"]
            .as_str()
            .expect("a reason")
            .contains("afwd predict")
    );
    assert_eq!(
        get(&site, "/api/prospects").await.json()["code"],
        "no_board_loaded"
    );
    catalog.refresh().expect("loads");
    assert_eq!(get(&site, "/readyz").await.status, StatusCode::OK);
    assert_eq!(get(&site, "/api/prospects").await.status, StatusCode::OK);
}

#[tokio::test]
async fn head_and_common_headers() {
    let site = site(catalog());
    let head = ask(&site, Method::HEAD, "/api/prospects", &[]).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    let full = get(&site, "/api/prospects").await;
    assert_eq!(head.header("content-length"), full.body.len().to_string());
    assert_eq!(head.header("etag"), full.header("etag"));
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "x-request-id",
    ] {
        assert!(!head.header(name).is_empty(), "{name}");
    }
}

#[test]
fn the_api_description_is_reviewed() {
    let mut document = serde_json::to_value(openapi()).expect("encodes");
    assert_eq!(document["openapi"], "3.1.0");
    document["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn late_bloomers_are_listed_with_what_became_of_others() {
    let site = site(catalog());
    let view = get(&site, "/api/fine-wine").await.json();
    assert_eq!(view["total"], 1);
    let row = &view["rows"][0];
    assert_eq!(row["in_words"], "Power and contact");
    assert_eq!(row["last_list"], "MLB Pipeline 2019");
    let rise = row["rise"].as_f64().expect("a rise");
    let odds = |p: f64| (p / (1.0 - p)).ln();
    let now = row["board"]["probability"].as_f64().expect("a probability");
    let before = row["before"].as_f64().expect("a probability");
    assert!((rise - 0.7).abs() < 1e-12 && (odds(now) - odds(before) - rise).abs() < 1e-9);
    assert_eq!(view["curves"][0]["rate"], 0.1);
    assert_eq!(view["curves"][0]["other_rate"], 0.02);
    let pitchers = get(&site, "/api/fine-wine?role=pitcher").await.json();
    assert_eq!(
        (
            &pitchers["total"],
            pitchers["curves"].as_array().map(Vec::len)
        ),
        (&0.into(), Some(0))
    );
    assert_eq!(
        get(&site, "/api/fine-wine?role=pilot").await.status,
        StatusCode::BAD_REQUEST
    );
    let page = get(&site, "/fine-wine?role=hitter").await;
    let page = String::from_utf8(page.body.to_vec()).expect("text");
    assert!(page.contains("A late bloomer is at least 24 on 1 July of 2024"));
    assert!(page.contains("4/40") && page.contains("Players by age in the season they crossed"));
}

#[tokio::test]
async fn the_report_card_tells_what_was_said_and_what_happened() {
    let site = site(catalog());
    let card = get(&site, "/api/ml/report-card").await.json();
    let pooled = &card["pooled"]["model"];
    assert_eq!(pooled["n"], PLAYERS);
    assert_eq!(pooled["successes"], PLAYERS / 2);
    assert_eq!(pooled["auc"], 1.0, "the invented league is told perfectly");
    assert_eq!(card["pooled"]["baseline"]["auc"], 0.5);
    assert_eq!(card["pooled"]["top"][0]["successes"], 25);
    assert_eq!(card["seasons"][0]["highest"][0]["rank"], 1);
    let one = get(&site, "/api/ml/report-card?season=2012").await.json();
    assert_eq!(one["seasons"], card["seasons"]);
    let season = get(&site, "/api/ml/report-card/2012").await.json();
    assert_eq!(season, card["seasons"][0]);
    for (uri, status) in [
        ("/api/ml/report-card/2013", StatusCode::NOT_FOUND),
        ("/api/ml/report-card/soon", StatusCode::NOT_FOUND),
        ("/api/ml/report-card?season=soon", StatusCode::BAD_REQUEST),
        ("/api/prospects/9/verdicts", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(get(&site, uri).await.status, status, "{uri}");
    }
    let player = get(&site, "/api/prospects/100/verdicts").await.json();
    assert_eq!(player["verdicts"][0]["season"], 2012);
    assert_eq!(player["verdicts"][0]["success"], true);
    let page = get(&site, "/prospects/100").await;
    let html = String::from_utf8_lossy(&page.body);
    assert!(html.contains("What we would have said") && html.contains("Succeeded: 501 PA"));
    let page = get(&site, "/report-card").await;
    let html = String::from_utf8_lossy(&page.body);
    assert!(html.contains("The highest who succeeded") && html.contains("role=\"img\""));
    assert_eq!(get(&site, "/report-card/2012").await.status, StatusCode::OK);
}
