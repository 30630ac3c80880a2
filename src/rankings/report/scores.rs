//! Figures of sets of verdicts.

use super::view::{Bin, Cut, Reached, Scores, Top};
use crate::domain::{Confidence, Level, Role, Verdict};
use crate::ml::probability::{self, Pair};

/// Lower ends of the bins of probability; the last ends at 1.
const BINS: [f64; 10] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7];
/// Lengths of lists.
const LISTS: [u32; 3] = [25, 100, 250];
/// First whole year of each band of ages.
const AGES: [(&str, f32, f32); 5] = [
    ("under 20", 0.0, 20.0),
    ("20 to 21", 20.0, 22.0),
    ("22 to 23", 22.0, 24.0),
    ("24 to 25", 24.0, 26.0),
    ("26 and over", 26.0, 99.0),
];
/// Oldest of the hard cases.
const HARD_AGE: f32 = 25.0;

/// Whose probability, against which outcome.
type Of = fn(&Verdict) -> Pair;

pub(super) fn model(v: &Verdict) -> Pair {
    (v.prediction.probability, v.success)
}

pub(super) fn baseline(v: &Verdict) -> Pair {
    (v.baseline, v.success)
}

pub(super) fn in_full_seasons(v: &Verdict) -> Pair {
    (v.prediction.probability, v.success_in_full_seasons)
}

/// The figures of a set.
pub(super) fn scores(set: &[&Verdict], of: Of) -> Scores {
    let pairs: Vec<Pair> = set.iter().map(|v| of(v)).collect();
    let successes = pairs.iter().filter(|p| p.1).count() as u32;
    let known = |value: f64| value.is_finite().then_some(value);
    let both = successes > 0 && (successes as usize) < pairs.len();
    Scores {
        n: pairs.len() as u32,
        successes,
        base_rate: probability::base_rate(&pairs),
        majority: probability::majority(&pairs),
        auc: known(probability::auc(&pairs)),
        brier_skill: known(probability::brier_skill(&pairs)),
        brier: probability::brier(&pairs),
        log_loss: probability::log_loss(&pairs),
        ece: probability::ece(&pairs),
        observed_to_expected: probability::observed_to_expected(&pairs),
        slope: both
            .then(|| probability::calibration_slope(&pairs))
            .and_then(known),
        balanced_accuracy: known(probability::balanced_accuracy(&pairs)),
    }
}

/// Scores by role, level, age, confidence, and of the hard cases.
pub(super) fn cuts(set: &[&Verdict]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut add = |by, name: &str, keep: &dyn Fn(&Verdict) -> bool| {
        let part: Vec<&Verdict> = set.iter().copied().filter(|v| keep(v)).collect();
        if !part.is_empty() {
            cuts.push(Cut {
                by,
                name: name.to_owned(),
                model: scores(&part, model),
                baseline: scores(&part, baseline),
            });
        }
    };
    for &role in Role::ALL {
        add("role", role.as_str(), &|v| v.snapshot.role == role);
    }
    for &level in Level::ALL {
        add("level", level.as_str(), &|v| v.level == level);
    }
    for (name, from, to) in AGES {
        add("age", name, &|v| {
            v.age.is_some_and(|a| (from..to).contains(&a))
        });
    }
    for &confidence in Confidence::ALL.iter().rev() {
        add("confidence", confidence.as_str(), &|v| {
            v.prediction.confidence == confidence
        });
    }
    add("hard", "AA and AAA, 25 or younger", &is_hard);
    cuts
}

/// True in the high minors at an age at which they all still might succeed.
fn is_hard(v: &Verdict) -> bool {
    matches!(v.level.as_str(), "AA" | "AAA") && v.age.is_some_and(|age| age <= HARD_AGE)
}

/// What was given against what happened, in fixed bins of probability.
pub(super) fn reliability(set: &[&Verdict]) -> Vec<Bin> {
    let ends = BINS[1..].iter().copied().chain([f64::INFINITY]);
    let bins = BINS.into_iter().zip(ends);
    bins.filter_map(|(from, to)| {
        let inside: Vec<Pair> = set
            .iter()
            .map(|v| model(v))
            .filter(|p| (from..to).contains(&p.0))
            .collect();
        (!inside.is_empty()).then(|| bin(&inside, from, to.min(1.0)))
    })
    .collect()
}

fn bin(pairs: &[Pair], from: f64, to: f64) -> Bin {
    let n = pairs.len() as u32;
    let successes = pairs.iter().filter(|p| p.1).count() as u32;
    let (lower, upper) = wilson(successes, n);
    Bin {
        from,
        to,
        n,
        successes,
        predicted: pairs.iter().map(|p| p.0).sum::<f64>() / f64::from(n),
        observed: f64::from(successes) / f64::from(n),
        lower,
        upper,
    }
}

/// Wilson's 95 % interval of a share.
pub(super) fn wilson(successes: u32, n: u32) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let (n, share) = (f64::from(n), f64::from(successes) / f64::from(n));
    let scale = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// The highest of each of `seasons`, counted together.
pub(super) fn top(seasons: &[Vec<&Verdict>]) -> Vec<Top> {
    LISTS
        .iter()
        .map(|&k| {
            let mut all = Top {
                k,
                n: 0,
                successes: 0,
                baseline_successes: 0,
            };
            for set in seasons {
                let (n, successes) = highest(set, k as usize, model);
                all.n += n;
                all.successes += successes;
                all.baseline_successes += highest(set, k as usize, baseline).1;
            }
            all
        })
        .collect()
}

/// Length of the list, and successes on it.
pub(super) fn highest(set: &[&Verdict], k: usize, of: Of) -> (u32, u32) {
    let mut order: Vec<&&Verdict> = set.iter().collect();
    order.sort_by(|a, b| of(b).0.total_cmp(&of(a).0).then(a.rank.cmp(&b.rank)));
    order.truncate(k);
    let successes = order.iter().filter(|v| v.success).count();
    (order.len() as u32, successes as u32)
}

/// Regulars against visitors among those who reached the majors.
pub(super) fn reached(set: &[&Verdict]) -> Reached {
    let there: Vec<&Verdict> = set.iter().copied().filter(|v| v.majors.reached).collect();
    let n = there.len() as u32;
    let successes = there.iter().filter(|v| v.success).count() as u32;
    let (_, right) = highest(&there, successes as usize, model);
    // Every success left off the list is a failure put on it.
    let accuracy = || 1.0 - 2.0 * f64::from(successes - right) / f64::from(n);
    Reached {
        n,
        successes,
        accuracy: (n > 0).then(accuracy),
        majority: (n > 0).then(|| f64::from(successes.max(n - successes)) / f64::from(n)),
    }
}
