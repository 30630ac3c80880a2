//! Fitting one role: members by player folds, combination and calibration on
//! what each member has not seen.

use candle_core::Result;

use super::horizons::Timing;
use super::scorer::{Blend, Fitted, linear_columns};
use super::settings::Settings;
use super::uncertainty::Uncertainty;
use crate::domain::ProspectId;
use crate::ml::features::FeatureTable;
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
}

/// Fits a role on the labelled rows of `table`.
pub(crate) fn fit(
    table: &FeatureTable,
    settings: &Settings,
    seed: u64,
    threads: usize,
) -> Result<Training> {
    let shared = Shared::new(table, settings, seed);
    let members = members(table, &shared, seed, threads)?;
    let mut unseen: Vec<(usize, f64, f64)> = members
        .iter()
        .flat_map(|m| m.unseen.iter().copied())
        .collect();
    unseen.sort_unstable_by_key(|u| u.0);
    let blend = blend(table, &shared, &unseen)?;
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
    let unseen: Vec<(usize, f64)> = unseen
        .into_iter()
        .filter(|u| table.snapshots[u.0].evaluated)
        .map(|u| (u.0, blend.intercept + blend.base * u.1 + blend.forest * u.2))
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
        timing,
        uncertainty: UNCERTAINTY,
    };
    Ok(Training { fitted, unseen })
}

impl Shared {
    fn new(table: &FeatureTable, settings: &Settings, seed: u64) -> Self {
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
            labels: table
                .snapshots
                .iter()
                .map(|s| f32::from(u8::from(s.succeeded_in_full_seasons())))
                .collect(),
            targets: table.snapshots.iter().map(|s| settings.target(s)).collect(),
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

/// Non-negative weights of base and forest over all unseen evaluated rows, then
/// intercept and slope on the newest cohorts.
fn blend(table: &FeatureTable, shared: &Shared, unseen: &[(usize, f64, f64)]) -> Result<Blend> {
    let evaluated: Vec<_> = unseen
        .iter()
        .filter(|u| table.snapshots[u.0].evaluated)
        .copied()
        .collect();
    let labels = &shared.labels;
    let (base, forest) = combination(labels, &evaluated)?;
    let newest = table
        .snapshots
        .iter()
        .map(|s| s.id.season.0)
        .max()
        .unwrap_or(0);
    let recent = evaluated.iter().filter(|u| {
        table.snapshots[u.0].id.season.0 + shared.settings.calibration_seasons > newest
    });
    let (scores, targets): (Vec<f32>, Vec<f32>) = recent
        .map(|u| ((base * u.1 + forest * u.2) as f32, labels[u.0]))
        .unzip();
    let platt = logistic_of(&scores, 1, &targets, 1e-6)?;
    let slope = platt.weights[0];
    Ok(Blend {
        base: slope * base,
        forest: slope * forest,
        intercept: platt.intercept,
    })
}

fn combination(labels: &[f32], unseen: &[(usize, f64, f64)]) -> Result<(f64, f64)> {
    let targets: Vec<f32> = unseen.iter().map(|u| labels[u.0]).collect();
    let both: Vec<f32> = unseen
        .iter()
        .flat_map(|u| [u.1 as f32, u.2 as f32])
        .collect();
    let fit = logistic_of(&both, 2, &targets, 1e-6)?;
    if fit.weights[1] >= 0.0 {
        return Ok((fit.weights[0].max(0.0), fit.weights[1]));
    }
    let base: Vec<f32> = unseen.iter().map(|u| u.1 as f32).collect();
    Ok((
        logistic_of(&base, 1, &targets, 1e-6)?.weights[0].max(0.0),
        0.0,
    ))
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
