//! The Atom feed (RFC 4287): one entry per kept day, telling who moved.

use maud::{Markup, PreEscaped, html};

use super::error::WebError;
use super::extract::Shown;
use super::lifetime::Lifetime;
use super::whose::Public;
use crate::rankings::{Catalog, MoversQuery, MoversView, RankingsError};

/// Days a feed tells of.
const DAYS: usize = 14;
/// Moves an entry tells of.
const MOVES: usize = 10;
/// Part of every id: ids must not change with the address of the site.
const TAG: &str = "tag:afwd,2026:movers";

/// Serves the feed.
pub(super) async fn show(shown: Shown) -> Result<Public, WebError> {
    let answer = shown.answer(|catalog| {
        let feed = feed(&entries(catalog)?).into_string();
        let kind = "application/atom+xml; charset=utf-8";
        Ok(Public::new(Lifetime::Rankings, kind, feed))
    });
    answer.await
}

/// What happened up to each of the newest days, newest first.
fn entries(catalog: &Catalog) -> Result<Vec<MoversView>, RankingsError> {
    let days = catalog.days()?;
    let newest = days.iter().rev().take(DAYS);
    newest
        .map(|&to| {
            let query = MoversQuery {
                to: Some(to),
                limit: Some(MOVES),
                ..MoversQuery::default()
            };
            catalog.movers(&query)
        })
        .filter(|view| view.as_ref().map_or(true, |view| view.from.is_some()))
        .collect()
}

fn feed(entries: &[MoversView]) -> Markup {
    let updated = entries
        .first()
        .and_then(|entry| entry.to.as_deref())
        .unwrap_or("1970-01-01");
    html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" {
            title { "A Fine Wine Dynasty: since yesterday" }
            id { (TAG) }
            updated { (instant(updated)) }
            author { name { "A Fine Wine Dynasty" } }
            (PreEscaped("<link rel=\"self\" href=\"/feed.atom\"/><link rel=\"alternate\" href=\"/movers\"/>"))
            @for entry in entries { (day(entry)) }
        }
    }
}

fn day(view: &MoversView) -> Markup {
    let to = view.to.as_deref().unwrap_or_default();
    let from = view.from.as_deref().unwrap_or_default();
    let summary = html! {
        @if view.moves.is_empty() { p { "Nobody moved." } }
        ul { @for one in &view.moves { li { (one.name) " (" (one.level) "): " (one.kind) ", " (one.what) } } }
    };
    let counts: Vec<String> = view
        .counts
        .iter()
        .map(|count| format!("{} {}", count.count, count.kind))
        .collect();
    html! {
        entry {
            title { (to) ": " (if counts.is_empty() { "no news".to_owned() } else { counts.join(", ") }) }
            id { (TAG) "/" (to) }
            updated { (instant(to)) }
            (PreEscaped(format!("<link href=\"/movers?from={from}&amp;to={to}\"/>")))
            content type="html" { (summary.into_string()) }
        }
    }
}

/// A day's run is done by eight in New York, which is noon or one o'clock UTC.
fn instant(day: &str) -> String {
    format!("{day}T13:00:00Z")
}
