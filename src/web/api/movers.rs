//! `/api/movers`, `/api/prospects/{id}/history` and `/api/events`.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, future, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{json, off_thread};
use crate::rankings::{Catalog, HistoryView, MOVES, MoversQuery, MoversView};
use crate::web::experiment::Shown;
use crate::web::lifetime::Lifetime;
use crate::web::error::{Problem, WebError};
use crate::web::extract::params::{Params, ProspectPath, bad, parse};
use crate::web::state::AppState;

/// How often an open stream says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Moves asked for at most.
const MOST: usize = 1000;

/// Which days to compare.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct MoversParams {
    /// The earlier day, `2026-07-02`; the kept day before the later one by default.
    pub from: Option<String>,
    /// The later day; the newest kept one by default.
    pub to: Option<String>,
    /// One kind only: `debut`, `promotion`, `arrival`, `rise`, `fall`, `demotion`,
    /// `departure` or `transaction`.
    pub kind: Option<String>,
    /// At most so many, 1 to 1000; 100 by default.
    pub limit: Option<String>,
}

impl MoversParams {
    /// The question, or which parameter is wrong.
    pub(in crate::web) fn query(&self) -> Result<MoversQuery, WebError> {
        let kind = self.kind.as_deref().filter(|kind| !kind.is_empty());
        let known = |kind: &str| MOVES.into_iter().find(|known| *known == kind);
        let limit = parse::<usize>("limit", self.limit.as_deref())?;
        if limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            return Err(bad("limit", format!("expected 1 to {MOST}")));
        }
        Ok(MoversQuery {
            from: parse("from", self.from.as_deref())?,
            to: parse("to", self.to.as_deref())?,
            kind: kind
                .map(|kind| {
                    known(kind)
                        .ok_or_else(|| bad("kind", format!("expected one of {}", MOVES.join(", "))))
                })
                .transpose()?,
            limit,
        })
    }
}

/// What happened between two days, the most important first.
#[utoipa::path(get, path = "/api/movers", tag = "prospects", params(MoversParams), responses(
    (status = 200, description = "Moves with their reasons", body = MoversView),
    (status = 400, description = "A parameter is wrong", body = Problem)))]
pub(super) async fn movers(
    Shown(catalog): Shown,
    Params(params): Params<MoversParams>,
) -> Result<Response, WebError> {
    let query = params.query()?;
    let view = off_thread(move || catalog.movers(&query)).await??;
    json(&view, Lifetime::Rankings)
}

/// A player's rank and probability at the end of every season and on every kept day.
#[utoipa::path(get, path = "/api/prospects/{id}/history", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player")), responses(
    (status = 200, description = "Oldest first", body = HistoryView),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn history(
    ProspectPath(id): ProspectPath,
    Shown(catalog): Shown,
) -> Result<Response, WebError> {
    let view = off_thread(move || catalog.history_of(id)).await??;
    json(&view, Lifetime::Profile)
}

/// What an event says.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Landed {
    /// Number of the swap of boards.
    version: u64,
    /// Season of the newest board.
    season: Option<u16>,
}

/// Server-Sent Events: `board` tells which one is shown, at once; `refresh` whenever
/// a newer one has landed.
#[utoipa::path(get, path = "/api/events", tag = "prospects", responses(
    (status = 200, description = "A stream of events", content_type = "text/event-stream"),
    (status = 503, description = "Too many listeners; try again later", body = Problem)))]
pub(super) async fn events(State(state): State<AppState>) -> Result<Response, WebError> {
    let Some(listener) = state.board_events.listen() else {
        let full = "As many pages as this server follows are open already; this one is not told of new boards.";
        return Err(WebError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_listeners",
            full,
        ));
    };
    let catalog = state.catalog;
    let shown = landed(&catalog, "board", catalog.version());
    let later = stream::unfold((listener, catalog), async |(mut listener, catalog)| {
        let version = listener.landed().await?;
        let event = landed(&catalog, "refresh", version);
        Some((Ok::<_, Infallible>(event), (listener, catalog)))
    });
    let stream = stream::once(future::ready(Ok(shown))).chain(later);
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let sse = Sse::new(stream).keep_alive(keep_alive);
    Ok(([(header::CACHE_CONTROL, "no-store")], sse).into_response())
}

fn landed(catalog: &Catalog, name: &str, version: u64) -> Event {
    let season = catalog.seasons().first().map(|season| season.0);
    let event = Event::default()
        .event(name)
        .json_data(Landed { version, season });
    event.unwrap_or_default()
}
