//! What is a group of features, a survey, a setting or another kind of model worth?

pub mod ablation;
pub(super) mod challenger;
pub mod champion_challenger;
pub mod scouting;
pub mod tuning;
