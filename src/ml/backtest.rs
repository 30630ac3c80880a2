//! Walking forward: every past season predicted with what was known at its end.

use std::collections::HashMap;

use super::baseline::Baseline;
use super::error::Error;
use super::evaluate::{Figures, Pair};
use super::features::{FeatureTable, Snapshot, extract};
use super::train::{FIRST, TrainConfig, train_on};
use crate::domain::{
    Confidence, History, MajorsInWindow, Prediction, ProspectId, Role, Season, SnapshotId, Verdict,
};

/// What a backtest found.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// Per season and role, per season, per role pooled, pooled, and pooled per
    /// confidence.
    pub figures: Vec<Figures>,
    /// Every evaluated snapshot with its prediction and outcome.
    pub predictions: Vec<Outcome>,
    /// The same predictions as they are published, with those of thin data,
    /// ranked within their season.
    pub verdicts: Vec<Verdict>,
}

/// A past prediction and what happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The snapshot.
    pub id: SnapshotId,
    /// What would have been said.
    pub prediction: Prediction,
    /// What happened.
    pub success: bool,
}

/// Predicts the evaluated snapshots of every season of `seasons` whose windows
/// have closed, each with a model trained on windows closed by its end.
/// Seasons without evaluated snapshots or with open windows are left out.
///
/// # Errors
/// When a season has too few closed windows before it to train on.
pub fn backtest(
    histories: &[History],
    seasons: std::ops::RangeInclusive<Season>,
    seed: u64,
    threads: usize,
    progress: &mut dyn FnMut(&str),
) -> Result<Backtest, Error> {
    let hitters = extract(histories, FIRST..=*seasons.end(), Role::Hitter);
    let pitchers = extract(histories, FIRST..=*seasons.end(), Role::Pitcher);
    let careers: HashMap<ProspectId, &History> =
        histories.iter().map(|h| (h.prospect.id, h)).collect();
    let (mut predictions, mut verdicts) = (Vec::new(), Vec::new());
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let tests = [&hitters, &pitchers].map(|t| test_rows(t, season));
        if tests.iter().all(FeatureTable::is_empty) {
            continue;
        }
        let config = TrainConfig {
            until: season,
            seed,
            threads,
        };
        let model = train_on(&hitters, &pitchers, &config, &mut |step| {
            progress(&format!("{season}: {step}"));
        })?;
        let from = verdicts.len();
        for (test, table) in tests.iter().zip([&hitters, &pitchers]) {
            let found = model.predict(test)?;
            let shown = closed_rows(table, season);
            let baseline = Baseline::fit(table, season)?;
            let said = shown.snapshots.iter().zip(model.predict(&shown)?);
            verdicts.extend(said.map(|(s, prediction)| Verdict {
                snapshot: s.id,
                model_id: model.id().to_owned(),
                prediction,
                baseline: baseline.probability(s),
                rank: 0,
                level: s.level,
                age: s.age,
                success: s.label == Some(true),
                success_in_full_seasons: s.succeeded_in_full_seasons(),
                majors: majors(careers.get(&s.id.prospect).copied(), s),
            }));
            predictions.extend(
                test.snapshots
                    .iter()
                    .zip(found)
                    .map(|(s, prediction)| Outcome {
                        id: s.id,
                        prediction,
                        success: s.label == Some(true),
                    }),
            );
        }
        rank(&mut verdicts[from..]);
    }
    Ok(Backtest {
        figures: figures(&predictions),
        predictions,
        verdicts,
    })
}

/// Snapshots of the season whose window has closed, thin data too.
fn closed_rows(table: &FeatureTable, season: Season) -> FeatureTable {
    table.filter(|s| s.id.season == season && s.label.is_some())
}

/// What he did in the majors in the window of `snapshot`.
fn majors(career: Option<&History>, snapshot: &Snapshot) -> MajorsInWindow {
    let season = snapshot.id.season;
    let window = season.plus(1)..=season.plus(Season::WINDOW);
    let lines = career.into_iter().flat_map(|h| &h.mlb);
    let mut majors = MajorsInWindow::default();
    for line in lines.filter(|line| window.contains(&line.season)) {
        majors.reached |=
            u32::from(line.g) + u32::from(line.g_pit) + u32::from(line.pa) > 0 || line.bf > 0;
        majors.pa += u32::from(line.pa);
        majors.outs += u32::from(line.outs);
    }
    majors
}

/// Numbers the evaluated verdicts of a season from the highest probability;
/// equal ones by player and role.
fn rank(verdicts: &mut [Verdict]) {
    let mut order: Vec<&mut Verdict> = verdicts
        .iter_mut()
        .filter(|v| v.prediction.evaluated)
        .collect();
    order.sort_by(|a, b| {
        let higher = b
            .prediction
            .probability
            .total_cmp(&a.prediction.probability);
        higher.then(a.snapshot.cmp(&b.snapshot))
    });
    for (place, verdict) in order.into_iter().enumerate() {
        verdict.rank = place as u32 + 1;
    }
}

fn test_rows(table: &FeatureTable, season: Season) -> FeatureTable {
    table.filter(|s| s.id.season == season && s.evaluated && s.label.is_some())
}

fn figures(predictions: &[Outcome]) -> Vec<Figures> {
    let mut seasons: Vec<Season> = predictions.iter().map(|p| p.id.season).collect();
    seasons.dedup();
    let mut rows = Vec::new();
    for season in seasons.iter().map(|&s| Some(s)).chain([None]) {
        for role in [Some(Role::Hitter), Some(Role::Pitcher), None] {
            let pairs = pairs(predictions, |p| {
                season.is_none_or(|s| p.id.season == s) && role.is_none_or(|r| p.id.role == r)
            });
            if !pairs.is_empty() {
                rows.push(Figures::of(&pairs, season, role));
            }
        }
    }
    for &confidence in Confidence::ALL.iter().rev() {
        let pairs = pairs(predictions, |p| p.prediction.confidence == confidence);
        if !pairs.is_empty() {
            let figures = Figures::of(&pairs, None, None);
            rows.push(Figures {
                confidence: Some(confidence),
                ..figures
            });
        }
    }
    rows
}

fn pairs(predictions: &[Outcome], keep: impl Fn(&Outcome) -> bool) -> Vec<Pair> {
    predictions
        .iter()
        .filter(|p| keep(p))
        .map(|p| (p.prediction.probability, p.success))
        .collect()
}
