//! The operator's pages, below `/admin`. None of them is kept.

mod alerts;
mod desk;
mod jobs;
mod quality;
mod reviews;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;

use self::desk::{Done, back_to, frame};
use crate::web::cookies::OPERATOR;
use crate::web::error::WebError;
use crate::web::extract::{Confirmed, FormSession, Here, Submitted, Viewer, closed};
use crate::web::forms::FormToken;
use crate::web::layout::page;
use crate::web::operator::Operator;
use crate::web::routes::Routes;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// Addresses of the operator's pages.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/admin", index)
        .post("/admin/sign-in", enter)
        .post("/admin/sign-out", leave)
        .get("/admin/alerts", alerts::show)
        .get("/admin/jobs", jobs::show)
        .post("/admin/jobs/refresh", jobs::refresh)
        .post("/admin/jobs/{id}/cancel", jobs::cancel)
        .get("/admin/quality", quality::show)
        .get("/admin/reviews", reviews::show)
        .post("/admin/reviews/{key}", reviews::answer)
}

async fn index(
    State(state): State<AppState>,
    viewer: Viewer,
    session: FormSession,
    here: Here,
) -> Result<impl IntoResponse, WebError> {
    let frame = frame(&state, here, "Operation").await?;
    let page = match viewer {
        Viewer::Operator(..) => page(&frame, &contents(state.runs_jobs(), &session.token)),
        Viewer::Nobody if state.operator_token.is_some() => page(&frame, &door(&session.token)),
        Viewer::Nobody => page(&frame, &shut(&closed())),
    };
    let mut headers = HeaderMap::new();
    headers.extend(session.cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(Private((headers, page)))
}

/// The operator's token, as the form sends it.
#[derive(Deserialize)]
struct Key {
    token: String,
}

async fn enter(State(state): State<AppState>, Submitted(key): Submitted<Key>) -> Done {
    let wrong = "That is not this server's operator token (AFWD_ADMIN_TOKEN, or operator-token in its data directory).";
    let wrong = || WebError::new(StatusCode::FORBIDDEN, "bad_admin_token", wrong);
    let own = state.operator_token.as_ref().ok_or_else(closed)?;
    let session = own.sign_in(&key.token).ok_or_else(wrong)?;
    let cookie = OPERATOR.set(session.expose(), &state.cookie_scope());
    Ok(Private(back_to("/admin", cookie)))
}

async fn leave(_: Operator, State(state): State<AppState>, _: Confirmed) -> Done {
    let cookie = OPERATOR.removed(&state.cookie_scope());
    Ok(Private(back_to("/admin", cookie)))
}

/// The operator's table of contents; a server that runs no jobs, as the demo, has
/// no pages of them.
fn contents(runs_jobs: bool, token: &FormToken) -> Markup {
    html! {
        article.prose {
            h1 { "Operation" }
            ul {
                @if runs_jobs {
                    li { a href="/admin/jobs" { "Jobs" } ": the daily chain, backfills, training" }
                    li { a href="/admin/quality" { "Data quality" } ": how fresh each source is and what the checks found" }
                    li { a href="/admin/reviews" { "Who is it?" } ": people of published lists who could not be told for certain" }
                }
                li { a href="/admin/alerts" { "Alerts" } ": what needs you, and how you are told" }
                li { a href="/models" { "Models" } ": versions, decisions and drift" }
            }
            form method="post" action="/admin/sign-out" { (token) button type="submit" { "Sign out" } }
        }
    }
}

fn door(token: &FormToken) -> Markup {
    html! {
        article.prose {
            h1 { "Operation" }
            p { "These pages are for whoever runs this site." }
            form.door method="post" action="/admin/sign-in" {
                (token)
                label for="token" { "Operator token" }
                input id="token" type="password" name="token" required autocomplete="current-password";
                button.action type="submit" { "Sign in" }
            }
        }
    }
}

fn shut(error: &WebError) -> Markup {
    html! {
        article.prose {
            h1 { "Operation" }
            div.notice { p { (error.detail) } }
        }
    }
}
