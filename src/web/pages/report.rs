//! The report card: whether to trust the numbers, found out in a minute.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::report::{Cut, ListComparison, Reached, ReportCard, Scores, Section, Top};
use crate::web::charts::reliability::reliability;
use crate::web::components::probability::{thousands, unbroken};
use crate::web::components::verdicts::verdicts;
use crate::web::extract::{Here, SeasonPath, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

const DESCRIPTION: &str = "What would have been said at the end of past seasons, and what happened: the record, with names.";

/// The bar of the original design for both accuracies.
const ACCURACY_BAR: f64 = 0.65;

pub(super) async fn show(shown: Shown, here: Here) -> Page {
    let answer = shown.answer(|catalog| {
        let frame = here.frame(catalog, "Report card".to_owned(), DESCRIPTION);
        let page = report_page(&catalog.report_card(), &frame);
        Ok(Public::html(page, Lifetime::Prediction))
    });
    answer.await
}

pub(super) async fn show_season(SeasonPath(season): SeasonPath, shown: Shown, here: Here) -> Page {
    let answer = shown.answer(move |catalog| {
        let section = catalog.report_of(season)?;
        let frame = here.frame(catalog, format!("Report card of {season}"), DESCRIPTION);
        let page = report_season_page(&section, &frame);
        Ok(Public::html(page, Lifetime::Prediction))
    });
    answer.await
}

/// All seasons.
fn report_page(card: &ReportCard, frame: &Frame) -> Markup {
    let body = match &card.pooled {
        None => missing(card.simulated),
        Some(pooled) => html! {
            div.halves {
                div.answer {
                    @for sentence in &card.sentences { p { (unbroken(sentence)) } }
                    (top(&pooled.top))
                }
                (reliability(&pooled.reliability, "Given against happened, all seasons"))
            }
            (lookup())
            h2 { "Season by season" }
            p { "Each season was predicted by a model trained only on outcomes known at its end." }
            (seasons(&card.seasons, pooled))
            (every_season(&card.seasons, pooled))
            @if !pooled.lists.is_empty() { (lists(&pooled.lists)) }
            (names(pooled))
            (weak_spots(pooled))
        },
    };
    framed("Report card", "Can you trust these numbers?", &body, frame)
}

/// One season.
fn report_season_page(section: &Section, frame: &Frame) -> Markup {
    let season = section.season.map(|s| s.to_string()).unwrap_or_default();
    let title = format!("What we would have said at the end of {season}");
    let body = html! {
        p.links { a href="/report-card" { "All seasons" } " · model " code { (section.models.join(", ")) } }
        p { (in_short(section)) }
        div.halves {
            div { (top(&section.top)) (every_season(&[], section)) }
            (reliability(&section.reliability, &format!("Given against happened, {season}")))
        }
        @if !section.lists.is_empty() { (lists(&section.lists)) }
        (names(section))
        (weak_spots(section))
        h2 { "The hundred highest" }
        (verdicts(&section.highest, &format!("The hundred highest of {season}, and what became of them"), true))
    };
    framed("Report card", &title, &body, frame)
}

fn framed(eyebrow: &str, title: &str, body: &Markup, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.report { p.eyebrow { (eyebrow) } h1 { (title) } (body) }
        },
    )
}

fn missing(simulated: bool) -> Markup {
    html! {
        div.notice {
            @if simulated {
                p { "The report card is being computed: several models are trained, each on what was known at the end of a past season.
                    Reload in a minute." }
            } @else {
                p { "No past season is on record yet. " code { "afwd report-card" } " predicts every season that can be judged, each by
                    a model that has seen nothing later, and keeps the result." }
            }
        }
    }
}

fn lookup() -> Markup {
    html! {
        form.lookup role="search" action="/search" method="get" aria-label="Look up a player" {
            label for="lookup" { "Look up anybody: what would we have said of him?" }
            div { input id="lookup" type="search" name="q" maxlength="64" placeholder="A player's name"; button type="submit" { "Look up" } }
        }
    }
}

/// One season in a sentence.
fn in_short(section: &Section) -> String {
    let s = &section.model;
    format!(
        "{} players were rated. Their probabilities add up to {:.0} successes; {} came, {} of everybody.",
        thousands(s.n),
        promised(s),
        thousands(s.successes),
        share(s.base_rate)
    )
}

/// Successes the probabilities add up to.
fn promised(s: &Scores) -> f64 {
    match s.observed_to_expected {
        ratio if ratio > 0.0 => f64::from(s.successes) / ratio,
        _ => 0.0,
    }
}

/// What matters most of each season, the baseline in the next column.
fn seasons(rows: &[Section], pooled: &Section) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Seasons" {
            table.brief {
                caption { "Share of the hundred highest who succeeded, and share of pairs in which the one who succeeded was rated higher,
                    each beside age and level alone" }
                thead { tr {
                    th scope="col" { "Season" }
                    th.num.more scope="col" { "Players" }
                    th.num scope="col" { "Top 100" }
                    th.num.plain scope="col" { "by age and level" }
                    th.num scope="col" { "Pairs" }
                    th.num.plain scope="col" { "by age and level" }
                    th.num.more scope="col" { "Promised" }
                    th.num.more scope="col" { "Came" }
                } }
                tbody {
                    @for section in rows { (season_in_brief(section)) }
                    (season_in_brief(pooled))
                }
            }
        }
    }
}

