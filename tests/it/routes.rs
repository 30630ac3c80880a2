//! What must be so of every route: walked over the table the router is built from.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use afwd::domain::Decision;
use afwd::ingest::lists::reviews::{ReviewError, ReviewView};
use afwd::rankings::SourceError;
use afwd::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, ModelView, Models, ModelsError,
    ModelsView, Running,
};
use afwd::secret::Secret;
use afwd::web::jobs::{JobView, Jobs, JobsError};
use afwd::web::metrics::Metrics;
use afwd::web::models::ModelRegistry;
use afwd::web::monitor::{AlertsView, Monitor, Trouble};
use afwd::web::operator::Operator;
use afwd::web::quality::{Quality, QualityView};
use afwd::web::reviews::Reviews;
use afwd::web::{AppState, Route, route_table, router};
use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode};
use scraper::{Html, Selector};
use tokio_util::sync::CancellationToken;

use crate::models::ask;
use crate::support::league::{catalog, empty_catalog};

const TOKEN: &str = "s3cret";
const BEARER: (&str, &str) = ("authorization", "Bearer s3cret");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// The parts behind a site: they notice each change they are asked for.
#[derive(Default)]
struct Desk {
    changes: AtomicUsize,
}

impl Desk {
    fn change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn changes(&self) -> usize {
        self.changes.load(Ordering::Relaxed)
    }
}

fn job() -> JobView {
    JobView {
        id: 7,
        name: "daily".into(),
        key: String::new(),
        state: "waiting".into(),
        created: "2026-12-01T11:00:00Z".into(),
        due: "2026-12-01T11:00:00Z".into(),
        started: None,
        finished: None,
        failures: 0,
        error: String::new(),
        cancel: false,
        steps: Vec::new(),
    }
}

fn review() -> ReviewView {
    ReviewView {
        key: "k".into(),
        source: "paper".into(),
        name: "Ana Gram".into(),
        birth_date: None,
        organisation: String::new(),
        position: String::new(),
        age: None,
        entries: Vec::new(),
        candidates: Vec::new(),
        decision: "open".into(),
        player: None,
    }
}

impl Jobs for Desk {
    fn jobs(&self, _: usize) -> Result<Vec<JobView>, JobsError> {
        Ok(vec![job()])
    }

    fn refresh(&self, _: &Operator) -> Result<JobView, JobsError> {
        self.change();
        Ok(job())
    }

    fn cancel(&self, _: &Operator, _: u64) -> Result<Option<JobView>, JobsError> {
        self.change();
        Ok(Some(job()))
    }
}

impl Quality for Desk {
    fn quality(&self) -> Result<QualityView, SourceError> {
        Ok(QualityView {
            level: "ok".into(),
            summary: "All is well.".into(),
            sources: Vec::new(),
            findings: Vec::new(),
            quarantined: 0,
        })
    }
}

impl Reviews for Desk {
    fn waiting(&self) -> Result<Vec<ReviewView>, ReviewError> {
        Ok(vec![review()])
    }

    fn decide(
        &self,
        _: &Operator,
        _: &str,
        _: Decision,
    ) -> Result<Option<ReviewView>, ReviewError> {
        self.change();
        Ok(Some(review()))
    }
}

impl Monitor for Desk {
    fn troubles(&self) -> Vec<Trouble> {
        Vec::new()
    }

    fn measure(&self, metrics: &mut Metrics) {
        metrics.counter("up", "Whether it is up.", 1);
    }

    fn alerts(&self) -> AlertsView {
        AlertsView::default()
    }
}

impl Models for Desk {
    fn models(&self) -> Result<ModelsView, ModelsError> {
        let model = ModelView {
            model: "x".into(),
            status: Vec::new(),
            trained_until: 2020,
            seed: 1,
            code_version: String::new(),
            data_hash: String::new(),
            weights_hash: String::new(),
            figures: Vec::new(),
            runs: Vec::new(),
        };
        Ok(ModelsView {
            models: vec![model],
            ..ModelsView::default()
        })
    }

    fn compare(&self, a: &str, _: &str) -> Result<ModelComparison, ModelsError> {
        Err(ModelsError::Unknown(a.to_owned()))
    }

    fn drift(&self) -> Result<Option<DriftView>, ModelsError> {
        Ok(None)
    }

    fn running(&self) -> Option<Arc<Running>> {
        None
    }

