//! The pages of one's account, and those that lead to it. Each is one reader's and is
//! never kept; the links to them on everybody's pages are the same for everybody.

mod door;
mod links;
mod overview;
mod own;
mod programs;
mod room;
mod second_factor;
mod subscription;

use crate::web::routes::Routes;

pub(super) use overview::events;
pub(super) use room::time;

/// Their addresses.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes
        .get("/sign-in", door::show)
        .post("/sign-in", door::enter)
        .post("/sign-in/code", door::enter_with_code)
        .post("/sign-out", door::leave)
        .get("/register", links::register_page)
        .post("/register", links::register)
        .get("/forgot", links::forgot_page)
        .post("/forgot", links::forgot)
        .get("/join/{link}", links::join_page)
        .post("/join/{link}", links::join)
        .get("/reset/{link}", links::reset_page)
        .post("/reset/{link}", links::reset)
        .get("/verify/{link}", links::verify_page)
        .post("/verify/{link}", links::verify);
    routes
        .get("/account", overview::show)
        .get("/account/activity", overview::activity)
        .post("/account/profile", own::change_profile)
        .post("/account/mail", own::change_mail)
        .post("/account/password", own::change_password)
        .post("/account/sessions/{id}/end", own::end_session)
        .post("/account/sign-out-everywhere", own::sign_out_everywhere)
        .get("/account/export", own::export)
        .get("/account/delete", own::delete_page)
        .post("/account/delete", own::delete)
        .get("/account/second-factor", second_factor::show)
        .post("/account/second-factor", second_factor::begin)
        .post("/account/second-factor/confirm", second_factor::confirm)
        .post("/account/second-factor/off", second_factor::turn_off)
        .get("/account/subscription", subscription::show)
        .post("/account/subscription", subscription::take)
        .get("/account/subscription/done", subscription::done)
        .get("/account/tokens", programs::show)
        .post("/account/tokens", programs::make)
        .post("/account/tokens/{id}/end", programs::end)
}
