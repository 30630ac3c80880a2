//! What may be learnt from, and what a prediction is scored on.

use crate::domain::Season;
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, Snapshot};

/// Before any season there are lines of.
pub(crate) const FIRST: Season = Season(1900);

/// Successes without which nothing can be learnt.
const FEWEST_SUCCESSES: usize = 30;

/// Snapshots whose windows had closed by the end of `season`.
pub(crate) fn closed_by(table: &FeatureTable, season: Season) -> FeatureTable {
    table.filter(|s| is_closed_by(s, season))
}

/// True when the window of `snapshot` had closed by the end of `season`.
pub(crate) fn is_closed_by(snapshot: &Snapshot, season: Season) -> bool {
    snapshot.id.season.plus(Season::WINDOW) <= season && snapshot.progress.is_some()
}

/// Snapshots of a season a prediction is scored on.
pub(crate) fn scored_in(table: &FeatureTable, season: Season) -> FeatureTable {
    table.filter(|s| s.id.season == season && s.evaluated && s.label.is_some())
}

/// Refuses a table with too few successes to learn from.
///
/// # Errors
/// [`Error::TooLittle`] says how many there are and how many are needed.
pub(crate) fn check(table: &FeatureTable, until: Season) -> Result<(), Error> {
    let successes = table
        .snapshots
        .iter()
        .filter(|s| s.succeeded_in_full_seasons())
        .count();
    if successes >= FEWEST_SUCCESSES {
        return Ok(());
    }
    Err(Error::TooLittle {
        role: table.role,
        until: until.0,
        snapshots: table.len(),
        successes,
        needed: FEWEST_SUCCESSES,
    })
}
