//! Pages that lead to an account: registering, asking for a new password, and those
//! that links open.

use axum::extract::{Path, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::door::let_in;
use super::room::{
    Answer, again, frame, go_to, mail_field, new_password_field, notice, said, shown,
};
use crate::auth::{NewUser, Visitor};
use crate::domain::{LinkKind, Registration, Tier, UserRole};
use crate::secret::Secret;
use crate::web::extract::{Confirmed, FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;

/// What a form for a new account sends.
#[derive(Deserialize)]
pub(super) struct Newcomer {
    #[serde(default)]
    mail: String,
    #[serde(default)]
    name: String,
    password: Secret,
}

/// What a form for a forgotten password sends.
#[derive(Deserialize)]
pub(super) struct Forgotten {
    mail: String,
}

/// What a form for a new password sends.
#[derive(Deserialize)]
pub(super) struct Chosen {
    password: Secret,
}

/// A form for a new account.
struct Joining<'a> {
    action: &'a str,
    lead: &'a str,
    mail: Option<&'a str>,
    name: &'a str,
    wrong: Option<&'a str>,
}

pub(super) async fn register_page(
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Make an account").await?;
    let registration = state.accounts()?.ask(|accounts| accounts.registration());
    if registration.await? != Registration::Open {
        let lead = "Accounts are made by invitation here: ask whoever runs this site for a link.";
        return shown(said(&frame, lead, ("/", "Go to the board")), None);
    }
    let joining = registering("", "", None);
    shown(
        joining_page(&joining, &session.token, &frame),
        session.cookie,
    )
}

pub(super) async fn register(
    State(state): State<AppState>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(new): Submitted<Newcomer>,
) -> Answer {
    let frame = frame(&state, here, "Make an account").await?;
    let (mail, name, password) = (new.mail.clone(), new.name.clone(), new.password);
    let made = state
        .accounts()?
        .ask(move |accounts| accounts.register(&mail, &name, &password, &from));
    match made.await? {
        Ok(()) => {
            let lead = "If that address had no account, it has one now: sign in.";
            shown(said(&frame, lead, ("/sign-in", "Sign in")), None)
        }
        Err(error) => again(error, |wrong| {
            let joining = registering(&new.mail, &new.name, Some(wrong));
            joining_page(&joining, &session.token, &frame)
        }),
    }
}

pub(super) async fn forgot_page(
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Forgot your password?").await?;
    let sends = state.accounts()?.ask(|accounts| accounts.sends_mail());
    if !sends.await? {
        let lead =
            "This site sends no mail: ask whoever runs it for a link to choose a new password.";
        return shown(said(&frame, lead, ("/sign-in", "Back")), None);
    }
    shown(forgotten_page(&session.token, &frame), session.cookie)
}

/// Answers before anything is looked up: how long it takes tells nobody who has an account.
pub(super) async fn forgot(
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(forgotten): Submitted<Forgotten>,
) -> Answer {
    let frame = frame(&state, here, "Forgot your password?").await?;
    state.accounts()?.begin(move |accounts| {
        if let Err(error) = accounts.ask_reset(&forgotten.mail, &from) {
            tracing::error!("a link for a new password was not sent: {error}");
        }
    });
    let lead = "If that address has an account, a link for a new password is on its way to it.";
    shown(said(&frame, lead, ("/sign-in", "Back")), None)
}

pub(super) async fn join_page(
    State(state): State<AppState>,
    Path(link): Path<String>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Welcome").await?;
    let action = format!("/join/{link}");
    let purpose = state
        .accounts()?
        .ask(move |accounts| accounts.purpose(&link));
    match purpose.await? {
        Ok(purpose) => {
            let joining = joining(&action, purpose.kind, "", &purpose.name, None);
            shown(
                joining_page(&joining, &session.token, &frame),
                session.cookie,
            )
        }
        Err(error) => again(error, |gone| said(&frame, gone, ("/sign-in", "Sign in"))),
    }
}

pub(super) async fn join(
    State(state): State<AppState>,
    Path(link): Path<String>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(new): Submitted<Newcomer>,
) -> Answer {
    let action = format!("/join/{link}");
    let (mail, name, password) = (new.mail.clone(), new.name.clone(), new.password);
    let joined = state.accounts()?.ask(move |accounts| {
        let kind = match accounts.purpose(&link) {
            Ok(purpose) => purpose.kind,
            Err(error) => return (None, Err(error)),
        };
        let joined = if kind == LinkKind::Setup {
            let new = NewUser {
                mail: &mail,
                name: &name,
                role: UserRole::Operator,
                tier: Tier::Premium,
            };
            accounts.set_up(&link, &new, &password, &from).map(Some)
        } else {
            accounts.choose_password(&link, &name, &password, &from)
        };
        (Some(kind), joined)
    });
    let frame = frame(&state, here, "Welcome").await?;
    match joined.await? {
        (_, Ok(Some(tokens))) => let_in(&state, &tokens, ""),
        (_, Ok(None)) => go_to("/sign-in", None),
        (Some(kind), Err(error)) => again(error, |wrong| {
            let joining = joining(&action, kind, &new.mail, &new.name, Some(wrong));
            joining_page(&joining, &session.token, &frame)
        }),
        (None, Err(error)) => again(error, |gone| said(&frame, gone, ("/sign-in", "Sign in"))),
    }
}

pub(super) async fn reset_page(
    State(state): State<AppState>,
    Path(link): Path<String>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Choose a new password").await?;
    let action = format!("/reset/{link}");
    let purpose = state
        .accounts()?
        .ask(move |accounts| accounts.purpose(&link));
    match purpose.await? {
        Ok(_) => shown(
            chosen_page(&action, None, &session.token, &frame),
            session.cookie,
        ),
        Err(error) => again(error, |gone| {
            said(&frame, gone, ("/forgot", "Ask for a new one"))
        }),
    }
}

pub(super) async fn reset(
    State(state): State<AppState>,
    Path(link): Path<String>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(chosen): Submitted<Chosen>,
) -> Answer {
    let frame = frame(&state, here, "Choose a new password").await?;
    let action = format!("/reset/{link}");
    let reset = state
        .accounts()?
        .ask(move |accounts| accounts.choose_password(&link, "", &chosen.password, &from));
    match reset.await? {
        Ok(_) => {
            let lead = "Your new password holds. Every sign-in there was has ended: sign in anew.";
            shown(said(&frame, lead, ("/sign-in", "Sign in")), None)
        }
        Err(error) => again(error, |wrong| {
            chosen_page(&action, Some(wrong), &session.token, &frame)
        }),
    }
}

/// A page with a button: what looks at links in mails must not use them up.
pub(super) async fn verify_page(
    State(state): State<AppState>,
    Path(link): Path<String>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Your mail address").await?;
    let action = format!("/verify/{link}");
    let page = page(
        &frame,
        &html! {
            article.prose {
                h1 { "Your mail address" }
                form method="post" action=(action) {
                    (session.token)
                    button.action type="submit" { "This address is mine" }
                }
            }
        },
    );
    shown(page, session.cookie)
}

pub(super) async fn verify(
    State(state): State<AppState>,
    Path(link): Path<String>,
    from: Visitor,
    here: Here,
    _: Confirmed,
) -> Answer {
    let frame = frame(&state, here, "Your mail address").await?;
    let verified = state
        .accounts()?
        .ask(move |accounts| accounts.verify_mail(&link, &from));
    let next = ("/account", "Your account");
    match verified.await? {
        Ok(()) => shown(said(&frame, "The address is yours: thank you.", next), None),
        Err(error) => again(error, |gone| said(&frame, gone, next)),
    }
}

fn registering<'a>(mail: &'a str, name: &'a str, wrong: Option<&'a str>) -> Joining<'a> {
    Joining {
        action: "/register",
        lead: "An account keeps what is yours on this site.",
        mail: Some(mail),
        name,
        wrong,
    }
}

