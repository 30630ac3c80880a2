//! The nearest past snapshots, in the model's own terms.
//!
//! A snapshot's place is its exact explanation summed per display group: the
//! log-odds that age for level, power, contact and so on add to its probability.
//! Two snapshots are near when the model gives them like probabilities for like
//! reasons, whatever their raw stats; the distance is Euclidean, in log-odds.

use std::borrow::Borrow;

use super::model::Model;
use crate::domain::{Attribution, Comparable, Group, ProspectId, Role};
use crate::ml::features::{FeatureTable, Snapshot, definitions};

/// Comparables a player is shown with.
pub const COMPARABLES: usize = 20;

/// Where snapshots of one role stand, each by one coordinate per display group.
#[derive(Clone, Debug)]
pub struct Places {
    width: usize,
    values: Vec<f32>,
}

/// Past snapshots with closed windows, ready to be searched.
#[derive(Clone, Debug)]
pub struct Reference {
    /// In the order of the sums of their coordinates.
    snapshots: Vec<Snapshot>,
    sums: Vec<f32>,
    places: Places,
}

impl Places {
    /// The places of attributions by `role`'s features.
    pub fn of(role: Role, attributions: impl Iterator<Item: Borrow<Attribution>>) -> Self {
        let columns = columns(role);
        let width = columns.iter().max().map_or(0, |last| last + 1);
        let mut values = Vec::new();
        for attribution in attributions {
            let from = values.len();
            values.resize(from + width, 0.0);
            let shares = &attribution.borrow().contributions;
            for (share, &column) in shares.iter().zip(&columns) {
                values[from + column] += share.log_odds as f32;
            }
        }
        Self { width, values }
    }

    /// The place of row `i`.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    fn len(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }
}

impl Model {
    /// Where the explanations of some rows of `table` put them.
    pub(in crate::ml) fn places(&self, table: &FeatureTable, rows: &[usize]) -> Places {
        let scorer = self.scorer(table.role);
        // One at a time: a whole history's explanations would fill the memory.
        Places::of(
            table.role,
            rows.iter().map(|&i| scorer.explain(table.row(i))),
        )
    }
}

/// For every feature of the role, the coordinate of its group.
fn columns(role: Role) -> Vec<usize> {
    let definitions = definitions(role);
    let used: Vec<Group> = Group::ALL
        .iter()
        .copied()
        .filter(|group| definitions.iter().any(|d| d.group == *group))
        .collect();
    let column = |group| used.iter().position(|g| *g == group).unwrap_or_default();
    definitions.iter().map(|d| column(d.group)).collect()
}

impl Reference {
    /// The evaluated snapshots of `table` whose windows have closed, where
    /// `model` puts them.
    pub fn new(model: &Model, table: &FeatureTable) -> Self {
        let rows: Vec<usize> = (0..table.len())
            .filter(|&i| table.snapshots[i].evaluated && table.snapshots[i].aftermath.is_some())
            .collect();
        let places = model.places(table, &rows);
        let sum = |at: usize| places.row(at).iter().sum::<f32>();
        let mut order: Vec<(f32, usize)> = (0..places.len()).map(|at| (sum(at), at)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let sorted = order.iter().flat_map(|&(_, at)| places.row(at));
        Self {
            snapshots: order
                .iter()
                .map(|&(_, at)| table.snapshots[rows[at]])
                .collect(),
            sums: order.iter().map(|&(sum, _)| sum).collect(),
            places: Places {
                width: places.width,
                values: sorted.copied().collect(),
            },
        }
    }

    /// The `count` nearest to `place`, nearest first: of every other player but
    /// `player` his nearest snapshot.
    pub fn nearest(&self, player: ProspectId, place: &[f32], count: usize) -> Vec<Comparable> {
        let mut near = Nearest::new(count);
        for (at, gap) in Outwards::from(&self.sums, place.iter().sum()) {
            // Coordinates whose sums differ by d are at least d / sqrt(width) apart,
            // and from here on sums differ more and more.
            if gap * gap > near.worst() * self.places.width as f32 {
                break;
            }
            let other = self.snapshots[at].id.prospect;
            if other != player {
                near.offer(other, squared(self.places.row(at), place), at);
            }
        }
        let found = near.best.iter();
        found
            .map(|&(squared, _, at)| self.comparable(at, squared.sqrt()))
            .collect()
    }
}

impl Reference {
    fn comparable(&self, at: usize, distance: f32) -> Comparable {
        let snapshot = &self.snapshots[at];
        Comparable {
            id: snapshot.id,
            age: snapshot.age,
            level: snapshot.level,
            distance,
            aftermath: snapshot.aftermath.unwrap_or_default(),
        }
    }
}

/// Places in a sorted list and their distances from a value, by distance.
struct Outwards<'a> {
    sorted: &'a [f32],
    value: f32,
    below: usize,
    above: usize,
}

