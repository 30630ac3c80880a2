//! The Atom feed (RFC 4287): one entry per kept day, telling who moved.

use axum::extract::State;
use axum::http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use maud::{Markup, PreEscaped, Render, html};

use super::error::WebError;
use super::extract::Shown;
use super::lifetime::Lifetime;
use super::state::AppState;
use super::whose::Public;
use crate::rankings::{Catalog, KindCount, MoversQuery, MoversView, RankingsError};

/// Days a feed tells of.
const DAYS: usize = 14;
/// Moves an entry tells of.
const MOVES: usize = 10;
/// When a day's run is done, in New York.
const DONE: Time = time(8, 0, 0, 0);
/// Where a day's run is done.
const ZONE: &str = "America/New_York";

/// Serves the feed. Its links are whole, so that a reader of feeds can follow them; the
/// edge keeps one for each host it is asked by.
pub(super) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    shown: Shown,
) -> Result<Public, WebError> {
    let origin = state.site.origin(&headers, state.secure);
    let root = format!("{}{}", origin.unwrap_or_default(), state.site.base.prefix());
    let answer = shown.answer(move |catalog| {
        let feed = Feed {
            root,
            installation: state.site.installation.clone(),
            newest: newest(catalog)?,
            entries: entries(catalog)?,
        };
        let kind = "application/atom+xml; charset=utf-8";
        let body = feed.render().into_string();
        Ok(Public::new(Lifetime::Rankings, kind, body))
    });
    answer.await
}

/// What the feed says.
struct Feed {
    /// Address of the site, without a slash at its end.
    root: String,
    installation: String,
    newest: Date,
    entries: Vec<MoversView>,
}

/// The newest kept day, or the end of the newest season.
fn newest(catalog: &Catalog) -> Result<Date, RankingsError> {
    let kept = catalog.days()?.last().copied();
    let season = catalog.seasons().first().map(|season| season.last_day());
    kept.or(season).ok_or(RankingsError::NoBoards)
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

impl Render for Feed {
    fn render(&self) -> Markup {
        html! {
            (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
            feed xmlns="http://www.w3.org/2005/Atom" {
                title { "A Fine Wine Dynasty: since yesterday" }
                id { (self.id("movers")) }
                updated { (instant(self.newest)) }
                author { name { "A Fine Wine Dynasty" } }
                (link("self", &format!("{}/feed.atom", self.root)))
                (link("alternate", &format!("{}/movers", self.root)))
                @for entry in &self.entries { (self.day(entry)) }
            }
        }
    }
}

impl Feed {
    fn day(&self, view: &MoversView) -> Markup {
        let to = view.to.as_deref().unwrap_or_default();
        let from = view.from.as_deref().unwrap_or_default();
        let when = to.parse().unwrap_or(self.newest);
        let summary = html! {
            @if view.moves.is_empty() { p { "Nobody moved." } }
            ul { @for one in &view.moves { li { (one.name) " (" (one.level) "): " (one.kind) ", " (one.what) } } }
        };
        html! {
            entry {
                title { (to) ": " (headline(view)) }
                id { (self.id(to)) }
                updated { (instant(when)) }
                (link("alternate", &format!("{}/movers?from={from}&to={to}", self.root)))
                content type="html" { (summary.into_string()) }
            }
        }
    }

    /// An id that stays, whatever the site's address, and that no other site has.
    fn id(&self, of: &str) -> String {
        let hash = blake3::hash(format!("{}\n{of}", self.installation).as_bytes()).to_hex();
        // The version and variant of a name made of a hash (RFC 9562, version 8).
        format!(
            "urn:uuid:{}-{}-8{}-8{}-{}",
            &hash[..8],
            &hash[8..12],
            &hash[12..15],
            &hash[15..18],
            &hash[18..30]
        )
    }
}

fn headline(view: &MoversView) -> String {
    let count = |count: &KindCount| format!("{} {}", count.count, count.kind);
    let counts: Vec<String> = view.counts.iter().map(count).collect();
    match counts.is_empty() {
        true => "no news".to_owned(),
        false => counts.join(", "),
    }
}

/// XML closes what HTML leaves open.
fn link(rel: &str, href: &str) -> PreEscaped<String> {
    let (rel, href) = (rel.render().into_string(), href.render().into_string());
    PreEscaped(format!("<link rel=\"{rel}\" href=\"{href}\"/>"))
}

/// When the board of a day was shown.
fn instant(day: Date) -> Timestamp {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let done = day.to_datetime(DONE).to_zoned(zone);
    done.map_or(Timestamp::UNIX_EPOCH, |done| done.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use maud::Render;

    use super::{Feed, instant};

    fn feed(installation: &str) -> Feed {
        Feed {
            root: "https://wine.example.org/a".into(),
            installation: installation.into(),
            newest: date(2025, 9, 22),
            entries: Vec::new(),
        }
    }

    #[test]
    fn dates_are_those_of_the_boards() {
        assert_eq!(
            instant(date(2025, 9, 22)).to_string(),
            "2025-09-22T12:00:00Z"
        );
        assert_eq!(
            instant(date(2025, 12, 1)).to_string(),
            "2025-12-01T13:00:00Z"
        );
        let text = feed("x").render().into_string();
        assert!(
            text.contains("<updated>2025-09-22T12:00:00Z</updated>"),
            "{text}"
        );
    }

    #[test]
    fn ids_are_of_the_installation_and_links_are_whole() {
        let (one, other) = (feed("1"), feed("2"));
        assert_eq!(one.id("movers"), feed("1").id("movers"));
        assert_ne!(one.id("movers"), other.id("movers"));
        assert_ne!(one.id("movers"), one.id("2025-09-22"));
        assert_eq!(one.id("movers").len(), "urn:uuid:".len() + 36);
        let text = one.render().into_string();
        assert!(
            text.contains(r#"<link rel="self" href="https://wine.example.org/a/feed.atom"/>"#),
            "{text}"
        );
    }
}
