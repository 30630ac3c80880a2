//! The rates of a season: what is counted, out of how many chances, and how
//! many league-average chances each is shrunk with.

use crate::domain::{BattingCounts, PitchingCounts};

/// Rates kept per role.
pub(super) const RATES: usize = 16;

/// Successes and chances of every rate of one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) num: [f32; RATES],
    pub(super) den: [f32; RATES],
}

/// Batting rates, as indices into a [`Tally`].
pub(super) mod bat {
    use crate::ml::features::rates::RATES;

    pub(in super::super) const K: usize = 0;
    pub(in super::super) const BB: usize = 1;
    pub(in super::super) const HR: usize = 2;
    pub(in super::super) const XB: usize = 3;
    pub(in super::super) const BABIP: usize = 4;
    pub(in super::super) const ISO: usize = 5;
    pub(in super::super) const WOBA: usize = 6;
    pub(in super::super) const HBP: usize = 7;
    pub(in super::super) const STEAL: usize = 8;
    pub(in super::super) const SAFE: usize = 9;
    pub(in super::super) const GIDP: usize = 10;
    pub(in super::super) const TRIPLE: usize = 11;
    pub(in super::super) const GROUND: usize = 12;
    pub(in super::super) const WHIFF: usize = 13;
    pub(in super::super) const OBP: usize = 14;
    pub(in super::super) const IBB: usize = 15;
    /// League-average chances added to each rate (the prior's weight).
    pub(in super::super) const PRIOR: [f32; RATES] = [
        60., 100., 120., 200., 300., 160., 150., 250., 60., 15., 300., 250., 100., 100., 150., 300.,
    ];
}

/// Pitching rates, as indices into a [`Tally`].
pub(super) mod pit {
    use crate::ml::features::rates::RATES;

    pub(in super::super) const K: usize = 0;
    pub(in super::super) const BB: usize = 1;
    pub(in super::super) const HR: usize = 2;
    pub(in super::super) const BABIP: usize = 3;
    pub(in super::super) const HBP: usize = 4;
    pub(in super::super) const WILD: usize = 5;
    pub(in super::super) const EARNED: usize = 6;
    pub(in super::super) const K_BB: usize = 7;
    pub(in super::super) const GROUND: usize = 8;
    pub(in super::super) const STRIKE: usize = 9;
    pub(in super::super) const WHIFF: usize = 10;
    pub(in super::super) const HITS: usize = 11;
    pub(in super::super) const RUNS: usize = 12;
    pub(in super::super) const FIP: usize = 13;
    pub(in super::super) const START: usize = 14;
    pub(in super::super) const SAVE: usize = 15;
    /// League-average chances added to each rate (the prior's weight).
    pub(in super::super) const PRIOR: [f32; RATES] = [
        70., 110., 300., 400., 300., 300., 250., 90., 100., 300., 200., 250., 250., 120., 5., 10.,
    ];
}

/// Games pitched. Sources that rebuild a season from weekly totals lack them:
/// then starts, plus the batters beyond 21 a start at 5.5 a relief appearance.
pub(super) fn games_pitched(c: &PitchingCounts) -> f32 {
    if c.g >= c.gs.max(1) || c.bf == 0 {
        return f32::from(c.g);
    }
    let starts = f32::from(c.gs);
    starts + ((f32::from(c.bf) - 21.0 * starts).max(0.0) / 5.5).ceil()
}

