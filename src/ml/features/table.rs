//! Snapshots with their features, and the definitions the features have.

use std::sync::OnceLock;

use super::definition::FeatureDef;
use super::{background, hitter, pitcher};
use crate::domain::{Aftermath, Level, Role, SEASONS, SnapshotId};

/// Version of the meaning of features: goes up when a computation changes
/// without its definition's text changing.
const SCHEMA: u32 = 1;
/// Seasons a snapshot is carried forward without a new line.
pub(super) const CARRIED: u16 = 2;

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
    pub(super) fn seen_on(self, then: &Self) -> Self {
        Self {
            played: then.played,
            level: then.level,
            carried_years: then.carried_years,
            ..self
        }
    }

    /// Success with 2020 counted as a full season; false while the window is open.
    pub(in crate::ml) fn succeeded_in_full_seasons(&self) -> bool {
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
    pub(super) values: Vec<f32>,
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
    pub(in crate::ml) fn values(&self) -> &[f32] {
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
    pub(in crate::ml) fn empty(role: Role) -> Self {
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
    pub(in crate::ml) fn pick(&self, rows: &[usize]) -> Self {
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
    pub(in crate::ml) fn offering(&self, offer: impl Fn(&FeatureDef) -> bool) -> Self {
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
    pub(in crate::ml) fn mapping(&self, name: &str, replace: impl Fn(f32) -> f32) -> Self {
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
