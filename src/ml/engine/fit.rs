//! Fitting one role: members by player folds, combination and calibration on
//! what each member has not seen.

use std::collections::HashMap;

use candle_core::Result;

use super::closed::is_closed_by;
use super::horizons::Timing;
use super::open::{self, Targets};
use super::scorer::{Blend, Fitted, linear_columns};
use super::settings::Settings;
use super::stage::{Kinds, Scored, is_its_own};
use super::uncertainty::Uncertainty;
use crate::domain::{ProspectId, Season};
use crate::ml::features::{FeatureTable, Snapshot};
use crate::ml::learners::bins::Edges;
use crate::ml::learners::boosting::{self, Sample};
use crate::ml::learners::forest::Forest;
use crate::ml::learners::linear::{Design, Logistic, Neighbour};
use crate::ml::learners::quantile::Quantiles;
use crate::ml::learners::shapley::leaf_counts;
use crate::ml::rng::Rng;

/// Members of the bag; each leaves out one group of players.
pub(crate) const MEMBERS: usize = 6;

/// Season-to-season drift of the base rate as measured over past seasons, and
/// what little data adds; and how narrow an interval must be for a confidence.
const UNCERTAINTY: Uncertainty = Uncertainty {
    drift: 0.1,
    sparse: 0.6,
    thin: 0.3,
    high: 0.1,
    medium: 0.2,
};

/// The member that never sees a player, whatever the table.
pub(crate) fn fold(seed: u64, player: ProspectId) -> usize {
    Rng::new(seed, u64::from(player.0)).below(MEMBERS)
}

/// Everything members share.
struct Shared {
    settings: Settings,
    quantiles: Quantiles,
    flagged: Vec<u32>,
    edges: Edges,
    bins: Vec<Vec<u8>>,
    design: Vec<f32>,
    width: usize,
    labels: Vec<f32>,
    targets: Vec<f32>,
    folds: Vec<usize>,
}

/// A member, and its log-odds of the rows it has not seen: (row, base, forest).
struct Member {
    base: Logistic,
    forest: Forest,
    unseen: Vec<(usize, f64, f64)>,
}

/// A fitted role, and the calibrated log-odds of every evaluated training row
/// by a member that had not seen the player.
pub(crate) struct Training {
    pub(crate) fitted: Fitted,
    pub(crate) unseen: Vec<(usize, f64)>,
    /// The rows it was trained on: [`Training::unseen`] counts them.
    pub(crate) rows: FeatureTable,
}

/// Fits a role on what was known at the end of `until`: the windows closed by then, and
/// those still open with what is to be expected of them. `days` are snapshots of other
/// days than seasons' ends. Both may hold later rows.
pub(crate) fn fit_until(
    table: &FeatureTable,
    days: &FeatureTable,
    until: Season,
    settings: &Settings,
    seed: u64,
    threads: usize,
) -> Result<Training> {
    let known = table.filter(|s| s.id.season <= until);
    let scores = first_scores(&known, until, settings, seed, threads)?;
    let targets = open::targets(&known, &scores, settings, until, seed);
    let learnt: Vec<usize> = (0..known.len())
        .filter(|&i| {
            let snapshot = &known.snapshots[i];
            is_closed_by(snapshot, until) || open::seen(snapshot, until).is_some()
        })
        .collect();
    let mut training = fit(
        &known.pick(&learnt),
        &targets.pick(&learnt),
        until,
        settings,
        seed,
        threads,
    )?;
    // What becomes of him is the same on every day of a season.
    let key = |s: &Snapshot| (s.id.prospect, s.id.season);
    let outcomes: HashMap<_, f32> = learnt
        .iter()
        .map(|&i| (key(&known.snapshots[i]), targets.hard[i]))
        .collect();
    let scored: Vec<Scored<'_>> = (0..days.len())
        .filter(|&i| days.snapshots[i].evaluated)
        .filter_map(|i| {
            let outcome = *outcomes.get(&key(&days.snapshots[i]))?;
            let member = fold(seed, days.snapshots[i].id.prospect);
            Some(Scored {
                row: days.row(i),
                score: training.fitted.score(member, days.row(i)),
                outcome,
                recent: false,
            })
        })
        .collect();
    Kinds::of(table.role).wait(&mut training.fitted.stages, &scored)?;
    Ok(training)
}

