//! Decisions about models: promote, roll back, challenge; and the record of runs.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use jiff::Timestamp;

use crate::clock::Clock;
use crate::domain::Season;
use crate::ml::Figures;
use crate::ml::{self, Card, Model};
use crate::rankings::models::ModelChange;
use crate::store::{Challenge, ModelDecision, ModelState, RunFigures, Store, TrainingRun};

/// Who decides, and why.
#[derive(Clone, Copy, Debug)]
pub struct Reason<'a> {
    /// `command line`, `API` or `predict`.
    pub by: &'static str,
    /// In words.
    pub why: &'a str,
}

/// Records a finished run of training.
pub(super) fn record_run(
    store: &Store,
    card: &Card,
    started_by: &str,
    started: Timestamp,
    finished: Timestamp,
) -> anyhow::Result<()> {
    let roles = card.roles.iter();
    let schemas = roles.map(|role| (role.role.to_string(), role.feature_schema.clone()));
    let pooled = card.backtest.iter();
    let pooled = pooled.filter(|row| row.season.is_none() && row.confidence.is_none());
    let run = TrainingRun {
        run: 0,
        model_id: card.id.clone(),
        trained_until: card.trained_until,
        seed: card.seed,
        settings: card.hyper.map(|h| h.named()).unwrap_or_default(),
        data_hash: card.data_hash.clone(),
        feature_schemas: schemas.collect(),
        code_version: card.code_version.clone(),
        started_by: started_by.to_owned(),
        seconds: finished.duration_since(started).as_secs_f64(),
        finished,
        unseen: card.roles.iter().map(|r| recorded(&r.unseen)).collect(),
        backtest: pooled.map(recorded).collect(),
    };
    store.write(|tx| tx.put_training_run(&run))?;
    Ok(())
}

fn recorded(figures: &Figures) -> RunFigures {
    RunFigures {
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

/// Makes `change`, logs it, and returns the logged decision. The state it changes is
/// read in the transaction that writes it: of two decisions at once, one comes after
/// the other.
///
/// # Errors
/// When the model is unknown or damaged, or the change makes no sense now. The
/// message says what to do, and nothing has changed.
pub fn decide(
    store: &Store,
    data: &Path,
    change: &ModelChange,
    reason: Reason<'_>,
    clock: &dyn Clock,
) -> anyhow::Result<ModelDecision> {
    // The outer result is the store's, the inner one the decision's: what makes no
    // sense is known before anything is written.
    store.write(|tx| {
        let mut state = tx.model_state()?;
        let planned = match change {
            ModelChange::Promote(id) => promote(store, data, &mut state, id),
            ModelChange::Rollback => rollback(data, &mut state),
            ModelChange::Challenge(id, share) => {
                challenge(store, data, &mut state, id, *share, clock)
            }
            ModelChange::EndChallenge => end_challenge(&mut state),
        };
        let (action, from, to) = match planned {
            Ok(planned) => planned,
            Err(error) => return Ok(Err(error)),
        };
        let decision = ModelDecision {
            at: clock.now(),
            action: action.to_owned(),
            from,
            to,
            by: reason.by.to_owned(),
            why: reason.why.to_owned(),
        };
        tx.decide(&state, &decision)?;
        Ok(Ok(decision))
    })?
}

type Change = (&'static str, Option<String>, Option<String>);

fn promote(store: &Store, data: &Path, state: &mut ModelState, id: &str) -> anyhow::Result<Change> {
    load(data, id)?;
    // A champion whose files are gone must not keep another from being promoted.
    let from = match &state.champion {
        Some(champion) => Some(champion.clone()),
        None => present(store, data)?.map(|model| model.id().to_owned()),
    };
    ensure!(
        state.champion.as_deref() != Some(id),
        "{id} is the champion already"
    );
    state.earlier.extend(from.clone().filter(|from| from != id));
    state.champion = Some(id.to_owned());
    state
        .challenge
        .take_if(|challenge| challenge.model_id == id);
    Ok(("promote", from, Some(id.to_owned())))
}

fn rollback(data: &Path, state: &mut ModelState) -> anyhow::Result<Change> {
    let earlier = state.earlier.pop().context(
        "there is no earlier champion to go back to: choose a model with `afwd models promote ID`",
    )?;
    load(data, &earlier)?;
    let from = state.champion.replace(earlier.clone());
    state
        .challenge
        .take_if(|challenge| challenge.model_id == earlier);
    Ok(("rollback", from, Some(earlier)))
}

fn challenge(
    store: &Store,
    data: &Path,
    state: &mut ModelState,
    id: &str,
    share: f64,
    clock: &dyn Clock,
) -> anyhow::Result<Change> {
    ensure!(
        share > 0.0 && share <= 1.0,
        "the share of viewers is above 0 and at most 1, such as 0.1"
    );
    let challenger = load(data, id)?;
    let champion = present(store, data)?.context("there is no champion to challenge")?;
    ensure!(champion.id() != id, "{id} is the champion already");
    let (newest, simulated) = store.read(|tx| Ok((tx.seasons()?.pop(), tx.is_simulated()?)))?;
    if let Some(newest) = newest.filter(|s| !simulated && challenger.trained_until() > *s) {
        bail!("{id} has seen outcomes after {newest}, the newest season, so it may not predict it");
    }
    // Fixed for the time of the challenge, so that a newly trained model does
    // not take the champion's place in the middle of it.
    state.champion = Some(champion.id().to_owned());
    let from = state.challenge.take().map(|challenge| challenge.model_id);
    let since = clock.now();
    state.challenge = Some(Challenge {
        name: format!("{id}/{}", since.as_second()),
        model_id: id.to_owned(),
        share,
        since,
    });
    Ok(("challenge", from, Some(id.to_owned())))
}

fn end_challenge(state: &mut ModelState) -> anyhow::Result<Change> {
    let challenge = state
        .challenge
        .take()
        .context("no challenge is under way")?;
    Ok(("end challenge", Some(challenge.model_id), None))
}

/// The model that predicts the newest season.
fn present(store: &Store, data: &Path) -> anyhow::Result<Option<Model>> {
    let newest = store.read(|tx| tx.seasons())?.pop();
    super::choice::existing(store, data, newest.unwrap_or(Season(u16::MAX)))
}

fn load(data: &Path, id: &str) -> anyhow::Result<Model> {
    ml::registry::find(&super::models_dir(data), id).with_context(|| {
        format!("model {id} can't be used; `afwd models list` shows those that can")
    })
}
