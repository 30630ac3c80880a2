//! Train a model on the store's history and register it in the data directory.

use std::path::{Path, PathBuf};

use crate::domain::{History, Season};
use crate::ml::{self, Model, TrainConfig};
use crate::store::Store;

/// A model that was trained and saved.
#[derive(Debug)]
pub struct Trained {
    /// The model, ready to predict.
    pub model: Model,
    /// Where its files are.
    pub directory: PathBuf,
}

/// Trains on the windows closed by the end of `until` and saves the model under
/// `data/models/`, replacing an earlier run with the same data and seed by the
/// same bytes.
///
/// # Errors
/// When the store has no season whose window had closed by then.
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
    let model = ml::train(histories, &TrainConfig { until, seed, ..TrainConfig::default() }, progress)?;
    let directory = super::models_dir(data).join(model.id());
    model.save(&directory)?;
    Ok(Trained { model, directory })
}
