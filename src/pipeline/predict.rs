//! Predict every prospect of a season and make the season's board.

use std::collections::HashMap;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::clock::Clock;
use crate::domain::{History, Prediction, ProspectId, Role, Season, SnapshotId};
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
    pub predictions: Vec<(SnapshotId, Prediction)>,
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
    super::model::report_damaged(data, progress)?;
    super::trial::take_back_failed(store, &histories, data, clock, progress)?;
    let mut predicted = Vec::new();
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let model = super::model::for_season(store, &histories, data, season, clock, progress)?;
        progress(&format!("predicting {season} with model {}", model.id()));
        let entries = entries(&histories, &model, season)?;
        anyhow::ensure!(
            !entries.is_empty(),
            "nobody was a prospect at the end of {season}: the store holds the seasons {}",
            seasons_held(store)?
        );
        let predictions = snapshots(&entries, season);
        let input = BoardInput {
            season,
            model_id: model.id().to_owned(),
            simulated,
            entries,
        };
        let previous = store.read(|tx| tx.board::<BoardData>(season.minus(1)))?;
        let board = BoardData::build(input, previous.as_ref().map(|stored| &stored.board));
        let meta = BoardMeta {
            season,
            model_id: model.id().to_owned(),
            data_seq,
        };
        let drift = super::drift::report(&histories, &model, season, clock)?;
        if drift.level == "alert" {
            let shifted = drift.features.iter().filter(|f| f.level == "alert").count();
            progress(&format!(
                "drift: {shifted} features have shifted since training; see `afwd models drift`"
            ));
        }
        store.write(|tx| tx.put_drift(season, &drift))?;
        keep(store, &meta, &board, &predictions, clock)?;
        challenge(store, data, &histories, &meta, &board, clock, progress)?;
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
    ])?;
    for (at, prediction) in predicted.iter().flat_map(|season| &season.predictions) {
        csv.write_record(record(*at, prediction))?;
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

fn entries(histories: &[History], model: &Model, season: Season) -> anyhow::Result<Vec<Entry>> {
    let by_id: HashMap<ProspectId, &History> =
        histories.iter().map(|h| (h.prospect.id, h)).collect();
    let averages = LeagueAverages::of(histories, season);
    let mut entries = Vec::new();
    for &role in Role::ALL {
        let table = ml::extract(histories, season..=season, role);
        let predictions = model.predict(&table)?;
        let attributions = model.explain_all(&table);
        for (row, (prediction, attribution)) in
            predictions.into_iter().zip(attributions).enumerate()
        {
            let facts = by_id
                .get(&table.snapshots[row].id.prospect)
                .and_then(|history| Facts::of(history, role, season, &averages));
            entries.extend(facts.map(|facts| Entry {
                facts,
                prediction,
                features: table.row(row).to_vec(),
                attribution,
            }));
        }
    }
    Ok(entries)
}

/// The challenger scores every snapshot too, for a board of its own.
fn challenge(
    store: &Store,
    data: &Path,
    histories: &[History],
    champion: &BoardMeta,
    shown: &BoardData,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    let season = champion.season;
    let Some(model) = super::model::challenger(store, data, season, progress)? else {
        return Ok(());
    };
    progress(&format!(
        "predicting {season} with challenger {}",
        model.id()
    ));
    let entries = entries(histories, &model, season)?;
    let predictions = snapshots(&entries, season);
    let input = BoardInput {
        season,
        model_id: model.id().to_owned(),
        simulated: shown.simulated,
        entries,
    };
    let previous = store.read(|tx| tx.board::<BoardData>(season.minus(1)))?;
    let board = BoardData::build(input, previous.as_ref().map(|stored| &stored.board));
    let meta = BoardMeta {
        model_id: model.id().to_owned(),
        ..champion.clone()
    };
    let rows = rows(&meta, &predictions, clock);
    store.write(|tx| {
        tx.put_predictions(&rows)?;
        tx.put_challenger_board(&meta, &board)
    })?;
    Ok(())
}

fn snapshots(entries: &[Entry], season: Season) -> Vec<(SnapshotId, Prediction)> {
    let snapshot = |entry: &Entry| SnapshotId {
        prospect: entry.facts.id,
        season,
        role: entry.facts.role,
    };
    entries
        .iter()
        .map(|entry| (snapshot(entry), entry.prediction))
        .collect()
}

fn keep(
    store: &Store,
    meta: &BoardMeta,
    board: &BoardData,
    predictions: &[(SnapshotId, Prediction)],
    clock: &dyn Clock,
) -> anyhow::Result<()> {
    let rows = rows(meta, predictions, clock);
    store.write(|tx| {
        tx.put_predictions(&rows)?;
        tx.put_board(meta, board)
    })?;
    Ok(())
}

fn rows(
    meta: &BoardMeta,
    predictions: &[(SnapshotId, Prediction)],
    clock: &dyn Clock,
) -> Vec<StoredPrediction> {
    let made_at = clock.now();
    let mut rows: Vec<_> = predictions
        .iter()
        .map(|&(snapshot, prediction)| StoredPrediction {
            snapshot,
            model_id: meta.model_id.clone(),
            made_at,
            prediction,
        })
        .collect();
    rows.sort_by_key(|row| row.snapshot);
    rows
}

fn seasons_held(store: &Store) -> anyhow::Result<String> {
    let seasons = store.read(|tx| tx.seasons())?;
    let ends = seasons.first().zip(seasons.last());
    Ok(ends.map_or("none".to_owned(), |(first, last)| {
        format!("{first} to {last}")
    }))
}
