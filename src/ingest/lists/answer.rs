//! May a question be answered so? A row belongs to one player.

use super::keep::has_same_place;
use crate::domain::name::fold_name;
use crate::domain::{Decision, Grade, Prospect, ProspectId, Review};
use crate::store::{ReadTx, Store, StoreError};

/// Why a question must not be answered by `player`: a row of it is somebody else's
/// already. `None` when it may.
///
/// # Errors
/// When the store fails.
pub fn taken(store: &Store, key: &str, player: ProspectId) -> Result<Option<String>, StoreError> {
    store.read(|tx| {
        let Some(review) = tx.review(key)? else {
            return Ok(None);
        };
        for grade in &review.grades {
            if let Some(holder) = holder(tx, &review, grade, player)? {
                return Ok(Some(format!(
                    "{} is {}'s ({}) already. If that is the row asked about, dismiss the question; if it \
                     is not his, take it from him first by importing the list with the right player's id.",
                    place(grade),
                    holder.name,
                    holder.id
                )));
            }
        }
        Ok(None)
    })
}

/// Who has the place of a grade, other than `player` and whom the operator named
/// before, and may be the one asked about.
fn holder(
    tx: &ReadTx,
    review: &Review,
    grade: &Grade,
    player: ProspectId,
) -> Result<Option<Prospect>, StoreError> {
    let asked = fold_name(&review.name);
    for (id, held) in tx.entries_beside(grade)? {
        let own = id == player || review.decision == Decision::Matched(id);
        if own || !has_same_place(&held, grade) {
            continue;
        }
        // Others of a tie have other names.
        let Some(person) = tx.prospect(id)? else {
            continue;
        };
        if review.candidates.contains(&id) || fold_name(&person.name).may_be(&asked) {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

fn place(grade: &Grade) -> String {
    let published = grade
        .published
        .map_or(String::new(), |day| format!(" of {day}"));
    match (grade.rank, grade.org_rank) {
        (Some(rank), _) => format!("Rank {rank} of {}{published}", grade.list),
        (None, Some(rank)) => {
            format!(
                "Rank {rank} of the organisation in {}{published}",
                grade.list
            )
        }
        (None, None) => format!("The entry of {}{published}", grade.list),
    }
}
