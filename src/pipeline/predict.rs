//! Predict every prospect of a season and make the season's board.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::Path;

use super::comparables::Past;
use super::train::{DEFAULT_SEED, TrainingPlan};
use crate::clock::Clock;
use crate::domain::{
    Comparable, DriftLevel, History, Horizons, Prediction, ProspectId, Role, Season, SnapshotId,
    Withheld,
};
use crate::ml::{self, Model};
use crate::rankings::models::DriftView;
use crate::rankings::{BoardData, BoardEntry, BoardInput, Facts, LeagueAverages};
use crate::store::{BoardMeta, Store, StoredPrediction};

/// A season that was predicted.
#[derive(Debug)]
pub struct Predicted {
    /// Season whose end it is.
    pub season: Season,
    /// Version of the model.
    pub model_id: String,
    /// Players ranked on its board.
    pub ranked: u64,
    /// Every snapshot with its prediction, hitters first.
    pub predictions: Vec<Answer>,
}

/// What was said of a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The snapshot.
    pub at: SnapshotId,
    /// The prediction.
    pub prediction: Prediction,
    /// The same by season.
    pub horizons: Horizons,
    /// True when the board does not show it, for want of a birth date or of
    /// playing time; it is kept to be measured.
    pub withheld: bool,
}

/// Predicts every prospect at the end of each season, oldest first, and stores
/// predictions and boards; a challenger scores every snapshot too. A season is
/// predicted by models that have seen nothing after it.
///
/// # Errors
/// When the store has no line by the end of a season, or no model may be used
/// and none can be trained. Seasons before the failing one are stored.
pub fn predict(
    store: &Store,
    data: &Path,
    seasons: RangeInclusive<Season>,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Vec<Predicted>> {
    super::choice::report_damaged(data, progress)?;
    let histories = super::histories(store)?;
    super::trial::take_back_failed(store, &histories, data, clock, progress)?;
    let run = Run::new(store, histories, *seasons.end())?;
    let mut predicted = Vec::new();
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let histories = &run.histories;
        let model = model_for(store, histories, data, season, clock, progress)?;
        let scored = run.score(&model, season, progress)?;
        let drift = super::drift::report(histories, &model, season, clock)?;
        say_drift(&drift, progress);
        let rows = rows(&scored, clock);
        store.write(|tx| {
            tx.put_predictions(&rows)?;
            tx.put_comparables(season, &scored.comparables)?;
            tx.put_drift(season, &drift)?;
            tx.put_board(&scored.meta, &scored.board)
        })?;
        if let Some(challenger) = super::choice::challenger(store, data, season, progress)? {
            run.challenge(&challenger, season, clock, progress)?;
        }
        predicted.push(Predicted {
            season,
            model_id: scored.meta.model_id,
            ranked: scored.board.ids().count() as u64,
            predictions: scored.answers,
        });
    }
    Ok(predicted)
}

/// The model that may predict `season`; when there is none, one is trained on the windows closed by
/// the end of `season` and registered.
fn model_for(
    store: &Store,
    histories: &[History],
    data: &Path,
    season: Season,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<Model> {
    if let Some(model) = super::choice::existing(store, data, season)? {
        return Ok(model);
    }
    progress(&format!(
        "no model has seen only windows closed by {season}: training one"
    ));
    let plan = TrainingPlan {
        until: season,
        seed: DEFAULT_SEED,
        backtest: None,
    };
    let trained =
        super::train::train_on(store, histories, data, &plan, "predict", clock, progress)?;
    Ok(trained.model)
}

/// What every season of a run is made from.
struct Run<'a> {
    store: &'a Store,
    histories: Vec<History>,
    past: Past,
    simulated: bool,
    data_seq: u64,
}

/// A season as one model sees it.
struct Scored {
    meta: BoardMeta,
    board: BoardData,
    answers: Vec<Answer>,
    comparables: Vec<(SnapshotId, Vec<Comparable>)>,
}

impl<'a> Run<'a> {
    fn new(store: &'a Store, histories: Vec<History>, last: Season) -> anyhow::Result<Self> {
        let (simulated, data_seq) = store.read(|tx| Ok((tx.is_simulated()?, tx.change_seq()?)))?;
        Ok(Self {
            store,
            past: Past::of(&histories, last),
            histories,
            simulated,
            data_seq,
        })
    }

