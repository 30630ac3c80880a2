//! The HTML pages, one file each: a handler asks the read model for a view, a pure
//! function draws it.
//!
//! Links are written as if the site were at the root of its host.

mod about;
mod account;
mod admin;
mod board;
mod comparables;
mod compare;
mod error;
mod features;
mod fine_wine;
mod models;
mod movers;
mod page;
mod plans;
mod privacy;
mod prospect;
mod report;
#[cfg(test)]
mod sample;
mod search;
mod theme;

use super::routes::Routes;

pub(super) use error::error_page;

/// Every page's address.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes
        .get("/", board::show)
        .get("/prospects/{id}", prospect::show)
        .get("/prospects/{id}/features", features::show)
        .get("/prospects/{id}/comparables", comparables::show)
        .get("/search", search::show)
        .get("/compare", compare::show)
        .get("/fine-wine", fine_wine::show)
        .get("/about", about::show)
        .get("/movers", movers::show)
        .get("/models", models::show)
        .get("/report-card", report::show)
        .get("/report-card/{season}", report::show_season)
        .get("/plans", plans::show)
        .get("/privacy", privacy::show)
        .get("/theme", theme::choose)
        .get("/theme.css", theme::stylesheet);
    admin::add(account::add(routes))
}
