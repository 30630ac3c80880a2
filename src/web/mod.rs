//! The web: a JSON API (and pages) over the read model.
//!
//! Everything passes `edge`, which answers from the cache of rendered
//! responses, stamps the headers every response carries and turns errors into
//! problem documents or error pages. Handlers extract, ask the catalog, and
//! hand back a body with the lifetime it may be cached for.

mod access_log;
pub mod api;
pub mod experiment;
pub mod assets;
mod lifetime;
pub mod charts;
pub mod components;
mod compress;
mod edge;
pub mod error;
mod feed;
pub mod jobs;
mod board_events;
pub mod layout;
pub mod metrics;
pub mod monitor;
pub mod operator;
pub mod pages;
mod extract;
pub mod quality;
mod links;
pub mod reviews;
mod serve;
mod state;
pub mod traffic;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

pub use access_log::{AccessLog, LogFormat};
pub use lifetime::Lifetime;
pub use error::{Problem, WebError};
pub use extract::params::{Params, ProspectPath};
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