/// What linear bases learnt on closed windows say of every row of `table`, each by the
/// member that has not seen the player.
fn first_scores(
    table: &FeatureTable,
    until: Season,
    settings: &Settings,
    seed: u64,
    threads: usize,
) -> Result<Vec<f64>> {
    let offered = table.offering(|d| !is_its_own(d.name));
    let closed = offered.filter(|s| is_closed_by(s, until));
    let linear = Settings {
        trees: 0,
        ..*settings
    };
    let shared = Shared::new(&closed, &Targets::of(&closed, settings), &linear, seed);
    let members = members(&closed, &shared, seed, threads)?;
    let mut columns = Vec::new();
    let score = |i: usize| {
        columns.clear();
        linear_columns(
            &shared.quantiles,
            &shared.flagged,
            offered.row(i),
            &mut columns,
        );
        let member = &members[fold(seed, offered.snapshots[i].id.prospect)];
        member.base.log_odds(&columns)
    };
    Ok((0..table.len()).map(score).collect())
}

/// Fits a role on all rows of `table`, whose outcomes are `targets`; those of windows
/// not closed by `until` are expectations.
fn fit(
    table: &FeatureTable,
    targets: &Targets,
    until: Season,
    settings: &Settings,
    seed: u64,
    threads: usize,
) -> Result<Training> {
    // Places on rosters are the second stage's: members must serve without them.
    let offered = table.offering(|d| !is_its_own(d.name));
    let shared = Shared::new(&offered, targets, settings, seed);
    let members = members(&offered, &shared, seed, threads)?;
    let mut unseen: Vec<(usize, f64, f64)> = members
        .iter()
        .flat_map(|m| m.unseen.iter().copied())
        .collect();
    unseen.sort_unstable_by_key(|u| u.0);
    unseen.retain(|u| table.snapshots[u.0].evaluated);
    let blend = combination(&shared.labels, &unseen)?;
    let scores: Vec<(usize, f64)> = unseen
        .iter()
        .map(|u| (u.0, blend.score(u.1, u.2)))
        .collect();
    let kinds = Kinds::of(table.role);
    let stages = kinds.fit(&scored(table, &shared, &scores))?;
    let forest = Forest::new(
        members
            .iter()
            .flat_map(|m| m.forest.trees.iter().cloned())
            .collect(),
    );
    let counts = leaf_counts(&forest, (0..table.len()).map(|i| table.row(i)));
    let n = table.len() as f64;
    let means = (0..shared.width)
        .map(|j| {
            shared
                .design
                .iter()
                .skip(j)
                .step_by(shared.width)
                .map(|&x| f64::from(x))
                .sum::<f64>()
                / n
        })
        .collect();
    let unseen: Vec<(usize, f64)> = scores
        .into_iter()
        .filter(|(i, _)| is_closed_by(&table.snapshots[*i], until))
        .map(|(i, score)| (i, kinds.line(&stages, table.row(i)).log_odds(score)))
        .collect();
    let missing = (0..table.width())
        .map(|f| {
            (0..table.len())
                .filter(|&i| table.row(i)[f].is_nan())
                .count()
        })
        .map(|count| (count as f64 / n) as f32)
        .collect();
    let timing = Timing::fit(table, &unseen, |i| shared.row(i).to_vec())?;
    let fitted = Fitted {
        quantiles: shared.quantiles,
        missing,
        flagged: shared.flagged,
        bases: members.into_iter().map(|m| m.base).collect(),
        forest,
        counts,
        means,
        blend,
        stages,
        timing,
        uncertainty: UNCERTAINTY,
    };
    Ok(Training {
        fitted,
        unseen,
        rows: table.clone(),
    })
}

impl Shared {
    fn new(table: &FeatureTable, targets: &Targets, settings: &Settings, seed: u64) -> Self {
        let columns: Vec<Vec<f32>> = (0..table.width())
            .map(|f| (0..table.len()).map(|i| table.row(i)[f]).collect())
            .collect();
        let quantiles = Quantiles::fit(&columns);
        let flagged = flagged(&columns);
        let edges = Edges::fit(&columns);
        let bins = columns
            .iter()
            .enumerate()
            .map(|(f, c)| edges.bin(f, c))
            .collect();
        let mut design = Vec::new();
        for i in 0..table.len() {
            linear_columns(&quantiles, &flagged, table.row(i), &mut design);
        }
        Self {
            settings: *settings,
            width: 2 * table.width() + flagged.len(),
            quantiles,
            flagged,
            edges,
            bins,
            design,
            labels: targets.hard.clone(),
            targets: targets.soft.clone(),
            folds: table
                .snapshots
                .iter()
                .map(|s| fold(seed, s.id.prospect))
                .collect(),
        }
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.design[i * self.width..(i + 1) * self.width]
    }
}

