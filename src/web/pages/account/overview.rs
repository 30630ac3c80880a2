//! `/account`: who one is, how one signs in, where one is signed in; and what was done.

use axum::extract::State;
use maud::{Markup, html};

use super::room::{Answer, frame, mail_field, new_password_field, password_field, shown, time};
use crate::auth::{AuditView, Member, ProfileView, SessionView, SignedIn};
use crate::domain::{Theme, Units};
use crate::web::extract::{FormSession, Here};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::state::AppState;

/// Time zones offered by name; any other may be written.
const ZONES: [&str; 6] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/London",
    "Asia/Tokyo",
];

pub(super) async fn show(
    by: Member,
    own: SignedIn,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Answer {
    let asked = state.accounts()?.ask(move |accounts| {
        crate::auth::Result::Ok((accounts.profile(&by)?, accounts.sessions(&own)?))
    });
    let (profile, sessions) = asked.await??;
    let frame = frame(&state, here, "Your account").await?;
    shown(
        account_page(&profile, &sessions, &session.token, &frame),
        None,
    )
}

pub(super) async fn activity(by: SignedIn, State(state): State<AppState>, here: Here) -> Answer {
    let events = state
        .accounts()?
        .ask(move |accounts| accounts.own_audit(&by));
    let events = events.await??;
    let frame = frame(&state, here, "Activity").await?;
    shown(activity_page(&events, &frame), None)
}

/// The page.
fn account_page(
    profile: &ProfileView,
    sessions: &[SessionView],
    token: &FormToken,
    frame: &Frame,
) -> Markup {
    page(
        frame,
        &html! {
            article.account {
                h1 { "Your account" }
                p.lead { (profile.name) ", " (profile.mail)
                    @if !profile.mail_verified { span.small { " (not proved)" } } }
                form.leave method="post" action="/sign-out" { (token) button type="submit" { "Sign out" } }
                (about(profile, token))
                (signing_in(profile, token))
                (where_signed_in(sessions, token))
                section {
                    h2 { "Subscription" }
                    p { "Your tier is " strong { (profile.tier) } ". " a href="/account/subscription" { "Your subscription" } " · " a href="/plans" { "What the tiers differ in" } }
                }
                section {
                    h2 { "Programs" }
                    p { a href="/account/tokens" { "Tokens for programs" } " let scripts of yours read and write what you may." }
                }
                section {
                    h2 { "Your data" }
                    ul {
                        li { a href="/account/activity" { "What was done to your account" } }
                        li { a href="/account/export" download { "Everything kept about you" } ", JSON in a zip" }
                        li { a href="/privacy" { "What is kept, and for how long" } }
                        li { a href="/account/delete" { "Delete your account" } }
                    }
                }
                @if profile.role == "operator" { p.links { a href="/admin" { "Operation of this site" } } }
            }
        },
    )
}

fn about(profile: &ProfileView, token: &FormToken) -> Markup {
    let own = &profile.preferences;
    html! {
        section {
            h2 { "Profile" }
            form.door method="post" action="/account/profile" {
                (token)
                label for="name" { "Name" }
                input id="name" type="text" name="name" value=(profile.name) required autocomplete="name" maxlength="80";
                label for="zone" { "Time zone" }
                input id="zone" type="text" name="time_zone" value=(own.time_zone) list="zones" maxlength="60"
                    autocomplete="off" placeholder="America/New_York";
                datalist id="zones" { @for zone in ZONES { option value=(zone) {} } }
                (choice("theme", "Colours", &own.theme, Theme::ALL.iter().map(|theme| theme.as_str())))
                (choice("units", "Units", &own.units, Units::ALL.iter().map(|units| units.as_str())))
                label for="league" { "The league you look at first" }
                input id="league" type="text" name="league" value=(own.league) autocomplete="off" maxlength="60";
                button.action type="submit" { "Keep" }
            }
        }
    }
}

fn choice(
    name: &str,
    label: &str,
    chosen: &str,
    words: impl Iterator<Item = &'static str>,
) -> Markup {
    html! {
        label for=(name) { (label) }
        select id=(name) name=(name) {
            @for word in words { option value=(word) selected[word == chosen] { (word) } }
        }
    }
}

fn signing_in(profile: &ProfileView, token: &FormToken) -> Markup {
    html! {
        section {
            h2 { "Signing in" }
            p { "Second factor: "
                @if profile.second_factor { strong { "on" } ", " (profile.recovery_codes) " recovery codes left" }
                @else { strong { "off" } }
                ". " a href="/account/second-factor" { "Change it" } }
            details {
                summary { "Change your password" }
                form.door method="post" action="/account/password" {
                    (token)
                    input type="text" name="username" value=(profile.mail) autocomplete="username" hidden;
                    label for="old" { "Your password" }
                    input id="old" type="password" name="old" required autocomplete="current-password" maxlength="256";
                    (new_password_field("new"))
                    p.small { "Every other sign-in of yours ends." }
                    button.action type="submit" { "Change it" }
                }
            }
            details {
                summary { "Change your mail address" }
                form.door method="post" action="/account/mail" {
                    (token)
                    (mail_field(""))
                    (password_field("mail-password"))
                    p.small { "Every sign-in of yours ends once the new address holds." }
                    button.action type="submit" { "Change it" }
                }
            }
        }
    }
}

fn where_signed_in(sessions: &[SessionView], token: &FormToken) -> Markup {
    html! {
        section {
            h2 { "Where you are signed in" }
            ul.plain {
                @for session in sessions {
                    li {
                        span { (device(&session.agent)) }
                        span.small { " since " (time(&session.created)) ", last used " (time(&session.used)) }
                        @if session.current { span.small { " · this one" } } @else {
                            form method="post" action={ "/account/sessions/" (session.id) "/end" } {
                                (token) button type="submit" { "End" }
                            }
                        }
                    }
                }
            }
            form method="post" action="/account/sign-out-everywhere" {
                (token) button type="submit" { "Sign out everywhere" }
                span.small { " Ends every sign-in and token, this one too." }
            }
        }
    }
}

/// What a device said it is, in a few words.
fn device(agent: &str) -> String {
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        let known = names.iter().find(|(mark, _)| agent.contains(mark));
        known.map(|(_, name)| *name)
    };
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if agent.is_empty() => "A program".to_owned(),
        _ => agent.to_owned(),
    }
}