fn season_in_brief(section: &Section) -> Markup {
    let hundred = section.top.iter().find(|top| top.k == 100);
    let of = |count: fn(&Top) -> u32| {
        hundred
            .filter(|top| top.n > 0)
            .map_or("–".to_owned(), |top| {
                share(f64::from(count(top)) / f64::from(top.n))
            })
    };
    html! {
        tr class=[section.season.is_none().then_some("pooled")] {
            th scope="row" { (season_name(section)) }
            td.num.more { (thousands(section.model.n)) }
            td.num { strong { (of(|top| top.successes)) } }
            td.num.plain { (of(|top| top.baseline_successes)) }
            td.num { strong { (percent_of(section.model.auc)) } }
            td.num.plain { (percent_of(section.baseline.auc)) }
            td.num.more { (thousands(promised(&section.model).round() as u32)) }
            td.num.more { (thousands(section.model.successes)) }
        }
    }
}

fn season_name(section: &Section) -> Markup {
    html! {
        @match section.season {
            Some(season) => a href={ "/report-card/" (season) } { (season) },
            None => "All",
        }
    }
}

/// Every figure, for those who know them by name.
fn every_season(rows: &[Section], last: &Section) -> Markup {
    html! {
        details.figures {
            summary { "Every figure, model and baseline" }
            (glossary())
            @if last.in_full_seasons.is_some() {
                p.small { "Windows that hold 2020 are judged as played, with its 60 games: fewer succeed than would have in ordinary
                    years. Rows marked “2020 scaled” count them as a full season." }
            }
            div.scroll tabindex="0" role="region" aria-label="Figures by season" {
                table.lines {
                    caption { "The model above age and level alone" }
                    thead { tr {
                        th scope="col" { "Season" }
                        th scope="col" { "By" }
                        (score_heads())
                    } }
                    tbody {
                        @for section in rows { (season_rows(section, false)) }
                        (season_rows(last, true))
                    }
                }
            }
        }
    }
}

fn glossary() -> Markup {
    html! {
        p.small { "Base rate: share that succeeded. Majority: accuracy of always saying no. AUC: share of pairs told right. Brier skill:
            share of the base rate's squared error that is gone. ECE: mean distance between given and happened. Obs / exp: successes
            that came for each one promised; 1 is right. Slope: 1 is right, below 1 the probabilities are too extreme." }
    }
}

fn season_rows(section: &Section, pooled: bool) -> Markup {
    let class = pooled.then_some("pooled");
    html! {
        tr class=[class] {
            th scope="row" { (season_name(section)) }
            td { "model" }
            (score_cells(&section.model))
        }
        tr class=[class] { th scope="row" {} td { "age and level" } (score_cells(&section.baseline)) }
        @if let Some(scaled) = &section.in_full_seasons {
            tr class=[class] { th scope="row" {} td { "model, 2020 scaled" } (score_cells(scaled)) }
        }
    }
}

fn score_heads() -> Markup {
    html! {
        @for head in ["Players", "Base rate", "Majority", "AUC", "Brier skill", "Log loss", "ECE", "Obs / exp", "Slope"] {
            th.num scope="col" { (head) }
        }
    }
}

fn score_cells(s: &Scores) -> Markup {
    html! {
        td.num { (thousands(s.n)) }
        td.num { (share(s.base_rate)) }
        td.num { (share(s.majority)) }
        td.num { (known(s.auc, 3)) }
        td.num { (known(s.brier_skill, 3)) }
        td.num { (format!("{:.4}", s.log_loss)) }
        td.num { (format!("{:.4}", s.ece)) }
        td.num { (format!("{:.2}", s.observed_to_expected)) }
        td.num { (known(s.slope, 2)) }
    }
}

fn names(section: &Section) -> Markup {
    html! {
        h2 { "Hits" }
        (verdicts(&section.hits, "The highest who succeeded", true))
        (verdicts(&section.finds, "Successes whom age and level alone gave far less", true))
        h2 { "Misses" }
        (verdicts(&section.misses, "The highest who did not succeed", true))
        (verdicts(&section.overlooked, "Successes who were given least", true))
    }
}

fn weak_spots(section: &Section) -> Markup {
    html! {
        h2 { "Where it is better and worse" }
        (cuts(&section.cuts))
        (accuracy(section))
    }
}

fn top(rows: &[Top]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="The top of the list" { table.brief {
            caption { "How many of the highest of each season succeeded" }
            thead { tr { th scope="col" { "Highest" } th.num.more scope="col" { "Players" } th.num scope="col" { "Succeeded" }
                th.num scope="col" { "Share" } th.num.plain scope="col" { "by age and level" } } }
            tbody { @for row in rows { tr {
                th scope="row" { (row.k) }
                td.num.more { (thousands(row.n)) }
                td.num { (thousands(row.successes)) }
                td.num { strong { (share(f64::from(row.successes) / f64::from(row.n.max(1)))) } }
                td.num.plain { (share(f64::from(row.baseline_successes) / f64::from(row.n.max(1)))) }
            } } }
        } }
    }
}

fn lists(rows: &[ListComparison]) -> Markup {
    html! {
        h2 { "Beside published lists" }
        p { "Lists published that winter, as far as imported: of the listed players who can be judged, how many succeeded, and how many
            of as many of our highest. A list may know of the winter what a prediction of 31 December does not." }
        div.scroll tabindex="0" role="region" aria-label="Published lists" { table.lines {
            caption { "Published lists beside ours of the same length" }
            thead { tr { th scope="col" { "Season" } th scope="col" { "List" } @for head in ["Players", "Theirs succeeded", "Ours succeeded"] { th.num scope="col" { (head) } } } }
            tbody { @for row in rows { tr {
                th scope="row" { (row.season) }
                td { (row.list) " " small { (row.published) } }
                td.num { (row.n) }
                td.num { (row.successes) }
                td.num { (row.ours) }
            } } }
        } }
    }
}

fn cuts(rows: &[Cut]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Parts" { table.brief {
            caption { "Share of pairs told right, and successes that came for each one promised (1 is right); the hard cases are those
                where the easy noes are gone" }
            thead { tr { th scope="col" { "Part" } th.num.more scope="col" { "Players" } th.num.more scope="col" { "Succeeded" }
                th.num scope="col" { "Pairs" } th.num.plain scope="col" { "by age and level" } th.num scope="col" { "Came / promised" } } }
            tbody { @for cut in rows { tr {
                th scope="row" { (part(cut)) }
                td.num.more { (thousands(cut.model.n)) }
                td.num.more { (share(cut.model.base_rate)) }
                td.num { strong { (percent_of(cut.model.auc)) } }
                td.num.plain { (percent_of(cut.baseline.auc)) }
                td.num { (format!("{:.2}", cut.model.observed_to_expected)) }
            } } }
        } }
        details.figures {
            summary { "Every figure by part" }
            div.scroll tabindex="0" role="region" aria-label="Figures by part" { table.lines {
                caption { "By role, level, age and confidence" }
                thead { tr { th scope="col" { "Part" } (score_heads()) } }
                tbody { @for cut in rows { tr { th scope="row" { (part(cut)) } (score_cells(&cut.model)) } } }
            } }
        }
    }
}

