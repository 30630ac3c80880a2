//! The prediction engine: features, models, exact explanations, evaluation.
//!
//! In floors, each of which knows only those below it: [`features`] turns histories
//! into what a model sees; `learners` are the algorithms and `figures` the measures;
//! `engine` puts a [`Model`] together, which predicts and explains; `evaluation`
//! scores it on outcomes it has not learnt from; `experiments` ask what its parts
//! are worth. Start at [`features`], then [`train()`] and [`Model`].

mod engine;
mod error;
mod evaluation;
mod experiments;
pub mod features;
mod figures;
#[cfg(test)]
mod fixture;
mod learners;
mod rng;
#[cfg(test)]
mod tests;

pub use engine::card::{Card, RoleCard};
pub use engine::comparables::{COMPARABLES, Places, Reference, success_share};
pub use engine::model::Model;
pub use engine::settings::{Hyper, Settings};
pub use engine::train::{Material, TrainConfig, train, train_on};
pub use engine::{drift, registry};
pub use error::Error;
pub use evaluation::backtest::{Backtest, backtest};
pub use evaluation::trial;
pub use experiments::challenger::Challenger;
pub use experiments::{ablation, champion_challenger, scouting, tuning};
pub use features::{FeatureTable, Snapshot, definitions, extract, schema_hash};
pub use figures::days::DayFigures;
pub use figures::outcome::Outcome;
pub use figures::paired::Difference;
pub use figures::probability;
pub use figures::probability::Figures;
pub use figures::validation::{ComparableFigures, CoverageFigures, HorizonFigures, Validation};
