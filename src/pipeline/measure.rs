//! Measuring the engine: what features, settings and other models are worth.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::domain::{History, Role, Season};
use crate::ml::Challenger;
use crate::ml::ablation::{self, AblateConfig, Ablated};
use crate::ml::champion_challenger::{self, ContestConfig, Score};
use crate::ml::scouting::{self, Scouted, ScoutingConfig};
use crate::ml::tuning::{self, Attempt, TuneConfig};

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
        threads: super::threads(),
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
        threads: super::threads(),
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
) -> anyhow::Result<Vec<Attempt>> {
    let config = TuneConfig {
        seasons,
        trials,
        seed,
        threads: super::threads(),
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
) -> anyhow::Result<Vec<Score>> {
    let config = ContestConfig {
        seasons,
        seed,
        threads: super::threads(),
    };
    Ok(champion_challenger::contest(histories, &config)?)
}

/// Trains the challenger network of each role, one thread each, on the windows
/// closed by the end of `until`; gives the directories they were saved in.
///
/// # Errors
/// When too few windows had closed by then, or a file can't be written.
pub fn train_challengers(
    histories: &[History],
    data: &Path,
    until: Season,
    seed: u64,
) -> anyhow::Result<Vec<PathBuf>> {
    let last = until.minus(Season::WINDOW);
    let train = |role: Role| {
        let table = crate::ml::extract(histories, Season(0)..=last, role);
        Challenger::train_until(&table, until, seed)
    };
    let trained: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = Role::ALL
            .iter()
            .map(|&role| scope.spawn(move || train(role)))
            .collect();
        let results = running.into_iter().map(|thread| thread.join());
        results
            .map(|result| result.expect("training does not panic"))
            .collect::<Result<_, _>>()
    })?;
    let directory = data.join("challengers").join(format!("{until}-seed{seed}"));
    let save = |challenger: Challenger| {
        let directory = directory.join(challenger.role().as_str());
        challenger.save(&directory).map(|()| directory)
    };
    Ok(trained.into_iter().map(save).collect::<Result<_, _>>()?)
}
