//! Figures of what stands beside the probability: horizons, comparables, intervals.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::days::DayFigures;
use super::odds::{Z80, log_odds};
use super::outcome::Outcome;
use super::probability::{Pair, auc, base_rate, brier_skill, log_loss, observed_to_expected};
use crate::domain::{Prediction, SEASONS};

/// How the probabilities by season did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HorizonFigures {
    /// `success`, or `debut` (of players who had not debuted).
    pub event: String,
    /// Seasons after the snapshot, 1 to 4.
    pub seasons: u8,
    /// Snapshots.
    pub n: u32,
    /// Share to which it had happened.
    pub base_rate: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the base rate.
    pub brier_skill: f64,
    /// Mean log loss.
    pub log_loss: f64,
    /// Log loss of dividing every probability of the last season in one
    /// proportion, the one observed.
    pub log_loss_one_proportion: f64,
    /// Observed over expected.
    pub observed_to_expected: f64,
}

/// How the success share of comparables did, and how it agrees with the probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ComparableFigures {
    /// Snapshots that had comparables.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Area under the ROC curve of the comparables' success share.
    pub auc: f64,
    /// Its Brier skill against the base rate.
    pub brier_skill: f64,
    /// Observed over expected by it.
    pub observed_to_expected: f64,
    /// Correlation with the probability.
    pub correlation: f64,
    /// Mean absolute difference from the probability.
    pub mean_difference: f64,
}

/// How often groups of like snapshots succeeded as their intervals allow.
///
/// A single probability is never observed, a group's share of successes is.
/// Every season's snapshots of a role are cut into ten groups of rising
/// probability and equally many expected successes, and a group is covered when its successes lie within the 80 %
/// range that binomial chance and the intervals' width give, once taking the
/// intervals' errors as common to the group (wide) and once as each player's
/// own (narrow). Honest intervals are covered 80 % between the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CoverageFigures {
    /// Groups.
    pub groups: u32,
    /// Nominal coverage.
    pub nominal: f64,
    /// Share covered with errors common to a group.
    pub common: f64,
    /// Share covered with errors of each player's own.
    pub own: f64,
    /// Share covered by binomial chance alone, as if intervals had no width.
    pub chance: f64,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Validation {
    /// Success, then debut, by season.
    pub horizons: Vec<HorizonFigures>,
    /// Comparables.
    pub comparables: ComparableFigures,
    /// Intervals.
    pub coverage: CoverageFigures,
    /// Days before the seasons' ends, and the ends.
    #[serde(default)]
    pub days: Vec<DayFigures>,
}

impl Validation {
    /// The figures of walk-forward outcomes.
    pub fn of(outcomes: &[Outcome]) -> Self {
        Self {
            horizons: horizons(outcomes),
            comparables: comparables(outcomes),
            coverage: coverage(outcomes),
            days: Vec::new(),
        }
    }

    /// Tables for people.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| by season | n | base rate | AUC | Brier skill | log loss | in one proportion | obs / exp |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for h in &self.horizons {
            text += &format!(
                "| {} S+{} | {} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.3} |\n",
                h.event,
                h.seasons,
                h.n,
                h.base_rate,
                h.auc,
                h.brier_skill,
                h.log_loss,
                h.log_loss_one_proportion,
                h.observed_to_expected
            );
        }
        let c = &self.comparables;
        text += &format!(
            "\n| success share of comparables | base rate | AUC | Brier skill | obs / exp | correlation with the probability | mean difference |\n\
             | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n\
             | {} | {:.4} | {:.4} | {:.4} | {:.3} | {:.3} | {:.4} |\n",
            c.n,
            c.base_rate,
            c.auc,
            c.brier_skill,
            c.observed_to_expected,
            c.correlation,
            c.mean_difference
        );
        let v = &self.coverage;
        text += &format!(
            "\n| 80 % intervals: groups | covered, errors common | covered, errors each his own | covered by chance alone |\n\
             | ---: | ---: | ---: | ---: |\n| {} | {:.3} | {:.3} | {:.3} |\n",
            v.groups, v.common, v.own, v.chance
        );
        text
    }
}

fn horizons(outcomes: &[Outcome]) -> Vec<HorizonFigures> {
    let mut rows = Vec::new();
    for k in 1..=SEASONS as u8 {
        let success = outcomes
            .iter()
            .map(|o| (o.horizons.success, o.aftermath.success));
        rows.push(horizon("success", k, success));
    }
    for k in 1..=SEASONS as u8 {
        let new = outcomes.iter().filter(|o| o.aftermath.debut != Some(0));
        let debut = new.map(|o| (o.horizons.debut, o.aftermath.debut));
        rows.push(horizon("debut", k, debut));
    }
    rows
}

