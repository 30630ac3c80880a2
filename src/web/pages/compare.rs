//! Two to five players side by side.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::view::{CompareView, ProspectView};
use crate::web::components::confidence::{confidence, thin_data};
use crate::web::components::probability::{band, percent};
use crate::web::extract::{Asked, Comparison, Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

const DESCRIPTION: &str = "Prospects side by side, each with the reasons for his number.";

pub(super) async fn show(shown: Shown, here: Here, Asked(asked): Asked<Comparison>) -> Page {
    let answer = shown.answer(move |catalog| {
        let view = catalog.compare(&asked.ids, asked.as_of)?;
        let names = view.players.iter().map(|player| player.name.as_str());
        let title = names.collect::<Vec<_>>().join(", ");
        let frame = here.frame(catalog, title, DESCRIPTION);
        Ok(Public::html(
            compare_page(&view, &frame),
            Lifetime::Rankings,
        ))
    });
    answer.await
}

/// The comparison: numbers on one scale, then what each group of reasons is worth.
fn compare_page(view: &CompareView, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            p.eyebrow { "Comparison · end of " (view.season) }
            h1 { @for (at, player) in view.players.iter().enumerate() { @if at > 0 { ", " } (player.name) } }
            div.scroll tabindex="0" role="region" aria-label="Comparison" {
                table.compare {
                    caption { "Probability of success, and the reasons in log-odds against the typical prospect" }
                    thead { tr { td {} @for player in &view.players { th scope="col" { a href={ "/prospects/" (player.id) "?as_of=" (view.season) } { (player.name) } } } } }
                    (numbers(&view.players))
                    (reasons(view))
                    (rates(&view.players))
                }
            }
            p { a.action href={ "/?as_of=" (view.season) } { "Back to the board" } }
        },
    )
}

fn numbers(players: &[ProspectView]) -> Markup {
    html! {
        tbody {
            tr { th scope="row" { "Probability" } @for player in players { td data-label=(player.name) { (number(player)) } } }
            tr { th scope="row" { "Confidence" } @for player in players {
                td data-label=(player.name) { @if let Some(row) = &player.board { (confidence(&row.confidence)) @if row.thin_data { " " (thin_data()) } } @else { "–" } } } }
            tr { th scope="row" { "Rank" } @for player in players {
                td data-label=(player.name) { @if let Some(row) = &player.board { (row.rank) ", tier " (row.tier) } @else { "–" } } } }
            tr { th scope="row" { "Where" } @for player in players {
                td data-label=(player.name) { @if let Some(row) = &player.board {
                    (row.position.as_deref().unwrap_or(&row.role)) ", " (row.level)
                    @if let Some(organisation) = &row.organisation { ", " (organisation) }
                } @else { "–" } } } }
            tr { th scope="row" { "Age" } @for player in players {
                td data-label=(player.name) { @if let Some(age) = player.board.as_ref().and_then(|row| row.age) { (format!("{age:.1}")) } @else { "–" } } } }
        }
    }
}

fn number(player: &ProspectView) -> Markup {
    html! {
        @match &player.board {
            Some(row) => {
                strong.big { (percent(row.probability)) " %" }
                (band(row.probability, row.lower, row.upper))
                small { (percent(row.lower)) " to " (percent(row.upper)) " %" }
            }
            None => small { (player.not_ranked_because.as_deref().unwrap_or("not ranked")) }
        }
    }
}

fn reasons(view: &CompareView) -> Markup {
    let share = |player: &ProspectView, name: &str| {
        let groups = &player.explanation.as_ref()?.groups;
        groups
            .iter()
            .find(|group| group.group == name)
            .map(|group| group.log_odds)
    };
    let largest = view
        .players
        .iter()
        .filter_map(|p| p.explanation.as_ref())
        .flat_map(|e| &e.groups)
        .map(|g| g.log_odds.abs())
        .fold(0.1, f64::max);
    html! {
        tbody {
            tr { th.section colspan=(view.players.len() + 1) scope="rowgroup" { "Reasons" } }
            @for name in &view.groups {
                tr {
                    th scope="row" { (name) }
                    @for player in &view.players {
                        td data-label=(player.name) { @if let Some(share) = share(player, name) { (signed_bar(share, largest)) } @else { "–" } }
                    }
                }
            }
        }
    }
}

/// A bar left or right of the middle, with its number.
fn signed_bar(share: f64, largest: f64) -> Markup {
    let length = (share.abs() / largest * 50.0).max(0.5);
    let left = if share < 0.0 { 50.0 - length } else { 50.0 };
    html! {
        svg.signed viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect class=(if share < 0.0 { "down" } else { "up" }) x=(format!("{left:.1}")) y="1.5" width=(format!("{length:.1}")) height="7" {}
            rect.half x="49.7" y="0" width="0.6" height="10" {}
        }
        span.figures { (format!("{share:+.2}").replace('-', "−")) }
    }
}

fn rates(players: &[ProspectView]) -> Markup {
    let mut labels: Vec<&str> = Vec::new();
    for rate in players.iter().flat_map(|player| &player.rates) {
        if !labels.contains(&rate.label.as_str()) {
            labels.push(&rate.label);
        }
    }
    html! {
        @if !labels.is_empty() {
            tbody {
                tr { th.section colspan=(players.len() + 1) scope="rowgroup" { "Percentile at his level, 100 is best" } }
                @for label in labels {
                    tr {
                        th scope="row" { (label) }
                        @for player in players {
                            td.num data-label=(player.name) { @match player.rates.iter().find(|rate| rate.label == label) {
                                Some(rate) => { (format!("{:.0}", rate.percentile * 100.0)) }
                                None => "–"
                            } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compare_page;
    use crate::rankings::view::CompareView;
    use crate::web::pages::sample::{Drawn, frame, prospect};

    #[test]
    fn players_stand_side_by_side_whether_ranked_or_not() {
        let view = CompareView {
            season: 2024,
            simulated: false,
            players: vec![prospect(Some(1)), prospect(None)],
            groups: vec!["Power".into()],
        };
        let page = Drawn::of(&compare_page(&view, &frame()));
        assert_eq!(page.texts("h1"), ["Ada <1>, Ada <0>"]);
        assert_eq!(page.count("thead th"), 2);
        assert_eq!(page.count("svg.signed"), 1);
        assert!(page.said().contains("He is in the majors."));
        let rank = page.texts("tbody tr:nth-child(3) td");
        assert_eq!(rank, ["1, tier 1", "–"]);
    }
}
