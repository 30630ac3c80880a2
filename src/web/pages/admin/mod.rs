//! The operator's pages, below `/admin`. None of them is kept.

mod alerts;
mod audit;
mod desk;
mod jobs;
mod quality;
mod reviews;
mod users;

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
        .get("/admin/audit", audit::show)
        .get("/admin/users", users::show)
        .post("/admin/users/invite", users::invite)
        .post("/admin/users/{id}/role", users::change_role)
        .post("/admin/users/{id}/tier", users::change_tier)
        .post("/admin/users/{id}/reset", users::reset)
        .post(
            "/admin/users/{id}/second-factor-off",
            users::drop_second_factor,
        )
        .post("/admin/users/{id}/disable", users::disable)
        .post("/admin/users/{id}/enable", users::enable)
        .post("/admin/users/{id}/delete", users::delete)
}

async fn index(
    State(state): State<AppState>,
    viewer: Viewer,
    session: FormSession,
    here: Here,
) -> Result<impl IntoResponse, WebError> {
    let frame = frame(&state, here, "Operation").await?;
    let page = match viewer.operates() {
        true => page(&frame, &contents(&state, &viewer, &session.token)),
        false if state.operator_token.is_some() => page(&frame, &door(&session.token)),
        false => page(&frame, &shut(&closed())),
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
fn contents(state: &AppState, viewer: &Viewer, token: &FormToken) -> Markup {
    // Whoever came in with an account signs out where he signed in.
    let way_out = match viewer.member() {
        Some(_) => "/sign-out",
        None => "/admin/sign-out",
    };
    html! {
        article.prose {
            h1 { "Operation" }
            ul {
                @if state.runs_jobs() {
                    li { a href="/admin/jobs" { "Jobs" } ": the daily chain, backfills, training" }
                    li { a href="/admin/quality" { "Data quality" } ": how fresh each source is and what the checks found" }
                    li { a href="/admin/reviews" { "Who is it?" } ": people of published lists who could not be told for certain" }
                }
                li { a href="/admin/alerts" { "Alerts" } ": what needs you, and how you are told" }
                li { a href="/models" { "Models" } ": versions, decisions and drift" }
                @if state.has_accounts() {
                    li { a href="/admin/users" { "Accounts" } ": who has one; invite, change, delete" }
                    li { a href="/admin/audit" { "Audit" } ": sign-ins and changes of accounts" }
                }
            }
            form method="post" action=(way_out) { (token) button type="submit" { "Sign out" } }
        }
    }
}

fn door(token: &FormToken) -> Markup {
    html! {
        article.prose {
            h1 { "Operation" }
            p { "These pages are for whoever runs this site: " a href="/sign-in?next=/admin" { "sign in" } " with an account that may, or with the operator's token." }
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
