//! Counts under the source's names, and rates made from them.

use std::collections::BTreeMap;

use afwd::domain::{BattingCounts, MlbSeason, PitchingCounts};
use serde_json::{Map, Value, json};

/// Counts by the source's name.
pub(crate) type Counts = BTreeMap<&'static str, u32>;

/// Counts that only the advanced statistics give.
const ADVANCED: [&str; 2] = ["totalSwings", "swingAndMisses"];

/// A batting line.
pub(crate) fn hitting(c: &BattingCounts) -> Counts {
    counts([
        ("gamesPlayed", c.g),
        ("plateAppearances", c.pa),
        ("atBats", c.ab),
        ("hits", c.h),
        ("doubles", c.b2),
        ("triples", c.b3),
        ("homeRuns", c.hr),
        ("rbi", c.rbi),
        ("baseOnBalls", c.bb),
        ("intentionalWalks", c.ibb),
        ("strikeOuts", c.so),
        ("hitByPitch", c.hbp),
        ("sacBunts", c.sh),
        ("sacFlies", c.sf),
        ("groundIntoDoublePlay", c.gidp),
        ("stolenBases", c.sb),
        ("caughtStealing", c.cs),
        ("runs", c.r.unwrap_or(0)),
        ("groundOuts", c.ground_outs.unwrap_or(0)),
        ("airOuts", c.air_outs.unwrap_or(0)),
        ("numberOfPitches", c.pitches.unwrap_or(0)),
        ("totalSwings", c.swings.unwrap_or(0)),
        ("swingAndMisses", c.whiffs.unwrap_or(0)),
    ])
}

/// A pitching line.
pub(crate) fn pitching(c: &PitchingCounts) -> Counts {
    let whiffs = c.whiffs.unwrap_or(0);
    counts([
        ("gamesPlayed", c.g),
        ("gamesStarted", c.gs),
        ("wins", c.w),
        ("losses", c.l),
        ("saves", c.sv),
        ("holds", c.hld),
        ("completeGames", c.cg),
        ("shutouts", c.sho),
        ("outs", c.outs),
        ("battersFaced", c.bf),
        ("hits", c.h),
        ("runs", c.r),
        ("earnedRuns", c.er),
        ("homeRuns", c.hr),
        ("baseOnBalls", c.bb),
        ("intentionalWalks", c.ibb),
        ("strikeOuts", c.so),
        ("hitByPitch", c.hbp),
        ("wildPitches", c.wp),
        ("balks", c.bk),
        ("groundOuts", c.ground_outs.unwrap_or(0)),
        ("airOuts", c.air_outs.unwrap_or(0)),
        ("numberOfPitches", c.pitches.unwrap_or(0)),
        ("strikes", c.strikes.unwrap_or(0)),
        ("totalSwings", whiffs.saturating_mul(4)),
        ("swingAndMisses", whiffs),
    ])
}

/// What a simulated major-league season says of batting.
pub(crate) fn major_hitting(c: &MlbSeason) -> Counts {
    counts([
        ("gamesPlayed", c.g),
        ("plateAppearances", c.pa),
        ("atBats", c.ab),
        ("hits", c.h),
        ("doubles", 0),
        ("triples", 0),
        ("homeRuns", c.hr),
        ("baseOnBalls", c.bb),
        ("strikeOuts", c.so),
        ("hitByPitch", 0),
        ("stolenBases", 0),
        ("caughtStealing", 0),
    ])
}

/// What a simulated major-league season says of pitching.
pub(crate) fn major_pitching(c: &MlbSeason) -> Counts {
    counts([
        ("gamesPlayed", c.g_pit),
        ("gamesStarted", c.gs),
        ("outs", c.outs),
        ("battersFaced", c.bf),
        ("hits", 0),
        ("runs", 0),
        ("earnedRuns", 0),
        ("homeRuns", 0),
        ("baseOnBalls", c.p_bb),
        ("strikeOuts", c.p_so),
    ])
}

/// The sum of counts, each cut to the share played.
pub(crate) fn total<'a>(parts: impl Iterator<Item = (&'a Counts, f64)>) -> Counts {
    let mut sum = Counts::new();
    for (counts, share) in parts {
        for (name, count) in counts {
            // Rounding down keeps parts within their whole: hits within at bats.
            *sum.entry(name).or_insert(0) += (f64::from(*count) * share) as u32;
        }
    }
    sum
}

/// The counts as the source's `stat`, with the rates it adds.
pub(crate) fn stat(counts: &Counts, advanced: bool) -> Map<String, Value> {
    let given = counts
        .iter()
        .filter(|(name, _)| ADVANCED.contains(name) == advanced);
    let mut stat: Map<_, _> = given
        .map(|(name, count)| ((*name).to_owned(), json!(count)))
        .collect();
    let of = |name| counts.get(name).copied();
    if advanced {
        stat.insert("babip".to_owned(), json!(".---"));
    } else if let Some(outs) = of("outs") {
        stat.insert(
            "inningsPitched".to_owned(),
            json!(format!("{}.{}", outs / 3, outs % 3)),
        );
        stat.insert(
            "era".to_owned(),
            json!(rate(of("earnedRuns"), Some(outs), 27.0, 2)),
        );
    } else {
        stat.insert(
            "avg".to_owned(),
            json!(rate(of("hits"), of("atBats"), 1.0, 3)),
        );
        stat.insert(
            "atBatsPerHomeRun".to_owned(),
            json!(rate(of("atBats"), of("homeRuns"), 1.0, 2)),
        );
    }
    stat
}

/// A rate as the source writes it: `.278`, `4.26`, `-.--` where undefined.
fn rate(over: Option<u32>, under: Option<u32>, times: f64, digits: usize) -> String {
    match (over, under) {
        (Some(over), Some(under @ 1..)) => {
            let text = format!("{:.digits$}", times * f64::from(over) / f64::from(under));
            text.strip_prefix('0')
                .filter(|_| digits == 3)
                .unwrap_or(&text)
                .to_owned()
        }
        _ => "-.--".to_owned(),
    }
}

fn counts<const N: usize>(pairs: [(&'static str, u16); N]) -> Counts {
    pairs
        .into_iter()
        .map(|(name, count)| (name, u32::from(count)))
        .collect()
}
