//! The shape of a model, without which its tensors say nothing.

use serde::{Deserialize, Serialize};

use crate::domain::Role;
use crate::ml::engine::scorer::Fitted;
use crate::ml::features::definitions;

/// The shape of the model, for readers of the weights.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Config {
    pub(super) format: u32,
    pub(super) depth: usize,
    pub(super) roles: Vec<RoleConfig>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RoleConfig {
    pub(super) role: Role,
    pub(super) features: usize,
    pub(super) members: usize,
    pub(super) trees: usize,
    /// Features with a weight of their own when missing.
    pub(super) flagged: Vec<u32>,
}

impl RoleConfig {
    pub(super) fn of(role: Role, fitted: &Fitted) -> Self {
        Self {
            role,
            features: definitions(role).len(),
            members: fitted.bases.len(),
            trees: fitted.forest.trees.len(),
            flagged: fitted.flagged.clone(),
        }
    }

    /// True when all are numbers of features.
    pub(super) fn are_features(&self, numbers: &[u32]) -> bool {
        numbers.iter().all(|&f| (f as usize) < self.features)
    }
}
