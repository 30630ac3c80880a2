//! Walking forward: every past season predicted with what was known at its end.

use super::baseline::Baseline;
use crate::domain::{Confidence, History, MajorsInWindow, Role, Season, Verdict};
use crate::ml::engine::closed::scored_in;
use crate::ml::engine::comparables::{self, COMPARABLES, Reference};
use crate::ml::engine::model::Model;
use crate::ml::engine::settings::Hyper;
use crate::ml::engine::train::{Material, TrainConfig, train_on};
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, Snapshot, extract_shares};
use crate::ml::figures::days::DayFigures;
use crate::ml::figures::outcome::Outcome;
use crate::ml::figures::probability::{Figures, Pair};
use crate::ml::figures::validation::Validation;

/// What a backtest found.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// Per season and role, per season, per role pooled, pooled, and pooled per
    /// confidence.
    pub figures: Vec<Figures>,
    /// Every evaluated snapshot with its prediction and outcome.
    pub predictions: Vec<Outcome>,
    /// Figures of horizons, comparables and intervals.
    pub validation: Validation,
    /// The same predictions as they are published, with those of thin data,
    /// ranked within their season.
    pub verdicts: Vec<Verdict>,
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
    let material = Material::through(histories, *seasons.end());
    let (mut predictions, mut verdicts) = (Vec::new(), Vec::new());
    let mut days = Days::default();
    for season in (seasons.start().0..=seasons.end().0).map(Season) {
        let tests = material.ends.each_ref().map(|t| scored_in(t, season));
        if tests.iter().all(FeatureTable::is_empty) {
            continue;
        }
        let config = TrainConfig {
            until: season,
            seed,
            threads,
            hyper: Hyper::default(),
        };
        let model = train_on(&material, &config, &mut |step| {
            progress(&format!("{season}: {step}"));
        })?;
        let from = verdicts.len();
        for (table, test) in material.ends.iter().zip(&tests) {
            predictions.extend(outcomes(&model, table, test)?);
            verdicts.extend(spoken(&model, table, season)?);
            days.add(&model, histories, season, table.role)?;
        }
        rank(&mut verdicts[from..]);
    }
    Ok(Backtest {
        figures: figures(&predictions),
        validation: Validation {
            days: days.figures(&predictions),
            ..Validation::of(&predictions)
        },
        predictions,
        verdicts,
    })
}

/// What was said on days before the seasons' ends: share played, role, and of each
/// snapshot what was said and whether it came.
#[derive(Default)]
struct Days(Vec<(f32, Role, Pair)>);

impl Days {
    fn add(
        &mut self,
        model: &Model,
        histories: &[History],
        season: Season,
        role: Role,
    ) -> Result<(), Error> {
        for (share, table) in extract_shares(histories, season, role) {
            let test = scored_in(&table, season);
            let said = model.predict(&test)?.into_iter().zip(&test.snapshots);
            let pairs = said.map(|(p, s)| (p.probability, s.label == Some(true)));
            self.0.extend(pairs.map(|pair| (share, role, pair)));
        }
        Ok(())
    }

    /// Their figures, and those of the seasons' ends.
    fn figures(mut self, ends: &[Outcome]) -> Vec<DayFigures> {
        let end = |o: &Outcome| (1.0, o.id.role, (o.prediction.probability, o.success));
        self.0.extend(ends.iter().map(end));
        let mut shares: Vec<f32> = self.0.iter().map(|row| row.0).collect();
        shares.sort_by(f32::total_cmp);
        shares.dedup();
        let mut rows = Vec::new();
        for share in shares {
            for role in [Some(Role::Hitter), Some(Role::Pitcher), None] {
                let of =
                    |row: &&(f32, Role, Pair)| row.0 == share && role.is_none_or(|r| r == row.1);
                let pairs: Vec<Pair> = self.0.iter().filter(of).map(|row| row.2).collect();
                if !pairs.is_empty() {
                    rows.push(DayFigures::of(share, role, &pairs));
                }
            }
        }
        rows
    }
}

/// What `model` says of `test`, with what happened.
fn outcomes(
    model: &Model,
    table: &FeatureTable,
    test: &FeatureTable,
) -> Result<Vec<Outcome>, Error> {
    let until = model.trained_until();
    let past = table.filter(|s| s.id.season.plus(Season::WINDOW) <= until);
    let shares = success_shares(&Reference::new(model, &past), model, test);
    let predictions = model.predict(test)?;
    let horizons = model.horizons(test, &predictions);
    let rows = test.snapshots.iter().zip(predictions).zip(horizons);
    Ok(rows
        .zip(shares)
        .map(|(((s, prediction), horizons), comparables)| Outcome {
            id: s.id,
            prediction,
            horizons,
            comparables,
            aftermath: s.aftermath.unwrap_or_default(),
            success: s.label == Some(true),
        })
        .collect())
}

/// Success share of every row's comparables, in the order of the rows.
fn success_shares(reference: &Reference, model: &Model, test: &FeatureTable) -> Vec<Option<f64>> {
    let everyone: Vec<usize> = (0..test.len()).collect();
    let places = model.places(test, &everyone);
    let share = |i: usize| {
        let found = reference.nearest(test.snapshots[i].id.prospect, places.row(i), COMPARABLES);
        comparables::success_share(&found)
    };
    everyone.into_iter().map(share).collect()
}

/// What would have been published of the season, thin data too.
fn spoken(model: &Model, table: &FeatureTable, season: Season) -> Result<Vec<Verdict>, Error> {
    let shown = table.filter(|s| s.id.season == season && s.label.is_some());
    let baseline = Baseline::fit(table, season)?;
    let said = shown.snapshots.iter().zip(model.predict(&shown)?);
    Ok(said
        .map(|(s, prediction)| Verdict {
            snapshot: s.id,
            model_id: model.id().to_owned(),
            prediction,
            baseline: baseline.probability(s),
            rank: 0,
            level: s.level,
            age: s.age,
            success: s.label == Some(true),
            success_in_full_seasons: s.succeeded_in_full_seasons(),
            majors: majors(s),
        })
        .collect())
}

/// What he did in the majors in the window of `snapshot`.
fn majors(snapshot: &Snapshot) -> MajorsInWindow {
    let done = snapshot.aftermath.unwrap_or_default();
    MajorsInWindow {
        reached: done.pa + done.outs > 0 || done.debut.is_some_and(|season| season > 0),
        pa: done.pa,
        outs: done.outs,
    }
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
