//! What is recorded of models: training runs, who is champion, drift, readers
//! per arm. Models themselves are directories beside the store.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::store::error::StoreError;
use crate::store::tx::read::{BoardMeta, ReadTx, StoredBoard};
use crate::store::record::BoardRecord;
use crate::store::tables::{
    ARM_COUNTS, CHALLENGER_BOARDS, CHALLENGER_PAYLOADS, DRIFT, MODEL_LOG, MODEL_STATE,
    TRAINING_RUNS,
};
use crate::store::tx::write::WriteTx;
use crate::domain::Season;

/// One run of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingRun {
    /// Number of the run, from 1; 0 until it is stored.
    pub run: u32,
    /// Version of the model it made.
    pub model_id: String,
    /// Last season of outcomes it learnt from.
    pub trained_until: u16,
    /// Seed of every random choice.
    pub seed: u64,
    /// Settings of the model, name and value.
    pub settings: Vec<(String, String)>,
    /// BLAKE3 of every training row.
    pub data_hash: String,
    /// Role and hash of its feature definitions.
    pub feature_schemas: Vec<(String, String)>,
    /// Version of the program.
    pub code_version: String,
    /// `train`, or `predict` when a prediction needed a model.
    pub started_by: String,
    /// Seconds by the wall clock.
    pub seconds: f64,
    /// When it was done.
    pub finished: Timestamp,
    /// Figures per role on players the scoring member had not seen.
    pub unseen: Vec<RunFigures>,
    /// Pooled walk-forward figures, when they were measured.
    pub backtest: Vec<RunFigures>,
}

/// Figures of one set of predictions, as recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Snapshots.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the base rate.
    pub brier_skill: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Expected calibration error, 15 equal-count bins.
    pub ece: f64,
    /// Observed successes over expected.
    pub observed_to_expected: f64,
    /// Balanced accuracy at the base-rate threshold.
    pub balanced_accuracy: f64,
}

/// Which model is trusted. Empty when the operator has decided nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelState {
    /// The chosen champion.
    pub champion: Option<String>,
    /// Earlier champions, the latest last: what a rollback goes back to.
    pub earlier: Vec<String>,
    /// The challenge under way.
    pub challenge: Option<Challenge>,
}

/// A challenger shown to a share of viewers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Name of the challenge: decides with a viewer's name who sees what.
    pub name: String,
    /// The challenger.
    pub model_id: String,
    /// Share of viewers it is shown to, above 0 and at most 1.
    pub share: f64,
    /// When it began.
    pub since: Timestamp,
}

/// A decision about models, kept for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelDecision {
    /// When.
    pub at: Timestamp,
    /// `promote`, `rollback`, `automatic rollback`, `challenge` or `end challenge`.
    pub action: String,
    /// Champion (or challenger) before.
    pub from: Option<String>,
    /// Champion (or challenger) after.
    pub to: Option<String>,
    /// `command line`, `API` or `predict`.
    pub by: String,
    /// The reason.
    pub why: String,
}

/// What readers of one arm of a challenge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmCounts {
    /// Boards served.
    pub views: u64,
    /// Profiles opened.
    pub opens: u64,
}

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

    /// Facts of the challenger's boards, oldest season first.
    pub fn challenger_boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&CHALLENGER_BOARDS, .., |season, record| {
            let (model_id, data_seq) = (record.model_id, record.data_seq);
            Ok(BoardMeta {
                season: Season(season),
                model_id,
                data_seq,
            })
        })
    }

    /// The challenger's board of a season; `None` as for [`ReadTx::board`].
    pub fn challenger_board<T: DeserializeOwned>(
        &self,
        season: Season,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let metas = self.challenger_boards()?;
        let Some(meta) = metas.into_iter().find(|meta| meta.season == season) else {
            return Ok(None);
        };
        let bytes = self.raw(&CHALLENGER_PAYLOADS, season.0)?;
        let board = bytes.and_then(|bytes| crate::store::codec::decode_value(&bytes).ok());
        Ok(board.map(|board| StoredBoard { meta, board }))
    }
}

impl WriteTx {
    /// Records a run under the next number, which is returned.
    pub fn put_training_run(&mut self, run: &TrainingRun) -> Result<u32, StoreError> {
        let number = self.next_key(&TRAINING_RUNS)?;
        self.put_made(&TRAINING_RUNS, number, run)?;
        Ok(number)
    }

    /// Replaces the state and logs the decision that changed it, both or neither.
    pub fn decide(
        &mut self,
        state: &ModelState,
        decision: &ModelDecision,
    ) -> Result<(), StoreError> {
        let number = self.next_key(&MODEL_LOG)?;
        self.put_made(&MODEL_LOG, number, decision)?;
        self.put_made(&MODEL_STATE, 0, state)
    }

    /// Keeps the drift report of a season.
    pub fn put_drift(&mut self, season: Season, report: &impl Serialize) -> Result<(), StoreError> {
        let bytes = crate::store::codec::encode_value(report).map_err(StoreError::Encode)?;
        self.put_made(&DRIFT, season.0, &bytes)
    }

    /// Adds to the counts of an arm.
    pub fn add_arm_counts(
        &mut self,
        challenge: &str,
        arm: &str,
        more: ArmCounts,
    ) -> Result<(), StoreError> {
        let held = self
            .made(&ARM_COUNTS, (challenge, arm))?
            .unwrap_or_default();
        let sum = ArmCounts {
            views: held.views + more.views,
            opens: held.opens + more.opens,
        };
        self.put_made(&ARM_COUNTS, (challenge, arm), &sum)
    }

    /// Keeps the challenger's board of a season.
    pub fn put_challenger_board(
        &mut self,
        meta: &BoardMeta,
        board: &impl Serialize,
    ) -> Result<(), StoreError> {
        let bytes = crate::store::codec::encode_value(board).map_err(StoreError::Encode)?;
        let record = BoardRecord {
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
        };
        self.put_made(&CHALLENGER_BOARDS, meta.season.0, &record)?;
        self.put_raw(&CHALLENGER_PAYLOADS, meta.season.0, &bytes)
    }

    /// Drops the challenger's boards.
    pub fn clear_challenger_boards(&mut self) -> Result<(), StoreError> {
        self.clear(&CHALLENGER_BOARDS)?;
        self.clear(&CHALLENGER_PAYLOADS)
    }
}
