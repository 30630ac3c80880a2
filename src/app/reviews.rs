//! People on published lists who could not be told for certain, as the operator
//! sees and decides them.

use std::collections::BTreeMap;

use crate::domain::{Decision, Grade, Prospect, ProspectId, Review};
use crate::store::{ReadTx, Store, StoreError};
use crate::web::operation::{CandidateView, OperationError, ReviewView};

/// Everybody who waits, by publisher and name; with `decided`, also those the
/// operator has decided about.
///
/// # Errors
/// When the store fails.
pub fn reviews(store: &Store, decided: bool) -> Result<Vec<ReviewView>, StoreError> {
    store.read(|tx| {
        let mut reviews = tx.reviews()?;
        reviews.retain(|review| decided || review.decision == Decision::Open);
        reviews.sort_by(|a, b| (&a.source, &a.name, &a.key).cmp(&(&b.source, &b.name, &b.key)));
        let people = people(tx, &reviews)?;
        Ok(reviews.iter().map(|review| view(review, &people)).collect())
    })
}

/// Keeps what the operator says; `None` when nobody has the key.
///
/// # Errors
/// [`OperationError::Refused`] when there is no such player.
pub fn decide(
    store: &Store,
    key: &str,
    decision: Decision,
) -> Result<Option<ReviewView>, OperationError> {
    if let Decision::Matched(id) = decision {
        let known = store.read(|tx| tx.prospect(id)).map_err(failed)?;
        if known.is_none() {
            return Err(OperationError::Refused(format!("There is no player {id}.")));
        }
    }
    let review = store
        .write(|tx| tx.decide_review(key, decision))
        .map_err(failed)?;
    let Some(review) = review else {
        return Ok(None);
    };
    let reviews = [review];
    let people = store.read(|tx| people(tx, &reviews)).map_err(failed)?;
    Ok(Some(view(&reviews[0], &people)))
}

fn people(tx: &ReadTx, reviews: &[Review]) -> Result<BTreeMap<ProspectId, Prospect>, StoreError> {
    let mut people = BTreeMap::new();
    for review in reviews {
        let matched = match review.decision {
            Decision::Matched(id) => Some(id),
            Decision::Open | Decision::Dismissed => None,
        };
        for &id in review.candidates.iter().chain(&matched) {
            if let Some(person) = tx.prospect(id)? {
                people.insert(id, person);
            }
        }
    }
    Ok(people)
}

fn view(review: &Review, people: &BTreeMap<ProspectId, Prospect>) -> ReviewView {
    let candidates = review.candidates.iter().filter_map(|id| people.get(id));
    let (decision, player) = match review.decision {
        Decision::Open => ("open", None),
        Decision::Matched(id) => ("matched", Some(id.0)),
        Decision::Dismissed => ("dismissed", None),
    };
    ReviewView {
        key: review.key.clone(),
        source: review.source.clone(),
        name: review.name.clone(),
        birth_date: review.birth_date.map(|day| day.to_string()),
        organisation: review.organisation.to_string(),
        position: review.position.clone(),
        age: review.age,
        entries: review.grades.iter().map(entry).collect(),
        candidates: candidates.map(candidate).collect(),
        decision: decision.to_owned(),
        player,
    }
}

fn candidate(person: &Prospect) -> CandidateView {
    CandidateView {
        id: person.id.0,
        name: person.name.clone(),
        birth_date: person.birth_date.map(|day| day.to_string()),
    }
}

/// `top100 2024 of 2024-02-01: rank 12, grade 55`.
fn entry(grade: &Grade) -> String {
    let published = grade
        .published
        .map_or(String::new(), |day| format!(" of {day}"));
    let mut said = Vec::new();
    said.extend(grade.rank.map(|rank| format!("rank {rank}")));
    said.extend(
        grade
            .org_rank
            .map(|rank| format!("rank {rank} of his organisation")),
    );
    said.extend(grade.future_value.map(|value| format!("grade {value}")));
    if !grade.tools.is_empty() {
        said.push(format!("{} tools", grade.tools.len()));
    }
    format!(
        "{} {}{published}: {}",
        grade.list,
        grade.list_year,
        said.join(", ")
    )
}

fn failed(error: StoreError) -> OperationError {
    OperationError::Source(Box::new(error))
}
