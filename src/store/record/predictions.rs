//! Predictions as they were made.

use serde::{Deserialize, Serialize};

use crate::domain::{Confidence, Prediction, SnapshotId};

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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct PredictionRecord {
    /// Seconds since 1970-01-01 UTC.
    pub(in crate::store) made_at: i64,
    pub(in crate::store) probability: f64,
    pub(in crate::store) lower: f64,
    pub(in crate::store) upper: f64,
    pub(in crate::store) confidence: Confidence,
    pub(in crate::store) evaluated: bool,
}

impl PredictionRecord {
    pub(in crate::store) fn new(prediction: &Prediction, made_at: i64) -> Self {
        let &Prediction {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        } = prediction;
        Self {
            made_at,
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        }
    }

    pub(in crate::store) fn prediction(&self) -> Prediction {
        let &Self {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
            ..
        } = self;
        Prediction {
            probability,
            lower,
            upper,
            confidence,
            evaluated,
        }
    }
}
