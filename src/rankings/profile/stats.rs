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
    use super::{innings, ratio};

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
