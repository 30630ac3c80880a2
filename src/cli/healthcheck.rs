//! `afwd healthcheck`.

mod any_certificate;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use url::Url;

use crate::cli::output;
use crate::config::connections::ListenSettings;
use crate::web::ListenAddress;

/// Longest time for each step of the question.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer read, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Asks a running server whether it can answer; for containers, whose images have
/// no other program to do so.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// What to ask [default: /readyz at the address of --listen]
    #[arg(long, value_name = "URL")]
    url: Option<Url>,
    #[command(flatten)]
    server: ListenSettings,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => own(&args.server.listen, args.server.tls_cert.is_some())?,
    };
    let answer = ask(&url).with_context(|| format!("no server answers at {url}"))?;
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

/// Where the server with these settings is asked. One that listens everywhere is
/// reached on this machine's own address.
fn own(listen: &ListenAddress, secure: bool) -> anyhow::Result<Url> {
    let (host, port) = listen.local().with_context(|| {
        format!("{listen} is no address of the network: say with --url where the server is reached")
    })?;
    let scheme = if secure { "https" } else { "http" };
    Ok(Url::parse(&format!("{scheme}://{host}:{port}/readyz"))?)
}

fn ask(url: &Url) -> anyhow::Result<String> {
    let host = url.host_str().context("the URL names no host")?;
    let addresses = url.socket_addrs(|| None)?;
    let address = addresses.first().context("the host has no address")?;
    let stream = TcpStream::connect_timeout(address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        url.path()
    );
    match url.scheme() {
        "http" => converse(stream, &request),
        "https" => converse(any_certificate::secured(stream, host)?, &request),
        other => anyhow::bail!("a server is asked by http or https, not {other}"),
    }
}

fn converse(mut stream: impl Read + Write, request: &str) -> anyhow::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let read = stream.take(LARGEST).read_to_end(&mut answer);
    // A connection that is cut after the answer has done its work.
    read.or_else(|error| if answer.is_empty() { Err(error) } else { Ok(0) })?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What the server says is wrong.
fn reasons(told: Option<&Value>) -> Option<String> {
    let reasons = told?["reasons"].as_array()?;
    let texts: Vec<_> = reasons.iter().filter_map(|r| r["what"].as_str()).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}