    fn count(&self, _: &str, _: &str, _: u64, _: u64) -> Result<(), ModelsError> {
        Ok(())
    }
}

impl ModelRegistry for Desk {
    fn change(
        &self,
        _: &Operator,
        change: &ModelChange,
        _: &str,
    ) -> Result<DecisionView, ModelsError> {
        self.change();
        Err(ModelsError::Refused(format!("{change:?}")))
    }

    fn follow(&self) -> Result<(), ModelsError> {
        Ok(())
    }
}

fn site(desk: &Arc<Desk>) -> Router {
    let state = AppState::new(catalog(), 8 << 20, CancellationToken::new())
        .with_models(
            Arc::clone(desk) as Arc<dyn ModelRegistry>,
            empty_catalog(),
            Some(Secret::new(TOKEN)),
        )
        .with_operation(Arc::clone(desk))
        .with_monitor(Arc::clone(desk) as Arc<dyn Monitor>, false);
    router(state)
}

/// An address of the route that is there, with the query it needs.
fn address(route: &Route) -> String {
    let id = match route.path.contains("/models/") {
        true => "x",
        false => "101",
    };
    let path = route
        .path
        .replace("{id}", id)
        .replace("{season}", "2012")
        .replace("{key}", "k")
        .replace("{file}", "none");
    let query = match route.path.as_str() {
        "/api/prospects/search" | "/search" => "?q=birch",
        "/api/prospects/compare" | "/compare" => "?ids=101,102",
        "/api/ml/models/compare" => "?a=x&b=x",
        "/theme" => "?to=dark",
        _ => "",
    };
    let job = path.replace("/jobs/101/", "/jobs/7/");
    format!("{job}{query}")
}

/// A body that the route understands, beside the token of a form.
fn body(path: &str) -> &'static str {
    match path {
        "/api/reviews/{key}" => r#"{"player": 101}"#,
        "/api/ml/models/{id}/challenge" => r#"{"share": 0.1}"#,
        "/admin/reviews/{key}" => "choice=101",
        "/admin/sign-in" => "token=s3cret",
        _ => "",
    }
}

fn changing() -> Vec<Route> {
    let table = route_table();
    assert!(table.len() > 50, "{} routes", table.len());
    // This one computes something and changes nothing.
    let computes = |route: &Route| route.path == "/api/ml/predict/{id}";
    let reads = |route: &Route| route.method == Method::GET;
    let changing = table
        .into_iter()
        .filter(|route| !reads(route) && !computes(route));
    changing.collect()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().expect("plain text"))
}

/// The cookie that an answer sets, as a request brings it.
fn cookie(headers: &HeaderMap) -> String {
    let set = header(headers, "set-cookie");
    set.split(';').next().unwrap_or_default().to_owned()
}

/// The token in the first form of a page.
fn token(page: &str) -> String {
    let page = Html::parse_document(page);
    let field = Selector::parse("input[name=form_token]").expect("a selector");
    let field = page.select(&field).next().expect("a token");
    field.value().attr("value").expect("a value").to_owned()
}

