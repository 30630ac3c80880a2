//! The prediction engine: features, models, exact explanations, evaluation.
//!
//! Start at [`features`] for what a model sees, then [`train()`] and [`Model`].

pub mod ablation;
mod artefact;
mod backtest;
mod baseline;
mod card;
mod challenger;
mod comparables;
pub mod contest;
mod descent;
pub mod drift;
mod error;
pub mod evaluate;
pub mod features;
mod fit;
#[cfg(test)]
mod fixture;
mod horizons;
mod hyper;
pub mod judge;
mod model;
mod models;
mod paired;
pub mod registry;
mod rng;
mod scorer;
pub mod scouting;
mod train;
pub mod tuning;
mod uncertainty;
mod validation;
mod walk;
#[cfg(test)]
mod whole;

pub use backtest::{Backtest, Outcome, backtest};
pub use card::{Card, RoleCard};
pub use challenger::Challenger;
pub use comparables::{COMPARABLES, Places, Reference, success_share};
pub use error::Error;
pub use features::{FeatureTable, Snapshot, definitions, extract, schema_hash};
pub use hyper::{Hyper, Settings};
pub use model::Model;
pub use paired::Difference;
pub use train::{TrainConfig, train, train_on};
pub use validation::{ComparableFigures, CoverageFigures, HorizonFigures, Validation};
