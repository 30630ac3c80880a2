//! Fine wine: late bloomers, and when earlier ones arrived.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::view::{AgeingCurveView, FineWineRow, FineWineView};
use crate::web::charts::ageing::ageing;
use crate::web::components::confidence::confidence;
use crate::web::components::probability::{percent, probability};
use crate::web::extract::{Asked, FineWineQuestion, Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::links::Query;
use crate::web::whose::Public;

const DESCRIPTION: &str =
    "Late bloomers: players of 24 and older whose skills rise while the lists forget them.";

pub(super) async fn show(shown: Shown, here: Here, Asked(asked): Asked<FineWineQuestion>) -> Page {
    let answer = shown.answer(move |catalog| {
        let view = catalog.fine_wine(asked.as_of, asked.role)?;
        let frame = here.frame(
            catalog,
            format!("Fine wine of {}", view.season),
            DESCRIPTION,
        );
        let page = fine_wine_page(&view, asked.as_of.is_some(), &frame);
        Ok(Public::html(page, Lifetime::Rankings))
    });
    answer.await
}

/// The page of late bloomers; `dated` when a season was asked for.
fn fine_wine_page(view: &FineWineView, dated: bool, frame: &Frame) -> Markup {
    let query = Query::new([
        ("as_of", dated.then(|| view.season.to_string())),
        ("role", view.role.clone()),
    ]);
    page(
        frame,
        &html! {
            p.eyebrow { "Vintage " (view.season) }
            h1 { "Fine wine" }
            p.lead { (view.definition) }
            @if !view.lists_known {
                p.notice { "No list of " (view.season - 1) " or " (view.season) " is imported here, so nobody is left out for being listed." }
            }
            @if !view.curves.is_empty() { p { a href="#past" { "What became of earlier ones" } } }
            (roles(view, &query))
            @if view.rows.is_empty() {
                p { "Nobody on this board meets the definition." }
            } @else {
                (list(view))
            }
            @if !view.curves.is_empty() { (past(view)) }
            p.links {
                (view.rows.len()) " of " (view.total) " late bloomers · model " (view.model) " · this page as "
                a href=(query.href("/api/fine-wine")) { "JSON" }
            }
        },
    )
}

fn roles(view: &FineWineView, query: &Query) -> Markup {
    let choices = [
        ("", "Everybody"),
        ("hitter", "Hitters"),
        ("pitcher", "Pitchers"),
    ];
    html! {
        nav.pages aria-label="Hitters or pitchers" {
            @for (role, name) in choices {
                @let here = view.role.as_deref().unwrap_or("") == role;
                a.action href=(query.with("role", role).href("/fine-wine")) aria-current=[here.then_some("true")] { (name) }
            }
        }
    }
}

fn list(view: &FineWineView) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Late bloomers" {
            table.lines.wine {
                caption { "Late bloomers at the end of " (view.season) ", the most probable first" }
                thead {
                    tr {
                        th scope="col" { "Player" }
                        th.num scope="col" { "Age" }
                        th scope="col" { "Level" }
                        th scope="col" { "Chance" }
                        th.num scope="col" { "With earlier skills" }
                        th scope="col" { "What rose" }
                        th scope="col" { "Last list" }
                    }
                }
                tbody { @for row in &view.rows { (bloomer(view.season, row)) } }
            }
        }
    }
}

fn bloomer(season: u16, row: &FineWineRow) -> Markup {
    let player = &row.board;
    html! {
        tr {
            th.name scope="row" {
                a href={ "/prospects/" (player.id) "?as_of=" (season) } { (player.name) }
                small { " " (player.position.as_deref().unwrap_or(&player.role)) @if let Some(organisation) = &player.organisation { ", " (organisation) } }
            }
            td.num.age { (player.age.map_or("–".to_owned(), |age| format!("{age:.1}"))) }
            td.level { (player.level) }
            td.chance { (probability(player.probability, player.lower, player.upper)) " " (confidence(&player.confidence)) }
            td.num.before { (percent(row.before)) " %" small { " of " (row.since) } }
            td.rose { (row.in_words) small { " (odds × " (format!("{:.1}", row.odds_ratio)) ", log-odds " (signed(row.rise)) ")" } }
            td.listed { @match &row.last_list { Some(list) => (list), None => "on none" } }
        }
    }
}

