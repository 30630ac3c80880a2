//! What a visitor sees when something is not there or not right.

use maud::{Markup, html};

use crate::web::error::Problem;
use crate::web::layout::{Frame, page};

/// The page of a problem: what happened, and where to go.
pub(in crate::web) fn error_page(problem: &Problem, simulated: bool) -> Markup {
    let frame = Frame {
        title: problem.title.clone(),
        description: problem.detail.clone(),
        path: problem.instance.clone(),
        search: String::new(),
        simulated,
        note: None,
        trial: None,
    };
    page(
        &frame,
        &html! {
            article.error {
                p.eyebrow { "Error " (problem.status) }
                h1 { (problem.title) }
                p.lead { (problem.detail) }
                p { a.action href="/" { "Go to the board" } " or search for a player above." }
                p.small { "Request " code { (problem.request_id) } }
            }
        },
    )
}
