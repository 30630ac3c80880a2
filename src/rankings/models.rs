//! What is said of models: versions, champion and challenger, comparisons,
//! drift; and how the web asks for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::DriftLevel;
use crate::rankings::error::SourceError;

/// Every version, who is trusted, and every decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ModelsView {
    /// The model that predicts the newest season.
    pub champion: Option<String>,
    /// True when somebody chose it; else it is the newest allowed one.
    pub chosen: bool,
    /// The challenge under way.
    pub challenge: Option<ChallengeView>,
    /// Versions that load, newest first.
    pub models: Vec<ModelView>,
    /// Versions that are refused.
    pub damaged: Vec<DamagedModel>,
    /// Promotions, rollbacks and challenges, newest first.
    pub log: Vec<DecisionView>,
}

/// A challenger shown to a share of viewers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChallengeView {
    /// The challenger.
    pub model: String,
    /// Share of viewers it is shown to.
    pub share: f64,
    /// When it began, RFC 3339.
    pub since: String,
    /// What the readers of both arms did.
    pub arms: Vec<ArmView>,
}

/// What the readers of one arm did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ArmView {
    /// `champion` or `challenger`.
    pub arm: String,
    /// Boards served.
    pub views: u64,
    /// Profiles opened.
    pub opens: u64,
}

/// A version of the model.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ModelView {
    /// Its id.
    pub model: String,
    /// Any of `champion`, `challenger`, `shipped`.
    pub status: Vec<String>,
    /// Last season of outcomes it learnt from.
    pub trained_until: u16,
    /// Seed of its training.
    pub seed: u64,
    /// Version of the program that trained it.
    pub code_version: String,
    /// BLAKE3 of every training row.
    pub data_hash: String,
    /// BLAKE3 of its weights.
    pub weights_hash: String,
    /// Figures on players the scoring member had not seen, then pooled
    /// walk-forward figures.
    pub figures: Vec<ModelFigures>,
    /// Runs that made it.
    pub runs: Vec<RunView>,
}

/// Figures of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModelFigures {
    /// `unseen players`, `walk-forward` or `season`.
    pub on: String,
    /// The season, for `season`.
    pub season: Option<u16>,
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Snapshots.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill.
    pub brier_skill: f64,
    /// Mean log loss.
    pub log_loss: f64,
    /// Expected calibration error.
    pub ece: f64,
    /// Observed over expected successes.
    pub observed_to_expected: f64,
    /// Balanced accuracy at the base-rate threshold.
    pub balanced_accuracy: f64,
}

/// A run of training.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RunView {
    /// Its number.
    pub run: u32,
    /// What started it.
    pub started_by: String,
    /// When it was done, RFC 3339.
    pub finished: String,
    /// Seconds it took.
    pub seconds: f64,
    /// Settings, name and value.
    pub settings: Vec<(String, String)>,
}

/// A directory whose model is refused.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DamagedModel {
    /// Its name.
    pub directory: String,
    /// Why.
    pub reason: String,
}

/// A promotion, rollback or challenge.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DecisionView {
    /// When, RFC 3339.
    pub at: String,
    /// What.
    pub action: String,
    /// Model before.
    pub from: Option<String>,
    /// Model after.
    pub to: Option<String>,
    /// Who.
    pub by: String,
    /// Why.
    pub why: String,
}

/// Two models side by side on the same snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ModelComparison {
    /// The first.
    pub a: String,
    /// The second.
    pub b: String,
    /// The newest closed seasons; every player is judged by the member of each
    /// model that never saw him.
    pub seasons: Vec<u16>,
    /// Figures of the first, per season and role.
    pub a_figures: Vec<ModelFigures>,
    /// Figures of the second.
    pub b_figures: Vec<ModelFigures>,
    /// Log loss of the second minus the first, with the ends of its 95 %
    /// interval over players.
    pub log_loss_gap: Option<[f64; 3]>,
}

/// Drift of a season's snapshots from what the champion learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DriftView {
    /// Season predicted.
    pub season: u16,
    /// The model.
    pub model: String,
    /// When it was computed, RFC 3339.
    pub at: String,
    /// The worst level of all.
    #[schema(value_type = String)]
    pub level: DriftLevel,
    /// Observed over expected successes per role, on the newest closed season.
    pub calibration: Vec<CalibrationView>,
    /// Features, the most shifted first.
    pub features: Vec<DriftRow>,
}

/// Calibration in the large.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CalibrationView {
    /// The closed season.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Successes.
    pub observed: u32,
    /// Sum of the probabilities.
    pub expected: f64,
    /// `ok` or `alert`.
    #[schema(value_type = String)]
    pub level: DriftLevel,
}

/// A feature's shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DriftRow {
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Stable name.
    pub feature: String,
    /// Name for people.
    pub label: String,
    /// Population stability index.
    pub psi: f64,
    /// Share missing in training.
    pub missing_then: f64,
    /// Share missing now.
    pub missing_now: f64,
    /// `ok`, `watch` or `alert`.
    #[schema(value_type = String)]
    pub level: DriftLevel,
}

/// A change of which model is trusted.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelChange {
    /// Make a model champion.
    Promote(String),
    /// Go back to the champion before.
    Rollback,
    /// Show a model to a share of viewers.
    Challenge(String, f64),
    /// Show the champion to everybody again.
    EndChallenge,
}

/// Why a model can't be shown or a change not made.
#[derive(Debug)]
pub enum ModelsError {
    /// Nobody knows the model.
    Unknown(String),
    /// The change makes no sense now; the text says what to do.
    Refused(String),
    /// A part failed.
    Source(SourceError),
}

/// The challenge as requests need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Its name.
    pub name: String,
    /// The challenger.
    pub model: String,
    /// Share of viewers.
    pub share: f64,
}

/// The registry of models, as the web asks it. Calls may take seconds.
pub trait Models: Send + Sync {
    /// Everything there is.
    fn models(&self) -> Result<ModelsView, ModelsError>;
    /// Two models on the same snapshots.
    fn compare(&self, a: &str, b: &str) -> Result<ModelComparison, ModelsError>;
    /// The newest drift report.
    fn drift(&self) -> Result<Option<DriftView>, ModelsError>;
    /// The challenge whose boards can be shown, told from memory: every request asks.
    fn running(&self) -> Option<Arc<Running>>;
    /// Adds boards and profiles served to an arm.
    fn count(&self, challenge: &str, arm: &str, views: u64, opens: u64) -> Result<(), ModelsError>;
}
