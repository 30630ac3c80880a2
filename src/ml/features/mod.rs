//! Features: one table of definitions per role serves training, prediction,
//! explanation and documentation.
//!
//! A snapshot is a player in a role on the last day of a season. Its features
//! come from rows dated on or before that day: his own, and the averages and
//! standings of seasons up to it.

mod background;
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
mod stint;
mod year;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

pub use definition::{Direction, FeatureDef};

use crate::domain::{Aftermath, History, Level, Role, SEASONS, Season, SnapshotId};
use facts::{Facts, Surroundings};
use league::Leagues;
use pedigree::Surveys;
use peers::Peers;
use rates::{RATES, bat, pit};
use roster::Rosters;
use stint::Stint;
use year::Year;

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
}

impl Snapshot {
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

/// Features of every eligible snapshot of `seasons`.
///
/// `histories` is everybody: league averages and standings come from all lines,
/// prospects' or not, of the season they describe.
pub fn extract(histories: &[History], seasons: RangeInclusive<Season>, role: Role) -> FeatureTable {
    let mut order: Vec<usize> = (0..histories.len()).collect();
    order.sort_by_key(|&i| histories[i].prospect.id);
    let scene = Scene::new(histories, &order, role);
    let mut rows = Vec::new();
    for (slot, &i) in order.iter().enumerate() {
        for season in scene.seasons(slot, &seasons) {
            if let Some(row) = scene.snapshot(&histories[i], slot, Season(season)) {
                rows.push(row);
            }
        }
    }
    rows.sort_by_key(|(snapshot, _)| (snapshot.id.season, snapshot.id.prospect));
    let (snapshots, values): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    FeatureTable {
        role,
        snapshots,
        values: values.concat(),
    }
}

/// Everything shared by the players: averages, standings, coverage.
struct Scene {
    role: Role,
    years: Vec<Vec<Year>>,
    peers: Peers,
    surveys: Surveys,
    rosters: Rosters,
    covered: Vec<u16>,
    played: Vec<u16>,
    prior: &'static [f32; RATES],
}

impl Scene {
    fn new(histories: &[History], order: &[usize], role: Role) -> Self {
        let prior = match role {
            Role::Hitter => &bat::PRIOR,
            Role::Pitcher => &pit::PRIOR,
        };
        let stints: Vec<Vec<Stint>> = order
            .iter()
            .map(|&i| stint::stints(&histories[i], role))
            .collect();
        let ordered = || order.iter().map(|&i| &histories[i]);
        let mut leagues = Leagues::default();
        for (history, stints) in ordered().zip(&stints) {
            for stint in stints {
                let age = Season(stint.season).age(history.prospect.birth_date);
                leagues.count(stint, age);
            }
        }
        let leagues = leagues.finish();
        let years: Vec<Vec<Year>> = stints.iter().map(|s| year::years(s, &leagues)).collect();
        let mut peers = Peers::default();
        for (history, years) in ordered().zip(&years) {
            for year in years {
                let age = Season(year.season)
                    .age(history.prospect.birth_date)
                    .unwrap_or(f32::NAN);
                peers.count(year, age, peers::score(year, role, prior));
            }
        }
        Self {
            role,
            years,
            peers: peers.finish(),
            surveys: Surveys::of(histories),
            rosters: Rosters::of(histories),
            covered: seasons(
                histories
                    .iter()
                    .flat_map(|h| h.mlb.iter().map(|m| m.season)),
            ),
            played: seasons(histories.iter().flat_map(line_seasons)),
            prior,
        }
    }

    /// Seasons of the range in which the player may have a snapshot.
    fn seasons(&self, slot: usize, range: &RangeInclusive<Season>) -> RangeInclusive<u16> {
        let years = &self.years[slot];
        let first = years.first().map_or(u16::MAX, |y| y.season);
        let last = years.last().map_or(0, |y| y.season + CARRIED);
        first.max(range.start().0)..=last.min(range.end().0)
    }

    fn snapshot(
        &self,
        history: &History,
        slot: usize,
        season: Season,
    ) -> Option<(Snapshot, Vec<f32>)> {
        let all = &self.years[slot];
        let years = &all[..all.partition_point(|y| y.season <= season.0)];
        let now = years.last()?;
        let carried = season.0 - now.season;
        let elsewhere = || line_seasons(history).any(|s| s > Season(now.season) && s <= season);
        if carried > CARRIED
            || season.0 > *self.played.last()?
            || !population::eligible(history, season)
            || (carried > 0 && elsewhere())
        {
            return None;
        }
        let around = Surroundings {
            surveys: &self.surveys,
            rosters: &self.rosters,
            played: &self.played,
            prior: self.prior,
        };
        let major = population::major_time(history, self.role, season, &self.covered);
        let mut facts = Facts::new(history, years, season, major, &around)?;
        let score = peers::score(now, self.role, self.prior);
        facts.percentile = self.peers.standing(now, facts.age_then, score);
        let values = definitions(self.role)
            .iter()
            .map(|d| (d.value)(&facts))
            .collect();
        Some((self.describe(history, season, now), values))
    }

    fn describe(&self, history: &History, season: Season, now: &Year) -> Snapshot {
        let newest = self.covered.last().copied().unwrap_or(0);
        let closed = season.plus(Season::WINDOW).0 <= newest;
        let carried = season.0 - now.season;
        Snapshot {
            id: SnapshotId {
                prospect: history.prospect.id,
                season,
                role: self.role,
            },
            label: closed.then(|| population::progress(history, season) > 1.0),
            progress: closed.then(|| population::progress_in_full_seasons(history, season)),
            seen: std::array::from_fn(|k| {
                let until = season.plus(k as u16 + 1);
                let over = until.0 <= newest;
                if over {
                    population::progress_by(history, season, until)
                } else {
                    f32::NAN
                }
            }),
            aftermath: closed.then(|| population::aftermath(history, season)),
            evaluated: carried == 0 && now.playing_time >= population::evaluated_from(self.role),
            age: season.age(history.prospect.birth_date),
            level: now.level,
            carried_years: carried as u8,
        }
    }
}

fn line_seasons(history: &History) -> impl Iterator<Item = Season> {
    let batting = history
        .batting
        .iter()
        .filter(|l| !l.club.is_unaffiliated())
        .map(|l| l.season);
    let pitching = history
        .pitching
        .iter()
        .filter(|l| !l.club.is_unaffiliated())
        .map(|l| l.season);
    batting.chain(pitching)
}

fn seasons(all: impl Iterator<Item = Season>) -> Vec<u16> {
    all.map(|s| s.0)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