/// `hitters`, `AA`, `age 20 to 21`, `high confidence`.
fn part(cut: &Cut) -> String {
    match cut.by {
        "role" => format!("{}s", cut.name),
        "age" => format!("age {}", cut.name),
        "confidence" => format!("{} confidence", cut.name),
        "hard" => format!("hard cases: {}", cut.name),
        _ => cut.name.clone(),
    }
}

fn accuracy(section: &Section) -> Markup {
    html! {
        h2 { "Accuracy, for what it is worth" }
        p { "Always saying no is right " (share(section.model.majority)) " of the time, so plain accuracy says nothing. Calling everybody
            at or above the base rate a success, balanced accuracy is " strong { (percent_of(section.model.balanced_accuracy)) }
            (bar(section.model.balanced_accuracy)) "." }
        (reached(&section.reached))
        p { (thousands(section.thin)) " more players had too little playing time to be judged: they are predicted, marked as thin data, and left
            out of every figure here." }
    }
}

fn reached(r: &Reached) -> Markup {
    html! {
        p { "Of the " (thousands(r.n)) " who reached the majors, " (thousands(r.successes)) " succeeded. Calling as many of the highest successes as there
            were is right for " strong { (percent_of(r.accuracy)) } (bar(r.accuracy)) "; always giving the commoner answer for "
            (percent_of(r.majority)) "." }
    }
}

fn bar(value: Option<f64>) -> &'static str {
    match value {
        Some(value) if value >= ACCURACY_BAR => " (the bar is 65 %: met)",
        Some(_) => " (the bar is 65 %: not met)",
        None => "",
    }
}

fn share(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}

fn percent_of(value: Option<f64>) -> String {
    value.map_or("unknown".to_owned(), share)
}

fn known(value: Option<f64>, places: usize) -> String {
    value.map_or("–".to_owned(), |v| format!("{v:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::report_page;
    use crate::rankings::report::ReportCard;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn an_empty_record_says_how_it_comes_about() {
        for (simulated, told) in [(true, "Reload in a minute"), (false, "afwd report-card")] {
            let card = ReportCard {
                simulated,
                ..ReportCard::default()
            };
            let page = Drawn::of(&report_page(&card, &frame()));
            assert!(page.texts("div.notice")[0].contains(told));
            assert_eq!(page.count("table"), 0);
        }
    }
}