impl<'a> Outwards<'a> {
    fn from(sorted: &'a [f32], value: f32) -> Self {
        let start = sorted.partition_point(|&s| s < value);
        Self {
            sorted,
            value,
            below: start,
            above: start,
        }
    }
}

impl Iterator for Outwards<'_> {
    type Item = (usize, f32);

    fn next(&mut self) -> Option<Self::Item> {
        let gap = |at: usize| self.sorted.get(at).map(|s| (s - self.value).abs());
        let down = self.below.checked_sub(1).and_then(gap);
        let up = gap(self.above);
        if down.is_some_and(|d| up.is_none_or(|u| d <= u)) {
            self.below -= 1;
            return down.map(|gap| (self.below, gap));
        }
        self.above += 1;
        up.map(|gap| (self.above - 1, gap))
    }
}

/// Share of them that succeeded, 2020 as played; `None` without any.
pub fn success_share(found: &[Comparable]) -> Option<f64> {
    let hits = found.iter().filter(|c| c.aftermath.success.is_some());
    (!found.is_empty()).then(|| hits.count() as f64 / found.len() as f64)
}

fn squared(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// The nearest so far, one per player: (squared distance, player, row), sorted.
struct Nearest {
    count: usize,
    best: Vec<(f32, ProspectId, usize)>,
}

impl Nearest {
    fn new(count: usize) -> Self {
        Self {
            count,
            best: Vec::with_capacity(count + 1),
        }
    }

    /// Squared distance that a further row must stay below.
    fn worst(&self) -> f32 {
        if self.best.len() < self.count {
            return f32::INFINITY;
        }
        self.best.last().map_or(f32::INFINITY, |last| last.0)
    }

    fn offer(&mut self, player: ProspectId, distance: f32, at: usize) {
        if distance >= self.worst() {
            return;
        }
        if let Some(own) = self.best.iter().position(|b| b.1 == player) {
            if self.best[own].0 <= distance {
                return;
            }
            self.best.remove(own);
        }
        let place = self
            .best
            .partition_point(|b| (b.0, b.1) < (distance, player));
        self.best.insert(place, (distance, player, at));
        self.best.truncate(self.count);
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, Reference, squared};
    use crate::domain::{Aftermath, Level, ProspectId, Role, Season, SnapshotId};
    use crate::ml::features::Snapshot;
    use crate::ml::rng::Rng;

    fn snapshot(player: u32, season: u16) -> Snapshot {
        Snapshot {
            id: SnapshotId {
                prospect: ProspectId(player),
                season: Season(season),
                role: Role::Hitter,
            },
            label: Some(false),
            seen: [f32::NAN; 4],
            progress: Some(0.0),
            aftermath: Some(Aftermath::default()),
            evaluated: true,
            age: Some(20.0),
            level: Level::DoubleA,
            carried_years: 0,
            played: 1.0,
        }
    }

    fn reference() -> Reference {
        let mut rng = Rng::new(3, 9);
        let mut rows: Vec<(f32, [f32; 3], Snapshot)> = (0..900)
            .map(|i| {
                let place = std::array::from_fn(|_| rng.unit() as f32 * 4.0 - 2.0);
                (
                    place.iter().sum(),
                    place,
                    snapshot(i / 3, 2005 + (i % 3) as u16),
                )
            })
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        Reference {
            snapshots: rows.iter().map(|r| r.2).collect(),
            sums: rows.iter().map(|r| r.0).collect(),
            places: Places {
                width: 3,
                values: rows.iter().flat_map(|r| r.1).collect(),
            },
        }
    }

    #[test]
    fn the_early_end_loses_nobody_and_players_come_once() {
        let reference = reference();
        for (player, place) in [(7, [0.1, -0.4, 1.0]), (250, [1.9, 1.9, 1.9])] {
            let found = reference.nearest(ProspectId(player), &place, 20);
            let mut every: Vec<(f32, ProspectId)> = (0..reference.sums.len())
                .map(|at| {
                    (
                        squared(reference.places.row(at), &place),
                        reference.snapshots[at].id.prospect,
                    )
                })
                .filter(|(_, p)| *p != ProspectId(player))
                .collect();
            every.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut expected: Vec<ProspectId> = Vec::new();
            for (_, p) in every {
                if !expected.contains(&p) {
                    expected.push(p);
                }
            }
            let players: Vec<_> = found.iter().map(|c| c.id.prospect).collect();
            assert_eq!(players, expected[..20]);
            assert!(found.is_sorted_by_key(|c| c.distance));
        }
    }
}
