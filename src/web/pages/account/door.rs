//! Signing in, with a second page for the code of the second factor; signing out.

use axum::extract::State;
use axum::http::Uri;
use maud::{Markup, html};
use serde::Deserialize;

use super::room::{Answer, again, frame, go_to, mail_field, notice, password_field, shown};
use crate::auth::{AuthError, SignInAttempt, SignedIn, Tokens, Visitor};
use crate::domain::Registration;
use crate::secret::Secret;
use crate::web::error::WebError;
use crate::web::extract::{
    Asked, Confirmed, FormSession, Here, Question, Submitted, fields, sign_in_cookies,
    sign_out_cookies,
};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;

/// Where to go once one is in, when no page says.
const HOME: &str = "/account";

/// Which page to go on to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

impl Question for Next {
    fn read(uri: &Uri) -> Result<Self, WebError> {
        fields(uri)
    }
}

/// What the door's form sends.
#[derive(Deserialize)]
pub(super) struct Knock {
    mail: String,
    password: Secret,
    #[serde(default)]
    next: String,
}

/// What the form of the second factor sends.
#[derive(Deserialize)]
pub(super) struct Code {
    ticket: Secret,
    code: String,
    #[serde(default)]
    next: String,
}

/// What the door shows.
struct Door<'a> {
    mail: &'a str,
    next: &'a str,
    wrong: Option<&'a str>,
    open: bool,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Asked(Next { next }): Asked<Next>,
    session: FormSession,
    here: Here,
) -> Answer {
    let frame = frame(&state, here, "Sign in").await?;
    let door = Door {
        mail: "",
        next: &next,
        wrong: None,
        open: is_open(&state).await?,
    };
    shown(door_page(&door, &session.token, &frame), session.cookie)
}

pub(super) async fn enter(
    State(state): State<AppState>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(knock): Submitted<Knock>,
) -> Answer {
    let (mail, password) = (knock.mail.clone(), knock.password);
    let signed_in = state.accounts()?.ask(move |accounts| {
        let attempt = SignInAttempt {
            mail: &mail,
            password: &password,
            code: None,
        };
        accounts.sign_in(&attempt, &from)
    });
    match signed_in.await? {
        Ok(tokens) => let_in(&state, &tokens, &knock.next),
        Err(AuthError::SecondFactorNeeded(ticket)) => {
            let frame = frame(&state, here, "Second factor").await?;
            let page = code_page(&ticket, &knock.next, None, &session.token, &frame);
            shown(page, None)
        }
        Err(error) => {
            let frame = frame(&state, here, "Sign in").await?;
            let open = is_open(&state).await?;
            again(error, |wrong| {
                let door = Door {
                    mail: &knock.mail,
                    next: &knock.next,
                    wrong: Some(wrong),
                    open,
                };
                door_page(&door, &session.token, &frame)
            })
        }
    }
}

pub(super) async fn enter_with_code(
    State(state): State<AppState>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(given): Submitted<Code>,
) -> Answer {
    let (ticket, code) = (given.ticket.clone(), given.code);
    let signed_in = state
        .accounts()?
        .ask(move |accounts| accounts.sign_in_with_code(ticket.expose(), &code, &from));
    match signed_in.await? {
        Ok(tokens) => let_in(&state, &tokens, &given.next),
        Err(AuthError::SignedOut) => go_to("/sign-in", None),
        Err(error) => {
            let frame = frame(&state, here, "Second factor").await?;
            again(error, |wrong| {
                let (ticket, next) = (&given.ticket, &given.next);
                code_page(ticket, next, Some(wrong), &session.token, &frame)
            })
        }
    }
}

pub(super) async fn leave(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    _: Confirmed,
) -> Answer {
    let signed_out = state
        .accounts()?
        .ask(move |accounts| accounts.sign_out_of(&by, &from));
    signed_out.await??;
    go_to("/", sign_out_cookies(&state.cookie_scope()))
}

pub(super) fn let_in(state: &AppState, tokens: &Tokens, next: &str) -> Answer {
    let next = if next.is_empty() { HOME } else { next };
    go_to(next, sign_in_cookies(tokens, &state.cookie_scope()))
}

async fn is_open(state: &AppState) -> Result<bool, WebError> {
    let registration = state.accounts()?.ask(|accounts| accounts.registration());
    Ok(registration.await? == Registration::Open)
}

fn door_page(door: &Door<'_>, token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Sign in" }
                (notice(door.wrong))
                form.door method="post" action="/sign-in" {
                    (token)
                    input type="hidden" name="next" value=(door.next);
                    (mail_field(door.mail))
                    (password_field("password"))
                    button.action type="submit" { "Sign in" }
                }
                p { a href="/forgot" { "Forgot your password?" } }
                p.small {
                    @if door.open { a href="/register" { "Make an account" } ". " }
                    @else { "Accounts are made by invitation. " }
                    "After many failures an account takes no tries for a while from devices that never signed in to it."
                }
            }
        },
    )
}

fn code_page(
    ticket: &Secret,
    next: &str,
    wrong: Option<&str>,
    token: &FormToken,
    frame: &Frame,
) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Second factor" }
                (notice(wrong))
                form.door method="post" action="/sign-in/code" {
                    (token)
                    input type="hidden" name="next" value=(next);
                    input type="hidden" name="ticket" value=(ticket.expose());
                    label for="code" { "Code of your authenticator, or a recovery code" }
                    input id="code" type="text" name="code" required autocomplete="one-time-code"
                        maxlength="30" spellcheck="false" autocapitalize="none" autofocus;
                    button.action type="submit" { "Sign in" }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{Door, code_page, door_page};
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn password_managers_know_the_fields_and_what_was_typed_stays() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let door = Door {
            mail: "ann@example.org",
            next: "/account",
            wrong: Some("Wrong <b>"),
            open: false,
        };
        let page = Drawn::of(&door_page(&door, &token, &frame()));
        let kinds = page.values("form input[autocomplete]", "autocomplete");
        assert_eq!(kinds, ["username", "current-password"]);
        assert_eq!(page.values("#mail", "value"), ["ann@example.org"]);
        assert_eq!(page.texts(".notice"), ["Wrong <b>"]);
        assert_eq!(page.count("input[name=form_token]"), 1);
        let ticket = Secret::new("1.ab");
        let page = Drawn::of(&code_page(&ticket, "/", None, &token, &frame()));
        let kinds = page.values("input[autocomplete]", "autocomplete");
        assert_eq!(kinds, ["one-time-code"]);
        assert_eq!(page.values("input[name=ticket]", "value"), ["1.ab"]);
    }
}
