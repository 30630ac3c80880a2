//! Predict every prospect of a season and make the season's board.

use std::collections::HashMap;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;

use super::comparables::Past;
use crate::clock::Clock;
use crate::domain::{
    Comparable, History, Horizons, Prediction, ProspectId, Role, Season, SnapshotId, Withheld,
};
use crate::ml::{self, Model};
use crate::rankings::{BoardData, BoardInput, Entry, Facts, LeagueAverages};
use crate::store::{BoardMeta, Store, StoredPrediction};

/// A season that was predicted.
#[derive(Debug)]
pub struct Predicted {
    /// Season whose end it is.
    pub season: Season,
    /// Version of the model.
    pub model_id: String,
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
/// predictions and boards. A season is predicted by a model that has seen
/// nothing after it.
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
    let histories = super::histories(store)?;
    let (simulated, data_seq) = store.read(|tx| Ok((tx.is_simulated()?, tx.change_seq()?)))?;
    let past = Past::of(&histories, *seasons.end());
    let mut predicted = Vec::new();
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let model = super::model::for_season(&histories, data, simulated, season, progress)?;
        progress(&format!("predicting {season} with model {}", model.id()));
        let (entries, predictions) = answers(&histories, &model, season)?;
        anyhow::ensure!(
            !entries.is_empty(),
            "nobody was a prospect at the end of {season}: the store holds the seasons {}",
            seasons_held(store)?
        );
        let input = BoardInput {
            season,
            model_id: model.id().to_owned(),
            simulated,
            entries,
            fine_wine: super::fine_wine::of(&histories, &model, season)?,
        };
        progress("looking for comparable players");
        let comparables = past.comparables(&model, season, &input.entries);
        let previous = store.read(|tx| tx.board::<BoardData>(season.minus(1)))?;
        let board = BoardData::build(input, previous.as_ref().map(|stored| &stored.board));
        let meta = BoardMeta {
            season,
            model_id: model.id().to_owned(),
            data_seq,
        };
        let made = Made {
            meta: &meta,
            board: &board,
            predictions: &predictions,
            comparables: &comparables,
        };
        keep(store, &made, clock)?;
        predicted.push(Predicted {
            season,
            model_id: meta.model_id,
            predictions,
        });
    }
    Ok(predicted)
}

/// Writes one line per snapshot, in the order of the seasons, hitters first.
///
/// # Errors
/// When `out` can't be written.
pub fn export(predicted: &[Predicted], out: &mut dyn Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "mlbam_id",
        "season",
        "role",
        "probability",
        "lower",
        "upper",
        "confidence",
        "evaluated",
        "withheld",
        "success_1",
        "success_2",
        "success_3",
        "success_4",
        "debut_1",
        "debut_2",
        "debut_3",
        "debut_4",
    ])?;
    for answer in predicted.iter().flat_map(|season| &season.predictions) {
        let by_season = answer.horizons.success.iter().chain(&answer.horizons.debut);
        let own = record(answer.at, &answer.prediction).into_iter();
        csv.write_record(
            own.chain([u8::from(answer.withheld).to_string()])
                .chain(by_season.map(|p| format!("{p:.9}"))),
        )?;
    }
    Ok(csv.flush()?)
}

pub(super) fn record(at: SnapshotId, prediction: &Prediction) -> [String; 8] {
    [
        at.prospect
            .mlbam()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        at.season.to_string(),
        at.role.to_string(),
        format!("{:.9}", prediction.probability),
        format!("{:.9}", prediction.lower),
        format!("{:.9}", prediction.upper),
        prediction.confidence.to_string(),
        u8::from(prediction.evaluated).to_string(),
    ]
}

/// Everybody's answer, and the board's entries: those not withheld.
fn answers(
    histories: &[History],
    model: &Model,
    season: Season,
) -> anyhow::Result<(Vec<Entry>, Vec<Answer>)> {
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
            entries.extend(facts.map(|facts| Entry {
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

/// Everything made of a season.
struct Made<'a> {
    meta: &'a BoardMeta,
    board: &'a BoardData,
    predictions: &'a [Answer],
    comparables: &'a [(SnapshotId, Vec<Comparable>)],
}

fn keep(store: &Store, made: &Made<'_>, clock: &dyn Clock) -> anyhow::Result<()> {
    let made_at = clock.now();
    let mut rows: Vec<_> = made
        .predictions
        .iter()
        .map(|answer| StoredPrediction {
            snapshot: answer.at,
            model_id: made.meta.model_id.clone(),
            made_at,
            prediction: answer.prediction,
        })
        .collect();
    rows.sort_by_key(|row| row.snapshot);
    store.write(|tx| {
        tx.put_predictions(&rows)?;
        tx.put_comparables(made.meta.season, made.comparables)?;
        tx.put_board(made.meta, made.board)
    })?;
    Ok(())
}

fn seasons_held(store: &Store) -> anyhow::Result<String> {
    let seasons = store.read(|tx| tx.seasons())?;
    let ends = seasons.first().zip(seasons.last());
    Ok(ends.map_or("none".to_owned(), |(first, last)| {
        format!("{first} to {last}")
    }))
}
