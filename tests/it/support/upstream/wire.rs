//! The fake source on the wire: HTTP/1.1 by hand, one request a connection, so
//! that it can also be spoken badly.

use std::io::{Result, Write};
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bodies::Request;
use super::{Fault, State};

const JSON: &str = "application/json;charset=UTF-8";
/// Longest request read.
const MOST: usize = 16 << 10;
/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(24 * 3600);

/// The lines of a request that matter here.
struct Head {
    post: bool,
    target: String,
    gzip: bool,
    known: Option<String>,
}

struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn new(status: &'static str, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body: body.into(),
        }
    }

    fn json(status: &'static str, body: &Value) -> Self {
        Self::new(status, JSON, body.to_string())
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn head(&self) -> String {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        format!(
            "HTTP/1.1 {}\r\n{}content-length: {}\r\nconnection: close\r\n\r\n",
            self.status,
            headers.collect::<String>(),
            self.body.len(),
        )
    }
}

/// Answers one request.
pub(super) async fn serve(mut stream: TcpStream, state: &State) -> Result<()> {
    let Some(head) = read_head(&mut stream).await? else {
        return Ok(());
    };
    if head.target.starts_with("/control") {
        return send(&mut stream, &control(&head, state)).await;
    }
    let fault = state.admit(&head.target);
    match fault {
        Some(Fault::Hang) => tokio::time::sleep(FOR_EVER).await,
        Some(Fault::Slow) => return trickle(&mut stream, &answer(&head, state, fault)).await,
        Some(Fault::Reset) => {
            let reply = answer(&head, state, fault);
            stream.write_all(reply.head().as_bytes()).await?;
            stream
                .write_all(&reply.body[..reply.body.len() / 2])
                .await?;
            stream.flush().await?;
            stream.set_zero_linger()?;
        }
        _ => send(&mut stream, &answer(&head, state, fault)).await?,
    }
    Ok(())
}

async fn read_head(stream: &mut TcpStream) -> Result<Option<Head>> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|part| part == b"\r\n\r\n") {
        let mut some = [0; 1024];
        let read = stream.read(&mut some).await?;
        bytes.extend_from_slice(&some[..read]);
        if read == 0 || bytes.len() > MOST {
            return Ok(None);
        }
    }
    Ok(head(&String::from_utf8_lossy(&bytes)))
}

fn head(text: &str) -> Option<Head> {
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let header = |wanted: &str| {
        let found = lines.clone().filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value.trim().to_owned())
    };
    Some(Head {
        post: method == "POST",
        target: target.to_owned(),
        gzip: header("accept-encoding").is_some_and(|all| all.contains("gzip")),
        known: header("if-none-match"),
    })
}

fn control(head: &Head, state: &State) -> Reply {
    let request = Request::new(&head.target);
    if request.path() == "/control/requests" {
        let requests = state.changing().requests.clone();
        let total: u64 = requests.values().sum();
        return Reply::json("200 OK", &json!({"total": total, "paths": requests}));
    }
    if head.post
        && let Err(reason) = state.control(&request)
    {
        return Reply::json("400 Bad Request", &json!({"error": reason}));
    }
    let changing = state.changing();
    let rules = changing
        .rules
        .iter()
        .map(|rule| format!("{:?} on `{}`, left: {:?}", rule.fault, rule.part, rule.left));
    let rules: Vec<String> = rules.collect();
    Reply::json("200 OK", &json!({"today": changing.today, "faults": rules}))
}

/// The reply of a fault that is no answer at all, else the answer.
fn answer(head: &Head, state: &State, fault: Option<Fault>) -> Reply {
    let error = |status, number| {
        let body =
            json!({"messageNumber": number, "message": status, "timestamp": "", "traceId": null});
        Reply::json(status, &body)
    };
    let moved = |to: &str| Reply::new("302 Found", "text/html", "").with("location", to);
    let busy = || error("429 Too Many Requests", 1);
    match fault {
        Some(Fault::Html) => {
            Reply::new("200 OK", "text/html", "<!DOCTYPE html><title>Hello</title>")
        }
        Some(Fault::Unauthorized) => error("401 Unauthorized", 1),
        Some(Fault::Forbidden) => error("403 Forbidden", 1),
        Some(Fault::Challenge) => {
            let page = "<!DOCTYPE html><title>Just a moment...</title>";
            Reply::new("403 Forbidden", "text/html", page).with("cf-mitigated", "challenge")
        }
        Some(Fault::NotFound) => error("404 Not Found", 10),
        Some(Fault::TooMany) => busy().with("retry-after", "2"),
        Some(Fault::TooManyDate) => busy().with("retry-after", "Wed, 01 Jul 2026 12:00:00 GMT"),
        Some(Fault::TooManyYears) => busy().with("retry-after", "315360000"),
        Some(Fault::TooManyNone) => busy(),
        Some(Fault::Internal) => error("500 Internal Server Error", 1),
        Some(Fault::Unavailable) => error("503 Service Unavailable", 1),
        Some(Fault::RedirectLoop) => moved(&head.target),
        Some(Fault::RedirectLocal) => moved("http://127.0.0.1:9/latest"),
        Some(Fault::RedirectMetadata) => moved("http://169.254.169.254/latest/meta-data/"),
        Some(Fault::GzipBomb) => {
            Reply::new("200 OK", JSON, BOMB.clone()).with("content-encoding", "gzip")
        }
        Some(Fault::BadGzip) => {
            Reply::new("200 OK", JSON, "this is not gzip").with("content-encoding", "gzip")
        }
        _ => body(head, state, fault),
    }
}

fn body(head: &Head, state: &State, fault: Option<Fault>) -> Reply {
    let mut request = Request::new(&head.target);
    if let Some(fault) = fault {
        request.misread(fault);
    }
    let Some(mut body) = state.today().answer(&request) else {
        let error = json!({"messageNumber": 10, "message": "Object not found", "timestamp": "", "traceId": null});
        return Reply::json("404 Not Found", &error);
    };
    let Some(fault) = fault else {
        return unspoilt(head, body.to_string().into_bytes());
    };
    fault.spoil(&mut body);
    let kind = if fault == Fault::Charset {
        "application/json;charset=ISO-8859-1"
    } else {
        JSON
    };
    Reply::new("200 OK", kind, fault.spoil_text(body.to_string()))
}

/// The answer with its tag, unchanged or packed where the client can take that.
fn unspoilt(head: &Head, body: Vec<u8>) -> Reply {
    let tag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..16]);
    if head.known.as_deref() == Some(tag.as_str()) {
        return Reply::new("304 Not Modified", JSON, "").with("etag", tag);
    }
    if !head.gzip {
        return Reply::new("200 OK", JSON, body).with("etag", tag);
    }
    let packed = pack(&mut body.as_slice()).expect("memory takes it");
    Reply::new("200 OK", JSON, packed)
        .with("etag", tag)
        .with("content-encoding", "gzip")
}

fn pack(from: &mut impl std::io::Read) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(from, &mut packed)?;
    packed.flush()?;
    packed.finish()
}

static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let blanks = std::io::repeat(b' ');
    pack(&mut std::io::Read::take(blanks, 256 << 20)).expect("memory takes it")
});

async fn send(stream: &mut TcpStream, reply: &Reply) -> Result<()> {
    stream.write_all(reply.head().as_bytes()).await?;
    stream.write_all(&reply.body).await?;
    stream.shutdown().await
}

async fn trickle(stream: &mut TcpStream, reply: &Reply) -> Result<()> {
    stream.write_all(reply.head().as_bytes()).await?;
    for byte in &reply.body {
        stream.write_all(&[*byte]).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
