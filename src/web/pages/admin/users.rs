//! `/admin/users`: who has an account, and what the operator does about it. Links are
//! shown here, to be handed out where no mail is sent.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{Desk, Done, back_to, frame};
use crate::auth::{NewUser, UserView};
use crate::domain::{Tier, UnknownWord, UserId, UserRole};
use crate::secret::Secret;
use crate::web::error::WebError;
use crate::web::extract::{Confirmed, FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::operator::Operator;
use crate::web::pages::account::time;
use crate::web::state::AppState;
use crate::web::whose::Private;

const HERE: &str = "/admin/users";

/// Who is invited.
#[derive(Deserialize)]
pub(super) struct Invitation {
    mail: String,
    #[serde(default)]
    name: String,
    role: String,
    tier: String,
}

/// What is to become of somebody.
#[derive(Deserialize)]
pub(super) struct Change {
    to: String,
}

pub(super) async fn show(
    by: Operator,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Desk {
    let users = state.accounts()?.ask(move |accounts| accounts.users(&by));
    let users = users.await??;
    let frame = frame(&state, here, "Accounts").await?;
    Ok(Private(users_page(&users, &session.token, &frame)))
}

pub(super) async fn invite(
    by: Operator,
    State(state): State<AppState>,
    headers: HeaderMap,
    here: Here,
    Submitted(new): Submitted<Invitation>,
) -> Desk {
    let role: UserRole = new.role.parse().map_err(unknown)?;
    let tier: Tier = new.tier.parse().map_err(unknown)?;
    let invited = state.accounts()?.ask(move |accounts| {
        let new = NewUser {
            mail: &new.mail,
            name: &new.name,
            role,
            tier,
        };
        accounts.invite(&by, &new)
    });
    let (_, path) = invited.await??;
    link(&state, &headers, here, &path).await
}

pub(super) async fn reset(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    here: Here,
    _: Confirmed,
) -> Desk {
    let id: UserId = id.parse().map_err(unknown)?;
    let path = state
        .accounts()?
        .ask(move |accounts| accounts.reset_path(&by, id));
    let path = path.await??;
    link(&state, &headers, here, &path).await
}

pub(super) async fn change_role(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    Submitted(change): Submitted<Change>,
) -> Done {
    let (id, role) = (
        id.parse::<UserId>().map_err(unknown)?,
        change.to.parse().map_err(unknown)?,
    );
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.set_role(&by, id, role));
    changed.await??;
    Ok(Private(back_to(HERE, None)))
}

pub(super) async fn change_tier(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    Submitted(change): Submitted<Change>,
) -> Done {
    let (id, tier) = (
        id.parse::<UserId>().map_err(unknown)?,
        change.to.parse().map_err(unknown)?,
    );
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.set_tier(&by, id, tier));
    changed.await??;
    Ok(Private(back_to(HERE, None)))
}

pub(super) async fn disable(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    _: Confirmed,
) -> Done {
    let id: UserId = id.parse().map_err(unknown)?;
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.disable(&by, id));
    changed.await??;
    Ok(Private(back_to(HERE, None)))
}

pub(super) async fn enable(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    _: Confirmed,
) -> Done {
    let id: UserId = id.parse().map_err(unknown)?;
    let changed = state
        .accounts()?
        .ask(move |accounts| accounts.enable(&by, id));
    changed.await??;
    Ok(Private(back_to(HERE, None)))
}

pub(super) async fn drop_second_factor(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    _: Confirmed,
) -> Done {
    let id: UserId = id.parse().map_err(unknown)?;
    let dropped = state
        .accounts()?
        .ask(move |accounts| accounts.drop_second_factor_of(&by, id));
    dropped.await??;
    Ok(Private(back_to(HERE, None)))
}

pub(super) async fn delete(
    by: Operator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    _: Confirmed,
) -> Done {
    let id: UserId = id.parse().map_err(unknown)?;
    let deleted = state
        .accounts()?
        .ask(move |accounts| accounts.delete_user(&by, id));
    deleted.await??;
    Ok(Private(back_to(HERE, None)))
}

fn unknown(error: UnknownWord) -> WebError {
    WebError::bad_request("bad_choice", error.to_string())
}

/// The page of a link to be handed out, whole as the operator reaches the site.
async fn link(state: &AppState, headers: &HeaderMap, here: Here, path: &Secret) -> Desk {
    let frame = frame(state, here, "A link to hand out").await?;
    let origin = state.site.origin(headers, state.secure).unwrap_or_default();
    let url = format!("{origin}{}", state.site.base.below(path.expose()));
    Ok(Private(link_page(&url, &frame)))
}

