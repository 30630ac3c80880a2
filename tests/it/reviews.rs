//! The operator says who people of published lists are: page and API.

use std::sync::Arc;

use afwd::app::sources::{Operation, OperationConfig, Unseen};
use afwd::clock::SystemClock;
use afwd::config::sources::SourceSettings;
use afwd::domain::{Decision, ProspectId};
use afwd::ingest::{FileKind, FileReport};
use afwd::web::router;
use axum::Router;
use axum::http::StatusCode;
use jiff::civil::date;
use scraper::{Html, Selector};

use crate::models::{ask, site};
use crate::support::desk::{Desk, of_paper};

const TOKEN: (&str, &str) = ("authorization", "Bearer s3cret");

/// A site where one row of a list waits: it could be either of two players.
struct Waiting {
    desk: Desk,
    site: Router,
}

impl Waiting {
    fn new() -> Self {
        let desk = Desk::new();
        let operation = Operation::new(
            &desk.store,
            desk.dir.path(),
            OperationConfig {
                sources: SourceSettings::default(),
                mailer: None,
                clock: Arc::new(SystemClock),
                landing: Arc::new(Unseen),
                runtime: tokio::runtime::Handle::current(),
            },
            |_, _| (),
        )
        .expect("an operation");
        let (_, state) = site(Some("s3cret"));
        let site = router(state.with_operation(Arc::new(operation)));
        desk.must(
            FileKind::Players,
            "mlbam_id,name,birth_date\n700001,Ana <3 Gram,2002-05-01\n700002,Ana Gram,2002-06-01\n700003,Ana Gram,2002-07-01\n",
        );
        let waiting = Self { desk, site };
        waiting.list();
        waiting
    }

    fn list(&self) -> u64 {
        self.list_of("Rank,Name,Org\n3,Ana Gram,NYM\n").unmatched
    }

    fn list_of(&self, rows: &str) -> FileReport {
        let options = of_paper("top100", date(2024, 2, 1));
        self.desk.list(rows, &options).expect("an import")
    }

    fn decide(&self, decision: Decision) {
        let key = self.key();
        let decided = self.desk.store.write(|tx| tx.decide_review(&key, decision));
        assert!(decided.expect("a write").is_some());
    }

    fn key(&self) -> String {
        let reviews = self.desk.store.read(|tx| tx.reviews()).expect("a read");
        reviews[0].key.clone()
    }

    fn graded(&self, id: u32) -> usize {
        self.desk.grades(id).len()
    }
}

#[tokio::test]
async fn only_the_operator_sees_and_decides() {
    let waiting = Waiting::new();
    let answer = format!("/api/reviews/{}", waiting.key());
    let form = format!("/admin/reviews/{}", waiting.key());
    for (method, uri, body) in [
        ("GET", "/api/reviews", ""),
        ("GET", "/admin/reviews", ""),
        ("POST", answer.as_str(), r#"{"player":700002}"#),
        ("POST", form.as_str(), "choice=700002"),
    ] {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let (status, ..) = ask(&waiting.site, method, uri, &[kind], body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {uri}");
    }
    assert_eq!(waiting.graded(700_002), 0);
}

#[tokio::test]
async fn the_page_has_a_form_per_person_and_keeps_the_answer() {
    let waiting = Waiting::new();
    let (status, _, body) = ask(&waiting.site, "GET", "/admin/reviews", &[TOKEN], "").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let page = Html::parse_document(&body);
    let count = |selector: &str| {
        page.select(&Selector::parse(selector).expect("a selector"))
            .count()
    };
    assert_eq!(count("section.review form input[type=radio]"), 3, "{body}");
    assert_eq!(count("section.review form fieldset legend"), 1);
    assert_eq!(count("section.review a[href='/prospects/700002']"), 1);
    let uri = format!("/admin/reviews/{}", waiting.key());
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let (status, ..) = ask(&waiting.site, "POST", &uri, &[TOKEN, kind], "choice=zed").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, headers, _) =
        ask(&waiting.site, "POST", &uri, &[TOKEN, kind], "choice=700002").await;
    assert_eq!(
        (status, headers["location"].to_str().ok()),
        (StatusCode::SEE_OTHER, Some("/admin/reviews"))
    );
    assert_eq!((waiting.graded(700_002), waiting.graded(700_003)), (1, 0));
    let (_, _, body) = ask(&waiting.site, "GET", "/admin/reviews", &[TOKEN], "").await;
    assert!(body.contains("Nobody waits"), "{body}");
    assert_eq!(waiting.list(), 0, "asked once");
}

#[tokio::test]
async fn the_api_lists_and_decides() {
    let waiting = Waiting::new();
    let (_, _, body) = ask(&waiting.site, "GET", "/api/reviews", &[TOKEN], "").await;
    let listed: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(listed["reviews"][0]["candidates"][0]["id"], 700_002);
    assert_eq!(listed["reviews"][0]["decision"], "open");
    let uri = format!("/api/reviews/{}", waiting.key());
    for (body, expected) in [
        ("nonsense", StatusCode::BAD_REQUEST),
        (r#"{"player":1}"#, StatusCode::CONFLICT),
        (r#"{"player":700003}"#, StatusCode::OK),
        (r#"{"player":null}"#, StatusCode::OK),
    ] {
        let (status, ..) = ask(&waiting.site, "POST", &uri, &[TOKEN], body).await;
        assert_eq!(status, expected, "{body}");
    }
    assert_eq!(waiting.graded(700_003), 0, "the last word counts");
    let (status, ..) = ask(
        &waiting.site,
        "POST",
        "/api/reviews/none",
        &[TOKEN],
        r#"{"player":null}"#,
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

const CERTAIN: &str = "Rank,Name,Org,MLBAMID\n3,Ana Gram,NYM,700002\n";

#[tokio::test]
async fn a_list_that_says_who_he_is_answers_the_question() {
    let waiting = Waiting::new();
    assert_eq!(waiting.list_of(CERTAIN).added, 1);
    assert_eq!(waiting.graded(700_002), 1);
    let open = waiting.desk.store.read(|tx| tx.reviews()).expect("a read");
    assert!(open.is_empty(), "nobody else can be given his entry");
}

#[tokio::test]
async fn an_entry_is_never_given_to_two() {
    let waiting = Waiting::new();
    waiting.decide(Decision::Matched(ProspectId(700_003)));
    let report = waiting.list_of(CERTAIN);
    assert_eq!((report.quarantined, report.added), (1, 0), "{report:?}");
    waiting.decide(Decision::Dismissed);
    assert_eq!(waiting.list_of(CERTAIN).added, 1);
    assert_eq!((waiting.graded(700_002), waiting.graded(700_003)), (1, 0));
}

#[tokio::test]
async fn taking_a_word_back_leaves_what_a_list_gave_itself() {
    let waiting = Waiting::new();
    waiting.list_of("Rank,Name,Org,MLBAMID\n9,Ana Gram,NYM,700002\n");
    waiting.decide(Decision::Matched(ProspectId(700_002)));
    waiting.decide(Decision::Open);
    assert_eq!(waiting.graded(700_002), 1);
}
