//! People on published lists who could not be told for certain, as the operator
//! sees and decides them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::taken;
use crate::domain::{Decision, Grade, Prospect, ProspectId, Review};
use crate::store::{ReadTx, Store, StoreError};

/// Somebody on a published list who could not be told for certain.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReviewView {
    /// Names the publisher and the person.
    pub key: String,
    /// Publisher.
    pub source: String,
    /// Name as published.
    pub name: String,
    /// Birth date, when the list has it.
    pub birth_date: Option<String>,
    /// Organisation code; empty when unknown.
    pub organisation: String,
    /// Position as published; empty when unknown.
    pub position: String,
    /// Age as published.
    pub age: Option<f32>,
    /// What the publisher says of him, one sentence per list.
    pub entries: Vec<String>,
    /// Who it could be, the likeliest first.
    pub candidates: Vec<CandidateView>,
    /// `open`, `matched` or `dismissed`.
    pub decision: String,
    /// The player he was matched to.
    pub player: Option<u32>,
}

/// A player somebody could be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CandidateView {
    /// Id of the player.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Birth date.
    pub birth_date: Option<String>,
}

/// Why a decision was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// It names a player who is not in the store.
    #[error("There is no player {0}.")]
    NoPlayer(ProspectId),
    /// Somebody else has a row of it already.
    #[error("{0}")]
    Taken(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReviewView {
    /// Name, position, organisation and age in a line.
    pub fn person(&self) -> String {
        let age = self.age.map(|age| format!("age {age:.1}"));
        let born = self.birth_date.as_ref().map(|day| format!("born {day}"));
        let known = [
            Some(self.name.clone()),
            Some(self.position.clone()),
            Some(self.organisation.clone()),
            age,
            born,
        ];
        let said: Vec<String> = known
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        said.join(", ")
    }
}

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
/// [`ReviewError::NoPlayer`] when there is no such player, [`ReviewError::Taken`] when
/// another has the row already.
pub fn decide(
    store: &Store,
    key: &str,
    decision: Decision,
) -> Result<Option<ReviewView>, ReviewError> {
    if let Decision::Matched(id) = decision {
        let known = store.read(|tx| tx.prospect(id))?;
        if known.is_none() {
            return Err(ReviewError::NoPlayer(id));
        }
        if let Some(reason) = taken(store, key, id)? {
            return Err(ReviewError::Taken(reason));
        }
    }
    let review = store.write(|tx| tx.decide_review(key, decision))?;
    let Some(review) = review else {
        return Ok(None);
    };
    let reviews = [review];
    let people = store.read(|tx| people(tx, &reviews))?;
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
