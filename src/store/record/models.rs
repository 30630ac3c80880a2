//! What is recorded of models. These values are the store's own, and so are their
//! own records.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shape::Record;

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

impl Record for TrainingRun {}

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

impl Record for ModelState {}

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

impl Record for ModelDecision {}

/// What readers of one arm of a challenge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmCounts {
    /// Boards served.
    pub views: u64,
    /// Profiles opened.
    pub opens: u64,
}

impl Record for ArmCounts {}
