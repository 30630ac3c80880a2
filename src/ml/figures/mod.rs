//! How right probabilities were: figures, their differences, and what stands
//! beside a probability.

pub(super) mod days;
pub(super) mod odds;
pub(super) mod outcome;
pub(super) mod paired;
pub mod probability;
pub(super) mod validation;
