//! All comparables of a player.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::view::ComparablesView;
use crate::web::components::comparables::comparables;
use crate::web::extract::{Asked, Here, Moment, ProspectPath, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

pub(super) async fn show(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    here: Here,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Page {
    let answer = shown.answer(move |catalog| {
        let (name, view) = (catalog.name(id)?, catalog.comparables(id, as_of)?);
        let about = format!("Past players most like {name}, and what became of them.");
        let frame = here.frame(catalog, format!("Players like {name}"), &about);
        let page = comparables_page(&name, &view, &frame);
        Ok(Public::html(page, Lifetime::Profile))
    });
    answer.await
}

/// The list behind the share on the profile of `name`.
fn comparables_page(name: &str, view: &ComparablesView, frame: &Frame) -> Markup {
    let profile = format!("/prospects/{}?as_of={}", view.id, view.season);
    page(
        frame,
        &html! {
            p.eyebrow { a href=(profile) { (name) } " · " (view.role) ", end of " (view.season) }
            h1 { "Players like him, and what became of them" }
            @if view.count == 0 {
                p.lead { "No outcome window had closed by the end of " (view.season) ", so there is nobody to compare him with." }
            } @else {
                (comparables(view))
            }
            p.small { "The model explains every probability by what each group of features adds to it. Players are near when
                those shares are alike: like numbers for like reasons, whatever the raw stats. Only snapshots whose four seasons
                had been played by the end of " (view.season) " are compared, one of each player." }
            p.links { a href={ "/api/prospects/" (view.id) "/comparables?as_of=" (view.season) } { "This page as JSON" } }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::comparables_page;
    use crate::web::pages::sample::{Drawn, comparables, frame};

    #[test]
    fn everybody_alike_is_listed_or_why_there_is_nobody() {
        let page = Drawn::of(&comparables_page("Ada <1>", &comparables(3), &frame()));
        assert_eq!(page.count("table.alike tbody tr"), 3);
        assert_eq!(page.texts("p.eyebrow a"), ["Ada <1>"]);
        let nobody = Drawn::of(&comparables_page("Ada", &comparables(0), &frame()));
        assert!(
            nobody
                .said()
                .contains("there is nobody to compare him with")
        );
        assert_eq!(nobody.count("table"), 0);
    }
}