impl Tally {
    /// The rates of a batting line.
    pub(super) fn of_batting(c: &BattingCounts) -> Self {
        let f = |x: u16| f32::from(x);
        let mut t = Self::default();
        let singles = (f(c.h) - f(c.b2) - f(c.b3) - f(c.hr)).max(0.0);
        let walks = (f(c.bb) - f(c.ibb)).max(0.0);
        let contact = (f(c.ab) - f(c.so)).max(0.0);
        let in_play = (contact - f(c.hr)).max(0.0);
        let woba = 0.69 * walks
            + 0.72 * f(c.hbp)
            + 0.88 * singles
            + 1.25 * f(c.b2)
            + 1.58 * f(c.b3)
            + 2.03 * f(c.hr);
        t.set(bat::K, f(c.so), f(c.pa));
        t.set(bat::BB, walks, f(c.pa));
        t.set(bat::HR, f(c.hr), contact);
        t.set(bat::XB, f(c.b2) + f(c.b3), in_play);
        t.set(bat::BABIP, f(c.h) - f(c.hr), in_play + f(c.sf));
        t.set(bat::ISO, f(c.b2) + 2.0 * f(c.b3) + 3.0 * f(c.hr), f(c.ab));
        t.set(bat::WOBA, woba, f(c.pa));
        t.set(bat::HBP, f(c.hbp), f(c.pa));
        t.set(bat::STEAL, f(c.sb) + f(c.cs), singles + f(c.bb) + f(c.hbp));
        t.set(bat::SAFE, f(c.sb), f(c.sb) + f(c.cs));
        t.set(bat::GIDP, f(c.gidp), f(c.pa));
        t.set(bat::TRIPLE, f(c.b3), in_play);
        t.set(bat::OBP, f(c.h) + f(c.bb) + f(c.hbp), f(c.pa));
        t.set(bat::IBB, f(c.ibb), f(c.pa));
        t.set_ground(bat::GROUND, c.ground_outs, c.air_outs);
        t.set_recorded(bat::WHIFF, c.whiffs, c.swings);
        t
    }

    /// The rates of a pitching line.
    pub(super) fn of_pitching(c: &PitchingCounts) -> Self {
        let f = |x: u16| f32::from(x);
        let mut t = Self::default();
        let bf = f(c.bf);
        let walks = (f(c.bb) - f(c.ibb)).max(0.0);
        let contact = (bf - f(c.so) - f(c.bb) - f(c.hbp)).max(0.0);
        let fip = 13.0 * f(c.hr) + 3.0 * (f(c.bb) + f(c.hbp)) - 2.0 * f(c.so);
        t.set(pit::K, f(c.so), bf);
        t.set(pit::BB, walks, bf);
        t.set(pit::HR, f(c.hr), contact);
        t.set(pit::BABIP, f(c.h) - f(c.hr), (contact - f(c.hr)).max(0.0));
        t.set(pit::HBP, f(c.hbp), bf);
        t.set(pit::WILD, f(c.wp), bf);
        t.set(pit::EARNED, f(c.er), bf);
        t.set(pit::K_BB, f(c.so) - f(c.bb), bf);
        t.set(pit::HITS, f(c.h), bf);
        t.set(pit::RUNS, f(c.r), bf);
        t.set(pit::FIP, fip, bf);
        t.set(pit::START, f(c.gs), games_pitched(c));
        t.set(pit::SAVE, f(c.sv), games_pitched(c));
        t.set_ground(pit::GROUND, c.ground_outs, c.air_outs);
        t.set_recorded(pit::STRIKE, c.strikes, c.pitches);
        t.set_recorded(pit::WHIFF, c.whiffs, c.pitches);
        t
    }

    fn set(&mut self, rate: usize, num: f32, den: f32) {
        self.num[rate] = num;
        self.den[rate] = den;
    }

    fn set_ground(&mut self, rate: usize, ground: Option<u16>, air: Option<u16>) {
        if let (Some(ground), Some(air)) = (ground, air) {
            self.set(rate, f32::from(ground), f32::from(ground) + f32::from(air));
        }
    }

    /// Sources write 0 where a park did not record: a 0 is not a count here.
    fn set_recorded(&mut self, rate: usize, num: Option<u16>, den: Option<u16>) {
        if let (Some(num @ 1..), Some(den @ 1..)) = (num, den) {
            self.set(rate, f32::from(num), f32::from(den));
        }
    }

    /// Takes so much of every count.
    pub(super) fn scale(&mut self, by: f32) {
        self.num.iter_mut().for_each(|x| *x *= by);
        self.den.iter_mut().for_each(|x| *x *= by);
    }

    /// Adds another line's counts.
    pub(super) fn add(&mut self, other: &Self) {
        for rate in 0..RATES {
            self.num[rate] += other.num[rate];
            self.den[rate] += other.den[rate];
        }
    }
}
