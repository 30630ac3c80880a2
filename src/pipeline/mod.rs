//! What the product does with its data, one file per step: export features,
//! train, predict, backtest, load the demo league.
//!
//! Each step reads the store, calls the engine and writes back; each is safe to
//! run twice. Nothing here renders a page or parses a command line.

mod agreement;
pub mod backfill;
pub mod backtest;
pub mod board;
pub mod choice;
mod comparables;
pub mod daily;
pub mod daily_boards;
pub mod demo;
pub mod drift;
pub mod fangraphs;
mod feature_check;
pub mod features;
pub mod fetch;
mod fine_wine;
pub mod mail;
pub mod measure;
pub mod names;
pub mod outcomes;
pub mod predict;
pub mod prediction_csv;
pub mod registry;
pub mod report;
mod source_state;
pub mod train;
mod training;
pub mod trial;
pub mod versions;

use std::num::NonZero;
use std::path::{Path, PathBuf};

use crate::domain::History;
use crate::store::Store;

/// Every history of the store that has a minor-league line.
///
/// # Errors
/// When there is none: the message says how to import.
pub fn histories(store: &Store) -> anyhow::Result<Vec<History>> {
    let histories = store.read(|tx| tx.histories())?;
    anyhow::ensure!(
        !histories.is_empty(),
        "the store has no minor-league line yet: run `afwd import milb-hitting FILE...` first"
    );
    Ok(histories)
}

/// Where a data directory keeps its trained models.
pub fn models_dir(data: &Path) -> PathBuf {
    crate::data_dir::models(data)
}

/// Threads to train with; a model does not depend on their number.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
