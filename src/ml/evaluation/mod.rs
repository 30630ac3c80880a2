//! Scoring models on outcomes they have not learnt from.

pub(super) mod backtest;
mod baseline;
pub mod trial;
pub(super) mod walk_forward;
