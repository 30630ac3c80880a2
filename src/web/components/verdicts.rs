//! Past predictions with their outcomes: one player's, or many players'.

use maud::{Markup, html};

use super::probability::percent;
use crate::rankings::report::{Named, PlayerVerdicts};

/// The section of a profile; nothing when no season of his is on record.
pub fn said(player: &PlayerVerdicts) -> Markup {
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
pub fn verdicts(rows: &[Named], caption: &str, names: bool) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.lines {
                caption { (caption) }
                thead { tr {
                    @if names { th scope="col" { "Player" } }
                    th scope="col" { "Season" }
                    th scope="col" { "Level, age" }
                    th.num scope="col" { "Probability" }
                    th.num scope="col" { "Rank" }
                    th.num scope="col" { "By age and level" }
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
            @if names { th scope="row" { a href={ "/prospects/" (row.id) "#said" } { (row.name) } } }
            @if names { td { a href={ "/report-card/" (row.season) } { (row.season) } } }
            @else { th scope="row" { a href={ "/report-card/" (row.season) } { (row.season) } } }
            td { (row.level) @if let Some(age) = row.age { ", " (format!("{age:.1}")) } " " small { (row.role) } }
            td.num { strong { (percent(row.probability)) " %" } " " small { "(" (percent(row.lower)) " to " (percent(row.upper)) ")" } }
            td.num { @match row.rank { Some(rank) => (rank), None => small { "thin data" } } }
            td.num { (percent(row.baseline)) " %" }
            td { (outcome(row)) }
        }
    }
}

fn outcome(row: &Named) -> String {
    let verdict = if row.success {
        "Succeeded"
    } else {
        "Did not succeed"
    };
    let mut time = Vec::new();
    if row.majors_pa > 0 {
        time.push(format!("{} PA", row.majors_pa));
    }
    if row.majors_innings != "0.0" {
        time.push(format!("{} innings", row.majors_innings));
    }
    match (row.reached_majors, time.is_empty()) {
        (false, _) => format!("{verdict}: never in the majors in those four years"),
        (true, true) => format!("{verdict}: reached the majors"),
        (true, false) => format!("{verdict}: {}", time.join(", ")),
    }
}
