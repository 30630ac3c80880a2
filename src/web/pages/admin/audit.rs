//! `/admin/audit`: what was done to all accounts.

use axum::extract::State;
use maud::{Markup, html};

use super::desk::{Desk, frame};
use crate::auth::AuditView;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::operator::Operator;
use crate::web::pages::account::events;
use crate::web::state::AppState;
use crate::web::whose::Private;

pub(super) async fn show(by: Operator, State(state): State<AppState>, here: Here) -> Desk {
    let list = state.accounts()?.ask(move |accounts| accounts.audit(&by));
    let list = list.await??;
    let frame = frame(&state, here, "Audit").await?;
    Ok(Private(audit_page(&list, &frame)))
}

/// The page.
fn audit_page(list: &[AuditView], frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.account {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Audit" }
                p.lead { "Sign-ins and changes of accounts, for 400 days." }
                (events(list, true))
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::audit_page;
    use crate::auth::AuditView;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn an_event_has_its_time_and_its_account() {
        let event = AuditView {
            at: "2026-12-01T11:27:03Z".into(),
            user: Some("0123456789abcdef0123456789abcdef".into()),
            event: "signed in".into(),
            by: "owner".into(),
            address: "192.0.2.1".into(),
            detail: String::new(),
        };
        let page = Drawn::of(&audit_page(&[event], &frame()));
        assert_eq!(page.texts("li time"), ["2026-12-01 11:27 UTC"]);
        assert_eq!(page.texts("li code"), ["01234567"]);
    }
}
