//! `/account/second-factor`: setting it up, its recovery codes, turning it off.

use axum::extract::State;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::room::{Answer, again, frame, go_to, notice, password_field, said, shown};
use crate::auth::{AuthError, Member, Seed, SignedIn, Visitor};
use crate::secret::Secret;
use crate::web::extract::{FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;

const BACK: (&str, &str) = ("/account/second-factor", "Back");

/// The password, before the second factor is changed.
#[derive(Deserialize)]
pub(super) struct Sure {
    password: Secret,
}

/// A first code.
#[derive(Deserialize)]
pub(super) struct First {
    code: String,
}

pub(super) async fn show(
    by: Member,
    own: SignedIn,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let asked = state.accounts()?.ask(move |accounts| {
        crate::auth::Result::Ok((accounts.profile(&by)?, accounts.waiting_second_factor(&own)))
    });
    let frame = frame(&state, here, "Second factor").await?;
    let (profile, waiting) = asked.await??;
    let page = match waiting {
        Ok(seed) => seed_page(&seed, None, &session.token, &frame),
        Err(_) => state_page(profile.second_factor, &session.token, &frame),
    };
    shown(page, None)
}

pub(super) async fn begin(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(sure): Submitted<Sure>,
) -> Answer {
    let begun = state
        .accounts()?
        .ask(move |accounts| accounts.begin_second_factor(&by, &sure.password, &from));
    match begun.await? {
        Ok(_) => go_to("/account/second-factor", None),
        Err(error) => not_done(&state, here, error).await,
    }
}

pub(super) async fn confirm(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    session: FormSession,
    here: Here,
    Submitted(first): Submitted<First>,
) -> Answer {
    let confirmed = state.accounts()?.ask(move |accounts| {
        let confirmed = accounts.confirm_second_factor(&by, &first.code, &from);
        (confirmed, accounts.waiting_second_factor(&by))
    });
    let frame = frame(&state, here, "Second factor").await?;
    match confirmed.await? {
        (Ok(codes), _) => shown(recovery_page(&codes, &frame), None),
        (Err(error), Ok(seed)) => again(error, |wrong| {
            seed_page(&seed, Some(wrong), &session.token, &frame)
        }),
        (Err(error), Err(_)) => again(error, |wrong| said(&frame, wrong, BACK)),
    }
}

pub(super) async fn turn_off(
    by: SignedIn,
    State(state): State<AppState>,
    from: Visitor,
    here: Here,
    Submitted(sure): Submitted<Sure>,
) -> Answer {
    let dropped = state
        .accounts()?
        .ask(move |accounts| accounts.drop_second_factor(&by, &sure.password, &from));
    match dropped.await? {
        Ok(()) => go_to("/account", None),
        Err(error) => not_done(&state, here, error).await,
    }
}

async fn not_done(state: &AppState, here: Here, error: AuthError) -> Answer {
    let frame = frame(state, here, "That was not changed").await?;
    again(error, |wrong| said(&frame, wrong, BACK))
}

fn state_page(on: bool, token: &FormToken, frame: &Frame) -> Markup {
    let (lead, action, button) = match on {
        true => (
            "Codes of your authenticator are asked for after your password.",
            "/account/second-factor/off",
            "Turn it off",
        ),
        false => (
            "With a second factor, a password that somebody learns opens nothing: after it, a \
             code is asked for that only your authenticator shows.",
            "/account/second-factor",
            "Set it up",
        ),
    };
    page(
        frame,
        &html! {
            article.prose {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Second factor" }
                p.lead { (lead) }
                form.door method="post" action=(action) {
                    (token)
                    (password_field("password"))
                    button.action type="submit" { (button) }
                }
            }
        },
    )
}

fn seed_page(seed: &Seed, wrong: Option<&str>, token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Second factor" }
                p.lead { "Show this to your authenticator, then write the code it shows." }
                figure.code role="img" aria-label="The seed as a picture, for an authenticator" { (PreEscaped(&seed.picture)) }
                p { "Or type it: " code { (seed.text.expose()) } " · "
                    a href=(seed.url.expose()) { "open the authenticator of this device" } }
                (notice(wrong))
                form.door method="post" action="/account/second-factor/confirm" {
                    (token)
                    label for="code" { "Code" }
                    input id="code" type="text" name="code" required autocomplete="one-time-code" inputmode="numeric" maxlength="10";
                    button.action type="submit" { "Turn it on" }
                }
            }
        },
    )
}

fn recovery_page(codes: &[Secret], frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Keep these codes" }
                p.lead { "The second factor is on. When your device is lost, each of these lets you in once. They are shown this once." }
                ul.codes { @for code in codes { li { code { (code.expose()) } } } }
                p { a.action href="/account" { "I have kept them" } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{recovery_page, seed_page};
    use crate::auth::Seed;
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn the_seed_is_a_picture_a_text_and_a_link() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let seed = Seed {
            text: Secret::new("GEZDG"),
            url: Secret::new("otpauth://totp/x?secret=GEZDG"),
            picture: "<svg></svg>".into(),
        };
        let page = Drawn::of(&seed_page(&seed, Some("Wrong."), &token, &frame()));
        assert_eq!(page.count("figure.code svg"), 1);
        assert_eq!(page.texts("p code"), ["GEZDG"]);
        assert_eq!(page.texts(".notice"), ["Wrong."]);
        let codes = [Secret::new("ab-cd"), Secret::new("ef-01")];
        let page = Drawn::of(&recovery_page(&codes, &frame()));
        assert_eq!(page.texts("ul.codes li"), ["ab-cd", "ef-01"]);
    }
}
