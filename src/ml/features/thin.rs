//! A season as it stood after a share of it, made of its totals.
//!
//! Most past seasons are known by their totals only. A player's lines are taken as
//! played in ascending level, and the outcomes of his plate appearances are drawn
//! without replacement, so that what is left is what a season to date looks like.
//! The same season, player and share give the same draw.

use crate::domain::{BattingCounts, BattingLine, History, PitchingCounts, PitchingLine, Season};
use crate::ml::rng::Rng;

/// Keeps these draws apart from all others of a seed.
const STREAM: u64 = 1 << 52;

/// The player with his lines of `season` cut to the first `share` of them; lines of
/// other seasons stay.
pub(super) fn lines(
    history: &History,
    season: Season,
    share: f32,
) -> (Vec<BattingLine>, Vec<PitchingLine>) {
    let seed = u64::from(history.prospect.id.0);
    let stream = STREAM | u64::from(season.0) << 12 | (share * 1000.0) as u64;
    let mut rng = Rng::new(seed, stream);
    let mut batting: Vec<BattingLine> = of(&history.batting, |l| l.season == season);
    batting.sort_by_key(|l| (l.level, l.club.league, l.counts.pa, l.counts.g));
    let takes = taken(batting.iter().map(|l| l.counts.pa), share);
    for (line, take) in batting.iter_mut().zip(takes) {
        line.counts = batted(&line.counts, take, &mut rng);
    }
    batting.retain(|l| l.counts.pa > 0);
    let mut pitching: Vec<PitchingLine> = of(&history.pitching, |l| l.season == season);
    pitching.sort_by_key(|l| (l.level, l.club.league, l.counts.bf, l.counts.g));
    let takes = taken(pitching.iter().map(|l| l.counts.bf), share);
    for (line, take) in pitching.iter_mut().zip(takes) {
        line.counts = pitched(&line.counts, take, &mut rng);
    }
    pitching.retain(|l| l.counts.bf > 0);
    (batting, pitching)
}

fn of<L: Clone>(lines: &[L], keep: impl Fn(&L) -> bool) -> Vec<L> {
    lines.iter().filter(|l| keep(l)).cloned().collect()
}

/// How much of each line has been played, the first ones wholly.
fn taken(times: impl Iterator<Item = u16> + Clone, share: f32) -> Vec<u16> {
    let total: f32 = times.clone().map(f32::from).sum();
    let mut left = (share * total).round() as u16;
    times
        .map(|time| {
            let take = time.min(left);
            left -= take;
            take
        })
        .collect()
}

/// Draws `take` of an urn that holds so many of each kind, and as many of no kind as
/// make it `size`.
fn draw<const N: usize>(urn: [u16; N], size: u16, take: u16, rng: &mut Rng) -> [u16; N] {
    let mut left = urn;
    let mut out = [0; N];
    let known: u32 = urn.iter().map(|&n| u32::from(n)).sum();
    let mut size = u32::from(size).max(known);
    for _ in 0..take {
        if size == 0 {
            break;
        }
        let mut at = rng.below(size as usize) as u32;
        for (left, out) in left.iter_mut().zip(&mut out) {
            if at < u32::from(*left) {
                *left -= 1;
                *out += 1;
                break;
            }
            at -= u32::from(*left);
        }
        size -= 1;
    }
    out
}

/// Each of `count` is kept with a chance.
fn some(count: u16, chance: f32, rng: &mut Rng) -> u16 {
    let kept = (0..count)
        .filter(|_| rng.unit() < f64::from(chance))
        .count();
    kept as u16
}

/// The share of a count that is large enough not to be drawn.
fn part(count: Option<u16>, share: f32) -> Option<u16> {
    count.map(|count| (f32::from(count) * share).round() as u16)
}

fn share_of(take: u16, all: u16) -> f32 {
    f32::from(take) / f32::from(all.max(1))
}

