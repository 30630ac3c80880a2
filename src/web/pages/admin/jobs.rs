//! Jobs: what ran, what runs, and the chain of each as a graph of steps.

use axum::extract::{Path, State};
use maud::{Markup, html};

use super::desk::{Desk, Done, back_to, frame};
use crate::web::extract::{Confirmed, FormSession, Here};
use crate::web::forms::FormToken;
use crate::web::jobs::{JobView, LISTED, StepView};
use crate::web::layout::{Frame, page};
use crate::web::operator::Operator;
use crate::web::state::AppState;
use crate::web::whose::Private;

pub(super) async fn show(
    _: Operator,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Desk {
    let jobs = state.jobs()?.ask(|queue| queue.jobs(LISTED)).await??;
    let frame = frame(&state, here, "Jobs").await?;
    Ok(Private(jobs_page(&jobs, &session.token, &frame)))
}

pub(super) async fn refresh(by: Operator, State(state): State<AppState>, _: Confirmed) -> Done {
    let refreshed = state.jobs()?.ask(move |queue| queue.refresh(&by));
    refreshed.await??;
    Ok(Private(back_to("/admin/jobs", None)))
}

pub(super) async fn cancel(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<u64>,
    _: Confirmed,
) -> Done {
    let cancelled = state.jobs()?.ask(move |queue| queue.cancel(&by, id));
    cancelled.await??;
    Ok(Private(back_to("/admin/jobs", None)))
}

/// The page; it reloads itself while something runs.
fn jobs_page(jobs: &[JobView], token: &FormToken, frame: &Frame) -> Markup {
    let busy = jobs
        .iter()
        .any(|job| job.state == "running" || (job.state == "waiting" && job.started.is_some()));
    page(
        frame,
        &html! {
            article.jobs data-live[busy] {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Jobs" }
                p { "Every morning at 06:00 New York time the sources are asked, at 06:30 their answers checked and applied, at 07:00
                    features made, at 07:30 everybody predicted, and at 08:00 the new board shown." }
                form method="post" action="/admin/jobs/refresh" { (token) button.action type="submit" { "Refresh now" } }
                @if jobs.is_empty() { p { "Nothing has run yet." } }
                @for job in jobs { (one(job, token)) }
                p.links { a href="/api/jobs" { "This page as JSON" } }
            }
        },
    )
}

fn one(job: &JobView, token: &FormToken) -> Markup {
    let title = if job.key.is_empty() {
        job.name.clone()
    } else {
        format!("{} of {}", job.name, job.key)
    };
    html! {
        section.job aria-labelledby={ "job-" (job.id) } {
            h2 id={ "job-" (job.id) } { (title) " " span.state data-state=(job.state) { (job.state) } }
            p.small { "Number " (job.id) ", asked for " time { (job.created) }
                @if let Some(finished) = &job.finished { ", ended " time { (finished) } }
                @if job.state == "waiting" { ", due " time { (job.due) } }
                @if job.failures > 0 { ", failed " (job.failures) @if job.failures == 1 { " time" } @else { " times" } }
            }
            @if !job.error.is_empty() { div.notice { p { (job.error) } } }
            @if !job.steps.is_empty() { (chain(&job.steps)) }
            @if matches!(job.state.as_str(), "waiting" | "running") {
                form method="post" action={ "/admin/jobs/" (job.id) "/cancel" } {
                    (token)
                    button type="submit" disabled[job.cancel] { @if job.cancel { "Being called off" } @else { "Call off" } }
                }
            }
        }
    }
}

fn chain(steps: &[StepView]) -> Markup {
    html! {
        ol.chain {
            @for step in steps {
                li data-state=(step.state) {
                    strong { (step.name) } " " span.state data-state=(step.state) { (step.state) }
                    @if let Some(seconds) = step.seconds { span.small { (duration(seconds)) } }
                    @if step.rows > 0 { span.small { (step.rows) " rows" } }
                    @if !step.progress.is_empty() { p.small { (step.progress) } }
                    @if !step.warnings.is_empty() {
                        details { summary { (step.warnings.len()) @if step.warnings.len() == 1 { " note" } @else { " notes" } }
                            ul { @for warning in &step.warnings { li { (warning) } } } }
                    }
                }
            }
        }
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s => format!("{:.0} min", s / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, jobs_page};
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::jobs::{JobView, StepView};
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn a_job_that_runs_can_be_called_off() {
        let step = StepView {
            name: "extract".into(),
            state: "running".into(),
            seconds: None,
            rows: 12,
            progress: "page 3".into(),
            warnings: vec!["one".into(), "two".into()],
        };
        let job = |id, state: &str| JobView {
            id,
            name: "daily".into(),
            key: "2026-12-01".into(),
            state: state.into(),
            created: "2026-12-01T11:00:00Z".into(),
            due: "2026-12-01T11:00:00Z".into(),
            started: None,
            finished: None,
            failures: 1,
            error: String::new(),
            cancel: false,
            steps: vec![step.clone()],
        };
        let token = FormKey::new(Secret::new("k")).token("session");
        let jobs = [job(2, "running"), job(1, "done")];
        let page = Drawn::of(&jobs_page(&jobs, &token, &frame()));
        let forms = page.values("form[method=post]", "action");
        assert_eq!(forms, ["/admin/jobs/refresh", "/admin/jobs/2/cancel"]);
        assert_eq!(page.count("form input[name=form_token]"), 2);
        assert!(page.texts("ol.chain li")[0].contains("12 rows"));
        assert!(page.said().contains("2 notes") && page.said().contains("failed 1 time"));
    }

    #[test]
    fn durations_are_as_fine_as_they_matter() {
        assert_eq!(duration(9.94), "9.9 s");
        assert_eq!(duration(100.4), "100 s");
        assert_eq!(duration(600.0), "10 min");
    }
}
