//! Rates far from those of the level and season: a swapped column or a wrong
//! unit shows here before it shows on a board.

use std::collections::BTreeMap;

use super::findings::finding;
use super::lines::{Key, Lines};
use super::sport::Sport;
use crate::domain::{BattingCounts, Check, Finding, PitchingCounts, ProspectId, Season, Severity};

/// Plate appearances or batters faced below which a rate says little.
const ENOUGH: u16 = 50;
/// Players below whom a level has no norm.
const PLAYERS: usize = 30;
/// Robust deviations from the median beyond which a rate is worth a look.
const FAR: f64 = 8.0;
/// Makes the median deviation of a normal distribution its standard deviation.
const NORMAL: f64 = 1.4826;

/// What is compared, and over what.
type Rate<C> = (&'static str, fn(&C) -> u16);

const BATTING: [Rate<BattingCounts>; 3] = [
    ("strikeouts per plate appearance", |c| c.so),
    ("walks per plate appearance", |c| c.bb),
    ("home runs per plate appearance", |c| c.hr),
];
const PITCHING: [Rate<PitchingCounts>; 3] = [
    ("strikeouts per batter", |c| c.so),
    ("walks per batter", |c| c.bb),
    ("home runs per batter", |c| c.hr),
];

/// Rates of one level and season.
type Pools = BTreeMap<(Season, Sport), Vec<(ProspectId, f64)>>;

/// A finding for each rate of a level and season in which somebody stands far out.
pub(super) fn findings(lines: &Lines, name: impl Fn(ProspectId) -> String) -> Vec<Finding> {
    let mut found = Vec::new();
    for (what, count) in BATTING {
        let rows = lines.batting.iter().map(|(key, line)| (*key, &line.counts));
        let pools = pools(rows, |c| c.pa, count);
        found.extend(
            pools
                .iter()
                .filter_map(|(at, pool)| far(what, *at, pool, &name)),
        );
    }
    for (what, count) in PITCHING {
        let rows = lines
            .pitching
            .iter()
            .map(|(key, line)| (*key, &line.counts));
        let pools = pools(rows, |c| c.bf, count);
        found.extend(
            pools
                .iter()
                .filter_map(|(at, pool)| far(what, *at, pool, &name)),
        );
    }
    found
}

fn pools<'a, C: 'a>(
    rows: impl Iterator<Item = (Key, &'a C)>,
    chances: fn(&C) -> u16,
    count: fn(&C) -> u16,
) -> Pools {
    let mut pools = Pools::new();
    for ((player, season, level), counts) in rows {
        if chances(counts) >= ENOUGH {
            let rate = f64::from(count(counts)) / f64::from(chances(counts));
            pools
                .entry((season, level))
                .or_default()
                .push((player, rate));
        }
    }
    pools
}

fn far(
    what: &str,
    (season, level): (Season, Sport),
    pool: &[(ProspectId, f64)],
    name: &impl Fn(ProspectId) -> String,
) -> Option<Finding> {
    if pool.len() < PLAYERS {
        return None;
    }
    let middle = median(pool.iter().map(|(_, rate)| *rate).collect());
    let spread = NORMAL * median(pool.iter().map(|(_, rate)| (rate - middle).abs()).collect());
    // Where most have the same rate there is no spread to measure by.
    let mut out: Vec<_> = pool
        .iter()
        .filter(|(_, rate)| spread > 0.0 && (rate - middle).abs() > FAR * spread)
        .collect();
    if out.is_empty() {
        return None;
    }
    out.sort_by(|a, b| (b.1 - middle).abs().total_cmp(&(a.1 - middle).abs()));
    let examples = out.iter().map(|(player, rate)| {
        let far = (rate - middle) / spread;
        format!("{}: {rate:.3}, {far:+.1} deviations", name(*player))
    });
    Some(finding(
        Check::Outliers,
        Severity::Warning,
        format!("{what} in {season} {level} lie far from the median of {middle:.3}"),
        out.len() as u32,
        examples,
    ))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::{PLAYERS, far};
    use crate::domain::{ProspectId, Season};
    use crate::ingest::mlb::Sport;

    #[test]
    fn only_what_stands_far_out_of_many_is_named() {
        let at = (Season(2026), Sport::DoubleA);
        let mut pool: Vec<_> = (0..PLAYERS as u32)
            .map(|n| (ProspectId(n + 1), 0.20 + f64::from(n) / 1000.0))
            .collect();
        let name = |id: ProspectId| format!("player {id}");
        assert_eq!(far("walks", at, &pool, &name), None);
        pool.push((ProspectId(99), 0.95));
        let finding = far("walks", at, &pool, &name).expect("an outlier");
        assert_eq!(finding.count, 1);
        assert!(
            finding.examples[0].starts_with("player 99: 0.950, +"),
            "{finding:?}"
        );
        assert_eq!(
            far("walks", at, &pool[..PLAYERS - 1], &name),
            None,
            "too few"
        );
    }
}
