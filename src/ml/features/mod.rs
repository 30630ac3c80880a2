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
mod sight;
mod stint;
mod table;
mod thin;
mod year;

use std::ops::RangeInclusive;

pub use definition::{Direction, FeatureDef};
pub use table::{FeatureTable, Snapshot, definitions, schema_hash};

use super::rng::Rng;
use crate::domain::{History, Role, Season};
use scene::Scene;

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
