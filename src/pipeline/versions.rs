//! The registry as views: versions, comparison, drift.

use std::path::Path;

use anyhow::Context;

use crate::domain::{Role, Season};
use crate::ml::Figures;
use crate::ml::trial::Trial;
use crate::ml::{self, Model};
use crate::rankings::models::{
    ArmView, ChallengeView, DamagedModel, DecisionView, DriftView, ModelComparison, ModelFigures,
    ModelView, ModelsView, RunView,
};
use crate::store::{ArmCounts, ModelDecision, ModelState, Store, TrainingRun};

/// Newest closed seasons a comparison looks at.
const COMPARED: u16 = 6;

/// Every version, who is trusted, and every decision.
///
/// # Errors
/// When the store or the models' directory can't be read.
pub fn models(store: &Store, data: &Path) -> anyhow::Result<ModelsView> {
    let (state, log, runs, counts, newest) = store.read(|tx| {
        let newest = tx.seasons()?.pop();
        Ok((
            tx.model_state()?,
            tx.model_log()?,
            tx.training_runs()?,
            tx.arm_counts()?,
            newest,
        ))
    })?;
    // A damaged champion is shown among the damaged, not an error here.
    let present = super::choice::existing(store, data, newest.unwrap_or(Season(u16::MAX)));
    let champion = match (&state.champion, present) {
        (_, Ok(Some(model))) => Some(model.id().to_owned()),
        (chosen, _) => chosen.clone(),
    };
    let (mut models, mut damaged) = (Vec::new(), Vec::new());
    for found in ml::registry::survey(&super::models_dir(data))? {
        match found.model {
            Ok(model) => models.push(view(&model, &state, champion.as_deref(), false, &runs)),
            Err(error) => damaged.push(DamagedModel {
                directory: found.name,
                reason: error.to_string(),
            }),
        }
    }
    let shipped = Model::embedded()?;
    models.retain(|model| model.model != shipped.id());
    models.push(view(&shipped, &state, champion.as_deref(), true, &runs));
    models.sort_by(|a, b| (b.trained_until, &a.model).cmp(&(a.trained_until, &b.model)));
    Ok(ModelsView {
        champion,
        chosen: state.champion.is_some(),
        challenge: state.challenge.map(|challenge| ChallengeView {
            arms: arms(&challenge.name, &counts),
            model: challenge.model_id,
            share: challenge.share,
            since: challenge.since.to_string(),
        }),
        models,
        damaged,
        log: log.iter().rev().map(decision).collect(),
    })
}

/// A decision as it is shown.
pub fn decision(decision: &ModelDecision) -> DecisionView {
    DecisionView {
        at: decision.at.to_string(),
        action: decision.action.clone(),
        from: decision.from.clone(),
        to: decision.to.clone(),
        by: decision.by.clone(),
        why: decision.why.clone(),
    }
}

/// Two models on the same snapshots of the newest closed seasons, every player
/// judged by the member that never saw him.
///
/// # Errors
/// When a model is unknown or damaged, or the store can't be read.
pub fn compare(store: &Store, data: &Path, a: &str, b: &str) -> anyhow::Result<ModelComparison> {
    let load = |id: &str| {
        ml::registry::find(&super::models_dir(data), id)
            .with_context(|| format!("model {id} can't be compared"))
    };
    let models = [load(a)?, load(b)?];
    let histories = store.read(|tx| tx.histories())?;
    let mut comparison = ModelComparison {
        a: a.to_owned(),
        b: b.to_owned(),
        seasons: closed(&histories),
        a_figures: Vec::new(),
        b_figures: Vec::new(),
        log_loss_gap: None,
    };
    for &season in &comparison.seasons {
        for table in super::trial::tables(&histories, Season(season)) {
            let trial = Trial::of(&[&models[0], &models[1]], &[&table])?;
            if !trial.is_empty() {
                comparison
                    .a_figures
                    .push(on_season(&trial, 0, season, table.role));
                comparison
                    .b_figures
                    .push(on_season(&trial, 1, season, table.role));
            }
        }
    }
    let tables: Vec<_> = comparison
        .seasons
        .iter()
        .flat_map(|&season| super::trial::tables(&histories, Season(season)))
        .collect();
    let tables: Vec<_> = tables.iter().collect();
    let trial = Trial::of(&[&models[0], &models[1]], &tables)?;
    if !trial.is_empty() {
        let gap = trial.difference(1);
        comparison.log_loss_gap = Some([gap.mean, gap.lower, gap.upper]);
    }
    Ok(comparison)
}

