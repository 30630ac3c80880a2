//! `/admin/alerts`: what needs the operator, and how he is told.

use maud::{Markup, html};

use crate::web::layout::{Chrome, page};
use crate::web::monitor::{AlertView, AlertsView};

/// The page.
pub(super) fn alerts_page(view: &AlertsView, chrome: &Chrome) -> Markup {
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
    page(chrome, &content)
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
