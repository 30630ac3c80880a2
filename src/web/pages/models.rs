//! Versions of the model, who is champion, every decision, and drift.

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};

use super::page::Page;
use crate::rankings::models::{DecisionView, DriftView, ModelView, ModelsError, ModelsView};
use crate::web::error::WebError;
use crate::web::extract::{Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::state::AppState;
use crate::web::whose::Public;

const DESCRIPTION: &str = "Every version of the model, which one is trusted and why, and how far players have drifted from its training.";
/// Features of the drift table; the rest is in the API.
const SHIFTED: usize = 20;

pub(super) async fn show(State(state): State<AppState>, shown: Shown, here: Here) -> Page {
    let nothing = |_| WebError::from_status(StatusCode::NOT_FOUND);
    let registry = state.models().map_err(nothing)?;
    let read = registry.ask(|registry| Ok((registry.models()?, registry.drift()?)));
    let (models, drift) = read.await?.map_err(|error: ModelsError| error)?;
    let answer = shown.answer(move |catalog| {
        let frame = here.frame(catalog, "Models".to_owned(), DESCRIPTION);
        let page = models_page(&models, drift.as_ref(), &frame);
        Ok(Public::html(page, Lifetime::Unkept))
    });
    answer.await
}

/// The page about the versions.
fn models_page(models: &ModelsView, drift: Option<&DriftView>, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                p.eyebrow { a href="/about" { "How it works" } }
                h1 { "Models" }
                p.lead { "The champion makes the boards. "
                    @if !models.chosen { "Nobody has chosen one, so it is the newest that has seen nothing after the season." } }
                (versions(models))
                @if let Some(challenge) = &models.challenge {
                    p { code { (challenge.model) } " is tried: " (format!("{:.0} %", challenge.share * 100.0))
                        " of viewers see its boards. " a href="/?arm=challenger" { "Look at them" } "." }
                    ul { @for arm in &challenge.arms { li { (arm.arm) ": " (arm.views) " boards, " (arm.opens) " profiles" } } }
                }
                h2 id="log" { "Decisions" }
                @if models.log.is_empty() { p { "None so far." } }
                ul { @for decision in &models.log { li { (sentence(decision)) } } }
                h2 id="drift" { "Drift" }
                @match drift {
                    Some(drift) => (drifted(drift)),
                    None => p { "Measured with the next prediction." }
                }
                p.links { a href="/api/ml/models" { "This page as JSON" } " · " a href="/api/ml/drift" { "Drift as JSON" } }
            }
        },
    )
}

fn versions(models: &ModelsView) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Versions" {
            table.lines {
                caption { "Versions; AUC on players unseen in training" }
                thead { tr { th scope="col" { "Version" } th scope="col" { "Status" } th.num scope="col" { "Outcomes until" }
                    th.num scope="col" { "AUC, hitters" } th.num scope="col" { "AUC, pitchers" } } }
                tbody {
                    @for model in &models.models {
                        tr {
                            th scope="row" { code { (model.model) } }
                            td { (model.status.join(", ")) }
                            td.num { (model.trained_until) }
                            td.num { (auc(model, "hitter")) }
                            td.num { (auc(model, "pitcher")) }
                        }
                    }
                }
            }
        }
        @for damaged in &models.damaged { p { code { (damaged.directory) } " is not used: " (damaged.reason) } }
    }
}

fn auc(model: &ModelView, role: &str) -> String {
    let unseen = model
        .figures
        .iter()
        .find(|f| f.on == "unseen players" && f.role == role);
    unseen.map_or("–".to_owned(), |figures| format!("{:.4}", figures.auc))
}

fn sentence(decision: &DecisionView) -> Markup {
    html! {
        time { (decision.at) } " " (decision.action)
        @if let Some(from) = &decision.from { " from " code { (from) } }
        @if let Some(to) = &decision.to { " to " code { (to) } }
        " by " (decision.by) @if !decision.why.is_empty() { ": " (decision.why) }
    }
}

fn drifted(drift: &DriftView) -> Markup {
    html! {
        p { "How far players of " (drift.season) " lie from those that " code { (drift.model) } " learnt from: " strong { (drift.level) }
            ". An index (PSI) below 0.1 is steady, up to 0.25 to be watched, above that a shift." }
        ul { @for row in &drift.calibration {
            li { (row.season) " " (row.role) "s: " (row.observed) " succeeded, " (format!("{:.0}", row.expected)) " were expected"
                " of players the judging member never saw: " (row.level) }
        } }
        div.scroll tabindex="0" role="region" aria-label="Drift" {
            table.lines {
                caption { "The most shifted features" }
                thead { tr { th scope="col" { "Feature" } th scope="col" { "Role" } th.num scope="col" { "PSI" } th scope="col" { "Level" } } }
                tbody { @for row in drift.features.iter().take(SHIFTED) {
                    tr { th scope="row" { (row.label) } td { (row.role) } td.num { (format!("{:.3}", row.psi)) } td { (row.level) } }
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::models_page;
    use crate::rankings::models::{DecisionView, ModelsView};
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn decisions_are_told_with_who_and_why() {
        let none = Drawn::of(&models_page(&ModelsView::default(), None, &frame()));
        assert!(
            none.said().contains("Nobody has chosen one") && none.said().contains("None so far.")
        );
        let decision = DecisionView {
            at: "2026-12-01T11:00:00Z".into(),
            action: "promotion".into(),
            from: Some("a".into()),
            to: Some("b".into()),
            by: "API".into(),
            why: "it is <better>".into(),
        };
        let chosen = ModelsView {
            chosen: true,
            log: vec![decision],
            ..ModelsView::default()
        };
        let page = Drawn::of(&models_page(&chosen, None, &frame()));
        let told = "2026-12-01T11:00:00Z promotion from a to b by API: it is <better>";
        assert!(page.texts("ul li").contains(&told.to_owned()));
        assert!(!page.said().contains("Nobody has chosen one"));
    }
}
