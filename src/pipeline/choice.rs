//! Which model may predict a season.

use std::path::Path;

use crate::domain::Season;
use crate::ml::{self, Model};
use crate::store::Store;

/// The champion when it may predict `season`, else the newest model that has
/// seen nothing after it. When the store is that of the simulated league, any
/// model may, since fictional players have no real future. `None` when there is none.
///
/// # Errors
/// When the champion is missing or damaged: the message says what to run.
pub fn existing(store: &Store, data: &Path, season: Season) -> anyhow::Result<Option<Model>> {
    let (state, simulated) = store.read(|tx| Ok((tx.model_state()?, tx.is_simulated()?)))?;
    let models = super::models_dir(data);
    if let Some(id) = state.champion {
        let champion = ml::registry::find(&models, &id).map_err(|error| {
            anyhow::Error::from(error).context(format!(
                "the champion model {id} can't be used: restore {}, or choose another model with \
                 `afwd models rollback` or `afwd models promote ID` (`afwd models list` shows them)",
                models.join(&id).display()
            ))
        })?;
        if may_predict(&champion, simulated, season) {
            return Ok(Some(champion));
        }
    }
    Ok(if simulated {
        ml::registry::newest_for_simulated(&models)?
    } else {
        ml::registry::newest_for(&models, season)?
    })
}

/// The challenger, when there is one that may predict `season`; a damaged one is
/// said and passed over.
///
/// # Errors
/// When the store fails.
pub(super) fn challenger(
    store: &Store,
    data: &Path,
    season: Season,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Option<Model>> {
    let (state, simulated) = store.read(|tx| Ok((tx.model_state()?, tx.is_simulated()?)))?;
    let Some(challenge) = state.challenge else {
        return Ok(None);
    };
    match ml::registry::find(&super::models_dir(data), &challenge.model_id) {
        Ok(model) => Ok(Some(model).filter(|model| may_predict(model, simulated, season))),
        Err(error) => {
            progress(&format!("the challenger is not used: {error}"));
            Ok(None)
        }
    }
}

/// Says which models below `data` are refused and passed over.
///
/// # Errors
/// When the directory can't be read.
pub fn report_damaged(data: &Path, progress: &mut dyn FnMut(&str)) -> anyhow::Result<()> {
    for found in ml::registry::survey(&super::models_dir(data))? {
        if let Err(error) = found.model {
            progress(&format!("model {} is passed over: {error}", found.name));
        }
    }
    Ok(())
}

/// A model may speak of a season only when it has seen nothing after it.
fn may_predict(model: &Model, simulated: bool, season: Season) -> bool {
    simulated || model.trained_until() <= season
}
