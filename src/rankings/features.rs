//! What the read model needs to know of a feature to explain it.

pub use crate::ml::features::Direction as Better;

use crate::domain::{Group, Role};
use crate::ml::features::{FeatureDef, definitions};

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

impl From<&FeatureDef> for FeatureMeta {
    fn from(defined: &FeatureDef) -> Self {
        let &FeatureDef {
            name,
            label,
            group,
            unit,
            better,
            ..
        } = defined;
        Self {
            name,
            label,
            group,
            unit,
            better,
        }
    }
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
    /// Those that models of this version learn from.
    pub fn defined() -> Self {
        let of = |role| definitions(role).iter().map(FeatureMeta::from).collect();
        Self {
            hitter: of(Role::Hitter),
            pitcher: of(Role::Pitcher),
        }
    }

    /// The features of `role`.
    pub fn of(&self, role: Role) -> &[FeatureMeta] {
        match role {
            Role::Hitter => &self.hitter,
            Role::Pitcher => &self.pitcher,
        }
    }
}
