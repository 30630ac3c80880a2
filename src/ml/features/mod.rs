//! Features: one table of definitions per role serves training, prediction,
//! explanation and documentation.
//!
//! A snapshot is a player in a role on a day: the last one of a season, or one on which
//! the season is running. Its features come from rows dated on or before that day: his
//! own, and the averages and standings of seasons up to it. Where a feature speaks of the
//! season, a running one counts with the part of the season before that it does not yet
//! outweigh, so that rates and playing time are always of a whole year.

mod background;
mod calendar;
mod definition;
mod facts;
mod hitter;
mod league;
#[cfg(test)]
mod leaks;
mod majors;
mod pedigree;
mod peers;
mod pitcher;
mod population;
mod rates;
mod roster;
mod scene;
mod stint;
mod thin;
mod year;

use std::ops::RangeInclusive;
use std::sync::OnceLock;

pub use definition::{Direction, FeatureDef};

use super::rng::Rng;
use crate::domain::{Aftermath, History, Level, Role, SEASONS, Season, SnapshotId};
use scene::Scene;

/// Version of the meaning of features: goes up when a computation changes
/// without its definition's text changing.
const SCHEMA: u32 = 1;
/// Seasons a snapshot is carried forward without a new line.
const CARRIED: u16 = 2;

/// One player in one role at the end of a season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// Player, season and role.
    pub id: SnapshotId,
    /// What became of him; `None` while the window is open.
    pub label: Option<bool>,
    /// How far the window went towards success, the larger of plate appearances
    /// over 500 and outs over 300; more than 1 is success. 2020's 60 games count
    /// as a full season here: training learns from it, and later windows hold no
    /// such season.
    pub progress: Option<f32>,
    /// The same after each season of the window, first to last; NaN for those not
    /// over yet. Code that looks at an open window must not look beyond its season.
    pub seen: [f32; SEASONS],
    /// What he did in the window; `None` while it is open.
    pub aftermath: Option<Aftermath>,
    /// True with enough playing time in the season to be evaluated.
    pub evaluated: bool,
    /// Age on 1 July of the season, when the birth date is known.
    pub age: Option<f32>,
    /// Highest level of the latest season played.
    pub level: Level,
    /// Years since the latest line; 0 when he played this season.
    pub carried_years: u8,
    /// Share of the season's calendar that had been played, 0 to 1.
    pub played: f32,
}

impl Snapshot {
    /// The same, looked at on an earlier day.
    fn seen_on(self, then: &Self) -> Self {
        Self {
            played: then.played,
            level: then.level,
            carried_years: then.carried_years,
            ..self
        }
    }

    /// Success with 2020 counted as a full season; false while the window is open.
    pub(super) fn succeeded_in_full_seasons(&self) -> bool {
        self.progress.is_some_and(|p| p > 1.0)
    }
}

/// Snapshots of one role with their features, ordered by season and player.
#[derive(Clone, Debug)]
pub struct FeatureTable {
    /// The role of every snapshot.
    pub role: Role,
    /// What the rows are.
    pub snapshots: Vec<Snapshot>,
    values: Vec<f32>,
}

impl FeatureTable {
    /// Features of row `i`, in the order of [`definitions`]; NaN is missing.
    ///
    /// # Panics
    /// When `i` is not below [`FeatureTable::len`].
    pub fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.width()..(i + 1) * self.width()]
    }

    /// All values, row-major.
    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// Features per row.
    pub fn width(&self) -> usize {
        definitions(self.role).len()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.snapshots.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.snapshots.is_empty()
    }

    /// A table without rows.
    pub(super) fn empty(role: Role) -> Self {
        Self {
            role,
            snapshots: Vec::new(),
            values: Vec::new(),
        }
    }

    /// The rows whose snapshot satisfies `keep`, in the same order.
    pub fn filter(&self, keep: impl Fn(&Snapshot) -> bool) -> Self {
        let rows: Vec<usize> = (0..self.len())
            .filter(|&i| keep(&self.snapshots[i]))
            .collect();
        self.pick(&rows)
    }

    /// Some rows, in the order given.
    pub(super) fn pick(&self, rows: &[usize]) -> Self {
        Self {
            role: self.role,
            snapshots: rows.iter().map(|&i| self.snapshots[i]).collect(),
            values: rows.iter().flat_map(|&i| self.row(i)).copied().collect(),
        }
    }
}

impl FeatureTable {
    /// The same rows with every feature missing that `offer` refuses: a model
    /// trained on them learns nothing from it.
    pub(super) fn offering(&self, offer: impl Fn(&FeatureDef) -> bool) -> Self {
        let offered: Vec<bool> = definitions(self.role).iter().map(offer).collect();
        let columns = offered.iter().cycle();
        let values = self.values.iter().zip(columns);
        Self {
            role: self.role,
            snapshots: self.snapshots.clone(),
            values: values
                .map(|(&v, &offered)| if offered { v } else { f32::NAN })
                .collect(),
        }
    }

