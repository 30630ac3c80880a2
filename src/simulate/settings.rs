//! Settings of the simulated league, and the rungs it is played on.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::Season;

static SHIPPED: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/demo-league.toml"))
        .expect("data/demo-league.toml is compiled in and read by a test")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    players: usize,
    first_season: Season,
    last_season: Season,
    seed: u64,
    rung: [Rung; 8],
}

/// Size and seed of a simulated league.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeagueSettings {
    /// Players with at least one minor-league line.
    pub players: usize,
    /// First season with minor-league lines.
    pub first_season: Season,
    /// Last season, played to its end.
    pub last_season: Season,
    /// The same seed gives the same league.
    pub seed: u64,
}

impl Default for LeagueSettings {
    /// The league of `data/demo-league.toml`.
    fn default() -> Self {
        Self {
            players: SHIPPED.players,
            first_season: SHIPPED.first_season,
            last_season: SHIPPED.last_season,
            seed: SHIPPED.seed,
        }
    }
}

/// Averages of one rung of the ladder; units are in `data/demo-league.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rung {
    pub(super) difficulty: f64,
    pub(super) typical_age: f64,
    pub(super) pa: f64,
    pub(super) bf: f64,
    pub(super) so: f64,
    pub(super) bb: f64,
    pub(super) hbp: f64,
    pub(super) hr: f64,
    pub(super) babip: f64,
    pub(super) sb: f64,
    pub(super) gidp: f64,
    pub(super) er: f64,
    pub(super) wp: f64,
}

/// Index of the foreign rookie league.
pub(super) const FOREIGN: usize = 0;
/// Index of the complex leagues.
pub(super) const COMPLEX: usize = 1;
/// Index of short-season A.
pub(super) const SHORT_SEASON: usize = 2;
/// Index of Single-A.
pub(super) const SINGLE_A: usize = 3;
/// Index of Triple-A.
pub(super) const TRIPLE_A: usize = 6;
/// Index of the majors.
pub(super) const MAJORS: usize = 7;

/// The averages of a rung.
pub(super) fn rung(index: usize) -> &'static Rung {
    &SHIPPED.rung[index]
}
