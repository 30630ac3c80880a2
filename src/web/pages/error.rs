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

#[cfg(test)]
mod tests {
    use super::error_page;
    use crate::web::error::Problem;
    use crate::web::pages::sample::Drawn;

    #[test]
    fn a_visitor_is_told_what_happened_and_where_to_go() {
        let problem = Problem {
            kind: "about:blank",
            title: "Not Found".into(),
            status: 404,
            code: "not_found",
            detail: "There is nothing at <this> address.".into(),
            instance: "/nowhere".into(),
            request_id: "77".into(),
        };
        let page = Drawn::of(&error_page(&problem, false));
        assert_eq!(page.texts("h1"), ["Not Found"]);
        assert_eq!(
            page.texts("p.lead"),
            ["There is nothing at <this> address."]
        );
        assert_eq!(page.values("a.action", "href"), ["/"]);
        assert_eq!(page.texts("code"), ["77"]);
    }
}
