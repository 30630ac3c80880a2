//! Judging models on outcomes they have not learnt from, and taking a failed
//! champion back.
//!
//! The rule: both models are judged on the newest season whose windows have
//! closed, every player by the member of the bag that learnt nothing of him
//! ([`Model::predict_unseen`]). So a model that was trained on that season's
//! outcomes has no advantage over one that was not. What stays shared is the
//! combination's three numbers per role.

use std::path::Path;

use crate::clock::Clock;
use crate::domain::{History, Role, Season};
use crate::ml::Difference;
use crate::ml::Figures;
use crate::ml::trial::Trial;
use crate::ml::{self, FeatureTable, Model};
use crate::store::{ModelDecision, ModelState, Store};

/// Seed of the bootstrap: a verdict must not change with the run.
const SEED: u64 = 1;
/// Relative loss in log loss that is tolerated.
const TOLERANCE: f64 = 0.01;
/// Least balanced accuracy of a champion.
const LEAST_ACCURACY: f64 = 0.60;

/// The newest season whose windows are closed: four seasons before the newest
/// with a major-league line.
pub fn newest_closed(histories: &[History]) -> Option<Season> {
    let seasons = histories
        .iter()
        .flat_map(|h| h.mlb.iter().map(|m| m.season));
    let newest = seasons.max().map(|last| last.minus(Season::WINDOW))?;
    (0..=Season::WINDOW)
        .map(|back| newest.minus(back))
        .find(|&season| {
            let table = ml::extract(histories, season..=season, Role::Hitter);
            !is_unfinished(histories, season.plus(Season::WINDOW))
                && table.snapshots.iter().any(|s| s.label.is_some())
        })
}

/// True when the season's newest line counts up to a day before September: it
/// was imported while the season was played.
fn is_unfinished(histories: &[History], season: Season) -> bool {
    let dates = histories.iter().flat_map(|h| {
        let batting = h.batting.iter().map(|line| (line.season, line.as_of));
        batting.chain(h.pitching.iter().map(|line| (line.season, line.as_of)))
    });
    let newest = dates
        .filter(|(of, _)| *of == season)
        .map(|(_, as_of)| as_of)
        .max();
    newest.is_some_and(|day| day < jiff::civil::date(season.0 as i16, 9, 1))
}

/// The snapshots of a season, both roles.
pub(super) fn tables(histories: &[History], season: Season) -> [FeatureTable; 2] {
    [Role::Hitter, Role::Pitcher].map(|role| ml::extract(histories, season..=season, role))
}

/// Whether the champion failed against the model before it, and why; `None`
/// when it holds, or no season has closed.
///
/// # Errors
/// When the tensor library fails.
pub fn failure(
    histories: &[History],
    earlier: &Model,
    champion: &Model,
) -> anyhow::Result<Option<String>> {
    let Some(season) = newest_closed(histories) else {
        return Ok(None);
    };
    let [hitters, pitchers] = tables(histories, season);
    let trial = Trial::of(&[earlier, champion], &[&hitters, &pitchers])?;
    if !trial.pairs(0).iter().any(|pair| pair.1) {
        return Ok(None);
    }
    let [old, new] = [0, 1].map(|at| Figures::of(trial.pairs(at), Some(season), None));
    Ok(verdict_on(&old, &new, trial.difference(SEED)))
}

fn verdict_on(old: &Figures, new: &Figures, gap: Difference) -> Option<String> {
    let season = new.season.map(|s| s.to_string()).unwrap_or_default();
    if new.log_loss > old.log_loss * (1.0 + TOLERANCE) && gap.lower > 0.0 {
        return Some(format!(
            "log loss {:.4} on {season} is worse than {:.4} of the model before (difference {:+.4}, 95 % {:+.4} to {:+.4}, {} snapshots)",
            new.log_loss, old.log_loss, gap.mean, gap.lower, gap.upper, new.n
        ));
    }
    // Going back to a model that is no better would help nobody.
    (new.balanced_accuracy < LEAST_ACCURACY && new.balanced_accuracy < old.balanced_accuracy).then(
        || {
            format!(
                "balanced accuracy {:.3} on {season} is under {LEAST_ACCURACY:.2}",
                new.balanced_accuracy
            )
        },
    )
}

/// Goes back to the champion before when the present one fails; says and logs why.
///
/// # Errors
/// When the store fails, or the champion can't be loaded.
pub(super) fn take_back_failed(
    store: &Store,
    histories: &[History],
    data: &Path,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    let state = store.read(|tx| tx.model_state())?;
    let Some((champion, before)) = on_trial(&state) else {
        return Ok(());
    };
    let models = super::models_dir(data);
    // A damaged champion is an error of its own; a damaged earlier one is no refuge.
    let (Ok(new), Ok(old)) = (
        ml::registry::find(&models, &champion),
        ml::registry::find(&models, &before),
    ) else {
        return Ok(());
    };
    let Some(why) = failure(histories, &old, &new)? else {
        return Ok(());
    };
    progress(&format!("rolling back from {champion} to {before}: {why}"));
    let decision = ModelDecision {
        at: clock.now(),
        action: "automatic rollback".to_owned(),
        from: Some(champion.clone()),
        to: Some(before.clone()),
        by: "predict".to_owned(),
        why,
    };
    let taken_back = store.write(|tx| {
        let mut state = tx.model_state()?;
        // What the operator has decided while it was on trial stands.
        if on_trial(&state) != Some((champion.clone(), before.clone())) {
            return Ok(false);
        }
        state.earlier.pop();
        state.champion = Some(before.clone());
        state
            .challenge
            .take_if(|challenge| challenge.model_id == before);
        tx.decide(&state, &decision)?;
        Ok(true)
    })?;
    if !taken_back {
        progress("the champion was changed meanwhile, so nothing is taken back");
    }
    Ok(())
}

/// The champion and the one before it.
fn on_trial(state: &ModelState) -> Option<(String, String)> {
    Some((state.champion.clone()?, state.earlier.last()?.clone()))
}
