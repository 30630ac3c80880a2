//! Who may ask for what: every route there is, for everybody who may come. A route that
//! is not in the table fails, and so does one that lets somebody in whom the table does
//! not name.

use std::collections::BTreeMap;

use afwd::domain::{Tier, TokenScope, UserRole};
use afwd::web::{openapi, route_table};
use axum::http::{HeaderMap, Method, StatusCode};

use super::from;
use super::site::{FORM, JSON, OWN_PAGE, Served, TOKEN};
use crate::models::ask;

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Everybody.
    All,
    /// Whoever was shown the form, which the test of forms looks at.
    Form,
    /// Anybody with an account, and programs of his with a token that is good for it.
    Member,
    /// Anybody with an account who signed in himself.
    SignedIn,
    /// Who runs the site.
    Operator,
}

/// Method, path, who.
const TABLE: &str = "
GET / all
GET /about all
GET /account signed-in
GET /account/activity signed-in
GET /account/delete signed-in
GET /account/export signed-in
GET /account/second-factor signed-in
GET /account/subscription signed-in
GET /account/subscription/done signed-in
GET /account/tokens signed-in
GET /admin all
GET /admin/alerts operator
GET /admin/audit operator
GET /admin/jobs operator
GET /admin/quality operator
GET /admin/reviews operator
GET /admin/users operator
GET /api/events all
GET /api/fine-wine all
GET /api/jobs operator
GET /api/ml/drift all
GET /api/ml/explanations/{id} all
GET /api/ml/model all
GET /api/ml/models all
GET /api/ml/models/compare all
GET /api/ml/models/{id} all
GET /api/ml/predict/{id} all
GET /api/ml/report-card all
GET /api/ml/report-card/{season} all
GET /api/movers all
GET /api/openapi.json all
GET /api/prospects all
GET /api/prospects/compare all
GET /api/prospects/filters all
GET /api/prospects/search all
GET /api/prospects/{id} all
GET /api/prospects/{id}/comparables all
GET /api/prospects/{id}/history all
GET /api/prospects/{id}/stats all
GET /api/prospects/{id}/verdicts all
GET /api/quality operator
GET /api/reviews operator
GET /api/users/export signed-in
GET /api/users/profile member
GET /api/users/sessions signed-in
GET /api/users/subscription member
GET /api/users/tokens signed-in
GET /assets/{file} all
GET /compare all
GET /feed.atom all
GET /fine-wine all
GET /forgot all
GET /healthz all
GET /join/{link} all
GET /metrics operator
GET /models all
GET /movers all
GET /plans all
GET /privacy all
GET /prospects/{id} all
GET /prospects/{id}/comparables all
GET /prospects/{id}/features all
GET /readyz all
GET /register all
GET /report-card all
GET /report-card/{season} all
GET /reset/{link} all
GET /search all
GET /sign-in all
GET /theme all
GET /theme.css all
GET /verify/{link} all
POST /account/delete signed-in
POST /account/mail signed-in
POST /account/password signed-in
POST /account/profile member
POST /account/second-factor signed-in
POST /account/second-factor/confirm signed-in
POST /account/second-factor/off signed-in
POST /account/sessions/{id}/end signed-in
POST /account/sign-out-everywhere signed-in
POST /account/subscription signed-in
POST /account/tokens signed-in
POST /account/tokens/{id}/end signed-in
POST /admin/jobs/refresh operator
POST /admin/jobs/{id}/cancel operator
POST /admin/reviews/{key} operator
POST /admin/sign-in form
POST /admin/sign-out operator
POST /admin/users/invite operator
POST /admin/users/{id}/delete operator
POST /admin/users/{id}/disable operator
POST /admin/users/{id}/enable operator
POST /admin/users/{id}/reset operator
POST /admin/users/{id}/role operator
POST /admin/users/{id}/second-factor-off operator
POST /admin/users/{id}/tier operator
POST /api/auth/login all
POST /api/auth/logout all
POST /api/auth/refresh all
POST /api/auth/register all
POST /api/billing/webhook all
POST /api/jobs/refresh operator
POST /api/jobs/{id}/cancel operator
POST /api/ml/batch-predict all
POST /api/ml/models/end-challenge operator
POST /api/ml/models/rollback operator
POST /api/ml/models/{id}/challenge operator
POST /api/ml/models/{id}/promote operator
POST /api/ml/batch-predict all
POST /api/ml/predict/{id} all
POST /api/reviews/{key} operator
POST /api/users/tokens signed-in
POST /forgot form
POST /join/{link} form
POST /register form
POST /reset/{link} form
POST /sign-in form
POST /sign-in/code form
POST /sign-out signed-in
POST /verify/{link} form
PUT /api/users/password signed-in
PUT /api/users/profile member
PUT /api/users/subscription signed-in
DELETE /api/users signed-in
DELETE /api/users/sessions/{id} signed-in
DELETE /api/users/tokens/{id} signed-in
";

