//! Train a model on the store's history and register it in the data directory.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::domain::{History, Season};
use crate::ml::{self, Hyper, Model, TrainConfig};
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

/// What to train.
#[derive(Clone, Debug)]
pub struct TrainingPlan {
    /// Last season of outcomes.
    pub until: Season,
    /// Seed of every random choice.
    pub seed: u64,
    /// Seasons to measure walk-forward for the model's card.
    pub backtest: Option<RangeInclusive<Season>>,
}

/// Trains on the windows closed by the end of `plan.until` and saves the model
/// under the data directory; the same data and seed give the same bytes.
///
/// # Errors
/// When too few windows had closed by then.
pub fn train(
    store: &Store,
    data: &Path,
    plan: &TrainingPlan,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Trained> {
    let histories = super::histories(store)?;
    train_on(store, &histories, data, plan, "train", clock, progress)
}

/// As [`train`], on histories already read.
pub(super) fn train_on(
    store: &Store,
    histories: &[History],
    data: &Path,
    plan: &TrainingPlan,
    started_by: &str,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Trained> {
    let started = clock.now();
    let config = TrainConfig {
        until: plan.until,
        seed: plan.seed,
        threads: super::threads(),
        hyper: Hyper::default(),
    };
    let mut model = ml::train(histories, &config, progress)?;
    if let Some(seasons) = plan.backtest.clone() {
        let measured = super::backtest::run(histories, seasons, plan.seed, progress)?;
        model = model.with_backtest(measured.figures, measured.validation);
    }
    let directory = super::models_dir(data).join(model.id());
    model.save(&directory)?;
    super::registry::record_run(store, model.card(), started_by, started, clock.now())?;
    Ok(Trained { model, directory })
}
