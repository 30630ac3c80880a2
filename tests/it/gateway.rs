//! The gateway: who may ask how much of the API, and which other sites may.

use std::collections::HashMap;
use std::net::SocketAddr;

use afwd::web::{CrossOrigin, RateLimits, Serving, router, serve};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::models::site;

const LIMITS: RateLimits = RateLimits {
    free: 5,
    premium: 50,
    predictions: 2,
};
const FRIEND: &str = "https://friend.example";

/// A site that is served on a port, since only a connection has an address.
struct Site {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<std::io::Result<()>>,
}

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Site {
    async fn start(limits: RateLimits) -> Self {
        let stop = CancellationToken::new();
        let origins: CrossOrigin = FRIEND.parse().expect("an origin");
        let (_, state) = site(Some("s3cret"));
        let state = state.behind_gateway(limits, origins);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let served = serve(listener, router(state), stop.clone(), Serving::default());
        Self {
            address,
            served: tokio::spawn(served),
            stop,
        }
    }

    /// Asks through a proxy that speaks for `client`.
    async fn get(&self, client: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("x-forwarded-for", client)], "")
            .await
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: afwd\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.expect("is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let (first, fields) = head.split_once("\r\n").expect("fields");
        let fields = fields.lines().filter_map(|line| line.split_once(": "));
        Answer {
            status: first
                .split(' ')
                .nth(1)
                .expect("a status")
                .parse()
                .expect("a number"),
            headers: fields
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.served.await.expect("no panic").expect("no error");
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_so_many_requests_a_minute_and_pages_are_not_counted() {
    let site = Site::start(LIMITS).await;
    for left in (0..5).rev() {
        // From the cache or not, in whichever form.
        let answer = site.get("192.0.2.1", "/api/prospects?limit=2").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), "\"requests\";q=5;w=60");
        assert_eq!(
            answer.header("ratelimit"),
            format!("\"requests\";r={left};t=60")
        );
    }
    let refused = site.get("192.0.2.1", "/api/prospects/filters").await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(
        refused
            .header("ratelimit")
            .starts_with("\"requests\";r=0;t=")
    );
    let problem: Value = serde_json::from_str(&refused.body).expect("JSON");
    assert_eq!(problem["code"], "rate_limited");
    assert!(
        problem["detail"]
            .as_str()
            .expect("text")
            .contains(&format!("in {wait} s"))
    );
    let from = [("x-forwarded-for", "192.0.2.1")];
    let message = site.ask("POST", "/api/billing/webhook", &from, "{}").await;
    assert_eq!(
        message.status, 409,
        "nothing is sold, and nothing is counted"
    );
    // Whoever reads is not turned away, nor others, nor the operator.
    for path in ["/", "/about", "/healthz"] {
        let page = site.get("192.0.2.1", path).await;
        assert_eq!((page.status, page.header("ratelimit")), (200, ""), "{path}");
    }
    assert_eq!(
        site.get("192.0.2.2", "/api/prospects/filters").await.status,
        200
    );
    let operator = [
        ("x-forwarded-for", "192.0.2.1"),
        ("authorization", "Bearer s3cret"),
    ];
    for _ in 0..7 {
        let answer = site
            .ask("GET", "/api/prospects/filters", &operator, "")
            .await;
        assert_eq!(answer.status, 200);
    }
    let guess = [
        ("x-forwarded-for", "192.0.2.1"),
        ("authorization", "Bearer guess"),
    ];
    assert_eq!(
        site.ask("GET", "/api/ml/model", &guess, "").await.status,
        429
    );
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_subscriber_of_ipv6_is_one_caller_and_invented_addresses_help_nobody() {
    let site = Site::start(LIMITS).await;
    for last in 1..=5 {
        let answer = site
            .get(&format!("2001:db8:1:2::{last}"), "/api/ml/model")
            .await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(
        site.get("2001:db8:1:2:ffff::9", "/api/ml/model")
            .await
            .status,
        429
    );
    assert_eq!(
        site.get("2001:db8:1:3::1", "/api/ml/model").await.status,
        200
    );
    // What stands before the proxy's own word, anybody may have written.
    for n in 0..6 {
        let forged = format!("203.0.113.{n}, 192.0.2.9");
        let answer = site.get(&forged, "/api/ml/model").await;
        assert_eq!(answer.status, if n < 5 { 200 } else { 429 });
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fresh_predictions_are_dear_and_a_batch_counts_for_all_in_it() {
    let site = Site::start(LIMITS).await;
    let board = site.get("192.0.2.1", "/api/prospects?limit=3").await;
    let board: Value = serde_json::from_str(&board.body).expect("JSON");
    let ids: Vec<u64> = board["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_u64().expect("an id"))
        .collect();
    let as_if = |client: &'static str| [("x-forwarded-for", client)];
    let fresh = format!("/api/ml/predict/{}", ids[0]);
    for left in [1, 0] {
        let answer = site.ask("POST", &fresh, &as_if("192.0.2.2"), "").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(
            answer.header("ratelimit"),
            format!("\"predictions\";r={left};t=60")
        );
    }
    let refused = site.ask("POST", &fresh, &as_if("192.0.2.2"), "").await;
    assert_eq!(refused.status, 429);
    assert!(
        refused.body.contains("fresh predictions"),
        "{}",
        refused.body
    );
    // A stored one is a request like any other.
    assert_eq!(site.get("192.0.2.2", &fresh).await.status, 200);

    let batch = format!("{{\"ids\": [{}, 4, {}]}}", ids[0], ids[1]);
    let answer = site
        .ask("POST", "/api/ml/batch-predict", &as_if("192.0.2.3"), &batch)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("ratelimit"), "\"requests\";r=4;t=60");
    let entries: Value = serde_json::from_str(&answer.body).expect("JSON");
    let single = site.ask("POST", &fresh, &as_if("192.0.2.4"), "").await;
    let single: Value = serde_json::from_str(&single.body).expect("JSON");
    assert_eq!(entries[0]["prediction"], single);
    assert!(entries[1]["error"].is_string() && entries[1]["prediction"].is_null());
    assert_eq!(entries[2]["id"], ids[1]);
    let again = site
        .ask("POST", "/api/ml/batch-predict", &as_if("192.0.2.3"), &batch)
        .await;
    assert_eq!(again.status, 429, "three more than are left");
    for bad in [
        "",
        "{}",
        "{\"ids\": []}",
        "[1]",
        "{\"ids\": [-1]}",
        "{\"ids\": [1], \"as_of\": \"soon\"}",
    ] {
        let answer = site
            .ask("POST", "/api/ml/batch-predict", &as_if("198.51.100.1"), bad)
            .await;
        let status = answer.status;
        assert!(status == 400 || status == 429, "{bad}: {status}");
    }
    let many: Vec<String> = (0..101).map(|id| id.to_string()).collect();
    let many = format!("{{\"ids\": [{}]}}", many.join(","));
    let answer = site
        .ask(
            "POST",
            "/api/ml/batch-predict",
            &as_if("198.51.100.2"),
            &many,
        )
        .await;
    assert!(
        answer.status == 400 && answer.body.contains("100"),
        "{}",
        answer.body
    );
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_sites_read_what_is_public_and_friends_do_more() {
    let site = Site::start(RateLimits { free: 0, ..LIMITS }).await;
    let stranger = [("origin", "https://stranger.example")];
    let friend = [("origin", FRIEND)];
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    for from in [&stranger, &friend] {
        for path in [
            "/api/prospects?limit=1",
            "/api/prospects/4",
            "/api/openapi.json",
        ] {
            let answer = site.ask("GET", path, from, "").await;
            assert_eq!(allowed(&answer), "*", "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "");
            assert_eq!(answer.header("ratelimit"), "", "no limit");
        }
    }
    let page = site.ask("GET", "/", &friend, "").await;
    assert_eq!(allowed(&page), "", "pages are for people");
    // What the operator alone may see.
    assert_eq!(
        allowed(&site.ask("GET", "/api/jobs", &stranger, "").await),
        ""
    );
    assert_eq!(
        allowed(&site.ask("GET", "/api/jobs", &friend, "").await),
        FRIEND
    );
    let fresh = "/api/ml/predict/4";
    assert_eq!(allowed(&site.ask("POST", fresh, &stranger, "").await), "");
    assert_eq!(allowed(&site.ask("POST", fresh, &friend, "").await), FRIEND);
    for (origin, methods, headers) in [
        (FRIEND, "POST", "authorization"),
        ("https://stranger.example", "GET, HEAD", ""),
        ("https://friend.example.evil.org", "GET, HEAD", ""),
        ("null", "GET, HEAD", ""),
    ] {
        let asked = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization"),
        ];
        let told = site
            .ask("OPTIONS", "/api/ml/batch-predict", &asked, "")
            .await;
        assert_eq!(told.status, 204, "{origin}");
        assert!(
            told.header("access-control-allow-methods")
                .contains(methods),
            "{origin}"
        );
        assert!(
            told.header("access-control-allow-headers")
                .starts_with(headers)
        );
        assert_eq!(
            told.header("access-control-allow-headers").is_empty(),
            headers.is_empty()
        );
        let expected = if origin == FRIEND { FRIEND } else { "*" };
        assert_eq!(allowed(&told), expected);
    }
    site.stop().await;
}
