//! Pieces that several pages show, one a file.

pub mod comparables;
pub mod confidence;
pub mod lines;
pub mod probability;
pub mod rates;
pub mod verdicts;
