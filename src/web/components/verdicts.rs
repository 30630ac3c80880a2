//! Past predictions with their outcomes: one player's, or many players'.

use maud::{Markup, html};

use super::probability::{percent, thousands};
use crate::rankings::report::{Named, PlayerVerdicts};

/// The section of a profile; nothing when no season of his is on record.
pub(in crate::web) fn said(player: &PlayerVerdicts) -> Markup {
    html! {
        @if !player.verdicts.is_empty() {
            section aria-labelledby="said" {
                h2 id="said" { "What we would have said" }
                p { "At the end of each season, by a model that knew nothing later. " a href="/report-card" { "How all of these turned out" } "." }
                (verdicts(&player.verdicts, "Past predictions and outcomes", false))
            }
        }
    }
}

/// A table of past predictions; with names, or of one player.
pub(in crate::web) fn verdicts(rows: &[Named], caption: &str, names: bool) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.verdicts.named[names] {
                caption { (caption) }
                thead { tr {
                    @if names { th scope="col" { "Player" } }
                    th scope="col" { "Season" }
                    th scope="col" { "Level, age" }
                    th.num scope="col" { "Probability" }
                    th.num scope="col" { "Rank" }
                    th.num scope="col" { "Age and level" }
                    th scope="col" { "What happened" }
                } }
                tbody { @for row in rows { (line(row, names)) } }
            }
        }
    }
}

fn line(row: &Named, names: bool) -> Markup {
    html! {
        tr {
            @if names { th.name scope="row" { a href={ "/prospects/" (row.id) "#said" } { (row.name) } } }
            @if names { td.year { a href={ "/report-card/" (row.season) } { (row.season) } } }
            @else { th.year scope="row" { a href={ "/report-card/" (row.season) } { (row.season) } } }
            td.where { (row.level) @if let Some(age) = row.age { ", " (format!("{age:.1}")) } " " small { (row.role) } }
            td.num.given { strong { (percent(row.probability)) " %" } " " small { "(" (percent(row.lower)) " to " (percent(row.upper)) " %)" } }
            td.num.rank { @match row.rank { Some(rank) => (thousands(rank)), None => small { "thin data" } } }
            td.num.plain { (percent(row.baseline)) " %" }
            td.came { (outcome(row)) }
        }
    }
}

fn outcome(row: &Named) -> String {
    let verdict = if row.success {
        "Succeeded"
    } else {
        "Did not succeed"
    };
    let innings: f64 = row.majors_innings.parse().unwrap_or(0.0);
    let pitcher = row.role == "pitcher";
    let mut time = Vec::new();
    // A pitcher's turns at bat short of the line and a hitter's mop-up inning say nothing.
    if row.majors_pa > 0 && (!pitcher || row.majors_pa > 500 || innings == 0.0) {
        time.push(format!("{} PA", thousands(row.majors_pa)));
    }
    if innings > 0.0 && (pitcher || innings > 10.0 || row.majors_pa == 0) {
        time.push(format!("{} innings", row.majors_innings));
    }
    match (row.reached_majors, time.is_empty()) {
        (false, _) => format!("{verdict}: not in the majors within four years"),
        (true, true) => format!("{verdict}: reached the majors"),
        (true, false) => format!("{verdict}: {}", time.join(", ")),
    }
}