fn horizon(
    event: &str,
    seasons: u8,
    of: impl Iterator<Item = ([f64; SEASONS], Option<u8>)>,
) -> HorizonFigures {
    let (mut pairs, mut last): (Vec<Pair>, Vec<Pair>) = (Vec::new(), Vec::new());
    for (by, happened) in of {
        let so_far = happened.is_some_and(|k| k <= seasons);
        pairs.push((by[usize::from(seasons) - 1], so_far));
        last.push((by[SEASONS - 1], so_far));
    }
    let proportion = observed_to_expected(&last);
    for pair in &mut last {
        pair.0 = (pair.0 * proportion).min(1.0 - 1e-9);
    }
    HorizonFigures {
        event: event.to_owned(),
        seasons,
        n: pairs.len() as u32,
        base_rate: base_rate(&pairs),
        auc: auc(&pairs),
        brier_skill: brier_skill(&pairs),
        log_loss: log_loss(&pairs),
        log_loss_one_proportion: log_loss(&last),
        observed_to_expected: observed_to_expected(&pairs),
    }
}

fn comparables(outcomes: &[Outcome]) -> ComparableFigures {
    let found = || {
        outcomes
            .iter()
            .filter_map(|o| o.comparables.map(|share| (o, share)))
    };
    let pairs: Vec<Pair> = found().map(|(o, share)| (share, o.success)).collect();
    let both: Vec<(f64, f64)> = found()
        .map(|(o, share)| (o.prediction.probability, share))
        .collect();
    let difference: f64 = both.iter().map(|(p, share)| (p - share).abs()).sum();
    ComparableFigures {
        n: pairs.len() as u32,
        base_rate: base_rate(&pairs),
        auc: auc(&pairs),
        brier_skill: brier_skill(&pairs),
        observed_to_expected: observed_to_expected(&pairs),
        correlation: correlation(&both),
        mean_difference: difference / both.len() as f64,
    }
}

/// Pearson's correlation.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let sum =
        |of: &dyn Fn(f64, f64) -> f64| -> f64 { pairs.iter().map(|p| of(p.0 - x, p.1 - y)).sum() };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Groups a season's role is cut into.
const GROUPS: usize = 10;

fn coverage(outcomes: &[Outcome]) -> CoverageFigures {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_by(|a, b| {
        let key = |o: &Outcome| (o.id.season, o.id.role);
        let by_cohort = key(a).cmp(&key(b));
        by_cohort.then(
            a.prediction
                .probability
                .total_cmp(&b.prediction.probability),
        )
    });
    let cohorts = sorted.chunk_by(|a, b| (a.id.season, a.id.role) == (b.id.season, b.id.role));
    let (mut count, mut covered) = (0_u32, [0_u32; 3]);
    for group in cohorts.flat_map(groups) {
        count += 1;
        for (sum, inside) in covered.iter_mut().zip(inside(group)) {
            *sum += u32::from(inside);
        }
    }
    let [common, own, chance] = covered.map(|c| f64::from(c) / f64::from(count));
    CoverageFigures {
        groups: count,
        nominal: 0.8,
        common,
        own,
        chance,
    }
}

/// Cuts a cohort, sorted by probability, where its expected successes pass each
/// tenth of their sum.
fn groups<'a, 'b>(cohort: &'b [&'a Outcome]) -> Vec<&'b [&'a Outcome]> {
    let share = cohort.iter().map(|o| o.prediction.probability).sum::<f64>() / GROUPS as f64;
    let mut so_far = 0.0;
    let numbered: Vec<usize> = cohort
        .iter()
        .map(|o| {
            so_far += o.prediction.probability;
            ((so_far / share) as usize).min(GROUPS - 1)
        })
        .collect();
    let ends = (0..GROUPS).map(|g| numbered.partition_point(|&n| n <= g));
    let mut from = 0;
    ends.map(|end| &cohort[std::mem::replace(&mut from, end)..end])
        .filter(|group| !group.is_empty())
        .collect()
}

/// Whether a group's successes lie within the range of common errors, own errors
/// and no errors.
fn inside(group: &[&Outcome]) -> [bool; 3] {
    let (mut expected, mut chance, mut linear, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for outcome in group {
        let p = outcome.prediction.probability;
        // The delta method: a change of log-odds by d changes p by p (1 - p) d.
        let error = p * (1.0 - p) * half_width(&outcome.prediction) / Z80;
        expected += p;
        chance += p * (1.0 - p);
        linear += error;
        squares += error * error;
    }
    let observed = group.iter().filter(|o| o.success).count() as f64;
    [linear * linear, squares, 0.0]
        .map(|errors| (observed - expected).abs() <= Z80 * (chance + errors).sqrt())
}

/// Half the interval in log-odds.
fn half_width(prediction: &Prediction) -> f64 {
    (log_odds(prediction.upper) - log_odds(prediction.lower)) / 2.0
}