fn past(view: &FineWineView) -> Markup {
    html! {
        section aria-labelledby="past" {
            h2 id="past" { "When it happened for others" }
            p { "Player-seasons of closed windows that meet the same definition, and what followed within four seasons: more than 500
                plate appearances or 100 innings in the majors. Beside them stand players of the same age, evaluated twice and on no
                list either, whose skills did not rise as much. Lists count from where they are imported." }
            p.small { "One model weighs the skills of every season, and it learned from these very seasons; so no probability of theirs is
                shown, only whether the skills rose and what happened." }
            @for curve in &view.curves { (role_curve(curve)) }
        }
    }
}

fn role_curve(curve: &AgeingCurveView) -> Markup {
    let crossed: u32 = curve.crossed_after.iter().map(|c| c.players).sum();
    html! {
        h3 { (capital(&curve.role)) "s" }
        p {
            "Of " (curve.n) " player-seasons from " (curve.first_season) " to " (curve.last_season) " that meet it, "
            strong { (curve.successes) " succeeded (" (share(curve.rate)) ")" } "; of " (curve.others) " without the rise, "
            (curve.other_successes) " did (" (share(curve.other_rate)) ")."
        }
        (ageing(curve))
        @if crossed > 0 {
            p {
                "Of " (curve.players) " players, each at his first such season, " (crossed) " crossed the line: "
                @for (at, after) in curve.crossed_after.iter().enumerate() {
                    @if at > 0 { ", " }
                    (after.players) " in the " (ordinal(after.at)) " season after"
                }
                "."
            }
            details {
                summary { "At which age they crossed it" }
                table {
                    caption { "Players by age in the season they crossed 500 plate appearances or 100 innings" }
                    thead { tr { th scope="col" { "Age" } th.num scope="col" { "Players" } } }
                    tbody { @for at in &curve.crossed_at { tr { th scope="row" { (at.at) } td.num { (at.players) } } } }
                }
            }
            p { "Those who went furthest: "
                @for (at, past) in curve.examples.iter().enumerate() {
                    @if at > 0 { "; " }
                    a href={ "/prospects/" (past.id) } { (past.name) } " (" (format!("{:.1}", past.age)) " at " (past.level) " in "
                    (past.season) ", " @if curve.role == "pitcher" { (past.innings) " innings" } @else { (past.pa) " plate appearances" } ")"
                }
                "."
            }
        }
    }
}

fn share(rate: Option<f64>) -> String {
    rate.map_or("none to count".to_owned(), |rate| {
        format!("{} %", percent(rate))
    })
}

fn signed(log_odds: f64) -> String {
    format!("{log_odds:+.2}").replace('-', "−")
}

fn ordinal(n: u8) -> &'static str {
    ["first", "second", "third", "fourth"]
        .get(usize::from(n) - 1)
        .copied()
        .unwrap_or("last")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::fine_wine_page;
    use crate::rankings::view::FineWineView;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn a_list_without_anybody_says_what_it_looks_for() {
        let view = FineWineView {
            season: 2024,
            model: "2021-test".into(),
            simulated: false,
            role: Some("hitter".into()),
            definition: "A late bloomer is at least 24.".into(),
            lists_known: false,
            min_age: 24.0,
            min_rise: 0.2,
            total: 0,
            rows: Vec::new(),
            curves: Vec::new(),
        };
        let page = Drawn::of(&fine_wine_page(&view, true, &frame()));
        assert_eq!(page.texts("p.lead"), ["A late bloomer is at least 24."]);
        assert!(
            page.said()
                .contains("No list of 2023 or 2024 is imported here")
        );
        assert_eq!(page.texts("nav [aria-current]"), ["Hitters"]);
        assert_eq!(
            page.values("p.links a", "href"),
            ["/api/fine-wine?as_of=2024&role=hitter"]
        );
    }
}