    /// The same rows with the values of one feature replaced.
    pub(super) fn mapping(&self, name: &str, replace: impl Fn(f32) -> f32) -> Self {
        let mut table = self.clone();
        let width = table.width();
        if let Some(at) = definitions(self.role).iter().position(|d| d.name == name) {
            let column = table.values.iter_mut().skip(at).step_by(width);
            column.for_each(|v| *v = replace(*v));
        }
        table
    }
}

/// The features of a role, in the order of a table's columns.
pub fn definitions(role: Role) -> &'static [FeatureDef] {
    static TABLES: OnceLock<[Vec<FeatureDef>; 2]> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        [
            (hitter::RATES, hitter::MAJORS),
            (pitcher::RATES, pitcher::MAJORS),
        ]
        .map(|(rates, majors)| [background::CAREER, rates, majors, background::PEDIGREE].concat())
    });
    match role {
        Role::Hitter => &tables[0],
        Role::Pitcher => &tables[1],
    }
}

/// Hash of a role's definitions: a model refuses to serve another table.
pub fn schema_hash(role: Role) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&SCHEMA.to_le_bytes());
    for def in definitions(role) {
        for text in [def.name, def.group.as_str(), def.unit, def.doc] {
            hasher.update(text.as_bytes());
            hasher.update(&[0]);
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Features of every eligible snapshot of `seasons`, each season on the newest day its
/// lines reach: most on their last one, a running season on the day it has got to.
///
/// `histories` is everybody: league averages and standings come from all lines,
/// prospects' or not, of the season they describe.
pub fn extract(histories: &[History], seasons: RangeInclusive<Season>, role: Role) -> FeatureTable {
    let scene = Scene::new(histories, role);
    let mut table = Rows::default();
    for season in scene.seasons_of(&seasons) {
        let sitting = scene.standing(season);
        table.extend(
            scene
                .players()
                .filter_map(|slot| scene.snapshot(slot, &sitting)),
        );
    }
    table.finish(role)
}

/// Shares of a season's calendar on which a player's season may be looked at, beside its
/// end.
const SHARES: [f32; 4] = [0.0, 0.15, 0.4, 0.7];

/// Features of the snapshots of `seasons` on other days than their ends: of each player
/// and season one, of a share of it that his number and the season choose, or its end.
/// What becomes of him, and whether he is evaluated, is what it is at the season's end.
pub(super) fn extract_days(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    role: Role,
) -> FeatureTable {
    let scene = Scene::new(histories, role);
    let mut table = Rows::default();
    for season in scene.seasons_of(&seasons) {
        let end = scene.standing(season);
        if !end.sight.is_over() {
            continue;
        }
        let mut chosen: [Vec<usize>; SHARES.len() + 1] = Default::default();
        for slot in scene.players() {
            let id = scene.history(slot).prospect.id;
            let mut rng = Rng::new(u64::from(id.0), u64::from(season.0));
            chosen[rng.below(SHARES.len() + 1)].push(slot);
        }
        let [at_end, days @ ..] = chosen;
        table.extend(
            at_end
                .into_iter()
                .filter_map(|slot| scene.snapshot(slot, &end)),
        );
        for (slots, share) in days.into_iter().zip(SHARES) {
            let day = scene.thinned(season, share);
            let rows = slots.into_iter();
            table.extend(rows.filter_map(|slot| scene.earlier(slot, &end, &day)));
        }
    }
    table.finish(role)
}

/// Every player's snapshot of a season on each of several days of it, made of its
/// totals: the share of the calendar played by then, and the rows.
pub(super) fn extract_shares(
    histories: &[History],
    season: Season,
    role: Role,
) -> Vec<(f32, FeatureTable)> {
    let scene = Scene::new(histories, role);
    let end = scene.standing(season);
    let on = |share: f32| {
        let day = scene.thinned(season, share);
        let mut table = Rows::default();
        table.extend(
            scene
                .players()
                .filter_map(|slot| scene.earlier(slot, &end, &day)),
        );
        (share, table.finish(role))
    };
    SHARES.into_iter().map(on).collect()
}

/// Rows on their way into a table.
#[derive(Default)]
struct Rows(Vec<(Snapshot, Vec<f32>)>);

impl Rows {
    fn extend(&mut self, rows: impl Iterator<Item = (Snapshot, Vec<f32>)>) {
        self.0.extend(rows);
    }

    fn finish(mut self, role: Role) -> FeatureTable {
        self.0
            .sort_by_key(|(snapshot, _)| (snapshot.id.season, snapshot.id.prospect));
        let (snapshots, values): (Vec<_>, Vec<_>) = self.0.into_iter().unzip();
        FeatureTable {
            role,
            snapshots,
            values: values.concat(),
        }
    }
}
