//! The web: a JSON API (and pages) over the read model.
//!
//! Everything passes `edge`, which answers from the cache of rendered
//! responses, stamps the headers every response carries and turns errors into
//! problem documents or error pages. Handlers extract, ask the catalog, and
//! hand back a body with the lifetime it may be cached for.

mod access;
pub mod api;
pub mod arms;
pub mod assets;
pub mod cache;
pub mod charts;
pub mod components;
mod compress;
mod edge;
pub mod error;
mod feed;
mod headers;
pub mod jobs;
pub mod landings;
pub mod layout;
pub mod metrics;
pub mod monitor;
pub mod operator;
pub mod pages;
mod params;
pub mod quality;
mod query;
mod request_id;
pub mod reviews;
mod serve;
mod state;
pub mod traffic;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

pub use access::{AccessLog, LogFormat};
pub use cache::Lifetime;
pub use error::{Problem, WebError};
pub use params::{Params, ProspectPath};
pub use serve::{
    BadNetwork, Connections, Limits, Networks, Serving, Tls, TlsError, affordable_connections,
    serve, to_https,
};
pub use state::AppState;

/// Largest request body read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The whole site: pages, API, assets and health checks.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .route("/assets/{file}", get(assets::show))
        .route("/feed.atom", get(feed::show))
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .route("/metrics", get(api::health::metrics))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(state.clone(), edge::edge))
        .with_state(state)
}
