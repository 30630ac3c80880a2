//! The operator's pages, below `/admin`. None of them is cached.

mod alerts;
mod jobs;
mod quality;
mod reviews;

use axum::Router;
use axum::extract::{Form, FromRequestParts, OriginalUri, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;

use self::alerts::alerts_page;
use self::jobs::jobs_page;
use self::quality::quality_page;
use self::reviews::reviews_page;
use crate::domain::{Decision, ProspectId};
use crate::web::api::{self, LISTED, decide, off_thread, queue};
use crate::web::error::WebError;
use crate::web::layout::{Chrome, page};
use crate::web::operator::{Operator, sign_in, sign_out};
use crate::web::state::AppState;

/// Addresses of the operator's pages.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin", get(index))
        .route("/admin/sign-in", post(enter))
        .route("/admin/sign-out", post(leave))
        .route("/admin/alerts", get(alerts))
        .route("/admin/jobs", get(jobs))
        .route("/admin/jobs/refresh", post(refresh))
        .route("/admin/jobs/{id}/cancel", post(cancel))
        .route("/admin/quality", get(quality))
        .route("/admin/reviews", get(reviews))
        .route("/admin/reviews/{key}", post(answer))
}

/// The frame of an operator's page.
pub(super) fn chrome(state: &AppState, uri: &OriginalUri, title: &str) -> Chrome {
    super::chrome(
        &state.catalog,
        uri,
        title.to_owned(),
        "For the operator of this site.",
    )
}

async fn index(State(state): State<AppState>, uri: OriginalUri, request: Request) -> Markup {
    let (mut parts, _) = request.into_parts();
    let chrome = chrome(&state, &uri, "Operation");
    match Operator::from_request_parts(&mut parts, &state).await {
        Ok(_) => page(&chrome, &contents(state.jobs.is_some())),
        Err(error) => page(&chrome, &door(&error, state.admin_token.is_some())),
    }
}

/// The operator's token, as the form sends it.
#[derive(Deserialize)]
struct Key {
    token: String,
}

async fn enter(State(state): State<AppState>, Form(key): Form<Key>) -> Result<Response, WebError> {
    let wrong = "That is not this server's operator token (AFWD_ADMIN_TOKEN, or operator-token in its data directory).";
    let cookie = sign_in(&state, &key.token)
        .ok_or_else(|| WebError::new(StatusCode::FORBIDDEN, "bad_admin_token", wrong))?;
    Ok(back_with(cookie))
}

async fn leave(_: Operator) -> Response {
    back_with(sign_out())
}

async fn jobs(
    _: Operator,
    State(state): State<AppState>,
    uri: OriginalUri,
) -> Result<Markup, WebError> {
    let queue = queue(&state)?;
    let jobs = off_thread(move || queue.jobs(LISTED)).await??;
    Ok(jobs_page(&jobs, &chrome(&state, &uri, "Jobs")))
}

async fn alerts(
    _: Operator,
    State(state): State<AppState>,
    uri: OriginalUri,
) -> Result<Markup, WebError> {
    let nothing = || WebError::from_status(StatusCode::NOT_FOUND);
    let monitor = state.monitor.clone().ok_or_else(nothing)?;
    let view = off_thread(move || monitor.alerts()).await?;
    Ok(alerts_page(&view, &chrome(&state, &uri, "Alerts")))
}

async fn refresh(_: Operator, State(state): State<AppState>) -> Result<Response, WebError> {
    let queue = queue(&state)?;
    off_thread(move || queue.refresh()).await??;
    Ok(back_to("/admin/jobs"))
}

async fn cancel(
    _: Operator,
    State(state): State<AppState>,
    Path(id): Path<u64>,
) -> Result<Response, WebError> {
    let queue = queue(&state)?;
    off_thread(move || queue.cancel(id)).await??;
    Ok(back_to("/admin/jobs"))
}

async fn quality(
    _: Operator,
    State(state): State<AppState>,
    uri: OriginalUri,
) -> Result<Markup, WebError> {
    let view = api::quality(&state).await?;
    Ok(quality_page(&view, &chrome(&state, &uri, "Data quality")))
}

async fn reviews(
    _: Operator,
    State(state): State<AppState>,
    uri: OriginalUri,
) -> Result<Markup, WebError> {
    let reviews = api::waiting(&state).await?;
    Ok(reviews_page(&reviews, &chrome(&state, &uri, "Who is it?")))
}

/// What the operator chose of a form: a player's id, or `none`.
#[derive(Deserialize)]
struct Choice {
    choice: String,
}

async fn answer(
    _: Operator,
    State(state): State<AppState>,
    Path(key): Path<String>,
    Form(choice): Form<Choice>,
) -> Result<Response, WebError> {
    let decision = match choice.choice.as_str() {
        "none" => Decision::Dismissed,
        id => {
            let id: ProspectId = id.parse().map_err(|_| {
                WebError::bad_request("bad_choice", "Choose one of the players, or none.")
            })?;
            Decision::Matched(id)
        }
    };
    decide(&state, key, decision).await?;
    Ok(back_to("/admin/reviews"))
}

/// The answer to a form: the browser goes on to `path`.
pub(super) fn back_to(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

fn back_with(cookie: String) -> Response {
    let headers = [
        (header::SET_COOKIE, cookie),
        (header::LOCATION, "/admin".to_owned()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The operator's table of contents; a server that runs no jobs, as the demo, has
/// no pages of them.
fn contents(runs_jobs: bool) -> Markup {
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
            form method="post" action="/admin/sign-out" { button type="submit" { "Sign out" } }
        }
    }
}

fn door(error: &WebError, open: bool) -> Markup {
    html! {
        article.prose {
            h1 { "Operation" }
            @if open {
                p { "These pages are for whoever runs this site." }
                form.door method="post" action="/admin/sign-in" {
                    label for="token" { "Operator token" }
                    input id="token" type="password" name="token" required autocomplete="current-password";
                    button.action type="submit" { "Sign in" }
                }
            } @else {
                div.notice { p { (error.detail) } }
            }
        }
    }
}
