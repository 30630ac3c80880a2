//! Which model may predict a season.

use std::path::Path;

use super::train::{DEFAULT_SEED, Plan};
use crate::domain::{History, Season};
use crate::ml::{self, Model};

/// The newest model that has seen nothing after `season`; when the store is that
/// of the simulated league, whatever model is newest, since fictional players
/// have no real future. `None` when there is none.
///
/// # Errors
/// When a model's files are damaged.
pub fn existing(data: &Path, simulated: bool, season: Season) -> anyhow::Result<Option<Model>> {
    let models = super::models_dir(data);
    Ok(if simulated {
        ml::registry::newest_for_simulated(&models)?
    } else {
        ml::registry::newest_for(&models, season)?
    })
}

/// As [`existing`]; when there is none, one is trained on the windows closed by
/// the end of `season` and registered.
pub(super) fn for_season(
    histories: &[History],
    data: &Path,
    simulated: bool,
    season: Season,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Model> {
    if let Some(model) = existing(data, simulated, season)? {
        return Ok(model);
    }
    progress(&format!(
        "no model has seen only windows closed by {season}: training one"
    ));
    let plan = Plan {
        until: season,
        seed: DEFAULT_SEED,
        backtest: None,
    };
    Ok(super::train::train_on(histories, data, &plan, progress)?.model)
}
