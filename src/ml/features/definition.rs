//! What a feature is, and the notation the tables of features are written in.

use super::facts::Facts;
use crate::domain::Group;

/// Which way a larger value points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better for the player.
    Higher,
    /// Less is better for the player.
    Lower,
    /// Neither, or it depends on the rest.
    Neither,
}

/// One feature: how it is named, shown, explained and computed. The same
/// definition serves training, prediction, explanation and documentation.
#[derive(Clone, Copy, Debug)]
pub struct FeatureDef {
    /// Stable name, used in files.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Display group.
    pub group: Group,
    /// Unit of the value.
    pub unit: &'static str,
    /// How it is computed, with the prior of any shrinkage.
    pub doc: &'static str,
    /// Which way is better for the player.
    pub better: Direction,
    pub(super) value: for<'a, 'b> fn(&'a Facts<'b>) -> f32,
}

/// A table of features, one per pair of lines:
/// `name "Label" Group "unit" Better |facts| value;` and `"documentation";`.
macro_rules! features {
    ($($name:ident $label:literal $group:ident $unit:literal $better:ident
        |$f:ident| $value:expr; $doc:literal;)+) => {
        &[$(FeatureDef {
            name: stringify!($name),
            label: $label,
            group: Group::$group,
            unit: $unit,
            doc: $doc,
            better: Direction::$better,
            value: |$f| $value,
        }),+]
    };
}
pub(super) use features;
