//! The JSON API, one file per resource.

mod auth;
mod billing;
mod fine_wine;
mod health;
mod jobs;
mod model;
mod models;
mod movers;
mod openapi;
mod prospects;
mod quality;
mod refusals;
mod report;
mod respond;
mod reviews;
mod users;

use utoipa_axum::routes;

use super::routes::Routes;

pub(super) use openapi::{completed, introduction};

/// Every path under `/api`, and what supervisors ask.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes
        .described(routes!(prospects::list))
        .described(routes!(prospects::search))
        .described(routes!(prospects::compare))
        .described(routes!(prospects::filters))
        .described(routes!(prospects::show))
        .described(routes!(prospects::stats))
        .described(routes!(prospects::comparables))
        .described(routes!(report::player))
        .described(routes!(movers::history))
        .described(routes!(movers::movers))
        .described(routes!(movers::events))
        .described(routes!(fine_wine::show));
    let routes = routes
        .described(routes!(model::stored, model::fresh))
        .described(routes!(model::batch))
        .described(routes!(model::explanation))
        .described(routes!(model::card))
        .described(routes!(models::list))
        .described(routes!(models::compare))
        .described(routes!(models::rollback))
        .described(routes!(models::end_challenge))
        .described(routes!(models::show))
        .described(routes!(models::promote))
        .described(routes!(models::challenge))
        .described(routes!(models::drift))
        .described(routes!(report::whole))
        .described(routes!(report::season));
    routes
        .described(routes!(jobs::jobs))
        .described(routes!(jobs::refresh))
        .described(routes!(jobs::cancel))
        .described(routes!(quality::quality))
        .described(routes!(reviews::list))
        .described(routes!(reviews::answer))
        .described(routes!(auth::register))
        .described(routes!(auth::login))
        .described(routes!(auth::refresh))
        .described(routes!(auth::logout))
        .described(routes!(users::profile, users::change_profile))
        .described(routes!(users::change_password))
        .described(routes!(users::sessions))
        .described(routes!(users::end_session))
        .described(routes!(users::tokens, users::make_token))
        .described(routes!(users::end_token))
        .described(routes!(billing::show, billing::update))
        .described(routes!(billing::webhook))
        .described(routes!(users::export))
        .described(routes!(users::delete))
        .get("/api/openapi.json", openapi::show)
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
        .get("/metrics", health::metrics)
}
