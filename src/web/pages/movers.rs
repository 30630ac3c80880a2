//! Since yesterday: what happened between two days.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::{MOVES, MoveView, MoversQuery, MoversView};
use crate::web::components::probability::percent;
use crate::web::extract::{Asked, Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::links::Query;
use crate::web::whose::Public;

const DESCRIPTION: &str =
    "Promotions, debuts, new arrivals, and whose probability moved, with the reasons.";

pub(super) async fn show(shown: Shown, here: Here, Asked(query): Asked<MoversQuery>) -> Page {
    let answer = shown.answer(move |catalog| {
        let view = catalog.movers(&query)?;
        let frame = here.frame(catalog, "Since yesterday".to_owned(), DESCRIPTION);
        let page = movers_page(&view, query.kind, &frame);
        Ok(Public::html(page, Lifetime::Rankings))
    });
    answer.await
}

/// The page.
fn movers_page(view: &MoversView, kind: Option<&str>, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.movers {
                p.eyebrow { "Since yesterday" }
                h1 { (title(view)) }
                @match (&view.from, &view.to) {
                    (Some(from), Some(to)) => (compared(view, from, to, kind)),
                    _ => (nothing_yet(view)),
                }
                p.links { a href="/api/movers" { "This page as JSON" } " · " a href="/feed.atom" { "Feed" } }
            }
        },
    )
}

fn title(view: &MoversView) -> String {
    match (&view.from, &view.to) {
        (Some(from), Some(to)) => format!("From {from} to {to}"),
        _ => "Nothing to compare yet".to_owned(),
    }
}

fn nothing_yet(view: &MoversView) -> Markup {
    html! {
        p { "Each morning's board is kept. "
            @match &view.to {
                Some(day) => { "The first is of " (day) "; with the second this page tells who moved, and why." }
                None => { "Once the daily run has been done twice, this page tells who moved, and why." }
            }
        }
    }
}

fn compared(view: &MoversView, from: &str, to: &str, kind: Option<&str>) -> Markup {
    html! {
        (choice(view, from, to, kind))
        @if view.other_model {
            div.notice { p { "Different models made these two boards: probabilities moved for that reason too, so no reasons are named." } }
        }
        (kinds(view, from, to, kind))
        @if view.moves.is_empty() { p { "Nobody moved by a percentage point, changed his level, arrived or left." } }
        @else { (table(&view.moves)) }
        p.small { "News is a debut, a change of level, an arrival or a departure, a probability that moved by a point or more, or ten
            places among the first three hundred. The reasons are the two groups of features whose shares moved most." }
    }
}

fn choice(view: &MoversView, from: &str, to: &str, kind: Option<&str>) -> Markup {
    let days = |name: &str, chosen: &str| {
        html! {
            label for=(name) { @if name == "from" { "From" } @else { "to" } }
            select id=(name) name=(name) {
                @for day in &view.days { option value=(day) selected[day == chosen] { (day) } }
            }
        }
    };
    html! {
        form.season action="/movers" method="get" {
            (days("from", from)) (days("to", to))
            @if let Some(kind) = kind { input type="hidden" name="kind" value=(kind); }
            button type="submit" { "Compare" }
        }
    }
}

fn kinds(view: &MoversView, from: &str, to: &str, chosen: Option<&str>) -> Markup {
    let link = |kind: Option<&str>| {
        let text = |text: &str| Some(text.to_owned());
        Query::new([
            ("from", text(from)),
            ("to", text(to)),
            ("kind", kind.map(ToOwned::to_owned)),
        ])
        .href("/movers")
    };
    html! {
        nav.jumps aria-label="Kinds of news" {
            a href=(link(None)) aria-current=[chosen.is_none().then_some("true")] { "All" }
            @for count in view.counts.iter().filter(|count| MOVES.contains(&count.kind)) {
                a href=(link(Some(count.kind))) aria-current=[(chosen == Some(count.kind)).then_some("true")] {
                    (plural(count.kind)) " (" (count.count) ")" }
            }
        }
    }
}

fn plural(kind: &str) -> String {
    let mut text = format!("{kind}s");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn table(moves: &[MoveView]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Moves" {
            table.brief {
                caption { "The most important first" }
                thead { tr { th scope="col" { "Player" } th scope="col" { "What happened" }
                    th.num scope="col" { "Chance" } th.more scope="col" { "What moved it" } } }
                tbody { @for one in moves { (row(one)) } }
            }
        }
    }
}

fn row(one: &MoveView) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ "/prospects/" (one.id) } { (one.name) }
                p.small { (one.level) @if let Some(organisation) = &one.organisation { ", " (organisation) } } }
            td { strong { (one.kind) } ": " (one.what) }
            td.num { (chance(one)) }
            td.more { (reasons(one)) }
        }
    }
}

fn chance(one: &MoveView) -> Markup {
    html! {
        @match (one.before, one.after) {
            (Some(before), Some(after)) if before != after => { (percent(before)) " → " (percent(after)) " %" }
            (_, Some(after)) => { (percent(after)) " %" }
            (Some(before), None) => { (percent(before)) " %" }
            (None, None) => "–",
        }
    }
}

fn reasons(one: &MoveView) -> Markup {
    html! {
        @if one.reasons.is_empty() { "–" }
        @for (at, reason) in one.reasons.iter().enumerate() {
            @if at > 0 { ", " }
            (reason.group) " " (format!("{:+.1}", reason.probability * 100.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::movers_page;
    use crate::rankings::{KindCount, MoveView, MoversView, ReasonView};
    use crate::web::pages::sample::{Drawn, frame};

    fn view(moves: Vec<MoveView>) -> MoversView {
        MoversView {
            from: Some("2024-07-02".into()),
            to: Some("2024-07-03".into()),
            other_model: false,
            simulated: false,
            days: vec!["2024-07-02".into(), "2024-07-03".into()],
            counts: vec![KindCount {
                kind: "rise",
                count: moves.len(),
            }],
            moves,
        }
    }

    #[test]
    fn a_move_says_how_far_and_why() {
        let rise = MoveView {
            kind: "rise",
            id: 101,
            name: "Ada".into(),
            level: "AA".into(),
            organisation: None,
            what: "ten points".into(),
            rank_before: Some(9),
            rank_after: Some(2),
            before: Some(0.2),
            after: Some(0.3),
            reasons: vec![ReasonView {
                group: "Power",
                log_odds: 0.5,
                probability: 0.08,
            }],
        };
        let page = Drawn::of(&movers_page(&view(vec![rise]), Some("rise"), &frame()));
        assert_eq!(page.texts("h1"), ["From 2024-07-02 to 2024-07-03"]);
        let cells = page.texts("tbody td");
        assert_eq!(cells[0], "rise: ten points");
        assert!(cells[1].contains("→"), "{cells:?}");
        assert_eq!(cells[2], "Power +8.0");
        assert_eq!(page.texts("nav.jumps [aria-current]"), ["Rises (1)"]);
    }

    #[test]
    fn one_day_is_nothing_to_compare() {
        let one = MoversView {
            from: None,
            ..view(Vec::new())
        };
        let page = Drawn::of(&movers_page(&one, None, &frame()));
        assert!(page.said().contains("The first is of 2024-07-03"));
    }
}
