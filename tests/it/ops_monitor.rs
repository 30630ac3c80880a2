//! What the server tells of itself: figures, health, headers, its log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use afwd::web::{AppState, route_table, router};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::support::league::catalog;
use crate::support::server::DemoServer;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let paths: Vec<String> = route_table()
        .iter()
        .map(|route| route.path.replace("{id}", "1").replace("{season}", "2020"))
        .chain(["/nowhere", "/api/nowhere"].map(str::to_owned))
        .chain([format!("/search?q={}", "x".repeat(5000))])
        .collect();
    for secure in [false, true] {
        let state = AppState::new(catalog(), 8 << 20, CancellationToken::new());
        let site = router(state.by_https(secure));
        for (method, path) in paths
            .iter()
            .flat_map(|p| ["GET", "POST", "BREW"].map(|m| (m, p)))
        {
            let request = Request::builder().method(method).uri(path);
            let request = request.body(Body::empty()).expect("a request");
            let response = site.clone().oneshot(request).await.expect("an answer");
            let header = |name: &str| {
                let value = response.headers().get(name);
                value
                    .map_or("", |value| value.to_str().expect("text"))
                    .to_owned()
            };
            let at = format!("{method} {path}");
            for part in [
                "default-src 'none'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ] {
                assert!(header("content-security-policy").contains(part), "{at}");
            }
            assert!(
                !header("content-security-policy").contains("unsafe"),
                "{at}"
            );
            assert_eq!(header("x-content-type-options"), "nosniff", "{at}");
            assert_eq!(header("referrer-policy"), "same-origin", "{at}");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{at}");
            assert_eq!(
                !header("strict-transport-security").is_empty(),
                secure,
                "{at}"
            );
            assert!(!header("x-request-id").is_empty(), "{at}");
        }
    }
}

#[tokio::test]
async fn a_request_keeps_its_plain_name() {
    let state = AppState::new(catalog(), 8 << 20, CancellationToken::new());
    let site = router(state);
    for (given, kept) in [("my-request.1", true), ("a b", false), ("<script>", false)] {
        let request = Request::get("/api/prospects/0").header("x-request-id", given);
        let request = request.body(Body::empty()).expect("a request");
        let response = site.clone().oneshot(request).await.expect("an answer");
        let name = response.headers()["x-request-id"]
            .to_str()
            .expect("text")
            .to_owned();
        assert_eq!(name == given, kept);
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(problem["request_id"], name);
    }
    let long = format!("/api/prospects?q={}", "x".repeat(4096));
    let request = Request::get(long).body(Body::empty()).expect("a request");
    let response = site.oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::URI_TOO_LONG);
}

/// Families by name, read as strictly as Prometheus does: kind and samples.
fn read(text: &str) -> BTreeMap<String, (String, Vec<(String, f64)>)> {
    let mut families: BTreeMap<String, (String, Vec<(String, f64)>)> = BTreeMap::new();
    let mut current = String::new();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a kind");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            let known = families.insert(name.to_owned(), (kind.to_owned(), Vec::new()));
            assert!(known.is_none(), "{name} comes twice");
            current = name.to_owned();
        } else if line.starts_with("# HELP ") {
            assert!(line.split(' ').count() > 3, "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            assert!(seen.insert(series.to_owned()), "{series} comes twice");
            let name = series.split('{').next().expect("a name");
            let own = ["", "_bucket", "_sum", "_count"].map(|end| format!("{current}{end}"));
            assert!(own.iter().any(|own| own == name), "{line} after {current}");
            let value = value.parse().expect("a number");
            let family = families.get_mut(&current).expect("a family");
            family.1.push((series.to_owned(), value));
        }
    }
    families
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").expect("a body").1
}

