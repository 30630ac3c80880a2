//! `/api/movers`, `/api/prospects/{id}/history` and `/api/events`.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, future, stream};
use serde::Serialize;
use utoipa::ToSchema;

use super::respond::json;
use crate::rankings::{HistoryView, MoversQuery, MoversView};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Asked, MoversParams, ProspectPath, Shown};
use crate::web::lifetime::Lifetime;
use crate::web::state::AppState;
use crate::web::whose::Public;

/// How often an open stream says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// What happened between two days, the most important first.
#[utoipa::path(get, path = "/api/movers", tag = "prospects", params(MoversParams), responses(
    (status = 200, description = "Moves with their reasons", body = MoversView),
    (status = 400, description = "A parameter is wrong", body = Problem)))]
pub(super) async fn movers(
    shown: Shown,
    Asked(query): Asked<MoversQuery>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| json(&catalog.movers(&query)?, Lifetime::Rankings));
    answer.await
}

/// A player's rank and probability at the end of every season and on every kept day.
#[utoipa::path(get, path = "/api/prospects/{id}/history", tag = "prospects",
    params(("id" = u32, Path, description = "Our id of the player")), responses(
    (status = 200, description = "Oldest first", body = HistoryView),
    (status = 404, description = "Nobody has the id", body = Problem)))]
pub(super) async fn history(
    ProspectPath(id): ProspectPath,
    shown: Shown,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| json(&catalog.history_of(id)?, Lifetime::Profile));
    answer.await
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
    let shown = landed(&state, "board", state.version(None));
    let later = stream::unfold((listener, state), async |(mut listener, state)| {
        let version = listener.landed().await?;
        let event = landed(&state, "refresh", version);
        Some((Ok::<_, Infallible>(event), (listener, state)))
    });
    let stream = stream::once(future::ready(Ok(shown))).chain(later);
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    let sse = Sse::new(stream).keep_alive(keep_alive);
    Ok(([(header::CACHE_CONTROL, "no-store")], sse).into_response())
}

fn landed(state: &AppState, name: &str, version: u64) -> Event {
    let season = state.newest_season().map(|season| season.0);
    let event = Event::default()
        .event(name)
        .json_data(Landed { version, season });
    event.unwrap_or_default()
}