    fn score(
        &self,
        model: &Model,
        season: Season,
        progress: &mut dyn FnMut(&str),
    ) -> anyhow::Result<Scored> {
        progress(&format!("predicting {season} with model {}", model.id()));
        let (entries, answers) = answers(&self.histories, model, season)?;
        anyhow::ensure!(
            !entries.is_empty(),
            "nobody was a prospect at the end of {season}: the store holds the seasons {}",
            seasons_held(self.store)?
        );
        let comparables = self.past.comparables(model, season, &entries);
        let input = BoardInput {
            season,
            model_id: model.id().to_owned(),
            simulated: self.simulated,
            entries,
            fine_wine: super::fine_wine::of(&self.histories, model, season)?,
        };
        let before = season.minus(1);
        let previous = self.store.read(|tx| tx.board::<BoardData>(before))?;
        Ok(Scored {
            meta: BoardMeta {
                season,
                model_id: model.id().to_owned(),
                data_seq: self.data_seq,
            },
            board: BoardData::build(input, previous.as_ref().map(|stored| &stored.board)),
            answers,
            comparables,
        })
    }

    /// The challenger scores every snapshot too, for a board of its own.
    fn challenge(
        &self,
        model: &Model,
        season: Season,
        clock: &dyn Clock,
        progress: &mut dyn FnMut(&str),
    ) -> anyhow::Result<()> {
        let scored = self.score(model, season, progress)?;
        let rows = rows(&scored, clock);
        self.store.write(|tx| {
            tx.put_predictions(&rows)?;
            tx.put_challenger_board(&scored.meta, &scored.board)
        })?;
        Ok(())
    }
}

/// Everybody's answer, and the board's entries: those not withheld.
fn answers(
    histories: &[History],
    model: &Model,
    season: Season,
) -> anyhow::Result<(Vec<BoardEntry>, Vec<Answer>)> {
    let by_id: HashMap<ProspectId, &History> =
        histories.iter().map(|h| (h.prospect.id, h)).collect();
    let averages = LeagueAverages::of(histories, season);
    let (mut entries, mut answers) = (Vec::new(), Vec::new());
    for &role in Role::ALL {
        let table = ml::extract(histories, season..=season, role);
        let predictions = model.predict(&table)?;
        let horizons = model.horizons(&table, &predictions);
        let attributions = model.explain_all(&table);
        let rows = predictions.into_iter().zip(horizons).zip(attributions);
        for (row, ((prediction, horizons), attribution)) in rows.enumerate() {
            let at = table.snapshots[row].id;
            let Some(history) = by_id.get(&at.prospect) else {
                continue;
            };
            let withheld = Withheld::of(history, role, season).is_some();
            answers.push(Answer {
                at,
                prediction,
                horizons,
                withheld,
            });
            let facts = Facts::of(history, role, season, &averages).filter(|_| !withheld);
            entries.extend(facts.map(|facts| BoardEntry {
                facts,
                prediction,
                horizons,
                features: table.row(row).to_vec(),
                attribution,
            }));
        }
    }
    Ok((entries, answers))
}

/// The answers as they are stored, in the order of their keys.
fn rows(scored: &Scored, clock: &dyn Clock) -> Vec<StoredPrediction> {
    let made_at = clock.now();
    let mut rows: Vec<_> = scored
        .answers
        .iter()
        .map(|answer| StoredPrediction {
            snapshot: answer.at,
            model_id: scored.meta.model_id.clone(),
            made_at,
            prediction: answer.prediction,
        })
        .collect();
    rows.sort_by_key(|row| row.snapshot);
    rows
}

fn say_drift(drift: &DriftView, progress: &mut dyn FnMut(&str)) {
    let is_alert = |level: DriftLevel| level == DriftLevel::Alert;
    if is_alert(drift.level) {
        let shifted = drift.features.iter().filter(|f| is_alert(f.level)).count();
        progress(&format!(
            "drift: {shifted} features have shifted since training; see `afwd models drift`"
        ));
    }
}

fn seasons_held(store: &Store) -> anyhow::Result<String> {
    let seasons = store.read(|tx| tx.seasons())?;
    let ends = seasons.first().zip(seasons.last());
    Ok(ends.map_or("none".to_owned(), |(first, last)| {
        format!("{first} to {last}")
    }))
}