#[test]
fn the_figures_are_for_the_operator_and_what_the_dashboard_shows() {
    let server = DemoServer::start();
    assert!(server.get("/metrics").starts_with("HTTP/1.1 403"));
    for _ in 0..3 {
        assert!(
            server
                .get("/api/prospects?limit=5")
                .starts_with("HTTP/1.1 200")
        );
    }
    server.get("/nowhere-at-all?secret=1");
    let answer = server.get_as_operator("/metrics");
    assert!(answer.contains("content-type: text/plain; version=0.0.4"));
    let families = read(body(&answer));
    let value = |family: &str, series: &str| {
        let found = families[family].1.iter().find(|(name, _)| name == series);
        found.unwrap_or_else(|| panic!("no {series}")).1
    };
    let requests = "afwd_http_requests_total";
    let board = format!("{requests}{{route=\"/api/prospects\",status=\"200\"}}");
    assert_eq!(value(requests, &board), 3.0);
    let lost = format!("{requests}{{route=\"unmatched\",status=\"404\"}}");
    assert_eq!(value(requests, &lost), 1.0);
    let duration = "afwd_http_request_duration_seconds";
    let all = format!("{duration}_bucket{{route=\"/api/prospects\",le=\"+Inf\"}}");
    assert_eq!(value(duration, &all), 3.0);
    let hits = "afwd_response_cache_requests_total";
    assert_eq!(value(hits, &format!("{hits}{{result=\"hit\"}}")), 2.0);
    assert!(value("afwd_data_bytes", "afwd_data_bytes{part=\"store\"}") > 1e6);
    assert!(!answer.contains("nowhere-at-all") && !answer.contains("secret"));
    dashboard_asks_for_what_there_is(families.keys());
    let alerts = server.get_as_operator("/admin/alerts");
    assert!(alerts.starts_with("HTTP/1.1 200") && alerts.contains("Nothing needs you"));
    let ready: serde_json::Value =
        serde_json::from_str(body(&server.get("/readyz"))).expect("JSON");
    assert!(ready["reasons"].is_array(), "{ready}");
}

/// Figures that a demo has not: they need sources, jobs, backups or a record.
const ELSEWHERE: [&str; 12] = [
    "afwd_source_age_seconds",
    "afwd_source_requests_today",
    "afwd_source_requests_allowed",
    "afwd_jobs",
    "afwd_job_last_duration_seconds",
    "afwd_job_last_finished_timestamp_seconds",
    "afwd_backup_age_seconds",
    "afwd_backup_failures",
    "afwd_backup_bytes",
    "afwd_model_auc",
    "afwd_model_balanced_accuracy",
    "afwd_model_brier_skill",
];

fn dashboard_asks_for_what_there_is<'n>(names: impl Iterator<Item = &'n String>) {
    let names: BTreeSet<&str> = names.map(String::as_str).chain(ELSEWHERE).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/deploy/grafana.json");
    let text = std::fs::read_to_string(path).expect("the dashboard");
    let dashboard: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .flat_map(|p| p["targets"].as_array().into_iter().flatten());
    let mut asked = 0;
    for target in targets {
        let expression = target["expr"].as_str().expect("an expression");
        let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let figures = words.filter(|w| w.starts_with("afwd_") || w.starts_with("process_"));
        for figure in figures {
            let plain = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| figure.strip_suffix(end));
            let known = names.contains(figure) || plain.is_some_and(|name| names.contains(name));
            assert!(known, "{figure} in {expression}");
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} figures are shown");
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_secrets() {
    let server = DemoServer::start_with(&["--log-format", "json"]);
    server.get("/search?q=a-name-nobody-should-see");
    server.get_as_operator("/admin/alerts");
    let token = server.operator_token();
    let log = server.stop();
    assert!(
        !log.contains(&token) && !log.contains("nobody-should-see"),
        "{log}"
    );
    let lines: Vec<serde_json::Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let search = lines
        .iter()
        .find(|line| line["route"] == "/search")
        .expect("a line");
    assert_eq!(
        (&search["method"], &search["status"]),
        (&"GET".into(), &200.into())
    );
    assert!(search["duration_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    assert!(
        search["request_id"]
            .as_str()
            .is_some_and(|id| id.len() == 16)
    );
}
