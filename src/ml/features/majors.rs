//! What a prospect did in the majors so far: rates against what prospects do there at
//! first, shrunk, so that they are 0 for who has not been there.

use crate::domain::{MlbSeason, Season};

/// A rate: what debutants do per chance, and how many such chances it is shrunk with.
#[derive(Clone, Copy, Debug)]
struct Usual(f32, f32);

const K: Usual = Usual(0.27, 60.0);
const WALKS: Usual = Usual(0.06, 80.0);
const ON_BASE: Usual = Usual(0.28, 100.0);
const HOMERS: Usual = Usual(0.02, 120.0);
const STUFF: Usual = Usual(0.18, 60.0);
const WILD: Usual = Usual(0.10, 80.0);
const START: Usual = Usual(0.30, 3.0);

/// Major-league rates through a season.
#[derive(Clone, Copy, Debug)]
pub(super) struct MajorRates {
    /// Strikeouts per plate appearance.
    pub(super) k: f32,
    /// Walks per plate appearance.
    pub(super) bb: f32,
    /// Times on base by hit or walk per plate appearance.
    pub(super) on_base: f32,
    /// Home runs per at bat.
    pub(super) hr: f32,
    /// Strikeouts per batter faced.
    pub(super) p_k: f32,
    /// Walks per batter faced.
    pub(super) p_bb: f32,
    /// Starts per game pitched.
    pub(super) start: f32,
    /// Seasons with a game.
    pub(super) seasons: f32,
}

impl MajorRates {
    /// The rates of the seasons that are `known`.
    pub(super) fn through(seasons: &[MlbSeason], known: impl Fn(Season) -> bool) -> Self {
        let seen = || seasons.iter().filter(|m| known(m.season));
        let sum = |count: fn(&MlbSeason) -> u16| seen().map(|m| f32::from(count(m))).sum::<f32>();
        let (pa, bf) = (sum(|m| m.pa), sum(|m| m.bf));
        Self {
            k: K.against(sum(|m| m.so), pa),
            bb: WALKS.against(sum(|m| m.bb), pa),
            on_base: ON_BASE.against(sum(|m| m.h) + sum(|m| m.bb), pa),
            hr: HOMERS.against(sum(|m| m.hr), sum(|m| m.ab)),
            p_k: STUFF.against(sum(|m| m.p_so), bf),
            p_bb: WILD.against(sum(|m| m.p_bb), bf),
            start: START.against(sum(|m| m.gs), sum(|m| m.g_pit)),
            seasons: seen().count() as f32,
        }
    }
}

impl Usual {
    fn against(self, count: f32, chances: f32) -> f32 {
        let Self(rate, prior) = self;
        (count - rate * chances) / (chances + prior)
    }
}

#[cfg(test)]
mod tests {
    use super::MajorRates;
    use crate::domain::{MlbSeason, Season};

    #[test]
    fn nothing_so_far_is_zero_and_later_seasons_are_not_seen() {
        let hot = MlbSeason {
            pa: 60,
            so: 30,
            ..MlbSeason::empty(Season(2015))
        };
        let before = MajorRates::through(&[hot], |s| s < Season(2015));
        assert_eq!(
            [before.k, before.on_base, before.start, before.seasons],
            [0.0; 4]
        );
        let after = MajorRates::through(&[hot], |_| true);
        assert!(
            (after.k - (30.0 - 0.27 * 60.0) / 120.0).abs() < 1e-6,
            "{after:?}"
        );
        assert_eq!(after.seasons, 1.0);
    }
}
