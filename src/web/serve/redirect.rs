//! The plain listener beside HTTPS: sends everybody there.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A site whose every address leads to the same one at `port` by HTTPS.
pub fn to_https(port: u16) -> Router {
    Router::new().fallback(move |headers: HeaderMap, request: Request| async move {
        secure(&headers, &request, port).unwrap_or_else(|| StatusCode::BAD_REQUEST.into_response())
    })
}

fn secure(headers: &HeaderMap, request: &Request, port: u16) -> Option<Response> {
    let named = headers.get(header::HOST)?.to_str().ok()?;
    // Only what a host can be called, so that nothing else is led anywhere.
    let host = url::Url::parse(&format!("http://{named}/")).ok()?;
    let host = host.host_str().filter(|_| !named.contains(['@', '/']))?;
    let port = match port {
        443 => String::new(),
        port => format!(":{port}"),
    };
    let path = request.uri().path_and_query()?;
    let target = format!("https://{host}{port}{path}");
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response())
}
