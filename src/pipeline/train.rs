//! Train a model on the store's history and register it in the data directory.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use crate::domain::{History, Season};
use crate::ml::{self, Model, TrainConfig};
use crate::store::Store;

/// Seed where the operator names none.
pub const DEFAULT_SEED: u64 = 1;

/// A model that was trained and saved.
#[derive(Debug)]
pub struct Trained {
    /// The model, ready to predict.
    pub model: Model,
    /// Where its files are.
    pub directory: PathBuf,
}

/// Trains on the windows closed by the end of `until` and saves the model under
/// the data directory; the same data and seed give the same bytes.
///
/// # Errors
/// When too few windows had closed by then.
pub fn train(
    store: &Store,
    data: &Path,
    until: Season,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Trained> {
    train_on(&super::histories(store)?, data, until, seed, progress)
}

/// As [`train`], on histories already read.
pub(super) fn train_on(
    histories: &[History],
    data: &Path,
    until: Season,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Trained> {
    let config = TrainConfig {
        until,
        seed,
        threads: threads(),
    };
    let model = ml::train(histories, &config, progress)?;
    let directory = super::models_dir(data).join(model.id());
    model.save(&directory)?;
    Ok(Trained { model, directory })
}

/// Threads to train with; a model does not depend on their number.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
