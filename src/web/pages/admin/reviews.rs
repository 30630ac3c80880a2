//! People on published lists who could not be told for certain: one form each.

use axum::extract::{Path, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::desk::{Desk, Done, back_to, frame};
use crate::domain::{Decision, ProspectId};
use crate::ingest::lists::reviews::{CandidateView, ReviewView};
use crate::web::error::WebError;
use crate::web::extract::{FormSession, Here, Submitted};
use crate::web::forms::FormToken;
use crate::web::layout::{Frame, page};
use crate::web::operator::Operator;
use crate::web::reviews::decide;
use crate::web::state::AppState;
use crate::web::whose::Private;

pub(super) async fn show(
    _: Operator,
    State(state): State<AppState>,
    session: FormSession,
    here: Here,
) -> Desk {
    let reviews = state.reviews()?.ask(|reviews| reviews.waiting()).await??;
    let frame = frame(&state, here, "Who is it?").await?;
    Ok(Private(reviews_page(&reviews, &session.token, &frame)))
}

/// What the operator chose of a form: a player's id, or `none`.
#[derive(Deserialize)]
pub(super) struct Choice {
    choice: String,
}

pub(super) async fn answer(
    by: Operator,
    State(state): State<AppState>,
    Path(key): Path<String>,
    Submitted(choice): Submitted<Choice>,
) -> Done {
    let unknown = |_| WebError::bad_request("bad_choice", "Choose one of the players, or none.");
    let decision = match choice.choice.as_str() {
        "none" => Decision::Dismissed,
        id => Decision::Matched(id.parse::<ProspectId>().map_err(unknown)?),
    };
    decide(&state.reviews()?, by, key, decision).await?;
    Ok(Private(back_to("/admin/reviews", None)))
}

/// The page.
fn reviews_page(reviews: &[ReviewView], token: &FormToken, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.reviews {
                p.eyebrow { a href="/admin" { "Operation" } }
                h1 { "Who is it?" }
                @if reviews.is_empty() {
                    p.lead { "Nobody waits: every row of every list belongs to one player for certain, or you have decided." }
                } @else {
                    p.lead { (waiting(reviews.len())) " Your answer holds for later lists of the same publisher." }
                }
                @for review in reviews { (one(review, token)) }
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

fn one(review: &ReviewView, token: &FormToken) -> Markup {
    html! {
        section.review {
            h2 { (review.person()) }
            p { (review.source) ": " (review.entries.join("; ")) }
            form method="post" action={ "/admin/reviews/" (review.key) } {
                (token)
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

#[cfg(test)]
mod tests {
    use super::reviews_page;
    use crate::ingest::lists::reviews::{CandidateView, ReviewView};
    use crate::secret::Secret;
    use crate::web::forms::FormKey;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn each_person_has_a_form_with_everybody_he_could_be() {
        let candidate = |id: u32| CandidateView {
            id,
            name: format!("Ana <{id}>"),
            birth_date: None,
        };
        let review = ReviewView {
            key: "k1".into(),
            source: "paper".into(),
            name: "Ana".into(),
            birth_date: None,
            organisation: "NYM".into(),
            position: String::new(),
            age: Some(20.0),
            entries: vec!["top100 2024: rank 3".into()],
            candidates: vec![candidate(1), candidate(2)],
            decision: "open".into(),
            player: None,
        };
        let token = FormKey::new(Secret::new("k")).token("session");
        let page = Drawn::of(&reviews_page(&[review], &token, &frame()));
        assert_eq!(page.texts("section.review h2"), ["Ana, NYM, age 20.0"]);
        assert_eq!(
            page.values("input[type=radio]", "value"),
            ["1", "2", "none"]
        );
        assert_eq!(page.count("form input[name=form_token]"), 1);
        let nobody = Drawn::of(&reviews_page(&[], &token, &frame()));
        assert!(nobody.said().contains("Nobody waits"));
    }
}
