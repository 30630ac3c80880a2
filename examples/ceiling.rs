//! The ceiling of a response: a bare axum handler that answers every request
//! with the same bytes and headers from memory. `scripts/bench` starts it with a
//! recorded response and compares the product with it in the same run.
//!
//! `ceiling ADDR BODY_FILE HEADERS_FILE`, one `name: value` a line in the latter.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, body, headers] = arguments.as_slice() else {
        anyhow::bail!("usage: ceiling ADDR BODY_FILE HEADERS_FILE");
    };
    let body = Bytes::from(std::fs::read(body)?);
    let headers = read_headers(&std::fs::read_to_string(headers)?)?;
    let answer = get(move || {
        let answer = (headers.clone(), body.clone());
        async move { answer }
    });
    let router = axum::Router::new().fallback_service(answer);
    let listener = tokio::net::TcpListener::bind(address).await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

fn read_headers(text: &str) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        headers.insert(name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?);
    }
    Ok(headers)
}
