//! People on published lists who could not be told for certain: one form each.

use maud::{Markup, html};

use crate::ingest::lists::reviews::{CandidateView, ReviewView};
use crate::web::layout::{Chrome, page};

/// The page.
pub(super) fn reviews_page(reviews: &[ReviewView], chrome: &Chrome) -> Markup {
    page(
        chrome,
        &html! {
            article.reviews {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Who is it?" }
                @if reviews.is_empty() {
                    p.lead { "Nobody waits: every row of every list belongs to one player for certain, or you have decided." }
                } @else {
                    p.lead { (waiting(reviews.len())) " Your answer holds for later lists of the same publisher." }
                }
                @for review in reviews { (one(review)) }
                p.links { a href="/api/reviews" { "This page as JSON" } }
            }
        },
    )
}

fn waiting(count: usize) -> String {
    match count {
        1 => "One person of a published list could not be told for certain.".to_owned(),
        _ => format!("{count} people of published lists could not be told for certain."),
    }
}

fn one(review: &ReviewView) -> Markup {
    html! {
        section.review {
            h2 { (review.person()) }
            p { (review.source) ": " (review.entries.join("; ")) }
            form method="post" action={ "/admin/reviews/" (review.key) } {
                fieldset {
                    legend { "Who is " (review.name) "?" }
                    @for candidate in &review.candidates { (choice(&review.key, candidate)) }
                    @let other = format!("{}-none", review.key);
                    p {
                        input type="radio" name="choice" value="none" id=(other) required;
                        " " label for=(other) { "None of these" }
                    }
                }
                button.action type="submit" { "Keep" }
            }
        }
    }
}

fn choice(key: &str, candidate: &CandidateView) -> Markup {
    let id = format!("{key}-{}", candidate.id);
    html! {
        p {
            input type="radio" name="choice" value=(candidate.id) id=(id) required;
            " " label for=(id) { (candidate.name)
                @if let Some(born) = &candidate.birth_date { ", born " (born) } }
            " " a href={ "/prospects/" (candidate.id) } { "Profile" span.small { " of " (candidate.id) } }
        }
    }
}
