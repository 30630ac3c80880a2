//! The registry of models: decisions, arms of a challenge, a failed champion.

use std::sync::{Arc, Barrier};

use afwd::clock::SystemClock;
use afwd::domain::{History, MlbSeason, Season};
use afwd::pipeline::registry::{Reason, decide};
use afwd::pipeline::train::{TrainingPlan, train};
use afwd::pipeline::{demo, predict, versions};
use afwd::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, Models, ModelsError, ModelsView, Running,
};
use afwd::secret::Secret;
use afwd::simulate::LeagueSettings;
use afwd::store::{Challenge, Config, ModelDecision, ModelState, Opening, Store};
use afwd::web::models::ModelRegistry;
use afwd::web::operator::Operator;
use afwd::web::{AppState, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::support::league::{catalog, empty_catalog};

/// A registry with a challenge for a quarter of the viewers, which takes any change.
struct Fake;

impl Models for Fake {
    fn models(&self) -> Result<ModelsView, ModelsError> {
        Ok(ModelsView::default())
    }
    fn compare(&self, a: &str, _: &str) -> Result<ModelComparison, ModelsError> {
        Err(ModelsError::Unknown(a.to_owned()))
    }
    fn drift(&self) -> Result<Option<DriftView>, ModelsError> {
        Ok(None)
    }
    fn running(&self) -> Option<Arc<Running>> {
        Some(Arc::new(Running {
            name: "2022-x/1".to_owned(),
            model: "2022-x".to_owned(),
            share: 0.25,
        }))
    }
    fn count(&self, _: &str, _: &str, _: u64, _: u64) -> Result<(), ModelsError> {
        Ok(())
    }
}

impl ModelRegistry for Fake {
    fn change(
        &self,
        _: &Operator,
        change: &ModelChange,
        why: &str,
    ) -> Result<DecisionView, ModelsError> {
        Ok(DecisionView {
            at: String::new(),
            action: format!("{change:?}"),
            from: None,
            to: None,
            by: "API".to_owned(),
            why: why.to_owned(),
        })
    }
    fn follow(&self) -> Result<(), ModelsError> {
        Ok(())
    }
}

pub(crate) fn site(token: Option<&str>) -> (Router, AppState) {
    let challenger = Arc::into_inner(empty_catalog())
        .expect("the only one")
        .on_trial();
    challenger.refresh().expect("boards load");
    let state = AppState::new(catalog(), 8 << 20, CancellationToken::new()).with_models(
        Arc::new(Fake),
        Arc::new(challenger),
        token.map(Secret::new),
    );
    (router(state.clone()), state)
}

pub(crate) async fn ask(
    site: &Router,
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let (parts, body) = site
        .clone()
        .oneshot(request)
        .await
        .expect("answers")
        .into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (
        parts.status,
        parts.headers,
        String::from_utf8_lossy(&body).into_owned(),
    )
}

fn arm(headers: &HeaderMap) -> &str {
    headers
        .get("afwd-model-arm")
        .map_or("", |arm| arm.to_str().expect("text"))
}

#[tokio::test]
async fn changes_need_the_operators_token() {
    let (closed, _) = site(None);
    let (status, _, body) = ask(&closed, "POST", "/api/ml/models/x/promote", &[], "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        body.contains("AFWD_ADMIN_TOKEN") && body.contains("no_admin_token"),
        "{body}"
    );
    let (open, _) = site(Some("s3cret"));
    for uri in [
        "/api/ml/models/x/promote",
        "/api/ml/models/rollback",
        "/api/ml/models/end-challenge",
        "/api/ml/models/x/challenge",
    ] {
        let body = match uri.ends_with("/challenge") {
            true => r#"{"share": 0.1, "why": "a trial"}"#,
            false => r#"{"why": "a trial"}"#,
        };
        for wrong in [
            &[][..],
            &[("authorization", "Bearer s3cre")],
            &[("authorization", "s3cret")],
        ] {
            assert_eq!(
                ask(&open, "POST", uri, wrong, body).await.0,
                StatusCode::FORBIDDEN,
                "{uri}"
            );
        }
        let right = [("authorization", "Bearer s3cret")];
        let (status, _, said) = ask(&open, "POST", uri, &right, body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{uri}");
        assert!(said.contains(r#""why":"a trial""#), "{said}");
        let long = body.replace("a trial", &"x".repeat(501));
        for wrong in [long.as_str(), r#"{"share": 0.1, "who": "me"}"#, "["] {
            let (status, ..) = ask(&open, "POST", uri, &right, wrong).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{uri} {wrong}");
        }
    }
    let right = [("authorization", "Bearer s3cret")];
    let (status, ..) = ask(&open, "POST", "/api/ml/models/x/challenge", &right, "{}").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        ask(&open, "GET", "/models", &[], "").await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_viewer_keeps_his_arm_and_nobody_gets_anothers_page() {
    let (site, state) = site(None);
    // The champion's page is in the cache first.
    let (_, headers, champion) = ask(&site, "GET", "/?arm=champion", &[], "").await;
    assert_eq!(arm(&headers), "champion");
    assert!(!champion.contains("on trial"));
    let (_, headers, tried) = ask(&site, "GET", "/?arm=challenger", &[], "").await;
    assert_eq!(arm(&headers), "challenger");
    assert!(tried.contains("on trial"));
    let mut challenged = 0;
    for n in 0..400 {
        let cookie = format!("afwd_viewer={:032x}", n / 2);
        let (_, headers, page) = ask(&site, "GET", "/", &[("cookie", &cookie)], "").await;
        let is_tried = arm(&headers) == "challenger";
        assert_eq!(page.contains("on trial"), is_tried);
        assert!(!headers.contains_key("set-cookie"));
        let etag = headers["etag"].to_str().expect("text").to_owned();
        let other = if is_tried {
            "/?arm=champion"
        } else {
            "/?arm=challenger"
        };
        let (status, ..) = ask(&site, "GET", other, &[("if-none-match", &etag)], "").await;
        assert_eq!(
            status,
            StatusCode::OK,
            "the other arm's tag is not this arm's"
        );
        assert!(headers["vary"].to_str().expect("text").contains("cookie"));
        assert!(
            headers["cache-control"]
                .to_str()
                .expect("text")
                .starts_with("private")
        );
        challenged += u32::from(is_tried);
    }
    assert!((50..150).contains(&challenged), "{challenged} of 400");
    let kept = state.arms.take(afwd::web::experiment::Arm::Challenger);
    assert_eq!(kept, (u64::from(challenged), 0));
    let cookie = "afwd_viewer=0123456789abcdef0123456789abcdef";
    let mut arms = Vec::new();
    for _ in 0..1000 {
        let (_, headers, _) = ask(
            &site,
            "GET",
            "/api/prospects/101",
            &[("cookie", cookie)],
            "",
        )
        .await;
        arms.push(arm(&headers).to_owned());
    }
    arms.dedup();
    assert_eq!(arms.len(), 1, "the same viewer, the same arm");
    let (_, headers, _) = ask(&site, "GET", "/api/prospects", &[], "").await;
    assert_eq!(
        (arm(&headers), headers.contains_key("set-cookie")),
        ("champion", false)
    );
    let (_, headers, _) = ask(&site, "GET", "/", &[], "").await;
    assert!(
        headers["set-cookie"]
            .to_str()
            .expect("text")
            .starts_with("afwd_viewer=")
    );
}

fn league(dir: &TempDir, until: Option<usize>) -> Store {
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("opens");
    let settings = LeagueSettings {
        players: 2200,
        ..LeagueSettings::default()
    };
    demo::load(&store, &settings).expect("loads");
    if let Some(shift) = until {
        shuffle(&store, shift);
    }
    store
}

/// Gives every player the major-league career of another one of his role and
/// time, and empties his own.
fn shuffle(store: &Store, shift: usize) {
    let mut histories = store.read(|tx| tx.histories()).expect("reads");
    let first = |h: &History| {
        let lines = h.batting.iter().map(|line| line.season);
        lines.chain(h.pitching.iter().map(|line| line.season)).min()
    };
    histories.sort_by_key(|h| (h.batting.is_empty(), first(h), h.prospect.id));
    let n = histories.len();
    let mut rows = Vec::new();
    for (i, history) in histories.iter().enumerate() {
        let other = &histories[(i + shift) % n].mlb;
        let emptied = history.mlb.iter().map(|mlb| MlbSeason {
            pa: 0,
            ab: 0,
            outs: 0,
            ..*mlb
        });
        let gone = emptied.filter(|mlb| other.iter().all(|o| o.season != mlb.season));
        let career = gone.chain(other.iter().copied());
        rows.extend(career.map(|mlb| (history.prospect.id, mlb)));
    }
    store.write(|tx| tx.put_mlb_seasons(&rows)).expect("writes");
}

fn model(store: &Store, dir: &TempDir, until: u16) -> String {
    let plan = TrainingPlan {
        until: Season(until),
        seed: 1,
        backtest: None,
    };
    let trained = train(store, dir.path(), &plan, &SystemClock, &mut |_| {}).expect("trains");
    trained.model.id().to_owned()
}

#[test]
fn a_champion_that_fails_is_taken_back_and_the_log_says_why() {
    let (dir, elsewhere) = (
        TempDir::new().expect("a directory"),
        TempDir::new().expect("one"),
    );
    let store = league(&dir, None);
    let good = model(&store, &dir, 2020);
    let bad = model(&league(&elsewhere, Some(15)), &dir, 2021);
    assert_eq!(store.read(|tx| tx.training_runs()).expect("reads").len(), 1);
    let reason = Reason {
        by: "command line",
        why: "a test",
    };
    let change = |change| decide(&store, dir.path(), &change, reason, &SystemClock);
    change(ModelChange::Promote(good.clone())).expect("promotes");
    change(ModelChange::Promote(bad.clone())).expect("promotes");
    assert!(change(ModelChange::Promote("2021-nothing".to_owned())).is_err());

    // What the operator decides while a champion is on trial stands.
    let season = Season(2025);
    let mut promoted = false;
    let mut say = |step: &str| {
        if step.starts_with("rolling back") {
            change(ModelChange::Promote(good.clone())).expect("promotes");
            promoted = true;
        }
    };
    let made = predict::predict(&store, dir.path(), season..=season, &SystemClock, &mut say);
    assert_eq!(made.expect("predicts")[0].model_id, good);
    assert!(promoted, "it was not on trial");
    let state = store.read(|tx| tx.model_state()).expect("reads");
    assert_eq!(state.champion.as_ref(), Some(&good));
    assert_eq!(state.earlier.last(), Some(&bad));
    change(ModelChange::Promote(bad.clone())).expect("promotes");

    let mut said = String::new();
    let mut say = |step: &str| said += step;
    let made = predict::predict(&store, dir.path(), season..=season, &SystemClock, &mut say);
    assert_eq!(made.expect("predicts")[0].model_id, good, "{said}");
    assert!(said.contains("rolling back"), "{said}");
    let view = versions::models(&store, dir.path()).expect("reads");
    assert_eq!(view.log[0].action, "automatic rollback");
    assert_eq!(
        (view.log[0].from.as_ref(), view.log[0].to.as_ref()),
        (Some(&bad), Some(&good))
    );
    assert!(view.log[0].why.contains("log loss"), "{}", view.log[0].why);
    assert_eq!(view.log.len(), 5);
    assert!(versions::drift(&store).expect("reads").is_some());

    // A challenger gets a board and predictions of its own.
    change(ModelChange::Challenge(bad.clone(), 0.5)).expect("challenges");
    predict::predict(
        &store,
        dir.path(),
        season..=season,
        &SystemClock,
        &mut |_| {},
    )
    .expect("predicts");
    let boards = store.read(|tx| tx.challenger_boards()).expect("reads");
    assert_eq!((boards.len(), &boards[0].model_id), (1, &bad));
    let compared = versions::compare(&store, dir.path(), &good, &bad).expect("compares");
    assert!(!compared.seasons.is_empty() && compared.log_loss_gap.expect("a gap")[1] > 0.0);
    change(ModelChange::EndChallenge).expect("ends");
    assert!(
        store
            .read(|tx| tx.challenger_boards())
            .expect("reads")
            .is_empty()
    );

    // A damaged file: another model is passed over, the champion is an error.
    for file in ["config.json", "weights.safetensors", "manifest.toml"] {
        let path = dir.path().join("models").join(&bad).join(file);
        let whole = std::fs::read(&path).expect("a file");
        let mut broken = whole.clone();
        broken[20] ^= 1;
        std::fs::write(&path, broken).expect("written");
        let view = versions::models(&store, dir.path()).expect("reads");
        assert_eq!(view.damaged.len(), 1, "{file}");
        std::fs::write(&path, whole).expect("written");
    }
    std::fs::write(
        dir.path().join("models").join(&good).join("config.json"),
        "{}",
    )
    .expect("written");
    let error = predict::predict(
        &store,
        dir.path(),
        season..=season,
        &SystemClock,
        &mut |_| {},
    );
    assert!(
        error
            .expect_err("refuses")
            .to_string()
            .contains("afwd models promote")
    );
}

#[test]
fn of_two_decisions_at_once_each_sees_the_other() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("opens");
    let state = ModelState {
        champion: Some("2021-a".to_owned()),
        earlier: Vec::new(),
        challenge: Some(Challenge {
            name: "2021-b/0".to_owned(),
            model_id: "2021-b".to_owned(),
            share: 0.5,
            since: jiff::Timestamp::UNIX_EPOCH,
        }),
    };
    let begun = ModelDecision {
        at: jiff::Timestamp::UNIX_EPOCH,
        action: "challenge".to_owned(),
        from: None,
        to: Some("2021-b".to_owned()),
        by: "API".to_owned(),
        why: String::new(),
    };
    let reason = Reason {
        by: "API",
        why: "enough",
    };
    for round in 0..20 {
        store.write(|tx| tx.decide(&state, &begun)).expect("begins");
        let both = Barrier::new(2);
        let end = || {
            both.wait();
            decide(
                &store,
                dir.path(),
                &ModelChange::EndChallenge,
                reason,
                &SystemClock,
            )
            .is_ok()
        };
        let ended = std::thread::scope(|scope| {
            let other = scope.spawn(end);
            [end(), other.join().expect("no panic")]
        });
        assert_eq!(
            ended.iter().filter(|ended| **ended).count(),
            1,
            "round {round}"
        );
    }
}
