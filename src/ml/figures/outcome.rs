//! A past prediction beside what happened.

use crate::domain::{Aftermath, Horizons, Prediction, SnapshotId};

/// A past prediction and what happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The snapshot.
    pub id: SnapshotId,
    /// What would have been said.
    pub prediction: Prediction,
    /// The same by season.
    pub horizons: Horizons,
    /// Success share of the comparables that would have been shown.
    pub comparables: Option<f64>,
    /// What he did in the window.
    pub aftermath: Aftermath,
    /// What happened.
    pub success: bool,
}
