//! What must be so of every route: walked over the table the router is built from.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use afwd::domain::{
    Attribution, Comparable, Decision, Grade, History, Prediction, ProspectId, Role, Season,
    SnapshotId, Transaction, Verdict,
};
use afwd::ingest::lists::reviews::{ReviewError, ReviewView};
use afwd::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, ModelView, Models, ModelsError,
    ModelsView, Running,
};
use afwd::rankings::{
    BoardData, Catalog, DayAnswer, NameSearch, Predictor, Source, SourceError, Sources,
};
use afwd::secret::Secret;
use afwd::store::DayStanding;
use afwd::web::jobs::{JobView, Jobs, JobsError};
use afwd::web::metrics::Metrics;
use afwd::web::models::ModelRegistry;
use afwd::web::monitor::{AlertsView, Monitor, Trouble};
use afwd::web::operator::Operator;
use afwd::web::quality::{Quality, QualityView};
use afwd::web::reviews::Reviews;
use afwd::web::{AppState, Route, Site, route_table, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::civil::Date;
use scraper::{Html, Selector};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::models::ask;
use crate::support::league::{League, catalog, empty_catalog, league, sources};

const TOKEN: &str = "s3cret";
const BEARER: (&str, &str) = ("authorization", "Bearer s3cret");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// The parts behind a site: they notice each change they are asked for.
#[derive(Default)]
struct Counted {
    changes: AtomicUsize,
}

impl Counted {
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

impl Jobs for Counted {
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

impl Quality for Counted {
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

impl Reviews for Counted {
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

impl Monitor for Counted {
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

impl Models for Counted {
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

impl ModelRegistry for Counted {
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

fn site(counted: &Arc<Counted>) -> Router {
    let state = AppState::new(catalog(), 8 << 20, CancellationToken::new())
        .with_models(
            Arc::clone(counted) as Arc<dyn ModelRegistry>,
            empty_catalog(),
            Some(Secret::new(TOKEN)),
        )
        .with_operation(Arc::clone(counted))
        .with_monitor(Arc::clone(counted) as Arc<dyn Monitor>, false);
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
        .replace("{link}", "none")
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
    let computes =
        |route: &Route| ["/api/ml/predict/{id}", "/api/ml/batch-predict"].contains(&&*route.path);
    let reads = |route: &Route| route.method == Method::GET;
    let changing = table
        .into_iter()
        .filter(|route| !reads(route) && !computes(route) && !is_about_accounts(route));
    changing.collect()
}

/// What readers do with their own accounts, and the operator with theirs: `accounts` has
/// who may.
fn is_about_accounts(route: &Route) -> bool {
    let own = [
        "/api/auth/",
        "/api/billing/",
        "/api/users",
        "/account",
        "/sign-",
        "/register",
        "/forgot",
        "/join/",
        "/reset/",
        "/verify/",
        "/admin/users",
    ];
    own.iter().any(|own| route.path.starts_with(own))
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
    let counted = Arc::new(Counted::default());
    let site = site(&counted);
    let operator = signed_in(&site).await;
    for route in changing() {
        let (uri, method) = (address(&route), route.method.as_str());
        let before = counted.changes();
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
        assert_eq!(counted.changes(), before, "{uri} changed something unasked");
        let (status, _, said) = ask(&site, method, &uri, &[FORM, BEARER], body(&route.path)).await;
        assert_ne!(status, StatusCode::FORBIDDEN, "{uri}: {said}");
        // Signing in and out changes no part of the site.
        let signs = route.path.starts_with("/admin/sign-");
        assert_eq!(
            counted.changes(),
            before + usize::from(!signs),
            "{uri}: {said}"
        );
    }
}

#[tokio::test]
async fn every_form_carries_the_token_of_its_session() {
    let counted = Arc::new(Counted::default());
    let site = site(&counted);
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
        "/account",
        "/account/activity",
        "/account/delete",
        "/account/export",
        "/account/second-factor",
        "/account/subscription",
        "/account/subscription/done",
        "/account/tokens",
        "/admin",
        "/admin/alerts",
        "/admin/audit",
        "/admin/jobs",
        "/admin/quality",
        "/admin/reviews",
        "/admin/users",
        "/api/jobs",
        "/api/quality",
        "/api/reviews",
        "/api/users/export",
        "/api/users/profile",
        "/api/users/sessions",
        "/api/users/subscription",
        "/api/users/tokens",
        "/forgot",
        "/join/{link}",
        "/metrics",
        "/register",
        "/reset/{link}",
        "/sign-in",
        "/theme",
        "/theme.css",
        "/verify/{link}",
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

/// Notices which parts are asked, and which of them on the thread that answers.
#[derive(Default)]
struct Watch {
    answering: OnceLock<ThreadId>,
    asked: Mutex<BTreeSet<&'static str>>,
    blocked: Mutex<BTreeSet<&'static str>>,
}

impl Watch {
    fn note(&self, part: &'static str) {
        let Some(answering) = self.answering.get() else {
            return;
        };
        let noted = match *answering == thread::current().id() {
            true => &self.blocked,
            false => &self.asked,
        };
        noted.lock().expect("no panic").insert(part);
    }
}

/// A league, and the parts behind a site, watched.
struct Watched {
    league: Arc<League>,
    counted: Counted,
    watch: Watch,
}

impl Source for Watched {
    fn seasons(&self) -> Result<Vec<Season>, SourceError> {
        self.watch.note("seasons");
        self.league.seasons()
    }

    fn board(&self, season: Season) -> Result<Option<BoardData>, SourceError> {
        self.watch.note("board");
        self.league.board(season)
    }

    fn days(&self) -> Result<Vec<Date>, SourceError> {
        self.watch.note("days");
        self.league.days()
    }

    fn day_board(&self, day: Date) -> Result<DayAnswer, SourceError> {
        self.watch.note("day_board");
        self.league.day_board(day)
    }

    fn standings(&self, id: ProspectId) -> Result<Vec<(Date, DayStanding)>, SourceError> {
        self.watch.note("standings");
        self.league.standings(id)
    }

    fn transactions(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError> {
        self.watch.note("transactions");
        self.league.transactions(from, to)
    }

    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError> {
        self.watch.note("history");
        self.league.history(id)
    }

    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError> {
        self.watch.note("name");
        self.league.name(id)
    }

    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError> {
        self.watch.note("comparables");
        self.league.comparables(at)
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, SourceError> {
        self.watch.note("verdicts");
        self.league.verdicts()
    }

    fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError> {
        self.watch.note("verdicts_of");
        self.league.verdicts_of(id)
    }

    fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError> {
        self.watch.note("overall_ranks");
        self.league.overall_ranks()
    }
}

impl NameSearch for Watched {
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError> {
        self.watch.note("search");
        self.league.search(query, limit)
    }

    fn is_stale(&self) -> bool {
        self.watch.note("is_stale");
        self.league.is_stale()
    }
}

impl Predictor for Watched {
    fn predict(
        &self,
        model_id: &str,
        role: Role,
        features: &[f32],
        evaluated: bool,
    ) -> Result<(Prediction, Attribution), SourceError> {
        self.watch.note("predict");
        self.league.predict(model_id, role, features, evaluated)
    }
}

impl Jobs for Watched {
    fn jobs(&self, limit: usize) -> Result<Vec<JobView>, JobsError> {
        self.watch.note("jobs");
        Jobs::jobs(&self.counted, limit)
    }

    fn refresh(&self, by: &Operator) -> Result<JobView, JobsError> {
        self.watch.note("refresh");
        self.counted.refresh(by)
    }

    fn cancel(&self, by: &Operator, id: u64) -> Result<Option<JobView>, JobsError> {
        self.watch.note("cancel");
        self.counted.cancel(by, id)
    }
}

impl Quality for Watched {
    fn quality(&self) -> Result<QualityView, SourceError> {
        self.watch.note("quality");
        self.counted.quality()
    }
}

impl Reviews for Watched {
    fn waiting(&self) -> Result<Vec<ReviewView>, ReviewError> {
        self.watch.note("waiting");
        self.counted.waiting()
    }

    fn decide(
        &self,
        by: &Operator,
        key: &str,
        decision: Decision,
    ) -> Result<Option<ReviewView>, ReviewError> {
        self.watch.note("decide");
        self.counted.decide(by, key, decision)
    }
}

impl Monitor for Watched {
    fn troubles(&self) -> Vec<Trouble> {
        self.watch.note("troubles");
        self.counted.troubles()
    }

    fn measure(&self, metrics: &mut Metrics) {
        self.watch.note("measure");
        self.counted.measure(metrics);
    }

    fn alerts(&self) -> AlertsView {
        self.watch.note("alerts");
        self.counted.alerts()
    }
}

impl Models for Watched {
    fn models(&self) -> Result<ModelsView, ModelsError> {
        self.watch.note("models");
        self.counted.models()
    }

    fn compare(&self, a: &str, b: &str) -> Result<ModelComparison, ModelsError> {
        self.watch.note("compare");
        self.counted.compare(a, b)
    }

    fn drift(&self) -> Result<Option<DriftView>, ModelsError> {
        self.watch.note("drift");
        self.counted.drift()
    }

    // Told from memory, at every request.
    fn running(&self) -> Option<Arc<Running>> {
        None
    }

    fn count(&self, _: &str, _: &str, _: u64, _: u64) -> Result<(), ModelsError> {
        Ok(())
    }
}

impl ModelRegistry for Watched {
    fn change(
        &self,
        by: &Operator,
        change: &ModelChange,
        why: &str,
    ) -> Result<DecisionView, ModelsError> {
        self.watch.note("change");
        ModelRegistry::change(&self.counted, by, change, why)
    }

    fn follow(&self) -> Result<(), ModelsError> {
        Ok(())
    }
}

/// One runtime thread answers; whatever a part is asked for there, holds up everybody.
#[tokio::test(flavor = "current_thread")]
async fn no_route_blocks_the_thread_that_answers() {
    let watched = Arc::new(Watched {
        league: league(),
        counted: Counted::default(),
        watch: Watch::default(),
    });
    let read_model = || {
        let catalog = Arc::new(Catalog::new(Sources {
            stored: Arc::clone(&watched) as Arc<_>,
            names: Arc::clone(&watched) as Arc<_>,
            predictor: Arc::clone(&watched) as Arc<_>,
            ..sources()
        }));
        catalog.refresh().expect("the invented boards load");
        catalog
    };
    let state = AppState::new(read_model(), 8 << 20, CancellationToken::new())
        .with_models(
            Arc::clone(&watched) as Arc<dyn ModelRegistry>,
            read_model(),
            Some(Secret::new(TOKEN)),
        )
        .with_operation(Arc::clone(&watched))
        .with_monitor(Arc::clone(&watched) as Arc<dyn Monitor>, false);
    let site = router(state);
    watched
        .watch
        .answering
        .set(thread::current().id())
        .expect("once");
    for route in route_table() {
        for moment in ["", "as_of=2023", "as_of=2024-07-02"] {
            let uri = address(&route);
            let mark = if uri.contains('?') { '&' } else { '?' };
            let uri = format!("{uri}{mark}{moment}");
            let request = Request::builder()
                .method(route.method.clone())
                .uri(uri.trim_end_matches(['?', '&']))
                .header(BEARER.0, BEARER.1)
                .header(FORM.0, FORM.1);
            let request = request.body(Body::from(body(&route.path)));
            // The stream of events has no end to wait for.
            let answer = site.clone().oneshot(request.expect("a request"));
            answer.await.expect("the router never fails");
        }
    }
    let noted = |set: &Mutex<BTreeSet<&'static str>>| set.lock().expect("no panic").clone();
    assert_eq!(noted(&watched.watch.blocked), BTreeSet::new());
    let asked = noted(&watched.watch.asked);
    for part in [
        "alerts",
        "board",
        "cancel",
        "change",
        "comparables",
        "compare",
        "day_board",
        "decide",
        "drift",
        "history",
        "jobs",
        "measure",
        "models",
        "name",
        "predict",
        "quality",
        "refresh",
        "search",
        "standings",
        "transactions",
        "troubles",
        "verdicts_of",
        "waiting",
    ] {
        assert!(
            asked.contains(part),
            "no route asked for {part}, which proves nothing"
        );
    }
}

#[tokio::test]
async fn a_site_below_a_path_keeps_everything_there() {
    let state = AppState::new(catalog(), 8 << 20, CancellationToken::new())
        .with_models(
            Arc::new(Counted::default()),
            empty_catalog(),
            Some(Secret::new(TOKEN)),
        )
        .at(Site {
            base: "/wine".parse().expect("a path"),
            ..Site::default()
        });
    let site = router(state);
    let (status, _, board) = ask(&site, "GET", "/wine", &[], "").await;
    assert_eq!(status, StatusCode::OK);
    let page = Html::parse_document(&board);
    for attribute in ["href", "src", "action"] {
        let selector = Selector::parse(&format!("[{attribute}]")).expect("a selector");
        let mut count = 0;
        for element in page.select(&selector) {
            let target = element.value().attr(attribute).expect("a value");
            let below = target.starts_with("/wine/") || target.starts_with('#');
            assert!(below, "{attribute}={target}");
            count += 1;
        }
        assert!(count > 0, "{attribute}");
    }
    let style = Selector::parse("link[rel=stylesheet]").expect("a selector");
    for sheet in page
        .select(&style)
        .filter_map(|link| link.value().attr("href"))
    {
        assert_eq!(
            ask(&site, "GET", sheet, &[], "").await.0,
            StatusCode::OK,
            "{sheet}"
        );
    }
    let (_, headers, _) = ask(&site, "GET", "/wine/theme?to=dark&back=/about", &[], "").await;
    assert_eq!(header(&headers, "location"), "/wine/about");
    assert!(header(&headers, "set-cookie").contains("Path=/wine;"));
    let (_, headers, _) = ask(&site, "GET", "/wine/admin", &[], "").await;
    assert!(header(&headers, "set-cookie").contains("Path=/wine"));
    let (_, _, api) = ask(&site, "GET", "/wine/api/openapi.json", &[], "").await;
    let api: serde_json::Value = serde_json::from_str(&api).expect("JSON");
    assert_eq!(api["servers"][0]["url"], "/wine");
    let (status, _, problem) = ask(&site, "GET", "/wine/api/nothing", &[], "").await;
    let problem: serde_json::Value = serde_json::from_str(&problem).expect("JSON");
    assert_eq!(
        (status, problem["instance"].as_str()),
        (StatusCode::NOT_FOUND, Some("/wine/api/nothing"))
    );
    let (status, _, lost) = ask(&site, "GET", "/wine/nowhere", &[], "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(lost.contains("href=\"/wine/\"") && !lost.contains("href=\"/about\""));
    let host = [("host", "wine.example.org"), ("x-forwarded-proto", "https")];
    let (_, _, feed) = ask(&site, "GET", "/wine/feed.atom", &host, "").await;
    assert!(
        feed.contains("href=\"https://wine.example.org/wine/feed.atom\""),
        "{feed}"
    );
    let (_, _, other) = ask(
        &site,
        "GET",
        "/wine/feed.atom",
        &[("host", "other.example")],
        "",
    )
    .await;
    assert!(
        other.contains("href=\"http://other.example/wine/movers?from="),
        "{other}"
    );
    for probe in ["/healthz", "/wine/healthz"] {
        assert_eq!(
            ask(&site, "GET", probe, &[], "").await.0,
            StatusCode::OK,
            "{probe}"
        );
    }
}