/// Features missing often enough to learn what missing means.
pub(crate) fn flagged(columns: &[Vec<f32>]) -> Vec<u32> {
    let share = |c: &[f32]| c.iter().filter(|v| v.is_nan()).count() as f64 / c.len() as f64;
    (0..columns.len() as u32)
        .filter(|&f| (0.01..0.99).contains(&share(&columns[f as usize])))
        .collect()
}

fn members(
    table: &FeatureTable,
    shared: &Shared,
    seed: u64,
    threads: usize,
) -> Result<Vec<Member>> {
    let threads = threads.clamp(1, MEMBERS);
    // Each member lacks a sixth of the players: the solution for all is near.
    let everyone = Design {
        values: &shared.design,
        width: shared.width,
        labels: &shared.targets,
    };
    let near = &Neighbour::fit(&everyone, shared.settings.penalty)?;
    let mut members: Vec<(usize, Member)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || {
                    (worker..MEMBERS)
                        .step_by(threads)
                        .map(|k| Ok((k, member(table, shared, near, k, seed)?)))
                        .collect::<Result<Vec<_>>>()
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().expect("fitting does not panic")?);
        }
        Result::Ok(all)
    })?;
    members.sort_by_key(|(k, _)| *k);
    Ok(members.into_iter().map(|(_, m)| m).collect())
}

fn member(
    table: &FeatureTable,
    shared: &Shared,
    near: &Neighbour,
    k: usize,
    seed: u64,
) -> Result<Member> {
    let (out, rows): (Vec<usize>, Vec<usize>) =
        (0..table.len()).partition(|&i| shared.folds[i] == k);
    let pick = |values: &[f32]| rows.iter().map(|&i| values[i]).collect::<Vec<f32>>();
    let values: Vec<f32> = rows.iter().flat_map(|&i| shared.row(i)).copied().collect();
    let labels = pick(&shared.targets);
    let design = Design {
        values: &values,
        width: shared.width,
        labels: &labels,
    };
    let base = near.refit(&design, shared.settings.penalty)?;
    let start: Vec<f64> = rows.iter().map(|&i| base.log_odds(shared.row(i))).collect();
    let indices: Vec<u32> = rows.iter().map(|&i| i as u32).collect();
    let sample = Sample {
        bins: &shared.bins,
        edges: &shared.edges,
        rows: &indices,
        labels: &labels,
        start: &start,
    };
    let mut rng = Rng::new(seed, 1 << 40 | k as u64);
    let forest = boosting::grow(&sample, &shared.settings.boosting(), &mut rng);
    let unseen = out
        .into_iter()
        .map(|i| {
            (
                i,
                base.log_odds(shared.row(i)),
                forest.log_odds(table.row(i)),
            )
        })
        .collect();
    Ok(Member {
        base,
        forest,
        unseen,
    })
}

/// The evaluated rows for the second stage, with the scores of members that had not
/// seen the player.
fn scored<'a>(
    table: &'a FeatureTable,
    shared: &Shared,
    scores: &[(usize, f64)],
) -> Vec<Scored<'a>> {
    let season = |i: usize| table.snapshots[i].id.season.0;
    let newest = (0..table.len()).map(season).max().unwrap_or(0);
    let scored = |&(i, score): &(usize, f64)| Scored {
        row: table.row(i),
        score,
        outcome: shared.labels[i],
        recent: season(i) + shared.settings.calibration_seasons > newest,
    };
    scores.iter().map(scored).collect()
}

/// Non-negative weights of base and forest over all unseen evaluated rows.
fn combination(labels: &[f32], unseen: &[(usize, f64, f64)]) -> Result<Blend> {
    let targets: Vec<f32> = unseen.iter().map(|u| labels[u.0]).collect();
    let both: Vec<f32> = unseen
        .iter()
        .flat_map(|u| [u.1 as f32, u.2 as f32])
        .collect();
    let fit = logistic_of(&both, 2, &targets, 1e-6)?;
    if fit.weights[1] >= 0.0 {
        return Ok(Blend {
            base: fit.weights[0].max(0.0),
            forest: fit.weights[1],
        });
    }
    let base: Vec<f32> = unseen.iter().map(|u| u.1 as f32).collect();
    Ok(Blend {
        base: logistic_of(&base, 1, &targets, 1e-6)?.weights[0].max(0.0),
        forest: 0.0,
    })
}

fn logistic_of(values: &[f32], width: usize, labels: &[f32], penalty: f64) -> Result<Logistic> {
    Logistic::fit(
        &Design {
            values,
            width,
            labels,
        },
        penalty,
    )
}