/// Signs in through the page: the operator's cookie.
async fn signed_in(site: &Router) -> String {
    let (_, headers, door) = ask(site, "GET", "/admin", &[], "").await;
    let browser = cookie(&headers);
    assert!(browser.starts_with("afwd_form="), "{browser}");
    let form = format!("token={TOKEN}&form_token={}", token(&door));
    let sent = [FORM, OWN_PAGE, ("cookie", &browser)];
    let (status, headers, _) = ask(site, "POST", "/admin/sign-in", &sent, &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let operator = cookie(&headers);
    assert!(operator.starts_with("afwd_operator="), "{operator}");
    operator
}

#[tokio::test]
async fn every_changing_route_demands_the_operator() {
    let desk = Arc::new(Desk::default());
    let site = site(&desk);
    let operator = signed_in(&site).await;
    for route in changing() {
        let (uri, method) = (address(&route), route.method.as_str());
        let before = desk.changes();
        let foreign = ("sec-fetch-site", "cross-site");
        let cookie = ("cookie", operator.as_str());
        for refused in [
            &[FORM, OWN_PAGE][..],
            &[FORM, OWN_PAGE, ("authorization", "Bearer s3cre")],
            &[FORM, cookie],
            &[FORM, foreign, cookie],
        ] {
            let (status, _, said) = ask(&site, method, &uri, refused, body(&route.path)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{uri} {refused:?}: {said}");
        }
        assert_eq!(desk.changes(), before, "{uri} changed something unasked");
        let (status, _, said) = ask(&site, method, &uri, &[FORM, BEARER], body(&route.path)).await;
        assert_ne!(status, StatusCode::FORBIDDEN, "{uri}: {said}");
        // Signing in and out changes no part of the site.
        let signs = route.path.starts_with("/admin/sign-");
        assert_eq!(
            desk.changes(),
            before + usize::from(!signs),
            "{uri}: {said}"
        );
    }
}

#[tokio::test]
async fn every_form_carries_the_token_of_its_session() {
    let desk = Arc::new(Desk::default());
    let site = site(&desk);
    let operator = signed_in(&site).await;
    let signed = [FORM, OWN_PAGE, ("cookie", operator.as_str())];
    let (_, _, door) = ask(&site, "GET", "/admin", &[], "").await;
    let elsewhere = token(&door);
    for page in ["/admin", "/admin/jobs", "/admin/reviews"] {
        let (_, _, shown) = ask(&site, "GET", page, &signed, "").await;
        let forms = shown.matches("method=\"post\"").count();
        assert!(forms > 0, "{page}: {shown}");
        assert_eq!(
            shown.matches("name=\"form_token\"").count(),
            forms,
            "{page}"
        );
    }
    let (_, _, page) = ask(&site, "GET", "/admin/jobs", &signed, "").await;
    let own = token(&page);
    let forms = changing()
        .into_iter()
        .filter(|route| route.path.starts_with("/admin/") && route.path != "/admin/sign-in");
    for route in forms {
        let uri = address(&route);
        for wrong in ["", &elsewhere] {
            let form = format!("{}&form_token={wrong}", body(&route.path));
            let (status, _, said) = ask(&site, "POST", &uri, &signed, &form).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{uri}");
            assert!(said.contains("load the page again"), "{uri}: {said}");
        }
        let form = format!("{}&form_token={own}", body(&route.path));
        let (status, ..) = ask(&site, "POST", &uri, &signed, &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{uri}");
    }
}

#[tokio::test]
async fn what_is_kept_for_everybody_is_the_same_for_the_operator() {
    let site = site(&Arc::default());
    let operator = signed_in(&site).await;
    let reading = route_table()
        .into_iter()
        .filter(|route| route.method == Method::GET);
    let mut private = BTreeSet::new();
    for route in reading.filter(|route| route.path != "/api/events") {
        let uri = address(&route);
        let (status, headers, own) = ask(&site, "GET", &uri, &[("cookie", &operator)], "").await;
        let kept = header(&headers, "cache-control").to_owned();
        let (_, headers, others) = ask(&site, "GET", &uri, &[], "").await;
        match kept.as_str() {
            kept if kept.starts_with("public") => {
                assert_eq!((status, &own), (StatusCode::OK, &others), "{uri}");
                assert_eq!(header(&headers, "cache-control"), kept);
            }
            "private, no-store" => {
                assert_eq!(header(&headers, "cache-control"), kept, "{uri}");
                private.insert(route.path);
            }
            "no-store" => assert_eq!(header(&headers, "cache-control"), kept, "{uri}"),
            other => panic!("{uri} is kept as `{other}`"),
        }
    }
    let private: Vec<&str> = private.iter().map(String::as_str).collect();
    let expected = [
        "/admin",
        "/admin/alerts",
        "/admin/jobs",
        "/admin/quality",
        "/admin/reviews",
        "/api/jobs",
        "/api/quality",
        "/api/reviews",
        "/metrics",
        "/theme",
        "/theme.css",
    ];
    assert_eq!(private, expected);
}

#[tokio::test]
async fn colours_are_chosen_on_pages_of_this_site_only() {
    let site = site(&Arc::default());
    for (from, taken) in [("same-origin", true), ("none", true), ("cross-site", false)] {
        let sent = [("sec-fetch-site", from)];
        let uri = "/theme?to=dark&back=/about";
        let (status, headers, _) = ask(&site, "GET", uri, &sent, "").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(header(&headers, "location"), "/about");
        assert_eq!(
            header(&headers, "set-cookie").starts_with("theme=dark"),
            taken
        );
    }
    let dark = [("cookie", "a=1; theme=dark")];
    let (_, _, sheet) = ask(&site, "GET", "/theme.css", &dark, "").await;
    assert_eq!(sheet, ":root{color-scheme:dark}");
}
