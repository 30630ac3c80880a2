//! The facts of the model that made a board.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ml::Validation;

/// The facts of the model that made a board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ModelCardView {
    /// Version.
    pub model: String,
    /// Last season whose closed windows it has seen.
    pub trained_until: u16,
    /// Seed of the training run.
    pub seed: u64,
    /// Hash of the training data.
    pub data_hash: String,
    /// Hash of the feature definitions.
    pub feature_schema: String,
    /// Figures per role.
    pub roles: Vec<RoleCardView>,
    /// Walk-forward figures measured before the model was shipped, per role and season.
    pub backtest: Vec<BacktestRow>,
    /// Walk-forward figures of horizons, comparables and intervals, when measured.
    pub validation: Option<Validation>,
    /// Every feature with its group, unit and meaning.
    pub features: Vec<FeatureDoc>,
}

/// A role's training facts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoleCardView {
    /// `hitter` or `pitcher`.
    pub role: String,
    /// First training season.
    pub first_season: u16,
    /// Last training season.
    pub last_season: u16,
    /// Training snapshots.
    pub snapshots: u32,
    /// Share of them that succeeded.
    pub base_rate: f64,
}

/// Figures of one walk-forward season and role. The majority figure (accuracy
/// of always saying no) stands beside every one of them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BacktestRow {
    /// Season predicted; 0 when pooled over all.
    pub season: u16,
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Evaluated snapshots.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Accuracy of always predicting failure.
    pub majority: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the base rate.
    pub brier_skill: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Expected calibration error, 15 equal-count bins.
    pub ece: f64,
    /// Observed successes over expected successes.
    pub observed_to_expected: f64,
    /// Share of the 100 highest that succeeded.
    pub precision_at_100: f64,
}

/// Documentation of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeatureDoc {
    /// Stable name.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Display group.
    pub group: String,
    /// Unit.
    pub unit: String,
    /// What it means and how it is computed.
    pub doc: String,
}
