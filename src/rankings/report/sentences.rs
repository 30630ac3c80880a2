//! The answer in plain sentences, each from a figure of the card.

use super::view::{Bin, Section};
use crate::rankings::wording::{share_of_many, thousands};

/// Whether to trust the numbers, in a few sentences.
pub(super) fn of(pooled: Option<&Section>, seasons: &[Section]) -> Vec<String> {
    let Some(all) = pooled else { return Vec::new() };
    let mut sentences = vec![span(all, seasons)];
    sentences.extend(total(all));
    // High, middling and low: what is said of the best must come true too.
    for probability in [0.8, 0.25, 0.03] {
        let bins = all.reliability.iter().filter(|b| b.n >= 50);
        let nearest = bins.min_by(by_nearness(probability)).map(given);
        sentences.extend(nearest.filter(|told| !sentences.contains(told)));
    }
    sentences.extend(hundred(all, seasons));
    sentences.extend(order(all));
    sentences
}

fn by_nearness(p: f64) -> impl Fn(&&Bin, &&Bin) -> std::cmp::Ordering {
    move |a, b| (a.predicted - p).abs().total_cmp(&(b.predicted - p).abs())
}

fn span(all: &Section, seasons: &[Section]) -> String {
    let years: Vec<u16> = seasons.iter().filter_map(|s| s.season).collect();
    let (first, last) = (
        years.first().copied().unwrap_or(0),
        years.last().copied().unwrap_or(0),
    );
    format!(
        "At the end of every season from {first} to {last} a model that knew nothing later rated everybody with enough playing time: {} ratings, {} of them ({}) of players who went on to succeed.",
        thousands(all.model.n),
        thousands(all.model.successes),
        share_of_many(all.model.base_rate)
    )
}

/// Successes promised against successes that came.
fn total(all: &Section) -> Option<String> {
    let s = &all.model;
    let promised =
        (s.observed_to_expected > 0.0).then(|| f64::from(s.successes) / s.observed_to_expected)?;
    Some(format!(
        "Their probabilities add up to {} successes; {} came.",
        thousands(promised.round() as u32),
        thousands(s.successes)
    ))
}

fn given(bin: &Bin) -> String {
    format!(
        "Of the {} given {:.0} to {:.0} % ({} on average), {} succeeded.",
        thousands(bin.n),
        bin.from * 100.0,
        bin.to * 100.0,
        share_of_many(bin.predicted),
        share_of_many(bin.observed)
    )
}

fn hundred(all: &Section, seasons: &[Section]) -> Option<String> {
    let of = |s: &Section| {
        s.top
            .iter()
            .find(|t| t.k == 100)
            .copied()
            .filter(|t| t.n > 0)
    };
    let top = of(all)?;
    let share = |s: &Section| of(s).map(|t| f64::from(t.successes) / f64::from(t.n));
    let shares: Vec<f64> = seasons.iter().filter_map(share).collect();
    let least = shares.iter().copied().fold(1.0, f64::min);
    let most = shares.iter().copied().fold(0.0, f64::max);
    Some(format!(
        "Of each season's 100 highest, {} succeeded ({} in the worst season, {} in the best); by age and level alone it would have been {}.",
        share_of_many(f64::from(top.successes) / f64::from(top.n)),
        share_of_many(least),
        share_of_many(most),
        share_of_many(f64::from(top.baseline_successes) / f64::from(top.n))
    ))
}

fn order(all: &Section) -> Option<String> {
    let (ours, plain) = (all.model.auc?, all.baseline.auc?);
    Some(format!(
        "A player who succeeded had been rated above one who did not in {} of pairs, against {} by age and level alone.",
        share_of_many(ours),
        share_of_many(plain)
    ))
}
