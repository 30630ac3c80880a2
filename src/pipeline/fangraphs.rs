//! Asking FanGraphs for the season's leaders, where the operator turned it on.
//!
//! A second opinion and never a reason to fail: whatever goes wrong, the daily
//! chain goes on with what was kept before. One challenge page ends the run.

use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::fetch::Upstream;
use super::source_state::note_failure;
use crate::domain::Season;
use crate::http::{HttpError, Wants};
use crate::ingest::fangraphs::{Request, allows, crawl_delay, requests};
use crate::ingest::leaders::{Players, import_answer};
use crate::ingest::sources::FANGRAPHS;
use crate::store::Store;

/// Name by which `robots.txt` may address this program.
const AGENT: &str = "afwd";
/// Pause between requests that `robots.txt` may ask for; with a longer one the
/// twelve would hold up the morning's board.
const LONGEST_PAUSE: f64 = 20.0;
/// Hours for which a host that did not want to be read is left alone.
const LEFT_ALONE: i64 = 20;

/// Asks for the leaders of the season of `day` and keeps them. Returns what the
/// operator should know; nothing when all went well or nothing was to be done.
pub(super) fn refresh(
    store: &Store,
    upstream: &Upstream,
    day: Date,
    now: Timestamp,
) -> Option<String> {
    match ask(store, upstream, day, now) {
        Ok(()) => None,
        Err(error) => {
            // The chain goes on: a source that can't even be marked is only said.
            let marked = mark(store, &error, now).err();
            let also = marked.map_or(String::new(), |error| format!(" ({error:#})"));
            Some(format!("FanGraphs gave no leaders: {error:#}{also}"))
        }
    }
}

fn ask(store: &Store, upstream: &Upstream, day: Date, now: Timestamp) -> anyhow::Result<()> {
    let state = store.read(|tx| tx.source(FANGRAPHS.name))?;
    let recently = now - LEFT_ALONE.hours();
    let applied_today = state.data_day == Some(day);
    let blocked = state.blocked_since.is_some() && state.asked.is_some_and(|at| at > recently);
    if applied_today || blocked {
        return Ok(());
    }
    store.write(|tx| tx.change_source(FANGRAPHS.name, |state| state.asked = Some(now)))?;
    let season = Season(u16::try_from(day.year())?);
    let asked = requests(season);
    let pause = permitted(upstream, &asked)?;
    let players = Players::load(store)?;
    let mut rows = 0;
    for request in &asked {
        std::thread::sleep(pause);
        let body = get(upstream, &request.path, Wants::Json)?;
        let report = import_answer(store, &request.name, &body, &players, season, day)?;
        rows += report.rows;
    }
    Ok(store.write(|tx| {
        tx.change_source(FANGRAPHS.name, |state| {
            state.applied = Some(now);
            state.data_day = Some(day);
            state.rows = rows;
            state.error.clear();
            state.blocked_since = None;
        })
    })?)
}

/// Without a `robots.txt` that can be read and allows it, nothing is asked.
/// Returns the pause it wants before each request.
fn permitted(upstream: &Upstream, asked: &[Request]) -> anyhow::Result<Duration> {
    let robots = get(upstream, "/robots.txt", Wants::Text)
        .context("its robots.txt can't be read, so nothing was asked")?;
    let robots = String::from_utf8_lossy(&robots);
    // A page in place of the file says nothing about what is allowed.
    anyhow::ensure!(
        !robots.trim_start().starts_with('<'),
        "its robots.txt is a page, so nothing was asked"
    );
    let allowed = asked
        .iter()
        .all(|request| allows(&robots, AGENT, &request.path));
    anyhow::ensure!(allowed, "its robots.txt does not allow it");
    let pause = crawl_delay(&robots, AGENT).unwrap_or(0.0);
    anyhow::ensure!(
        pause <= LONGEST_PAUSE,
        "its robots.txt wants {pause} seconds between requests, too many for a morning"
    );
    Ok(Duration::from_secs_f64(pause))
}

fn get(upstream: &Upstream, path: &str, wants: Wants) -> anyhow::Result<Vec<u8>> {
    let url = format!("{}{path}", upstream.base);
    let reply = upstream
        .runtime
        .block_on(upstream.client.get(&url, wants))?;
    Ok(reply.body)
}

/// What looks like a challenge or a refusal blocks the source, not only what
/// says so.
fn mark(store: &Store, error: &anyhow::Error, now: Timestamp) -> anyhow::Result<()> {
    note_failure(store, FANGRAPHS.name, error, now)?;
    let turned_away = error.chain().any(|cause| {
        matches!(
            cause.downcast_ref(),
            Some(
                HttpError::Challenge { .. }
                    | HttpError::NotJson { .. }
                    | HttpError::Status {
                        status: 401 | 403 | 503,
                        ..
                    }
            )
        )
    });
    if turned_away {
        store.write(|tx| {
            tx.change_source(FANGRAPHS.name, |state| {
                state.blocked_since = state.blocked_since.or(Some(now));
            })
        })?;
    }
    Ok(())
}
