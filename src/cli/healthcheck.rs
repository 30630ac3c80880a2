use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use url::Url;

use crate::cli::output;

/// Longest time for each step of the question.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer read, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Asks a running server whether it can answer; for containers, whose images have
/// no other program to do so.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// What to ask, over plain HTTP [default: /readyz at the address of --listen]
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    /// Address that the server listens on
    #[arg(
        long,
        env = "AFWD_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    listen: SocketAddr,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let (host, address, path) = match &args.url {
        Some(url) => parts(url)?,
        None => (
            args.listen.to_string(),
            reachable(args.listen),
            "/readyz".to_owned(),
        ),
    };
    let answer = ask(&host, address, &path)
        .with_context(|| format!("no server answers at http://{address}{path}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let line = head.lines().next().unwrap_or_default();
    let told = serde_json::from_str::<Value>(body).ok();
    let status = told.as_ref().and_then(|told| told["status"].as_str());
    let healthy = line.split(' ').nth(1) == Some("200");
    anyhow::ensure!(
        healthy,
        "{}",
        reasons(told.as_ref()).unwrap_or(line.to_owned())
    );
    Ok(output::line!("{}", status.unwrap_or("ok"))?)
}

/// Host, address and path of a URL.
fn parts(url: &Url) -> anyhow::Result<(String, SocketAddr, String)> {
    anyhow::ensure!(url.scheme() == "http", "only http:// can be asked: {url}");
    let host = url.host_str().context("the URL names no host")?;
    let port = url.port_or_known_default().unwrap_or(80);
    let plain = host.trim_matches(['[', ']']);
    let mut found = (plain, port)
        .to_socket_addrs()
        .with_context(|| format!("can't find {host}"))?;
    let address = found.next().with_context(|| format!("can't find {host}"))?;
    Ok((format!("{host}:{port}"), address, url.path().to_owned()))
}

/// A server that listens everywhere is reached on this machine's own address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn ask(host: &str, address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LARGEST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What the server says is wrong.
fn reasons(told: Option<&Value>) -> Option<String> {
    let reasons = told?["reasons"].as_array()?;
    let texts: Vec<_> = reasons.iter().filter_map(|r| r["what"].as_str()).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}
