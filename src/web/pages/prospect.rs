//! A player's page: the number, the reasons, the record.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::report::PlayerVerdicts;
use crate::rankings::view::{BoardRow, ProspectView};
use crate::web::charts::career::career;
use crate::web::charts::timeline::timeline as when;
use crate::web::charts::waterfall::waterfall;
use crate::web::components::comparables::comparables;
use crate::web::components::confidence::{confidence, thin_data};
use crate::web::components::lines::lines;
use crate::web::components::probability::{band, percent, unbroken};
use crate::web::components::rates::rates;
use crate::web::components::verdicts::said;
use crate::web::extract::{Asked, Here, Moment, ProspectPath, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

pub(super) async fn show(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    here: Here,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Page {
    let answer = shown.answer(move |catalog| {
        let (view, record) = (catalog.prospect(id, as_of)?, catalog.verdicts(id)?);
        let frame = here.frame(catalog, view.name.clone(), &description(&view));
        let page = prospect_page(&view, &record, as_of.is_some(), &frame);
        Ok(Public::html(page, Lifetime::Profile))
    });
    answer.await
}

fn description(view: &ProspectView) -> String {
    let narrative = view.narrative.first().filter(|_| view.board.is_some());
    narrative
        .cloned()
        .unwrap_or_else(|| format!("The record of {}.", view.name))
}

/// The profile; `dated` when a season was asked for.
fn prospect_page(
    view: &ProspectView,
    record: &PlayerVerdicts,
    dated: bool,
    frame: &Frame,
) -> Markup {
    let pitcher = view
        .board
        .as_ref()
        .map_or(!view.stats.pitching.is_empty(), |row| row.role == "pitcher");
    page(
        frame,
        &html! {
            article.prospect {
                p.eyebrow { a href=(board_link(view, dated)) { "Board" } " · " (moment(view)) }
                h1 { (view.name) }
                (identity(view))
                (jumps(view, record))
                div.columns {
                    div {
                        section.verdict aria-labelledby="chance" { (verdict(view)) }
                        @if let Some(timeline) = &view.timeline {
                            section aria-labelledby="when" {
                                h2 id="when" { "When" }
                                (when(timeline))
                            }
                        }
                    }
                    @if view.explanation.is_some() { section.why aria-labelledby="why" { (why(view)) } }
                }
                @if let Some(found) = &view.comparables {
                    section aria-labelledby="alike" {
                        h2 id="alike" { "Players like him" }
                        (comparables(found))
                        p { a.action href={ "/prospects/" (view.id) "/comparables?as_of=" (asked(view)) } { "All " (found.count) " of them" } }
                    }
                }
                @if !view.rates.is_empty() {
                    section aria-labelledby="rates" {
                        h2 id="rates" { "Against his level" }
                        (rates(&view.rates, &format!("Rates of {} beside the average of the leagues he played in", view.season)))
                    }
                }
                (said(record))
                section aria-labelledby="record" {
                    h2 id="record" { "The record" }
                    (career(&view.stats, pitcher))
                    (lines(&view.stats, pitcher))
                }
                @if let Some(explanation) = view.explanation.as_ref().filter(|why| !why.features.is_empty()) {
                    p { a.action href={ "/prospects/" (view.id) "/features?as_of=" (asked(view)) } {
                        "All " (explanation.features.len()) " features, exactly" } }
                }
                p.links {
                    a href={ "/api/prospects/" (view.id) "?as_of=" (asked(view)) } { "This page as JSON" } " · "
                    a href={ "/api/prospects/" (view.id) "/stats?format=csv" (if pitcher { "&side=pitching" } else { "" }) } { "Stat lines as CSV" }
                }
            }
        },
    )
}

/// The way to each section: on a phone the page is long.
fn jumps(view: &ProspectView, record: &PlayerVerdicts) -> Markup {
    html! {
        nav.jumps aria-label="On this page" {
            @if view.explanation.is_some() { a href="#why" { "Why" } }
            @if view.comparables.is_some() { a href="#alike" { "Players like him" } }
            @if !view.rates.is_empty() { a href="#rates" { "Against his level" } }
            @if !record.verdicts.is_empty() { a href="#said" { "What we would have said" } }
            a href="#record" { "The record" }
        }
    }
}

/// The season or day of the page's links.
fn asked(view: &ProspectView) -> String {
    view.as_of
        .clone()
        .unwrap_or_else(|| view.season.to_string())
}

/// What the page speaks of.
fn moment(view: &ProspectView) -> String {
    match view.as_of.as_deref().filter(|asked| asked.contains('-')) {
        Some(day) => format!("as of {day}"),
        None => format!("end of {}", view.season),
    }
}

fn board_link(view: &ProspectView, dated: bool) -> String {
    if dated {
        format!("/?as_of={}", asked(view))
    } else {
        "/".to_owned()
    }
}

fn identity(view: &ProspectView) -> Markup {
    html! {
        ul.identity {
            @if let Some(row) = &view.board {
                li { (row.position.as_deref().unwrap_or(&row.role)) }
                li { (row.level) @if let Some(club) = &row.club { ", " (club) } @if let Some(league) = &row.league { " " small { (league) } } }
                @if let Some(organisation) = &row.organisation { li { (organisation) } }
                @if let Some(age) = row.age { li { (format!("{age:.1}")) " years old" } }
            }
            @if let Some(born) = &view.birth_date { li { "born " (born) } }
            @if let Some(draft) = &view.draft { li { "drafted " (draft) } }
        }
    }
}

fn verdict(view: &ProspectView) -> Markup {
    html! {
        h2 id="chance" { "Chance of success" }
        @match &view.board {
            Some(row) => (number(row)),
            None => p.lead { "No probability. " (view.not_ranked_because.as_deref().unwrap_or("He is not on this board.")) }
        }
        @if let Some(outcome) = &view.outcome { p.outcome { strong { "What happened: " } (outcome) } }
        p.small { "Success is more than 500 MLB plate appearances or more than 100 MLB innings in the four seasons after " (view.season) "." }
    }
}

fn number(row: &BoardRow) -> Markup {
    html! {
        p.headline {
            strong { (format!("{:.1}", row.probability * 100.0)) " %" }
            span { "between " (percent(row.lower)) " and " (percent(row.upper)) " %, four times in five" }
        }
        (band(row.probability, row.lower, row.upper))
        p.badges {
            "Rank " strong { (row.rank) } ", tier " (row.tier) " · confidence " (confidence(&row.confidence))
            @if row.thin_data { " · " (thin_data()) }
        }
        @if let Some(note) = &row.two_way_note { p.small { (note) } }
    }
}

fn why(view: &ProspectView) -> Markup {
    html! {
        h2 id="why" { "Why" }
        @for sentence in &view.narrative { p { (unbroken(sentence)) } }
        @if let Some(explanation) = &view.explanation { (waterfall(explanation)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{description, prospect_page};
    use crate::rankings::report::PlayerVerdicts;
    use crate::web::pages::sample::{Drawn, frame, prospect};

    fn record() -> PlayerVerdicts {
        PlayerVerdicts {
            id: 101,
            name: "Ada".into(),
            verdicts: Vec::new(),
        }
    }

    #[test]
    fn the_number_comes_with_its_range_and_reasons() {
        let view = prospect(Some(1));
        let page = Drawn::of(&prospect_page(&view, &record(), false, &frame()));
        assert_eq!(page.texts("p.headline strong"), ["50.0 %"]);
        assert!(page.texts("p.headline span")[0].contains("between 40 and 60 %"));
        assert_eq!(page.count("figure.waterfall"), 1);
        assert_eq!(page.values("p.eyebrow a", "href"), ["/"]);
        assert_eq!(description(&view), "What lifts him is his power.");
        let dated = Drawn::of(&prospect_page(&view, &record(), true, &frame()));
        assert_eq!(dated.values("p.eyebrow a", "href"), ["/?as_of=2024"]);
    }

    #[test]
    fn without_a_number_he_says_why() {
        let view = prospect(None);
        let page = Drawn::of(&prospect_page(&view, &record(), false, &frame()));
        assert!(page.said().contains("No probability. He is in the majors."));
        assert_eq!(page.count("figure.waterfall"), 0);
        assert_eq!(description(&view), "The record of Ada <0>.");
    }
}
