//! Measuring the engine: what features, settings and other models are worth.

use std::ops::RangeInclusive;

use crate::domain::{History, Role, Season};
use crate::ml::ablation::{self, AblateConfig, Ablated};
use crate::ml::contest::{self, ContestConfig, Score};
use crate::ml::scouting::{self, Scouted, ScoutingConfig};
use crate::ml::tuning::{self, Trial, TuneConfig};

/// Walk-forward figures with each group of features left out, and when `added`
/// with each added to age and level.
///
/// # Errors
/// When a season has too few closed windows before it.
pub fn ablate(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    roles: &[Role],
    added: bool,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Ablated>> {
    let config = AblateConfig {
        seasons,
        roles: roles.to_vec(),
        added,
        seed,
        threads: super::train::threads(),
    };
    Ok(ablation::ablate(histories, &config, progress)?)
}

/// What published scouting adds on the windows closed by the end of `until`.
///
/// # Errors
/// When too few windows had closed by then.
pub fn scouting(
    histories: &[History],
    until: Season,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Scouted>> {
    let config = ScoutingConfig {
        until,
        seed,
        threads: super::train::threads(),
    };
    Ok(scouting::measure(histories, &config, progress)?)
}

/// Tries settings at random, scored walk-forward on `seasons`; `spent` tells the
/// processor seconds used so far.
///
/// # Errors
/// When a season has too few closed windows before it.
pub fn tune(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    trials: usize,
    seed: u64,
    spent: &dyn Fn() -> Option<f64>,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Trial>> {
    let config = TuneConfig {
        seasons,
        trials,
        seed,
        threads: super::train::threads(),
    };
    Ok(tuning::tune(histories, &config, spent, progress)?)
}

/// Champion, challenger network and their blend, walk-forward on `seasons`.
///
/// # Errors
/// When a season, or one of the two before, has too few closed windows before it.
pub fn challenge(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Score>> {
    let config = ContestConfig {
        seasons,
        seed,
        threads: super::train::threads(),
    };
    Ok(contest::contest(histories, &config, progress)?)
}