fn table() -> BTreeMap<(Method, String), Who> {
    let lines = TABLE.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let who = match words[2] {
            "all" => Who::All,
            "form" => Who::Form,
            "member" => Who::Member,
            "signed-in" => Who::SignedIn,
            "operator" => Who::Operator,
            other => panic!("{other}"),
        };
        let method = words[0].parse().expect("a method");
        ((method, words[1].to_owned()), who)
    });
    rows.collect()
}

/// Everybody who may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Anonymous,
    Free,
    Premium,
    Disabled,
    Deleted,
    SignedOut,
    ReadToken,
    WriteToken,
    OperateToken,
    MemberOperator,
    BreakGlass,
}

const ROLES: [Role; 11] = [
    Role::Anonymous,
    Role::Free,
    Role::Premium,
    Role::Disabled,
    Role::Deleted,
    Role::SignedOut,
    Role::ReadToken,
    Role::WriteToken,
    Role::OperateToken,
    Role::MemberOperator,
    Role::BreakGlass,
];

impl Role {
    fn may(self, who: Who, method: &Method) -> bool {
        use Role::{
            BreakGlass, Free, MemberOperator, OperateToken, Premium, ReadToken, WriteToken,
        };
        match who {
            Who::All | Who::Form => true,
            Who::Member if *method == Method::GET => {
                matches!(self, Free | Premium | ReadToken | MemberOperator)
            }
            Who::Member => matches!(self, Free | Premium | WriteToken | MemberOperator),
            Who::SignedIn => matches!(self, Free | Premium | MemberOperator),
            Who::Operator => matches!(self, OperateToken | MemberOperator | BreakGlass),
        }
    }
}

