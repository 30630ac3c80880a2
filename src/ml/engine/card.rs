//! The facts of a model: what it was trained on and how it did.

use serde::{Deserialize, Serialize};

use super::settings::Hyper;
use crate::domain::Role;
use crate::ml::figures::days::DayFigures;
use crate::ml::figures::probability::Figures;
use crate::ml::figures::validation::Validation;

/// The facts of a model, stored beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Version: the last season seen and the start of the weights' hash.
    pub id: String,
    /// Last season whose closed windows it has seen.
    pub trained_until: u16,
    /// Seed of the training run.
    pub seed: u64,
    /// Version of the program that trained it.
    pub code_version: String,
    /// BLAKE3 of every training row, label and feature, in order.
    pub data_hash: String,
    /// BLAKE3 of `weights.safetensors`.
    pub weights_hash: String,
    /// BLAKE3 of `config.json`.
    pub config_hash: String,
    /// How each role was fitted; absent from models older than the record.
    #[serde(default)]
    pub hyper: Option<Hyper>,
    /// Facts per role, hitters first.
    pub roles: Vec<RoleCard>,
    /// Walk-forward figures measured before it was shipped, when there are any.
    #[serde(default)]
    pub backtest: Vec<Figures>,
    /// Figures of what stands beside the probability, from the same seasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
}

/// A role's training facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleCard {
    /// The role.
    pub role: Role,
    /// Hash of the feature definitions.
    pub feature_schema: String,
    /// First and last training season.
    pub first_season: u16,
    /// Last training season; windows of the newest were still open.
    pub last_season: u16,
    /// Training snapshots, those of windows still open too.
    pub snapshots: u32,
    /// Share of success among those whose windows had closed, 2020 counted as a full
    /// season.
    pub base_rate: f64,
    /// Figures on the training seasons of players each member has not seen.
    pub unseen: Figures,
}

impl Card {
    /// The card as Markdown, for people.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "# Model {}\n\nProbability of more than 500 PA or 100 IP in the four major-league \
             seasons after a season.\n\n| trained until | seed | code | data | weights |\n\
             | --- | --- | --- | --- | --- |\n| {} | {} | {} | {} | {} |\n\n## Training\n\n\
             Hitters and pitchers apart; figures are of players the scoring member had not \
             seen, on windows that had closed.\n\n| role | seasons | snapshots | base rate | AUC | Brier skill | features |\n\
             | --- | --- | ---: | ---: | ---: | ---: | --- |\n",
            self.id,
            self.trained_until,
            self.seed,
            self.code_version,
            &self.data_hash[..16.min(self.data_hash.len())],
            &self.weights_hash[..16.min(self.weights_hash.len())],
        );
        for r in &self.roles {
            text += &format!(
                "| {} | {}-{} | {} | {:.4} | {:.4} | {:.4} | {} |\n",
                r.role,
                r.first_season,
                r.last_season,
                r.snapshots,
                r.base_rate,
                r.unseen.auc,
                r.unseen.brier_skill,
                r.feature_schema
            );
        }
        if !self.backtest.is_empty() {
            text += "\n## Walk-forward\n\nEach season was predicted by a model trained only on \
                     windows closed by its end. Confidence is the width of the interval: the narrower it is, the smaller log loss and ECE should be.\n\n";
            text += &Figures::markdown(&self.backtest);
        }
        if let Some(validation) = &self.validation {
            text += "\n## Horizons, comparables, intervals\n\n";
            text += &validation.markdown();
            if !validation.days.is_empty() {
                text += "\n## Days\n\nWhat was said before a season's end, its lines cut to the share of \
                         the calendar played, of those evaluated at its end.\n\n";
                text += &DayFigures::markdown(&validation.days);
            }
        }
        text
    }
}