/// Events, for their owner and for the operator.
pub(in crate::web::pages) fn events(events: &[AuditView], with_accounts: bool) -> Markup {
    html! {
        ul.plain {
            @for event in events {
                li {
                    strong { (event.event) }
                    span.small { (time(&event.at)) " · by the " (event.by)
                        @if !event.address.is_empty() { " · from " (event.address) }
                        @if !event.detail.is_empty() { " · " (device(&event.detail)) } }
                    @if with_accounts && let Some(user) = &event.user {
                        code { (user.get(..8).unwrap_or(user)) }
                    }
                }
            }
        }
    }
}

fn activity_page(list: &[AuditView], frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.account {
                p.eyebrow { a href="/account" { "Your account" } }
                h1 { "Activity" }
                p.lead { "What was done to your account. What you don't know, end: change your password, and every sign-in is over." }
                (events(list, false))
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{account_page, device};
    use crate::auth::{PreferencesView, ProfileView, SessionView};
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    fn profile() -> ProfileView {
        ProfileView {
            id: "ab".into(),
            mail: "ann@example.org".into(),
            mail_verified: false,
            name: "Ann <b>".into(),
            role: "reader".into(),
            tier: "free".into(),
            created: "2026-12-01T11:27:03Z".into(),
            second_factor: false,
            recovery_codes: 0,
            preferences: PreferencesView {
                theme: "dark".into(),
                units: "metric".into(),
                ..PreferencesView::default()
            },
        }
    }

    fn session(current: bool) -> SessionView {
        SessionView {
            id: if current { "1" } else { "2" }.into(),
            current,
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
            created: "2026-12-01T11:27:03Z".into(),
            used: "2026-12-01T11:42:03Z".into(),
            ends: "2026-12-15T11:27:03Z".into(),
        }
    }

    #[test]
    fn every_form_has_its_token_and_only_other_sessions_a_button() {
        let token = FormKey::new(Secret::new("k")).token("session");
        let sessions = [session(true), session(false)];
        let page = Drawn::of(&account_page(&profile(), &sessions, &token, &frame()));
        assert_eq!(
            page.count("form"),
            page.count("form input[name=form_token]")
        );
        let ends = page.values("ul.plain form", "action");
        assert_eq!(ends, ["/account/sessions/2/end"]);
        assert_eq!(page.values("option[selected]", "value"), ["dark", "metric"]);
        assert!(page.said().contains("Ann <b>") && page.said().contains("not proved"));
        assert!(page.said().contains("Firefox on Linux"));
    }

    #[test]
    fn a_device_is_named_in_a_few_words() {
        let edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(edge), "Edge on Windows");
        assert_eq!(device("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(device(""), "A program");
    }
}
