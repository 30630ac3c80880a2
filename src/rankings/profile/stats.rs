//! Stat lines as shown, with the rates people read them by.

use crate::domain::{BattingLine, Code, History, MlbSeason, PitchingLine, Season};
use crate::rankings::views::{BattingView, MlbView, PitchingView, StatsView};

/// Innings as written in baseball: whole innings, a point, and the outs of the
/// unfinished one (137 outs are `45.2`).
pub fn innings(outs: impl Into<u32>) -> String {
    let outs = outs.into();
    format!("{}.{}", outs / 3, outs % 3)
}

/// Every line up to the end of `until`, newest first.
pub(in crate::rankings) fn stats(history: &History, until: Season) -> StatsView {
    let mut view = StatsView::default();
    let born = history.prospect.birth_date;
    for line in history.batting.iter().filter(|line| line.season <= until) {
        view.batting.push(batting(line, line.season.age(born)));
    }
    for line in history.pitching.iter().filter(|line| line.season <= until) {
        view.pitching.push(pitching(line, line.season.age(born)));
    }
    view.mlb = history
        .mlb
        .iter()
        .filter(|line| line.season <= until)
        .map(mlb)
        .collect();
    view.batting
        .sort_by_key(|line| std::cmp::Reverse(line.season));
    view.pitching
        .sort_by_key(|line| std::cmp::Reverse(line.season));
    view.mlb.sort_by_key(|line| std::cmp::Reverse(line.season));
    view
}

fn batting(line: &BattingLine, age: Option<f32>) -> BattingView {
    let c = line.counts;
    let singles_and_more = [c.h, c.b2, c.b3, c.b3, c.hr, c.hr, c.hr];
    let bases: u32 = singles_and_more.into_iter().map(u32::from).sum();
    let reached = u32::from(c.h) + u32::from(c.bb) + u32::from(c.hbp);
    let chances = u32::from(c.ab) + u32::from(c.bb) + u32::from(c.hbp) + u32::from(c.sf);
    BattingView {
        season: line.season.0,
        level: line.level.to_string(),
        league: known(line.club.league),
        club: known(line.club.team).or_else(|| known(line.club.organisation)),
        age: age.map(tenth),
        position: line.position.map(|position| position.to_string()),
        as_of: line.as_of.to_string(),
        g: c.g,
        pa: c.pa,
        ab: c.ab,
        h: c.h,
        b2: c.b2,
        b3: c.b3,
        hr: c.hr,
        rbi: c.rbi,
        bb: c.bb,
        so: c.so,
        hbp: c.hbp,
        sb: c.sb,
        cs: c.cs,
        avg: ratio(c.h, c.ab),
        obp: ratio(reached, chances),
        slg: ratio(bases, c.ab),
        k_rate: ratio(c.so, c.pa),
        bb_rate: ratio(c.bb, c.pa),
        iso: ratio(bases.saturating_sub(c.h.into()), c.ab),
    }
}

fn pitching(line: &PitchingLine, age: Option<f32>) -> PitchingView {
    let c = line.counts;
    PitchingView {
        season: line.season.0,
        level: line.level.to_string(),
        league: known(line.club.league),
        club: known(line.club.team).or_else(|| known(line.club.organisation)),
        age: age.map(tenth),
        as_of: line.as_of.to_string(),
        g: c.g,
        gs: c.gs,
        w: c.w,
        l: c.l,
        sv: c.sv,
        ip: innings(c.outs),
        outs: c.outs,
        bf: c.bf,
        h: c.h,
        er: c.er,
        hr: c.hr,
        bb: c.bb,
        so: c.so,
        era: ratio(27 * u32::from(c.er), c.outs),
        whip: ratio(3 * (u32::from(c.bb) + u32::from(c.h)), c.outs),
        k_rate: ratio(c.so, c.bf),
        bb_rate: ratio(c.bb, c.bf),
    }
}

fn mlb(line: &MlbSeason) -> MlbView {
    MlbView {
        season: line.season.0,
        pa: line.pa,
        hr: line.hr,
        ip: innings(line.outs),
        so: line.so,
        bb: line.bb,
        p_so: line.p_so,
        p_bb: line.p_bb,
    }
}

/// To four decimals, as no rate of one season carries more.
fn ratio(count: impl Into<u32>, of: impl Into<u32>) -> Option<f32> {
    let (count, of) = (count.into(), of.into());
    (of > 0).then(|| (count as f32 / of as f32 * 10_000.0).round() / 10_000.0)
}

fn tenth(age: f32) -> f32 {
    (age * 10.0).round() / 10.0
}

fn known(code: Code) -> Option<String> {
    (!code.is_unknown()).then(|| code.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::{batting, innings, pitching, ratio};
    use crate::domain::{BattingLine, Club, Level, PitchingLine, Season};

    /// Counts of a batting line that are kept and not shown.
    const BATTING_KEPT: [&str; 10] = [
        "ibb",
        "sh",
        "sf",
        "gidp",
        "r",
        "ground_outs",
        "air_outs",
        "pitches",
        "swings",
        "whiffs",
    ];
    /// Counts of a pitching line that are kept and not shown.
    const PITCHING_KEPT: [&str; 13] = [
        "hld",
        "cg",
        "sho",
        "r",
        "ibb",
        "hbp",
        "wp",
        "bk",
        "ground_outs",
        "air_outs",
        "pitches",
        "strikes",
        "whiffs",
    ];

    /// Counts of which each has a value of its own.
    fn distinct<C: Default + Serialize + DeserializeOwned>() -> (C, Value) {
        let mut counts = serde_json::to_value(C::default()).expect("an object");
        let fields = counts.as_object_mut().expect("an object");
        (101..)
            .zip(fields.values_mut())
            .for_each(|(n, count)| *count = Value::from(n));
        (
            serde_json::from_value(counts.clone()).expect("counts"),
            counts,
        )
    }

    /// Every count is shown under its own name, unless it is one of `kept`.
    fn compare(counts: &Value, view: &Value, kept: &[&str]) {
        for (name, count) in counts.as_object().expect("an object") {
            match kept.contains(&name.as_str()) {
                true => assert_eq!(view.get(name), None, "{name} is shown after all"),
                false => assert_eq!(view.get(name), Some(count), "{name}"),
            }
        }
    }

    #[test]
    fn every_count_of_a_line_is_shown_or_named_as_kept() {
        let (season, level, as_of) = (Season(2026), Level::A, date(2026, 7, 3));
        let (counts, named) = distinct();
        let line = BattingLine {
            season,
            level,
            club: Club::default(),
            position: None,
            as_of,
            counts,
        };
        let view = serde_json::to_value(batting(&line, None)).expect("JSON");
        compare(&named, &view, &BATTING_KEPT);
        let (counts, named) = distinct();
        let line = PitchingLine {
            season,
            level,
            club: Club::default(),
            position: None,
            as_of,
            counts,
        };
        let view = serde_json::to_value(pitching(&line, None)).expect("JSON");
        compare(&named, &view, &PITCHING_KEPT);
    }

    #[test]
    fn innings_are_written_in_thirds() {
        assert_eq!(innings(137_u16), "45.2");
        assert_eq!(innings(0_u16), "0.0");
    }

    #[test]
    fn a_rate_of_nothing_is_unknown() {
        assert_eq!(ratio(1_u16, 0_u16), None);
        assert_eq!(ratio(1_u16, 3_u16), Some(0.3333));
    }
}