/// What each brings in his header.
struct Keys(BTreeMap<&'static str, String>);

impl Keys {
    fn make(served: &Served) -> Self {
        let (place, by) = (&served.place, served.place.accounts.at_the_console());
        for name in ["free", "premium", "disabled", "deleted", "out"] {
            served.add(&format!("{name}@example.org"), UserRole::Reader);
        }
        for name in ["operator", "spare"] {
            served.add(&format!("{name}@example.org"), UserRole::Operator);
        }
        let id = |name: &str| place.accounts.find(&by, &format!("{name}@example.org"));
        let access = |name: &str| served.access(&format!("{name}@example.org"));
        place
            .accounts
            .set_tier(&by, id("premium").expect("known"), Tier::Premium)
            .expect("set");
        let mut keys = BTreeMap::from([
            ("disabled", access("disabled")),
            ("deleted", access("deleted")),
        ]);
        place
            .accounts
            .disable(&by, id("disabled").expect("known"))
            .expect("disabled");
        place
            .accounts
            .delete_user(&by, id("deleted").expect("known"))
            .expect("deleted");
        let out = place
            .sign_in("out@example.org", super::PASSWORD, &from("x"))
            .expect("in");
        place
            .accounts
            .sign_out(out.refresh.expose(), &from("x"))
            .expect("out");
        keys.insert("out", out.access.expose().to_owned());
        let spare = place
            .sign_in("spare@example.org", super::PASSWORD, &from("x"))
            .expect("in");
        let own = place
            .member(&spare)
            .expect("a member")
            .signed_in()
            .expect("a session");
        for (name, scope) in [
            ("read", TokenScope::Read),
            ("write", TokenScope::Write),
            ("operate", TokenScope::Operate),
        ] {
            let made = place
                .accounts
                .make_api_token(&own, name, &[scope], 30, &from("x"));
            keys.insert(name, made.expect("a token").1.expose().to_owned());
        }
        Self(keys)
    }

    fn of(&self, role: Role, served: &Served) -> Option<String> {
        let held = |name: &str| Some(self.0[name].clone());
        match role {
            Role::Anonymous => None,
            // Each asks anew: some of what they ask for ends a sign-in.
            Role::Free => Some(served.access("free@example.org")),
            Role::Premium => Some(served.access("premium@example.org")),
            Role::MemberOperator => Some(served.access("operator@example.org")),
            Role::Disabled => held("disabled"),
            Role::Deleted => held("deleted"),
            Role::SignedOut => held("out"),
            Role::ReadToken => held("read"),
            Role::WriteToken => held("write"),
            Role::OperateToken => held("operate"),
            Role::BreakGlass => Some(TOKEN.to_owned()),
        }
    }
}

fn address(path: &str) -> String {
    let path = path
        .replace("{id}", "101")
        .replace("{season}", "2012")
        .replace("{key}", "k")
        .replace("{link}", "none")
        .replace("{file}", "none");
    match path.as_str() {
        "/search" | "/api/prospects/search" => format!("{path}?q=birch"),
        _ => path,
    }
}

fn is_refused(status: StatusCode, headers: &HeaderMap) -> bool {
    let to = headers.get("location").and_then(|to| to.to_str().ok());
    let to_the_door = to.is_some_and(|to| to.starts_with("/sign-in?next="));
    to_the_door || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_names_and_nobody_else() {
    let (served, table) = (Served::new(), table());
    let keys = Keys::make(&served);
    for route in route_table() {
        let who = table.get(&(route.method.clone(), route.path.clone()));
        let who = who.copied();
        let who = who.unwrap_or_else(|| panic!("who may {} {}?", route.method, route.path));
        // The stream of events has no end to wait for; a form needs its token.
        if route.path == "/api/events" || who == Who::Form {
            continue;
        }
        for role in ROLES {
            let bearer = keys.of(role, &served).map(|key| format!("Bearer {key}"));
            let kind = if route.path.starts_with("/api/") {
                JSON
            } else {
                FORM
            };
            let mut headers = vec![kind, OWN_PAGE];
            headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
            let uri = address(&route.path);
            let answer = ask(&served.site, route.method.as_str(), &uri, &headers, "").await;
            let (status, sent, said) = answer;
            assert_eq!(
                is_refused(status, &sent),
                !role.may(who, &route.method),
                "{} {uri} for {role:?}: {status} {said}",
                route.method
            );
        }
    }
    let routes = route_table().len();
    assert_eq!(table.len(), routes, "the table names routes that are gone");
}

/// What the description of the API says of each operation is what happens.
#[tokio::test]
async fn every_operation_that_refuses_strangers_says_so() {
    let (served, table) = (Served::new(), table());
    let document = serde_json::to_value(openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let mut looked = 0;
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let who = table[&(method.clone(), path.clone())];
            if who == Who::All {
                continue;
            }
            let (uri, headers) = (address(path), [JSON, OWN_PAGE]);
            let (status, ..) = ask(&served.site, method.as_str(), &uri, &headers, "{}").await;
            let described = operation["responses"].as_object().expect("responses");
            assert!(
                described.contains_key(status.as_str()),
                "{method} {path}: {status}"
            );
            looked += 1;
        }
    }
    assert!(looked > 15, "{looked}");
}

#[tokio::test]
async fn nobody_reaches_what_is_anothers() {
    let served = Served::new();
    for name in ["ann", "bob"] {
        served.add(&format!("{name}@example.org"), UserRole::Reader);
    }
    let (ann, bob) = (
        served.access("ann@example.org"),
        served.access("bob@example.org"),
    );
    let bearer = |key: &str| format!("Bearer {key}");
    let list = |key: String, what: &'static str| {
        let site = served.site.clone();
        async move {
            let uri = format!("/api/users/{what}");
            let headers = [("authorization", key.as_str())];
            let (status, _, said) = ask(&site, "GET", &uri, &headers, "").await;
            assert_eq!(status, StatusCode::OK, "{said}");
            let list: serde_json::Value = serde_json::from_str(&said).expect("JSON");
            list.as_array().expect("a list").clone()
        }
    };
    let made = r#"{"name": "bot", "scopes": ["read"], "days": 7}"#;
    let own = bearer(&ann);
    let headers = [JSON, ("authorization", own.as_str())];
    let (status, _, said) = ask(&served.site, "POST", "/api/users/tokens", &headers, made).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    for what in ["sessions", "tokens"] {
        let before = list(bearer(&ann), what).await;
        for held in &before {
            let id = held["id"].as_str().expect("an id");
            let uri = format!("/api/users/{what}/{id}");
            let other = bearer(&bob);
            let headers = [("authorization", other.as_str())];
            let (status, ..) = ask(&served.site, "DELETE", &uri, &headers, "").await;
            assert_eq!(status, StatusCode::NO_CONTENT, "nothing of his has that id");
        }
        assert_eq!(list(bearer(&ann), what).await, before, "{what}");
    }
}
