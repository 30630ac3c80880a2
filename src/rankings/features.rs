//! What the read model needs to know of a feature to explain it.

use crate::domain::{Group, Role};

/// Which way a larger value points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better for the player.
    Higher,
    /// Less is better for the player.
    Lower,
    /// Neither, or it depends on the rest.
    Neither,
}

/// A feature as shown to people.
#[derive(Clone, Copy, Debug)]
pub struct FeatureMeta {
    /// Stable name.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Display group.
    pub group: Group,
    /// Unit of the value.
    pub unit: &'static str,
    /// Which way is better for the player.
    pub better: Better,
}

/// The features of both roles, in the order of their contributions.
#[derive(Clone, Debug, Default)]
pub struct FeatureSet {
    /// Features of hitters.
    pub hitter: Vec<FeatureMeta>,
    /// Features of pitchers.
    pub pitcher: Vec<FeatureMeta>,
}

impl FeatureSet {
    /// The features of `role`.
    pub fn of(&self, role: Role) -> &[FeatureMeta] {
        match role {
            Role::Hitter => &self.hitter,
            Role::Pitcher => &self.pitcher,
        }
    }
}
