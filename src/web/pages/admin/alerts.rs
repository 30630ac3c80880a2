//! `/admin/alerts`: what needs the operator, and how he is told.

use axum::extract::State;
use axum::http::StatusCode;
use maud::{Markup, html};

use super::desk::{Desk, frame};
use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::monitor::{AlertView, AlertsView};
use crate::web::operator::Operator;
use crate::web::state::AppState;
use crate::web::whose::Private;

pub(super) async fn show(_: Operator, State(state): State<AppState>, here: Here) -> Desk {
    let nothing = || WebError::from_status(StatusCode::NOT_FOUND);
    let monitor = state.monitor.as_ref().ok_or_else(nothing)?;
    let view = monitor.ask(|monitor| monitor.alerts()).await?;
    let frame = frame(&state, here, "Alerts").await?;
    Ok(Private(alerts_page(&view, &frame)))
}

/// The page.
fn alerts_page(view: &AlertsView, frame: &Frame) -> Markup {
    let content = html! {
        article.prose {
            h1 { "Alerts" }
            @if view.raised.is_empty() {
                p { "Nothing needs you." }
            } @else {
                table {
                    caption { "What needs you, the worst first" }
                    thead { tr { th scope="col" { "Severity" } th scope="col" { "What" } th scope="col" { "Since" } } }
                    tbody { @for alert in &view.raised { (row(alert)) } }
                }
            }
            h2 { "Where alerts go" }
            @if view.sinks.is_empty() {
                p { "Nowhere but here and the log: set " code { "--alert-webhook" } ", or " code { "--alert-mail" }
                    " and " code { "--smtp-url" } ", and try them with " code { "afwd alerts test" } "." }
            } @else {
                ul { @for sink in &view.sinks { li { (sink) } } }
            }
            @if !view.error.is_empty() {
                div.notice { p { "A message waits to be sent: " (view.error) } }
            }
            p.small {
                @match &view.looked {
                    Some(at) => { "Looked at " time datetime=(at) { (at) } "; the rules are looked at each minute." }
                    None => { "Not looked at yet: the first look comes a minute after the start." }
                }
            }
        }
    };
    page(frame, &content)
}

fn row(alert: &AlertView) -> Markup {
    html! {
        tr {
            td { (alert.severity) }
            th scope="row" { (alert.what) }
            td { time datetime=(alert.since) { (alert.since) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::alerts_page;
    use crate::web::monitor::{AlertView, AlertsView};
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn what_needs_the_operator_comes_first() {
        let calm = Drawn::of(&alerts_page(&AlertsView::default(), &frame()));
        assert!(
            calm.said().contains("Nothing needs you.") && calm.said().contains("Nowhere but here")
        );
        let alert = AlertView {
            rule: "disk".into(),
            severity: "critical".into(),
            what: "The disk is <full>.".into(),
            since: "2026-12-01T11:00:00Z".into(),
        };
        let view = AlertsView {
            raised: vec![alert],
            sinks: vec!["mail to example.org".into()],
            ..AlertsView::default()
        };
        let page = Drawn::of(&alerts_page(&view, &frame()));
        assert_eq!(page.texts("tbody th"), ["The disk is <full>."]);
        assert_eq!(page.texts("ul li"), ["mail to example.org"]);
    }
}
