//! The exact explanation of a probability, by group and by feature.

use serde::Serialize;
use utoipa::ToSchema;

/// The exact explanation: `base_log_odds` plus the groups' (or the features')
/// log-odds is `log_odds`, and its probability is the shown one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExplanationView {
    /// Our id of the player.
    pub id: u32,
    /// Season of the snapshot.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Version of the model.
    pub model: String,
    /// Shown probability.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// Log-odds of the shown probability.
    pub log_odds: f64,
    /// Log-odds of the average snapshot in training.
    pub base_log_odds: f64,
    /// Probability of the average snapshot in training.
    pub base_probability: f64,
    /// One entry per display group, largest effect first.
    pub groups: Vec<GroupView>,
    /// One entry per feature, largest effect first.
    pub features: Vec<FeatureView>,
}

/// A display group's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupView {
    /// Name of the group.
    pub group: &'static str,
    /// Log-odds added.
    pub log_odds: f64,
    /// Probability before this bar of the waterfall.
    pub from: f64,
    /// Probability after this bar; the last bar ends at the shown probability.
    pub to: f64,
}

/// A feature's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeatureView {
    /// Stable name.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Display group.
    pub group: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// The value; absent when missing.
    pub value: Option<f32>,
    /// Share of the season's board (same role) with a lower value, 0 to 1.
    pub percentile: Option<f32>,
    /// Log-odds added.
    pub log_odds: f64,
}
