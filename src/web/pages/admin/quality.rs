//! Data quality, readable in ten seconds: one sentence, one line per source, then
//! what was found, the worst first.

use axum::extract::State;
use maud::{Markup, html};

use super::desk::{Desk, frame};
use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::operator::Operator;
use crate::web::quality::{FindingView, QualityView, SourceView};
use crate::web::state::AppState;
use crate::web::whose::Private;

pub(super) async fn show(_: Operator, State(state): State<AppState>, here: Here) -> Desk {
    let view = state.quality()?.ask(|quality| quality.quality()).await?;
    let view = view.map_err(|cause| WebError::internal(&*cause))?;
    let frame = frame(&state, here, "Data quality").await?;
    Ok(Private(quality_page(&view, &frame)))
}

/// The page.
fn quality_page(view: &QualityView, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.quality {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Data quality " span.state data-state=(view.level) { (view.level) } }
                p.lead { (view.summary) }
                (sources(&view.sources))
                h2 { "What the newest checks found" }
                @if view.findings.is_empty() { p { "Nothing." } }
                @for finding in &view.findings { (one(finding)) }
                p { (view.quarantined) " rows are set aside in all; " code { "afwd quarantine" } " lists them with their reasons." }
                p.links { a href="/api/quality" { "This page as JSON" } }
            }
        },
    )
}

fn sources(sources: &[SourceView]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Sources" {
            table.brief {
                caption { "Sources" }
                thead { tr { th scope="col" { "Source" } th scope="col" { "State" } th scope="col" { "Data of" }
                    th.num scope="col" { "Rows" } th.num scope="col" { "Requests today" } } }
                tbody { @for source in sources { (row(source)) } }
            }
        }
    }
}

fn row(source: &SourceView) -> Markup {
    html! {
        tr {
            th scope="row" { (source.title) }
            td { span.state data-state=(source.level) { (source.level) }
                @if !source.terms_accepted { p.small { "Its terms are not accepted: " code { "afwd sources accept " (source.name) } } }
                @if let Some(since) = &source.blocked_since { p.small { "Blocked since " time { (since) } } }
                @if !source.error.is_empty() { p.small { (source.error) } } }
            td { @match &source.data_day { Some(day) => { (day) @if let Some(age) = source.age_hours { p.small { (ago(age)) } } } None => "–" } }
            td.num { (source.rows) }
            td.num { (source.requests_today) " of " (source.requests_allowed) }
        }
    }
}

fn ago(hours: f64) -> String {
    if hours < 48.0 {
        format!("{hours:.0} hours ago")
    } else {
        format!("{:.0} days ago", hours / 24.0)
    }
}

fn one(finding: &FindingView) -> Markup {
    html! {
        section.finding {
            p { span.state data-state=(finding.severity) { (finding.severity) } " " (finding.what)
                span.small { " " (finding.check) ", " (finding.source) ", " (finding.day) } }
            @if !finding.examples.is_empty() {
                details { summary { "Examples" } ul { @for example in &finding.examples { li { (example) } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ago, quality_page};
    use crate::web::pages::sample::{Drawn, frame};
    use crate::web::quality::{FindingView, QualityView};

    #[test]
    fn the_page_begins_with_one_sentence() {
        let finding = FindingView {
            day: "2026-12-01".into(),
            check: "schema".into(),
            severity: "warning".into(),
            source: "mlb".into(),
            what: "A field is <gone>.".into(),
            count: 1,
            examples: vec!["x".into()],
        };
        let view = QualityView {
            level: "warning".into(),
            summary: "One thing to look at.".into(),
            sources: Vec::new(),
            findings: vec![finding],
            quarantined: 3,
        };
        let page = Drawn::of(&quality_page(&view, &frame()));
        assert_eq!(page.texts("p.lead"), ["One thing to look at."]);
        assert!(page.texts("section.finding p")[0].contains("A field is <gone>."));
        assert!(page.said().contains("3 rows are set aside"));
        assert_eq!(
            (ago(30.0), ago(72.0)),
            ("30 hours ago".to_owned(), "3 days ago".to_owned())
        );
    }
}
