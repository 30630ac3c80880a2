//! What changes of the truth touched.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::shape::Record;

/// Ids that are named one by one; a change that touches more of a table is told as
/// one of the whole table.
const NAMED: usize = 5_000;

/// One change of the truth: a transaction. Its sequence number is the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct ChangeRecord {
    pub(in crate::store) tables: Vec<TouchedRecord>,
}

impl Record for ChangeRecord {}

/// What it touched of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct TouchedRecord {
    table: String,
    /// Ids, ascending, each but the first as its distance from the one before;
    /// `None` for the whole table.
    ids: Option<Vec<u32>>,
}

/// What changes touched of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    ids: BTreeSet<u32>,
    whole: bool,
}

impl Touched {
    /// Adds a row about `id`, or about nothing that has one.
    pub(in crate::store) fn add(&mut self, id: Option<u32>) {
        match id {
            Some(id) if !self.whole => {
                self.ids.insert(id);
                self.whole = self.ids.len() > NAMED;
            }
            _ => self.whole = true,
        }
    }

    /// Rows about these ids.
    #[cfg(test)]
    pub(in crate::store) fn of(ids: impl IntoIterator<Item = u32>) -> Self {
        let mut touched = Self::default();
        ids.into_iter().for_each(|id| touched.add(Some(id)));
        touched
    }

    /// Ids of the players (in `teams`, of the clubs) whose rows changed, ascending;
    /// `None` when any row of the table may have.
    pub fn ids(&self) -> Option<impl Iterator<Item = u32>> {
        (!self.whole).then(|| self.ids.iter().copied())
    }
}

impl TouchedRecord {
    /// As it is stored.
    pub(in crate::store) fn new(table: &str, touched: &Touched) -> Self {
        let mut before = 0;
        let distances = touched.ids().map(|ids| {
            let distance = |id| id - std::mem::replace(&mut before, id);
            ids.map(distance).collect()
        });
        Self {
            table: table.to_owned(),
            ids: distances,
        }
    }

    /// Name of the table.
    pub(in crate::store) fn table(&self) -> &str {
        &self.table
    }

    /// Table and what was touched of it.
    pub(in crate::store) fn touched(self) -> (String, Touched) {
        let mut id = 0_u32;
        let whole = self.ids.is_none();
        let distances = self.ids.into_iter().flatten();
        let ids = distances.map(|distance| {
            id = id.saturating_add(distance);
            id
        });
        let ids = ids.collect();
        (self.table, Touched { ids, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMED, Touched, TouchedRecord};

    #[test]
    fn ids_are_read_back_in_order_and_once() {
        let touched = Touched::of([700_002, 5, 700_001, 5]);
        let (table, back) = TouchedRecord::new("batting", &touched).touched();
        assert_eq!((table.as_str(), &back), ("batting", &touched));
        let ids: Vec<u32> = back.ids().expect("named").collect();
        assert_eq!(ids, [5, 700_001, 700_002]);
    }

    #[test]
    fn too_many_ids_are_the_whole_table() {
        assert!(Touched::of(0..NAMED as u32).ids().is_some());
        let whole = Touched::of(0..=NAMED as u32);
        assert!(whole.ids().is_none());
        let (_, back) = TouchedRecord::new("batting", &whole).touched();
        assert!(back.ids().is_none());
        let mut nameless = Touched::of(0..3);
        nameless.add(None);
        assert!(nameless.ids().is_none());
    }
}
