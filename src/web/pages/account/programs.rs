//! `/account/tokens`: tokens for programs.

use axum::extract::{Path, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::room::{Answer, again, frame, go_to, said, shown, time};
use crate::auth::{ApiTokenView, SignedIn, Visitor};
use crate::domain::TokenScope;
use crate::secret::Secret;
use crate::web::extract::{Confirmed, FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;

/// What the form for a new token sends: a field for each scope that is ticked.
#[derive(Deserialize)]
pub(super) struct New {
    name: String,
    days: u16,
    read: Option<String>,
    write: Option<String>,
    operate: Option<String>,
}

pub(super) async fn show(
    by: SignedIn,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let tokens = state
        .accounts()?
        .ask(move |accounts| accounts.api_tokens(&by));
    let tokens = tokens.await??;
    let frame = frame(&state, here, "Tokens for programs").await?;
    shown(tokens_page(&tokens, &session.token, &frame), None)
}

pub(super) async fn make(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(new): Submitted<New>,
) -> Answer {
    let scopes = scopes(&new);
    let made = state
        .accounts()?
        .ask(move |accounts| accounts.make_api_token(&by, &new.name, &scopes, new.days, &from));
    let frame = frame(&state, here, "Tokens for programs").await?;
    match made.await? {
        Ok((about, token)) => shown(made_page(&about, &token, &frame), None),
        Err(error) => again(error, |wrong| {
            said(&frame, wrong, ("/account/tokens", "Back"))
        }),
    }
}

pub(super) async fn end(
    by: SignedIn,
    State(state): State<AppState>,
    Path(id): Path<String>,
    from: Visitor,
    _: Confirmed,
) -> Answer {
    let ended = state
        .accounts()?
        .ask(move |accounts| accounts.end_api_token(&by, &id, &from));
    ended.await??;
    go_to("/account/tokens", None)
}

fn scopes(new: &New) -> Vec<TokenScope> {
    let ticked = [
        (TokenScope::Read, &new.read),
        (TokenScope::Write, &new.write),
        (TokenScope::Operate, &new.operate),
    ];
    let ticked = ticked.into_iter().filter(|(_, tick)| tick.is_some());
    ticked.map(|(scope, _)| scope).collect()
}

fn tokens_page(tokens: &[ApiTokenView], token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.account {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Tokens for programs" }
                p.lead { "A program sends its token as " code { "Authorization: Bearer TOKEN" } ". None can change how you sign in." }
                ul.plain { @for held in tokens { (one(held, token)) } }
                h2 { "A new one" }
                form.door method="post" action="/account/tokens" {
                    (token)
                    label for="name" { "What it is for" }
                    input id="name" type="text" name="name" required maxlength="60" autocomplete="off";
                    fieldset {
                        legend { "What it may do" }
                        @for (scope, says) in [("read", "read what you may read"), ("write", "change your profile, ask for new work"), ("operate", "operate the site, if you may")] {
                            p { input type="checkbox" id=(scope) name=(scope) value="1" checked[scope == "read"];
                                " " label for=(scope) { (says) } }
                        }
                    }
                    label for="days" { "Days it is good for" }
                    input id="days" type="number" name="days" value="90" min="1" max="366" required;
                    button.action type="submit" { "Make it" }
                }
            }
        },
    )
}

fn one(held: &ApiTokenView, token: &FormToken) -> Markup {
    html! {
        li {
            strong { (held.name) } " (" (held.scopes.join(", ")) ")"
            span.small { " until " (time(&held.expires)) ", "
                @match &held.used { Some(used) => { "last used " (time(used)) } None => { "never used" } } }
            form method="post" action={ "/account/tokens/" (held.id) "/end" } {
                (token) button type="submit" { "End" }
            }
        }
    }
}

fn made_page(about: &ApiTokenView, token: &Secret, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Your token" }
                p.lead { "It is shown this once: " (about.name) ", good until " (time(&about.expires)) "." }
                pre.token { code { (token.expose()) } }
                p { a.action href="/account/tokens" { "I have kept it" } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{New, scopes, tokens_page};
    use crate::auth::ApiTokenView;
    use crate::domain::TokenScope;
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn each_token_can_be_ended_and_a_new_one_reads_unless_told_otherwise() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let held = ApiTokenView {
            id: "7".into(),
            name: "bot <b>".into(),
            scopes: vec!["read".into()],
            created: "2026-12-01T11:27:03Z".into(),
            expires: "2026-12-31T11:27:03Z".into(),
            used: None,
        };
        let page = Drawn::of(&tokens_page(&[held], &token, &frame()));
        assert_eq!(
            page.values("ul.plain form", "action"),
            ["/account/tokens/7/end"]
        );
        assert_eq!(page.values("input[checked]", "name"), ["read"]);
        let tick = || Some("1".to_owned());
        let new = New {
            name: String::new(),
            days: 1,
            read: tick(),
            write: None,
            operate: tick(),
        };
        assert_eq!(scopes(&new), [TokenScope::Read, TokenScope::Operate]);
    }
}
