//! What is recorded of models: training runs, who is champion, drift, readers
//! per arm. Models themselves are directories beside the store.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::Season;
use crate::store::error::StoreError;
use crate::store::record::models::{ArmCounts, ModelDecision, ModelState, TrainingRun};
use crate::store::tables::{ARM_COUNTS, DRIFT, MODEL_LOG, MODEL_STATE, TRAINING_RUNS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Every training run, oldest first.
    pub fn training_runs(&self) -> Result<Vec<TrainingRun>, StoreError> {
        self.scan(&TRAINING_RUNS, .., |run, record| {
            Ok(TrainingRun { run, ..record })
        })
    }

    /// Which model is trusted.
    pub fn model_state(&self) -> Result<ModelState, StoreError> {
        let mut rows = self.scan(&MODEL_STATE, .., |_, state| Ok(state))?;
        Ok(rows.pop().unwrap_or_default())
    }

    /// Every decision about models, oldest first.
    pub fn model_log(&self) -> Result<Vec<ModelDecision>, StoreError> {
        self.scan(&MODEL_LOG, .., |_, entry| Ok(entry))
    }

    /// The drift report of the newest season that has one in the caller's shape.
    pub fn newest_drift<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        let mut rows = self.scan(&DRIFT, .., |_, bytes| Ok(bytes))?;
        let newest = rows.pop();
        // A report of another shape is made again by the next prediction.
        Ok(newest.and_then(|bytes| crate::store::codec::decode_value(&bytes).ok()))
    }

    /// Counts per challenge and arm.
    pub fn arm_counts(&self) -> Result<Vec<(String, String, ArmCounts)>, StoreError> {
        self.scan(&ARM_COUNTS, .., |(challenge, arm), counts| {
            Ok((challenge.to_owned(), arm.to_owned(), counts))
        })
    }
}

impl WriteTx {
    /// Records a run under the next number, which is returned.
    pub fn put_training_run(&mut self, run: &TrainingRun) -> Result<u32, StoreError> {
        let number = self.next_key(&TRAINING_RUNS)?;
        self.put(&TRAINING_RUNS, number, run)?;
        Ok(number)
    }

    /// Which model is trusted, as this transaction leaves it.
    pub fn model_state(&self) -> Result<ModelState, StoreError> {
        Ok(self.get(&MODEL_STATE, 0)?.unwrap_or_default())
    }

    /// Replaces the state and logs the decision that changed it, both or neither.
    /// Boards of a challenge that is over go with it.
    pub fn decide(
        &mut self,
        state: &ModelState,
        decision: &ModelDecision,
    ) -> Result<(), StoreError> {
        if state.challenge.is_none() {
            self.clear_challenger_boards()?;
        }
        let number = self.next_key(&MODEL_LOG)?;
        self.put(&MODEL_LOG, number, decision)?;
        self.put(&MODEL_STATE, 0, state)
    }

    /// Keeps the drift report of a season.
    pub fn put_drift(&mut self, season: Season, report: &impl Serialize) -> Result<(), StoreError> {
        let bytes = crate::store::codec::encode_value(report).map_err(StoreError::Encode)?;
        self.put(&DRIFT, season.0, &bytes)
    }

    /// Adds to the counts of an arm.
    pub fn add_arm_counts(
        &mut self,
        challenge: &str,
        arm: &str,
        more: ArmCounts,
    ) -> Result<(), StoreError> {
        let held = self.get(&ARM_COUNTS, (challenge, arm))?.unwrap_or_default();
        let sum = ArmCounts {
            views: held.views + more.views,
            opens: held.opens + more.opens,
        };
        self.put(&ARM_COUNTS, (challenge, arm), &sum)
    }
}
