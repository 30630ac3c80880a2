//! The web: a JSON API and pages over the read model.
//!
//! Everything passes `edge`, which answers from the cache of rendered
//! responses, stamps the headers every response carries and turns errors into
//! problem documents or error pages. Handlers take what `extract` reads of a request,
//! ask the read model off the threads that answer, and hand back whose their answer
//! is: everybody's, with the lifetime it may be kept for, or one reader's.

mod access_log;
mod accounts;
mod api;
mod assets;
mod board_events;
mod charts;
mod client;
mod components;
mod compress;
mod cookies;
mod cross_origin;
mod edge;
mod error;
pub mod experiment;
mod extract;
mod feed;
mod forms;
pub mod jobs;
mod layout;
mod lifetime;
mod links;
pub mod metrics;
pub mod models;
pub mod monitor;
mod off_thread;
pub mod operator;
mod pages;
mod plans;
pub mod quality;
mod rate_limit;
mod response_cache;
pub mod reviews;
mod routes;
mod serve;
mod site;
mod state;
mod subscriptions;
pub mod traffic;
mod whose;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, OriginalUri, Request};
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::{Extension, Router, middleware};
use tower_service::Service as _;
use utoipa::openapi::Server;

pub use access_log::{AccessLog, LogFormat};
pub use cross_origin::{BadOrigin, CrossOrigin};
pub use rate_limit::RateLimits;
pub use routes::Route;
pub use serve::{
    BadListenAddress, BadNetwork, Connections, Limits, ListenAddress, Listener, Networks, Serving,
    Tls, TlsError, affordable_connections, serve, to_https,
};
pub use site::{BadAddress, BasePath, PublicUrl, Site};
pub use state::AppState;

/// The whole site: pages, API, assets and health checks.
pub fn router(state: AppState) -> Router {
    let (router, document) = declared().build();
    let mut document = api::completed(document);
    let base = state.site.base.clone();
    if !base.prefix().is_empty() {
        document.servers = Some(vec![Server::new(base.prefix())]);
    }
    let site = router
        .layer(Extension(Arc::new(document)))
        .layer(DefaultBodyLimit::max(forms::BODY_LIMIT))
        .layer(middleware::from_fn_with_state(state.clone(), edge::edge))
        .with_state(state);
    match base.prefix() {
        "" => site,
        _ => below(base, site),
    }
}

/// `site` as it answers below `base`. Inside, nothing knows of the base but what makes
/// links, cookies and redirects.
fn below(base: BasePath, site: Router) -> Router {
    Router::new().fallback(move |mut request: Request| {
        let asked = request.uri().path_and_query();
        let asked = asked.map_or("/", PathAndQuery::as_str);
        let inside = base.inside(asked);
        let inside = match inside.starts_with('?') {
            true => format!("/{inside}").parse::<Uri>(),
            false => inside.parse::<Uri>(),
        };
        if let Ok(inside) = inside {
            *request.uri_mut() = inside.clone();
            request.extensions_mut().insert(OriginalUri(inside));
        }
        let mut site = site.clone();
        async move { site.call(request).await }
    })
}

/// Every route there is.
pub fn route_table() -> Vec<Route> {
    declared().table()
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::completed(declared().build().1)
}

fn declared() -> routes::Routes {
    let routes = api::add(routes::Routes::of(api::introduction()));
    pages::add(routes)
        .get("/assets/{file}", assets::show)
        .get("/feed.atom", feed::show)
}
