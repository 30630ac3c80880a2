//! What the forms of `/account` change.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;

use super::room::{Answer, again, frame, go_to, notice, password_field, said, shown};
use crate::auth::{Member, ProfileChange, Receipt, SignedIn, Visitor};
use crate::secret::Secret;
use crate::web::cookies::THEME;
use crate::web::extract::{
    Confirmed, FormSession, Here, Submitted, sign_in_cookies, sign_out_cookies,
};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;
use crate::web::subscriptions::{end, paid_by};
use crate::web::whose::Private;

const BACK: (&str, &str) = ("/account", "Back to your account");

/// The profile, as its form sends it.
#[derive(Deserialize)]
pub(super) struct Profile {
    name: String,
    time_zone: String,
    theme: String,
    units: String,
    league: String,
}

/// A new mail address.
#[derive(Deserialize)]
pub(super) struct NewMail {
    mail: String,
    password: Secret,
}

/// A new password.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    old: Secret,
    password: Secret,
}

/// The password, before what can't be taken back.
#[derive(Deserialize)]
pub(super) struct Sure {
    password: Secret,
}

pub(super) async fn change_profile(
    by: Member,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(profile): Submitted<Profile>,
) -> Answer {
    let scope = state.cookie_scope();
    let colours = match profile.theme.as_str() {
        "light" | "dark" => THEME.set(&profile.theme, &scope),
        _ => THEME.removed(&scope),
    };
    let change = ProfileChange {
        name: Some(profile.name),
        time_zone: Some(profile.time_zone),
        theme: Some(profile.theme),
        units: Some(profile.units),
        league: Some(profile.league),
    };
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.change_profile(&by, &change, &from));
    match changed.await? {
        Ok(_) => go_to("/account", colours),
        Err(error) => {
            let frame = frame(&state, here, "That was not kept").await?;
            again(error, |wrong| said(&frame, wrong, BACK))
        }
    }
}

pub(super) async fn change_mail(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(new): Submitted<NewMail>,
) -> Answer {
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.change_mail(&by, &new.mail, &new.password, &from));
    match changed.await? {
        Ok(true) => go_to("/sign-in", sign_out_cookies(&state.cookie_scope())),
        Ok(false) => {
            let frame = frame(&state, here, "Look into your mail").await?;
            let lead = "A link went to the new address: once it was opened, the address holds.";
            shown(said(&frame, lead, BACK), None)
        }
        Err(error) => {
            let frame = frame(&state, here, "That was not changed").await?;
            again(error, |wrong| said(&frame, wrong, BACK))
        }
    }
}

pub(super) async fn change_password(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(new): Submitted<NewPassword>,
) -> Answer {
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.change_password(&by, &new.old, &new.password, &from));
    match changed.await? {
        Ok(tokens) => go_to("/account", sign_in_cookies(&tokens, &state.cookie_scope())),
        Err(error) => {
            let frame = frame(&state, here, "That was not changed").await?;
            again(error, |wrong| said(&frame, wrong, BACK))
        }
    }
}

pub(super) async fn end_session(
    by: SignedIn,
    State(state): State<AppState>,
    Path(id): Path<String>,
    from: Visitor,
    _: Confirmed,
) -> Answer {
    let ended = state
        .accounts()?
        .ask(move |accounts| accounts.end_own_session(&by, &id, &from));
    ended.await??;
    go_to("/account", None)
}

pub(super) async fn sign_out_everywhere(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    _: Confirmed,
) -> Answer {
    let ended = state
        .accounts()?
        .ask(move |accounts| accounts.sign_out_everywhere(&by, &from));
    ended.await??;
    go_to("/", sign_out_cookies(&state.cookie_scope()))
}

pub(super) async fn export(by: SignedIn, State(state): State<AppState>, from: Visitor) -> Answer {
    let export = state
        .accounts()?
        .ask(move |accounts| accounts.export(&by, &from));
    let zip = export.await??;
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_static("application/zip");
    headers.insert(header::CONTENT_TYPE, kind);
    let file = HeaderValue::from_static("attachment; filename=\"my-account.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, file);
    Ok(Private((headers, zip).into_response()))
}

pub(super) async fn delete_page(
    _: SignedIn,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Delete your account").await?;
    shown(deletion_page(None, &session.token, &frame), None)
}

pub(super) async fn delete(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(sure): Submitted<Sure>,
) -> Answer {
    let frame = frame(&state, here, "Delete your account").await?;
    let paid = paid_by(&state, by).await?;
    let deleted = state
        .accounts()?
        .ask(move |accounts| accounts.delete_own(&by, &sure.password, &from));
    match deleted.await? {
        Ok(receipt) => {
            end(&state, paid).await;
            let cookies = sign_out_cookies(&state.cookie_scope());
            shown(receipt_page(&receipt, &frame), cookies)
        }
        Err(error) => again(error, |wrong| {
            deletion_page(Some(wrong), &session.token, &frame)
        }),
    }
}

fn deletion_page(wrong: Option<&str>, token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Delete your account" }
                p.lead { "Everything about you goes, now and for ever. It can't be brought back, not from a backup either." }
                p { a href="/account/export" download { "Take your data with you first" } "." }
                (notice(wrong))
                form.door method="post" action="/account/delete" {
                    (token)
                    (password_field("password"))
                    button.action type="submit" { "Delete my account" }
                }
            }
        },
    )
}

fn receipt_page(receipt: &Receipt, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Your account is deleted" }
                p.lead { "This is your receipt; it is kept nowhere." }
                dl.receipt {
                    dt { "Account" } dd { code { (receipt.account) } }
                    dt { "Deleted" } dd { (receipt.deleted) }
                    @for erased in &receipt.erased {
                        dt { (erased.table.replace('_', " ")) } dd { (erased.rows) }
                    }
                }
                p.small { "Left: " (receipt.left) }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{deletion_page, receipt_page};
    use crate::auth::{ErasedRows, Receipt};
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn deleting_needs_the_password_and_gives_a_receipt() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let page = Drawn::of(&deletion_page(Some("Wrong."), &token, &frame()));
        assert_eq!(page.values("form", "action"), ["/account/delete"]);
        assert_eq!(page.count("input[type=password]"), 1);
        let receipt = Receipt {
            account: "ab".into(),
            deleted: "2026-12-01T11:27:03Z".into(),
            erased: vec![ErasedRows {
                table: "api_tokens".into(),
                rows: 2,
            }],
            left: "The time.".into(),
        };
        let page = Drawn::of(&receipt_page(&receipt, &frame()));
        assert_eq!(
            page.texts("dl.receipt dt"),
            ["Account", "Deleted", "api tokens"]
        );
    }
}
