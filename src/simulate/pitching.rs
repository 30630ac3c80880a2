//! Draws one pitching line from talent and the league's averages.

use crate::domain::PitchingCounts;

use super::batting::odds;
use super::random::Random;
use super::settings::{Rung, rung};
use super::talent::Talent;

/// Pitching counts of `bf` batters faced; `starter` is the share of games started.
pub(super) fn draw(
    random: &mut Random,
    talent: &Talent,
    age: f64,
    at: usize,
    bf: u16,
    starter: f64,
) -> PitchingCounts {
    let league = rung(at);
    let edge = talent.ability(age) - league.difficulty + if starter < 0.3 { 0.2 } else { 0.0 };
    let mut line = outcomes(random, talent, edge, league, bf);
    games(random, at, starter, &mut line);
    runs(random, league, &mut line);
    tally(random, talent, edge, &mut line);
    line
}

fn outcomes(
    random: &mut Random,
    talent: &Talent,
    edge: f64,
    league: &Rung,
    bf: u16,
) -> PitchingCounts {
    let skills = talent.skills;
    let left = 1.0 - league.so;
    let so = random.successes(bf, odds(league.so, 0.26 * (edge + 1.1 * skills.contact)));
    let bb = random.successes(
        bf - so,
        odds(league.bb / left, -0.26 * (edge + 1.3 * skills.discipline)),
    );
    let hbp = random.successes(bf - so - bb, league.hbp / left);
    let batted = bf - so - bb - hbp;
    let per_batted = league.hr / (left - league.bb - league.hbp);
    let hr = random.successes(
        batted,
        odds(
            per_batted,
            -0.14 * edge - 0.2 * skills.power - 0.15 * skills.ground,
        ),
    );
    let babip = league.babip - 0.007 * edge + random.normal(0.012);
    let hits = random.successes(batted - hr, babip);
    let caught = random.successes(bb + hits + hbp, 0.07);
    PitchingCounts {
        bf,
        so,
        bb,
        hbp,
        hr,
        h: hits + hr,
        ibb: random.successes(bb, 0.014),
        outs: so + batted - hr - hits + caught,
        wp: random.successes(bf, league.wp),
        bk: random.successes(bf, 0.002),
        ..PitchingCounts::default()
    }
}

fn games(random: &mut Random, at: usize, starter: f64, line: &mut PitchingCounts) {
    let bf = f64::from(line.bf);
    let per_start = if at < 2 { 14.5 } else { 20.5 };
    let starter = starter * if at < 2 { 0.85 } else { 1.1 };
    let starts = random.successes((bf * starter / per_start).round() as u16, 0.97);
    let relief = ((bf - f64::from(starts) * per_start).max(0.0) / 5.6).round() as u16;
    line.gs = starts;
    line.g = (starts + relief).max(1);
    let decisions = random.successes(line.g, if starter > 0.5 { 0.55 } else { 0.16 });
    let quality = 0.5 + 0.6 * (0.22 - f64::from(line.h) / bf.max(1.0));
    line.w = random.successes(decisions, quality.clamp(0.2, 0.8));
    line.l = decisions - line.w;
    let late = line.g - line.gs.min(line.g) - random.successes(line.g - line.gs.min(line.g), 0.7);
    let free = late.min(line.g - decisions);
    line.sv = random.successes(free, 0.4);
    line.hld = free - line.sv;
    line.cg = random.successes(starts, 0.012);
    line.sho = random.successes(line.cg, 0.4);
}

fn runs(random: &mut Random, league: &Rung, line: &mut PitchingCounts) {
    let on_base = line.h - line.hr + line.bb + line.hbp;
    let share = (league.er - 1.25 * league.hr) / 0.305;
    let scored = random.successes(on_base, share.clamp(0.1, 0.5));
    line.er = line.hr + scored;
    line.r = line.er + random.successes(on_base - scored, 0.055);
}

fn tally(random: &mut Random, talent: &Talent, edge: f64, line: &mut PitchingCounts) {
    let batted_outs = line.outs.saturating_sub(line.so);
    let ground = random.successes(
        batted_outs,
        (0.50 + 0.06 * talent.skills.ground).clamp(0.2, 0.8),
    );
    line.ground_outs = Some(ground);
    line.air_outs = Some(batted_outs - ground);
    let pitches = f64::from(line.bf) * 3.82 + random.normal(f64::from(line.bf).sqrt());
    let pitches = pitches.round().max(f64::from(line.bf)) as u16;
    let strikes = random.successes(
        pitches,
        0.628 + 0.012 * (edge + talent.skills.discipline).clamp(-3.0, 3.0),
    );
    line.pitches = Some(pitches);
    line.strikes = Some(strikes);
    line.whiffs = Some(random.successes(
        strikes,
        odds(0.19, 0.26 * (edge + 1.1 * talent.skills.contact)),
    ));
}
