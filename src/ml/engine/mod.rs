//! The model: how it is fitted, what it says, how it is kept.
//!
//! `fit` makes what `scorer` serves; `train` does so for both roles and gives a
//! [`model::Model`]; `artefact` writes it down.

pub(super) mod artefact;
pub(super) mod card;
pub(super) mod closed;
pub(super) mod comparables;
pub mod drift;
pub(super) mod fit;
mod horizons;
pub(super) mod model;
mod open;
pub mod registry;
pub(super) mod scorer;
pub(super) mod settings;
mod stage;
pub(super) mod train;
mod uncertainty;