fn link_page(url: &str, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "A link to hand out" }
                p.lead { "It is good once, and is shown this once. Whoever opens it chooses the password of that account." }
                pre.token { code { (url) } }
                p { a.action href=(HERE) { "Back to the accounts" } }
            }
        },
    )
}

/// The page.
fn users_page(users: &[UserView], token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.account {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Accounts" }
                p.lead { (counted(users.len())) }
                section {
                    h2 { "Invite somebody" }
                    form.door method="post" action="/admin/users/invite" {
                        (token)
                        label for="mail" { "Mail address" }
                        input id="mail" type="email" name="mail" required maxlength="254" autocomplete="off";
                        label for="name" { "Name" }
                        input id="name" type="text" name="name" maxlength="80" autocomplete="off";
                        label for="role" { "Role" }
                        select id="role" name="role" { @for role in UserRole::ALL { option value=(role) { (role) } } }
                        label for="tier" { "Tier" }
                        select id="tier" name="tier" { @for tier in Tier::ALL { option value=(tier) { (tier) } } }
                        button.action type="submit" { "Invite" }
                    }
                }
                @for user in users { (one(user, token)) }
            }
        },
    )
}

fn counted(count: usize) -> String {
    match count {
        0 => "Nobody has an account yet.".to_owned(),
        1 => "One account.".to_owned(),
        _ => format!("{count} accounts."),
    }
}

fn one(user: &UserView, token: &FormToken) -> Markup {
    let at = |what: &str| format!("/admin/users/{}/{what}", user.id);
    let (role, tier) = match (user.role.as_str(), user.tier.as_str()) {
        ("operator", "premium") => (("reader", "Make a reader"), ("free", "Make free")),
        ("operator", _) => (("reader", "Make a reader"), ("premium", "Make premium")),
        (_, "premium") => (("operator", "Make an operator"), ("free", "Make free")),
        _ => (
            ("operator", "Make an operator"),
            ("premium", "Make premium"),
        ),
    };
    html! {
        section.user {
            h2 { (user.name) " " span.state data-state=(user.state) { (user.state) } }
            p { (user.mail) @if !user.mail_verified { span.small { " (not proved)" } }
                ", " (user.role) ", " (user.tier)
                @if user.second_factor { ", second factor" } }
            p.small { "Since " (time(&user.created)) ", "
                @match &user.signed_in { Some(at) => { "last signed in " (time(at)) } None => { "never signed in" } }
                " · " code { (user.id) } }
            div.deeds {
                (turn(&at("role"), role, token))
                (turn(&at("tier"), tier, token))
                (deed(&at("reset"), "Link for a password", token))
                @if user.second_factor { (deed(&at("second-factor-off"), "Second factor off", token)) }
                @if user.state == "disabled" { (deed(&at("enable"), "Enable", token)) }
                @else { (deed(&at("disable"), "Disable", token)) }
            }
            details {
                summary { "Delete" }
                form method="post" action=(at("delete")) {
                    (token)
                    p { "Everything about " (user.name) " goes for ever." }
                    button type="submit" { "Delete the account" }
                }
            }
        }
    }
}

fn turn(action: &str, (to, label): (&str, &str), token: &FormToken) -> Markup {
    html! {
        form method="post" action=(action) {
            (token) input type="hidden" name="to" value=(to); button type="submit" { (label) }
        }
    }
}

fn deed(action: &str, label: &str, token: &FormToken) -> Markup {
    html! { form method="post" action=(action) { (token) button type="submit" { (label) } } }
}

#[cfg(test)]
mod tests {
    use super::{link_page, users_page};
    use crate::auth::UserView;
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn each_account_can_be_changed_both_ways() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let user = |id: &str, role: &str, state: &str| UserView {
            id: id.into(),
            mail: format!("{id}@example.org"),
            mail_verified: true,
            name: format!("<{id}>"),
            role: role.into(),
            tier: "free".into(),
            state: state.into(),
            created: "2026-12-01T11:27:03Z".into(),
            signed_in: None,
            second_factor: false,
        };
        let users = [
            user("a", "operator", "active"),
            user("b", "reader", "disabled"),
        ];
        let page = Drawn::of(&users_page(&users, &token, &frame()));
        assert_eq!(
            page.values(".deeds input[name=to]", "value"),
            ["reader", "premium", "operator", "premium"]
        );
        assert_eq!(page.count("form"), page.count("input[name=form_token]"));
        let actions = page.values(".deeds form", "action");
        assert!(actions.contains(&"/admin/users/a/disable".to_owned()));
        assert!(actions.contains(&"/admin/users/b/enable".to_owned()));
        let page = Drawn::of(&link_page("https://wine.example.org/join/ab", &frame()));
        assert_eq!(page.texts("pre code"), ["https://wine.example.org/join/ab"]);
    }
}