/// The newest drift report; `None` before the first prediction.
///
/// # Errors
/// When the store can't be read.
pub fn drift(store: &Store) -> anyhow::Result<Option<DriftView>> {
    Ok(store.read(|tx| tx.newest_drift())?)
}

/// The newest closed seasons, oldest first.
fn closed(histories: &[crate::domain::History]) -> Vec<u16> {
    let newest = super::trial::newest_closed(histories);
    let seasons = newest.map(|newest| (0..COMPARED).rev().map(move |back| newest.minus(back).0));
    seasons.into_iter().flatten().collect()
}

fn view(
    model: &Model,
    state: &ModelState,
    champion: Option<&str>,
    shipped: bool,
    runs: &[TrainingRun],
) -> ModelView {
    let card = model.card();
    let challenger = state.challenge.as_ref().map(|c| c.model_id.as_str());
    let status = [
        ("champion", champion == Some(model.id())),
        ("challenger", challenger == Some(model.id())),
        ("shipped", shipped),
    ];
    let pooled = card
        .backtest
        .iter()
        .filter(|f| f.season.is_none() && f.confidence.is_none());
    let pooled = pooled.map(|f| figures("walk-forward", f));
    ModelView {
        model: card.id.clone(),
        status: status
            .iter()
            .filter(|(_, is)| *is)
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        trained_until: card.trained_until,
        seed: card.seed,
        code_version: card.code_version.clone(),
        data_hash: card.data_hash.clone(),
        weights_hash: card.weights_hash.clone(),
        figures: unseen(model).into_iter().chain(pooled).collect(),
        runs: runs
            .iter()
            .filter(|run| run.model_id == card.id)
            .map(run_view)
            .collect(),
    }
}

fn run_view(run: &TrainingRun) -> RunView {
    RunView {
        run: run.run,
        started_by: run.started_by.clone(),
        finished: run.finished.to_string(),
        seconds: run.seconds,
        settings: run.settings.clone(),
    }
}

fn unseen(model: &Model) -> Vec<ModelFigures> {
    let roles = model.card().roles.iter();
    roles
        .map(|role| figures("unseen players", &role.unseen))
        .collect()
}

fn on_season(trial: &Trial, at: usize, season: u16, role: Role) -> ModelFigures {
    let of = Figures::of(trial.pairs(at), Some(Season(season)), Some(role));
    figures("season", &of)
}

fn figures(on: &str, figures: &Figures) -> ModelFigures {
    ModelFigures {
        on: on.to_owned(),
        season: figures.season.map(|s| s.0),
        role: figures.role.map_or("both".to_owned(), |r| r.to_string()),
        n: figures.n,
        base_rate: figures.base_rate,
        auc: figures.auc,
        brier_skill: figures.brier_skill,
        log_loss: figures.log_loss,
        ece: figures.ece,
        observed_to_expected: figures.observed_to_expected,
        balanced_accuracy: figures.balanced_accuracy,
    }
}

fn arms(challenge: &str, counts: &[(String, String, ArmCounts)]) -> Vec<ArmView> {
    let arms = ["champion", "challenger"].map(|arm| {
        let held = counts.iter().find(|(c, a, _)| c == challenge && a == arm);
        let held = held.map(|held| held.2).unwrap_or_default();
        ArmView {
            arm: arm.to_owned(),
            views: held.views,
            opens: held.opens,
        }
    });
    arms.into()
}
