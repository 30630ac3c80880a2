//! Figures of what was said on days before a season's end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::probability::{Figures, Pair};
use crate::domain::Role;

/// How the probabilities of one day of past seasons did, among players who were
/// evaluated at their ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DayFigures {
    /// Share of the season's calendar played by then; 1 is its end.
    pub played: f32,
    /// The role, or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    /// Snapshots.
    pub n: u32,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the base rate.
    pub brier_skill: f64,
    /// Mean log loss.
    pub log_loss: f64,
    /// Observed over expected.
    pub observed_to_expected: f64,
    /// Slope of a logistic regression of the outcome on the log-odds.
    pub slope: f64,
}

impl DayFigures {
    /// The figures of some predictions with their outcomes.
    pub(crate) fn of(played: f32, role: Option<Role>, pairs: &[Pair]) -> Self {
        let figures = Figures::of(pairs, None, role);
        Self {
            played,
            role,
            n: figures.n,
            auc: figures.auc,
            brier_skill: figures.brier_skill,
            log_loss: figures.log_loss,
            observed_to_expected: figures.observed_to_expected,
            slope: figures.slope,
        }
    }

    /// A table for people.
    pub(crate) fn markdown(days: &[Self]) -> String {
        let mut text = String::from(
            "| season played | role | n | AUC | Brier skill | log loss | obs / exp | slope |\n\
             | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for day in days {
            let role = day.role.map_or("both", Role::as_str);
            text += &format!(
                "| {:.0} % | {role} | {} | {:.4} | {:.4} | {:.4} | {:.3} | {:.3} |\n",
                100.0 * day.played,
                day.n,
                day.auc,
                day.brier_skill,
                day.log_loss,
                day.observed_to_expected,
                day.slope
            );
        }
        text
    }
}
