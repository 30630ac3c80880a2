//! Pieces that several pages show, one a file.

pub(super) mod comparables;
pub(super) mod confidence;
pub(super) mod lines;
pub(super) mod probability;
pub(super) mod rates;
pub(super) mod verdicts;
