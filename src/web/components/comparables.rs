//! Comparable players and what became of them.

use maud::{Markup, html};

use super::probability::percent;
use crate::rankings::view::{ComparableView, ComparablesView};

/// How many succeeded, beside the probability; then the listed ones.
pub(in crate::web) fn comparables(view: &ComparablesView) -> Markup {
    html! {
        p { (verdict(view)) }
        div.scroll tabindex="0" role="region" aria-label="Comparable players" {
            table.alike {
                caption { "Nearest first, by the reasons behind their probabilities" }
                thead { tr { th scope="col" { "Player" } th scope="col" { "At the end of" }
                    th.num scope="col" { "Age" } th scope="col" { "What became of him" } th.num scope="col" { "Distance" } } }
                tbody { @for comparable in &view.comparables { (row(comparable)) } }
            }
        }
    }
}

fn verdict(view: &ComparablesView) -> String {
    format!(
        "Of the {} past players whom the model saw most alike, {} succeeded{} and {} reached the majors; \
         his own probability is {} %.",
        view.count,
        view.successes,
        view.success_share
            .map_or(String::new(), |share| format!(" ({} %)", percent(share))),
        view.debuts,
        percent(view.probability)
    )
}

fn row(view: &ComparableView) -> Markup {
    let profile = format!("/prospects/{}?as_of={}", view.id, view.season);
    html! {
        tr {
            th.name scope="row" { a href=(profile) { (view.name) } }
            td.year { (view.season) ", " (view.level) }
            td.num.age { @match view.age { Some(age) => (format!("{age:.1}")), None => "–" } }
            td.came { @if view.success { strong { (view.outcome) } } @else { (view.outcome) } }
            td.num.far { (format!("{:.2}", view.distance)) }
        }
    }
}
