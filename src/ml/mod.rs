//! The prediction engine: features, models, exact explanations, evaluation.
//!
//! Start at [`features`] for what a model sees, then [`train()`] and [`Model`].

mod artefact;
mod backtest;
mod baseline;
mod card;
mod error;
pub mod evaluate;
pub mod features;
mod fit;
#[cfg(test)]
mod fixture;
mod model;
mod models;
pub mod registry;
mod rng;
mod scorer;
mod train;
mod uncertainty;
#[cfg(test)]
mod whole;

pub use backtest::{Backtest, Outcome, backtest};
pub use card::{Card, RoleCard};
pub use error::Error;
pub use features::{FeatureTable, Snapshot, definitions, extract, schema_hash};
pub use model::Model;
pub use train::{TrainConfig, train};