fn joining<'a>(
    action: &'a str,
    kind: LinkKind,
    mail: &'a str,
    name: &'a str,
    wrong: Option<&'a str>,
) -> Joining<'a> {
    let is_first = kind == LinkKind::Setup;
    Joining {
        action,
        lead: match is_first {
            true => "You are the first here: this account will run the site.",
            false => "Choose a password, and you are in.",
        },
        mail: is_first.then_some(mail),
        name,
        wrong,
    }
}

fn joining_page(joining: &Joining<'_>, token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { (frame.title) }
                p.lead { (joining.lead) }
                (notice(joining.wrong))
                form.door method="post" action=(joining.action) {
                    (token)
                    @if let Some(mail) = joining.mail { (mail_field(mail)) }
                    label for="name" { "Your name" }
                    input id="name" type="text" name="name" value=(joining.name) autocomplete="name" maxlength="80";
                    (new_password_field("password"))
                    button.action type="submit" { "Make the account" }
                }
                p.small { a href="/privacy" { "What is kept about you" } }
            }
        },
    )
}

fn forgotten_page(token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Forgot your password?" }
                p.lead { "A link to choose a new one goes to your mail address." }
                form.door method="post" action="/forgot" {
                    (token)
                    (mail_field(""))
                    button.action type="submit" { "Send me a link" }
                }
            }
        },
    )
}

fn chosen_page(action: &str, wrong: Option<&str>, token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Choose a new password" }
                (notice(wrong))
                form.door method="post" action=(action) {
                    (token)
                    (new_password_field("password"))
                    button.action type="submit" { "Keep it" }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{joining, joining_page};
    use crate::domain::LinkKind;
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn only_the_first_is_asked_for_an_address() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let kinds = |kind| {
            let joining = joining("/join/ab", kind, "", "Ann", None);
            let page = Drawn::of(&joining_page(&joining, &token, &frame()));
            assert_eq!(page.values("form.door", "action"), ["/join/ab"]);
            page.values("input[autocomplete]", "autocomplete")
        };
        assert_eq!(kinds(LinkKind::Setup), ["username", "name", "new-password"]);
        assert_eq!(kinds(LinkKind::Invitation), ["name", "new-password"]);
    }
}
