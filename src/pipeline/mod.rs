//! What the product does with its data, one file per step: export features,
//! train, predict, backtest, load the demo league.
//!
//! Each step reads the store, calls the engine and writes back; each is safe to
//! run twice. Nothing here renders a page or parses a command line.

pub mod features;
