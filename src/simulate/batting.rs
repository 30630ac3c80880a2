//! Draws one batting line from talent and the league's averages.

use crate::domain::BattingCounts;

use super::random::Random;
use super::settings::{Rung, SINGLE_A, rung};
use super::talent::Talent;

/// Batting counts of `pa` plate appearances on a rung at an age.
pub(super) fn draw(
    random: &mut Random,
    talent: &Talent,
    age: f64,
    at: usize,
    pa: u16,
) -> BattingCounts {
    let league = rung(at);
    let edge = talent.ability(age) - league.difficulty;
    let mut line = outcomes(random, talent, edge, league, pa);
    run(random, talent, league, &mut line);
    tally(random, at, edge, talent, &mut line);
    line
}

fn outcomes(
    random: &mut Random,
    talent: &Talent,
    edge: f64,
    league: &Rung,
    pa: u16,
) -> BattingCounts {
    let skills = talent.skills;
    let so = random.successes(pa, odds(league.so, -0.30 * (edge + 1.1 * skills.contact)));
    let rest = pa - so;
    let left = 1.0 - league.so;
    let bb = random.successes(
        rest,
        odds(league.bb / left, 0.22 * (edge + 1.4 * skills.discipline)),
    );
    let hbp = random.successes(rest - bb, league.hbp / left);
    let sh = random.successes(rest - bb - hbp, 0.006 / left);
    let batted = rest - bb - hbp - sh;
    let per_batted = league.hr / (left - league.bb - league.hbp);
    let hr = random.successes(batted, odds(per_batted, 0.34 * edge + 0.55 * skills.power));
    let babip = league.babip + 0.012 * edge + 0.008 * skills.speed + random.normal(0.01);
    let in_park = random.successes(batted - hr, babip);
    let sf = random.successes(batted - hr - in_park, 0.017);
    let b3 = random.successes(in_park, 0.037 * (0.4 * skills.speed).exp());
    let b2 = random.successes(in_park - b3, 0.235 + 0.02 * skills.power);
    BattingCounts {
        pa,
        so,
        bb,
        hbp,
        sh,
        sf,
        hr,
        b2,
        b3,
        h: in_park + hr,
        ab: batted + so - sf,
        ibb: random.successes(bb, 0.014),
        ..BattingCounts::default()
    }
}

fn run(random: &mut Random, talent: &Talent, league: &Rung, line: &mut BattingCounts) {
    let on_first = line.h - line.b2 - line.b3 - line.hr + line.bb + line.hbp;
    let share = league.sb / 0.245 * (0.75 * talent.skills.speed - 0.25).exp();
    let attempts = random.successes(on_first, (share * 1.4).min(0.6));
    line.sb = random.successes(
        attempts,
        (0.69 + 0.05 * talent.skills.speed).clamp(0.4, 0.9),
    );
    line.cs = attempts - line.sb;
    let outs = line.ab - line.h - line.so;
    line.gidp = random.successes(
        outs,
        league.gidp / 0.45 * (-0.15 * talent.skills.speed).exp(),
    );
    let scoring = line.h + line.bb + line.hbp - line.hr;
    let runs = random.successes(scoring, 0.31 + 0.03 * talent.skills.speed.clamp(-2.0, 2.0));
    line.r = Some(line.hr + runs);
    line.rbi = line.hr
        + line.sf
        + random.successes(line.ab - line.so, 0.10)
        + random.successes(line.hr, 0.55);
}

fn tally(random: &mut Random, at: usize, edge: f64, talent: &Talent, line: &mut BattingCounts) {
    let batted_outs = line.ab - line.h - line.so + line.sf + line.sh;
    let ground = random.successes(
        batted_outs - line.sf,
        0.50 + 0.05 * talent.skills.ground - 0.03 * talent.skills.power,
    );
    line.ground_outs = Some(ground);
    line.air_outs = Some(batted_outs - ground);
    let pitches = f64::from(line.pa) * (3.82 + 0.08 * talent.skills.discipline)
        + random.normal(f64::from(line.pa).sqrt());
    let pitches = pitches.round().max(f64::from(line.pa)) as u16;
    let swings = random.successes(pitches, 0.455 - 0.015 * talent.skills.discipline);
    let misses = if at < SINGLE_A { 0.30 } else { 0.265 };
    line.pitches = Some(pitches);
    line.swings = Some(swings.max(line.ab - line.so.min(line.ab)));
    line.whiffs = Some(random.successes(
        swings,
        odds(misses, -0.3 * (edge + 1.1 * talent.skills.contact)),
    ));
    line.g = ((f64::from(line.pa) / 4.0).round() as u16).max(1);
}

/// Probability `p` moved by `shift` in log-odds.
pub(super) fn odds(p: f64, shift: f64) -> f64 {
    let raised = p * shift.exp();
    raised / (1.0 - p + raised)
}
