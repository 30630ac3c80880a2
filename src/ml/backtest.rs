//! Walking forward: every past season predicted with what was known at its end.

use super::error::Error;
use super::evaluate::{Figures, Pair};
use super::features::{FeatureTable, extract};
use super::hyper::Hyper;
use super::train::{FIRST, TrainConfig, train_on};
use crate::domain::{Confidence, History, Prediction, Role, Season, SnapshotId};

/// What a backtest found.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// Per season and role, per season, per role pooled, pooled, and pooled per
    /// confidence.
    pub figures: Vec<Figures>,
    /// Every evaluated snapshot with its prediction and outcome.
    pub predictions: Vec<Outcome>,
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
    let mut predictions = Vec::new();
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let tests = [&hitters, &pitchers].map(|t| test_rows(t, season));
        if tests.iter().all(FeatureTable::is_empty) {
            continue;
        }
        let config = TrainConfig {
            until: season,
            seed,
            threads,
            hyper: Hyper::default(),
        };
        let model = train_on(&hitters, &pitchers, &config, &mut |step| {
            progress(&format!("{season}: {step}"));
        })?;
        for test in &tests {
            let found = model.predict(test)?;
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
    }
    Ok(Backtest {
        figures: figures(&predictions),
        predictions,
    })
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
