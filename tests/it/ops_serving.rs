//! Serving: slow clients go, the others stay, and a stop loses nobody's answer.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use afwd::web::{Connections, Limits, Networks, Serving, Tls, serve, to_https};
use axum::Router;
use axum::routing::{get, post};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use tokio_util::sync::CancellationToken;

use crate::support::program::afwd;

const PATIENCE: Duration = Duration::from_secs(60);

struct Site {
    address: SocketAddr,
    connections: Arc<Connections>,
    stop: CancellationToken,
    served: JoinHandle<std::io::Result<()>>,
}

impl Site {
    async fn start(router: Router, limits: Limits, tls: Option<Arc<Tls>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, connections) = (CancellationToken::new(), Arc::default());
        let serving = Serving {
            limits,
            tls,
            connections: Arc::clone(&connections),
        };
        Self {
            address,
            connections,
            served: tokio::spawn(serve(listener, router, stop.clone(), serving)),
            stop,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connects")
    }

    /// Asks and reads on until the answer is whole or the connection closed.
    async fn ask(&self, stream: &mut TcpStream, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: afwd\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("is sent");
        answer(stream).await
    }

    async fn stopped(self) {
        self.stop.cancel();
        let served = timeout(PATIENCE, self.served).await.expect("in time");
        served.expect("no panic").expect("no error");
    }
}

/// An answer that ends with `.`, or all there is.
async fn answer(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut part = [0; 4096];
    while !read.ends_with(b".") {
        match timeout(PATIENCE, stream.read(&mut part))
            .await
            .expect("in time")
        {
            Ok(0) | Err(_) => break,
            Ok(length) => read.extend_from_slice(&part[..length]),
        }
    }
    String::from_utf8(read).expect("text")
}

fn hello() -> Router {
    Router::new()
        .route("/", get(async || "hello."))
        .route(
            "/body",
            post(async |body: String| format!("{}.", body.len())),
        )
        .route(
            "/slow",
            get(async || {
                sleep(Duration::from_millis(700)).await;
                "slow."
            }),
        )
}

fn quick() -> Limits {
    Limits {
        head: Duration::from_millis(600),
        body: Duration::from_millis(600),
        ..Limits::default()
    }
}

