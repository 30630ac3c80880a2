//! For everybody on a board, the nearest past snapshots.

use std::ops::Range;

use crate::domain::{Comparable, History, Role, Season, SnapshotId};
use crate::ml::{self, COMPARABLES, FeatureTable, Model, Places, Reference};
use crate::rankings::BoardEntry;

/// Every past snapshot with its features, hitters first.
pub(super) struct Past([FeatureTable; 2]);

/// A board's snapshots of one role and where the model puts them.
struct Searched<'a> {
    ids: Vec<SnapshotId>,
    places: Places,
    reference: &'a Reference,
}

impl Past {
    /// Snapshots whose windows close by the end of `last`.
    pub(super) fn of(histories: &[History], last: Season) -> Self {
        let closed = Season(0)..=last.minus(Season::WINDOW);
        Self([Role::Hitter, Role::Pitcher].map(|role| ml::extract(histories, closed.clone(), role)))
    }

    /// The nearest snapshots of every entry, among those whose windows had
    /// closed by the end of `season`.
    pub(super) fn comparables(
        &self,
        model: &Model,
        season: Season,
        entries: &[BoardEntry],
    ) -> Vec<(SnapshotId, Vec<Comparable>)> {
        let mut found = Vec::new();
        for table in &self.0 {
            let closed = table.filter(|s| s.id.season.plus(Season::WINDOW) <= season);
            let reference = Reference::new(model, &closed);
            let own = || entries.iter().filter(|e| e.facts.role == table.role);
            let searched = Searched {
                ids: own()
                    .map(|entry| SnapshotId {
                        prospect: entry.facts.id,
                        season,
                        role: table.role,
                    })
                    .collect(),
                places: Places::of(table.role, own().map(|entry| &entry.attribution)),
                reference: &reference,
            };
            found.extend(searched.search());
        }
        found
    }
}

impl Searched<'_> {
    /// Searches on every processor; the order is that of the ids.
    fn search(&self) -> Vec<(SnapshotId, Vec<Comparable>)> {
        let share = self.ids.len().div_ceil(super::threads()).max(1);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.ids.len())
                .step_by(share)
                .map(|from| from..(from + share).min(self.ids.len()))
                .map(|rows| scope.spawn(move || self.search_rows(rows)))
                .collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().expect("searching does not panic"))
                .collect()
        })
    }

    fn search_rows(&self, rows: Range<usize>) -> Vec<(SnapshotId, Vec<Comparable>)> {
        rows.map(|i| {
            let id = self.ids[i];
            let place = self.places.row(i);
            (id, self.reference.nearest(id.prospect, place, COMPARABLES))
        })
        .collect()
    }
}
