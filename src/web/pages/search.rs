//! Players found by name.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::view::{SearchResult, SearchView};
use crate::web::components::confidence::{confidence, thin_data};
use crate::web::components::probability::probability;
use crate::web::extract::{Asked, Here, SearchQuestion, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::links::encoded;
use crate::web::whose::Public;

/// Results a page shows.
const RESULTS: usize = 20;
/// Characters the search box takes.
const LONGEST: usize = 64;

pub(super) async fn show(shown: Shown, here: Here, Asked(asked): Asked<SearchQuestion>) -> Page {
    let answer = shown.answer(move |catalog| {
        let query = asked.in_box(LONGEST);
        let view = match query.is_empty() {
            true => SearchView {
                query: String::new(),
                results: Vec::new(),
                stale: false,
            },
            false => catalog.search(&query, RESULTS)?,
        };
        let about = "Find any player by name, in any spelling.";
        let mut frame = here.frame(catalog, "Search players".to_owned(), about);
        frame.search = query;
        let lifetime = Lifetime::of_search(view.stale);
        Ok(Public::html(search_page(&view, &frame), lifetime))
    });
    answer.await
}

/// The results of a search, or how to search.
fn search_page(view: &SearchView, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            h1 { @if view.query.is_empty() { "Search players" } @else { "Players like “" (view.query) "”" } }
            @if view.stale { p.notice { "New data has arrived that the index does not hold yet." } }
            @if view.results.is_empty() {
                (help(&view.query))
            } @else {
                ol.results { @for result in &view.results { li { (found(result)) } } }
            }
        },
    )
}

fn found(result: &SearchResult) -> Markup {
    html! {
        a.who href={ "/prospects/" (result.id) } { (result.name) }
        span.facts {
            @match &result.board {
                Some(row) => {
                    "#" (row.rank) " · " (row.position.as_deref().unwrap_or(&row.role)) " · " (row.level)
                    @if let Some(organisation) = &row.organisation { " · " (organisation) }
                    @if let Some(age) = row.age { " · " (format!("{age:.1}")) " years" }
                }
                None => {
                    @match result.last_season {
                        Some(season) => { "Last minor-league season " (season) }
                        None => "No minor-league season on record"
                    }
                    @if let Some(organisation) = &result.organisation { " · " (organisation) }
                    @if let Some(year) = result.birth_year { " · born " (year) }
                }
            }
        }
        @if let Some(row) = &result.board {
            span.number {
                (probability(row.probability, row.lower, row.upper)) " " (confidence(&row.confidence))
                @if row.thin_data { " " (thin_data()) }
            }
        }
    }
}

fn help(query: &str) -> Markup {
    html! {
        @if !query.is_empty() { p.lead { "Nobody found. Try fewer letters, or the last name alone." } }
        p { "Any spelling will do: accents and suffixes may be left out, one or two letters may be wrong, names may be
            joined or swapped, and nicknames are known. For example:" }
        ul {
            @for example in ["jose ramires", "ramirez jose", "joseramirez", "bobby", "o neill", "vlad jr"] {
                li { a href={ "/search?q=" (encoded(example)) } { (example) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::search_page;
    use crate::rankings::view::{SearchResult, SearchView};
    use crate::web::pages::sample::{Drawn, frame, row};

    fn drawn(query: &str, results: Vec<SearchResult>) -> Drawn {
        let view = SearchView {
            query: query.into(),
            results,
            stale: true,
        };
        Drawn::of(&search_page(&view, &frame()))
    }

    #[test]
    fn whoever_is_found_is_told_apart_from_his_namesakes() {
        let ranked = SearchResult {
            id: 101,
            name: "Ada".into(),
            birth_year: Some(2003),
            organisation: None,
            board: Some(row(1)),
            last_season: Some(2024),
        };
        let past = SearchResult {
            id: 102,
            board: None,
            last_season: Some(2009),
            ..ranked.clone()
        };
        let page = drawn("ada", vec![ranked, past]);
        assert_eq!(page.texts("h1"), ["Players like “ada”"]);
        let facts = page.texts("ol.results span.facts");
        assert_eq!(facts[0], "#1 · SS · AA · BOX · 21.5 years");
        assert_eq!(facts[1], "Last minor-league season 2009 · born 2003");
        assert!(page.said().contains("index does not hold yet"));
    }

    #[test]
    fn nobody_found_leads_on() {
        let page = drawn("<script>", Vec::new());
        assert!(page.said().contains("Nobody found"));
        assert!(
            page.values("li a", "href")
                .contains(&"/search?q=jose%20ramires".to_owned())
        );
    }
}
