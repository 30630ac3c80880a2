//! Predictions as they were made, of whom they remind, what became of them.

use serde::{Deserialize, Serialize};

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{
    Aftermath, Comparable, Confidence, Level, MajorsInWindow, Prediction, Role, SnapshotId, Verdict,
};

/// A prediction as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPrediction {
    /// What was predicted.
    pub snapshot: SnapshotId,
    /// By which model.
    pub model_id: String,
    /// When it was first made.
    pub made_at: jiff::Timestamp,
    /// The prediction.
    pub prediction: Prediction,
}

/// A prediction and when it was first made; whose it is stands in the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PredictionRecord {
    /// Seconds since 1970-01-01 UTC.
    pub(in crate::store) made_at: i64,
    pub(in crate::store) forecast: ForecastRecord,
}

impl Record for PredictionRecord {}

record! {
    /// What a prediction says.
    ForecastRecord of Prediction {
        probability: f64,
        lower: f64,
        upper: f64,
        confidence: Number<Confidence>,
        evaluated: bool,
    }
}

record! {
    /// Names a snapshot.
    SnapshotRecord of SnapshotId {
        prospect: u32,
        season: u16,
        role: Number<Role>,
    }
}

record! {
    /// A past snapshot near another one.
    ComparableRecord of Comparable {
        id: SnapshotRecord,
        age: Option<f32>,
        level: Number<Level>,
        distance: f32,
        aftermath: AftermathRecord,
    }
}

/// Those of a snapshot, nearest first.
impl Record for Vec<ComparableRecord> {}

record! {
    /// What became of it.
    AftermathRecord of Aftermath {
        pa: u32,
        outs: u32,
        debut: Option<u8>,
        success: Option<u8>,
        success_in_full_seasons: Option<u8>,
    }
}

record! {
    /// A past prediction of the report card with its outcome.
    VerdictRecord of Verdict {
        snapshot: SnapshotRecord,
        model_id: String,
        prediction: ForecastRecord,
        baseline: f64,
        rank: u32,
        level: Number<Level>,
        age: Option<f32>,
        success: bool,
        success_in_full_seasons: bool,
        majors: MajorsRecord,
    }
}

impl Record for VerdictRecord {}

record! {
    /// Major-league time in its window.
    MajorsRecord of MajorsInWindow {
        reached: bool,
        pa: u32,
        outs: u32,
    }
}