fn batted(c: &BattingCounts, take: u16, rng: &mut Rng) -> BattingCounts {
    let share = share_of(take, c.pa);
    let single = c.h.saturating_sub(c.b2 + c.b3 + c.hr);
    let urn = [single, c.b2, c.b3, c.hr, c.bb, c.so, c.hbp, c.sf, c.sh];
    let [single, b2, b3, hr, bb, so, hbp, sf, sh] = draw(urn, c.pa, take, rng);
    BattingCounts {
        g: (f32::from(c.g) * share).ceil() as u16,
        pa: take,
        ab: take.saturating_sub(bb + hbp + sf + sh),
        h: single + b2 + b3 + hr,
        b2,
        b3,
        hr,
        bb,
        so,
        hbp,
        sf,
        sh,
        ibb: some(c.ibb, share, rng).min(bb),
        sb: some(c.sb, share, rng),
        cs: some(c.cs, share, rng),
        gidp: some(c.gidp, share, rng),
        ground_outs: part(c.ground_outs, share),
        air_outs: part(c.air_outs, share),
        pitches: part(c.pitches, share),
        swings: part(c.swings, share),
        whiffs: part(c.whiffs, share),
        ..*c
    }
}

fn pitched(c: &PitchingCounts, take: u16, rng: &mut Rng) -> PitchingCounts {
    let share = share_of(take, c.bf);
    let urn = [c.h.saturating_sub(c.hr), c.hr, c.bb, c.so, c.hbp];
    let [other, hr, bb, so, hbp] = draw(urn, c.bf, take, rng);
    let part_of = |count: u16| (f32::from(count) * share).round() as u16;
    let g = (f32::from(c.g) * share).ceil() as u16;
    let r = part_of(c.r);
    PitchingCounts {
        g,
        gs: part_of(c.gs).min(g),
        bf: take,
        outs: part_of(c.outs).min(take),
        h: other + hr,
        hr,
        bb,
        so,
        hbp,
        r,
        er: part_of(c.er).min(r),
        sv: some(c.sv, share, rng),
        wp: some(c.wp, share, rng),
        ibb: some(c.ibb, share, rng).min(bb),
        ground_outs: part(c.ground_outs, share),
        air_outs: part(c.air_outs, share),
        pitches: part(c.pitches, share),
        strikes: part(c.strikes, share),
        whiffs: part(c.whiffs, share),
        ..*c
    }
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::domain::{History, Season};
    use crate::ml::fixture::league;

    fn time(history: &History, season: Season, share: f32) -> (u32, u32) {
        let (batting, pitching) = lines(history, season, share);
        let batted: u32 = batting.iter().map(|l| u32::from(l.counts.pa)).sum();
        let faced: u32 = pitching.iter().map(|l| u32::from(l.counts.bf)).sum();
        (batted, faced)
    }

    #[test]
    fn the_same_share_is_the_same_draw_and_all_of_it_is_the_season() {
        for history in league(60) {
            let seasons = history.batting.iter().map(|l| l.season);
            for season in seasons.chain(history.pitching.iter().map(|l| l.season)) {
                let half = lines(&history, season, 0.5);
                assert_eq!(half, lines(&history, season, 0.5));
                let (whole, part) = (time(&history, season, 1.0), time(&history, season, 0.5));
                assert!(part.0.abs_diff(whole.0 / 2) <= 1 && part.1.abs_diff(whole.1 / 2) <= 1);
                assert_eq!(time(&history, season, 0.0), (0, 0));
                let all = lines(&history, season, 1.0).0;
                let now: Vec<_> = history
                    .batting
                    .iter()
                    .filter(|l| l.season == season)
                    .collect();
                for (drawn, line) in all.iter().zip(now) {
                    assert_eq!(
                        (drawn.counts.so, drawn.counts.hr),
                        (line.counts.so, line.counts.hr)
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_left_of_a_season_is_a_season_to_date() {
        for history in league(60) {
            for line in &history.batting {
                for cut in lines(&history, line.season, 0.4).0 {
                    let (c, all) = (cut.counts, line.counts);
                    assert!(c.so <= all.so && c.hr <= all.hr && c.bb <= all.bb && c.sb <= all.sb);
                    assert!(c.h <= c.ab && c.hr <= c.h && c.so <= c.ab && c.ab + c.bb <= c.pa);
                }
            }
        }
    }
}