/// Sends a byte now and then until the other side closes; gives what came.
async fn drip(mut stream: TcpStream, begin: &str) -> Vec<u8> {
    stream.write_all(begin.as_bytes()).await.expect("is sent");
    let mut came = Vec::new();
    let mut part = [0; 1024];
    loop {
        match timeout(Duration::from_millis(100), stream.read(&mut part)).await {
            Ok(Ok(0) | Err(_)) => return came,
            Ok(Ok(length)) => came.extend_from_slice(&part[..length]),
            Err(_) => {
                if stream.write_all(b"x").await.is_err() {
                    return came;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dripping_clients_are_closed_and_the_others_stay() {
    let site = Site::start(hello(), quick(), None).await;
    let mut idle = site.connect().await;
    assert!(site.ask(&mut idle, "/").await.ends_with("hello."));
    let post = "POST /body HTTP/1.1\r\nHost: afwd\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\n";
    let mut drips = Vec::new();
    for _ in 0..20 {
        let head = "GET / HTTP/1.1\r\nHost: afwd\r\nX-Slow: ";
        drips.push(tokio::spawn(drip(site.connect().await, head)));
        drips.push(tokio::spawn(drip(site.connect().await, post)));
        // A second request on a kept connection drips, too.
        let whole = "GET / HTTP/1.1\r\nHost: afwd\r\n\r\n";
        drips.push(tokio::spawn(drip(site.connect().await, whole)));
    }
    for dripping in drips {
        timeout(PATIENCE, dripping)
            .await
            .expect("is closed")
            .expect("no panic");
    }
    assert_eq!(site.connections.closed_slow.load(Ordering::Relaxed), 60);
    assert!(
        site.ask(&mut idle, "/").await.ends_with("hello."),
        "it was only idle"
    );
    site.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_takes_nothing_is_closed_and_a_slow_handler_is_not() {
    let large = "x".repeat(64 << 20);
    let router = hello().route("/large", get(move || async move { large.clone() }));
    let limits = Limits {
        stalled: Duration::from_millis(500),
        head: Duration::from_millis(100),
        ..Limits::default()
    };
    let site = Site::start(router, limits, None).await;
    let mut stalled = site.connect().await;
    let request = b"GET /large HTTP/1.1\r\nHost: afwd\r\n\r\n";
    stalled.write_all(request).await.expect("is sent");
    let mut slow = site.connect().await;
    assert!(site.ask(&mut slow, "/slow").await.ends_with("slow."));
    let closed = async {
        while site.connections.closed_slow.load(Ordering::Relaxed) == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, closed).await.expect("is closed");
    site.stopped().await;
}

#[tokio::test]
async fn too_many_connections_are_told_so() {
    let limits = Limits {
        connections: 4,
        per_address: 2,
        trusted: Networks::default(),
        ..Limits::default()
    };
    let site = Site::start(hello(), limits.clone(), None).await;
    let mut open = [site.connect().await, site.connect().await];
    for stream in &mut open {
        assert!(site.ask(stream, "/").await.ends_with("hello."));
    }
    let mut third = site.connect().await;
    assert!(answer(&mut third).await.starts_with("HTTP/1.1 503"));
    assert_eq!(site.connections.refused_address.load(Ordering::Relaxed), 1);
    drop(open);
    site.stopped().await;
    // A proxy may have more of them, until all places are taken.
    let trusted = Networks::loopback();
    let site = Site::start(hello(), Limits { trusted, ..limits }, None).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut stream = site.connect().await;
        assert!(site.ask(&mut stream, "/").await.ends_with("hello."));
        open.push(stream);
    }
    let mut fifth = site.connect().await;
    assert!(answer(&mut fifth).await.starts_with("HTTP/1.1 503"));
    assert_eq!(site.connections.refused_full.load(Ordering::Relaxed), 1);
    site.stopped().await;
}

#[tokio::test]
async fn heads_have_a_largest_size() {
    let site = Site::start(hello(), Limits::default(), None).await;
    for (size, status) in [(8 << 10, "200"), (17 << 10, "431")] {
        let mut stream = site.connect().await;
        let large = "a".repeat(size);
        let request = format!("GET / HTTP/1.1\r\nHost: afwd\r\nX: {large}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("is sent");
        let answer = answer(&mut stream).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    site.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_answers_and_not_for_idle_connections() {
    let site = Site::start(hello(), Limits::default(), None).await;
    let mut idle = site.connect().await;
    assert!(site.ask(&mut idle, "/").await.ends_with("hello."));
    let mut busy = Vec::new();
    for _ in 0..50 {
        let mut stream = site.connect().await;
        let request = b"GET /slow HTTP/1.1\r\nHost: afwd\r\n\r\n";
        stream.write_all(request).await.expect("is sent");
        busy.push(stream);
    }
    while site.connections.open.load(Ordering::Relaxed) < 51 {
        sleep(Duration::from_millis(5)).await;
    }
    sleep(Duration::from_millis(200)).await;
    let address = site.address;
    site.stopped().await;
    for mut stream in busy {
        let answer = answer(&mut stream).await;
        assert!(answer.ends_with("slow."), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
    }
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
}

/// A certificate for localhost and its key, in files.
struct Papers {
    directory: TempDir,
    certificate: String,
}

impl Papers {
    fn new() -> Self {
        let mut papers = Self {
            directory: TempDir::new().expect("a directory"),
            certificate: String::new(),
        };
        papers.renew(|_| {});
        papers
    }

    /// Writes new ones; `between` sees the new certificate beside the old key.
    fn renew(&mut self, between: impl FnOnce(&Self)) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        self.certificate = made.cert.pem();
        fs::write(self.path("cert.pem"), &self.certificate).expect("a file");
        between(self);
        fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn load(&self) -> Arc<Tls> {
        Arc::new(Tls::load(&self.path("cert.pem"), &self.path("key.pem")).expect("a pair"))
    }
}

/// Shakes hands as one who trusts `certificates` only.
async fn shake(
    address: SocketAddr,
    certificates: &[&str],
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<String> {
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    let mut roots = RootCertStore::empty();
    for pem in certificates {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        roots.add(certificate).expect("a root");
    }
    let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = TcpStream::connect(address).await?;
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(name, stream).await?;
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_tls_1_3_is_spoken() {
    let papers = Papers::new();
    let site = Site::start(hello(), Limits::default(), Some(papers.load())).await;
    let trusted = [&*papers.certificate];
    let answer = shake(site.address, &trusted, &[&version::TLS13]).await;
    assert!(answer.expect("an answer").ends_with("hello."));
    let older = shake(site.address, &trusted, &[&version::TLS12]).await;
    let error = older.expect_err("refused").to_string();
    assert!(error.contains("ProtocolVersion"), "{error}");
    // A health check asks whoever answers.
    let url = format!("https://{}/", site.address);
    let check = tokio::task::spawn_blocking(move || {
        let mut command = afwd(Path::new("."));
        command.args(["healthcheck", "--url", &url]).output()
    });
    let output = check.await.expect("no panic").expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    site.stopped().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_is_used_without_a_failed_handshake() {
    let mut papers = Papers::new();
    let tls = papers.load();
    let site = Site::start(hello(), Limits::default(), Some(Arc::clone(&tls))).await;
    for _ in 0..5 {
        let old = papers.certificate.clone();
        papers.renew(|half| {
            assert!(tls.reload().is_err(), "half of a pair is not used");
            assert_ne!(half.certificate, old);
        });
        let both = [&*old, &*papers.certificate];
        for reload in [false, true, false] {
            assert_eq!(reload && tls.reload().expect("a pair"), reload);
            let answer = shake(site.address, &both, &[&version::TLS13]).await;
            assert!(answer.expect("an answer").ends_with("hello."));
        }
        let only_old = shake(site.address, &[&*old], &[&version::TLS13]).await;
        assert!(only_old.is_err(), "the new one is shown");
    }
    site.stopped().await;
    assert!(Tls::load(Path::new("/nowhere"), &papers.path("key.pem")).is_err());
}

#[tokio::test]
async fn plain_http_leads_to_https() {
    let site = Site::start(to_https(8443), Limits::default(), None).await;
    let mut stream = site.connect().await;
    let request = "GET /a?b=c HTTP/1.1\r\nHost: wine.example:8080\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("is sent");
    let led = answer(&mut stream).await;
    assert!(led.starts_with("HTTP/1.1 308"), "{led}");
    assert!(
        led.contains("location: https://wine.example:8443/a?b=c\r\n"),
        "{led}"
    );
    for host in ["good.example@evil.example", "a/b", ""] {
        let mut stream = site.connect().await;
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("is sent");
        let answer = answer(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{host}: {answer}");
    }
    site.stopped().await;
}
