//! The feature table as CSV: one line per snapshot, one column per feature.

use std::io::Write;
use std::ops::RangeInclusive;

use crate::domain::{History, Role, Season};
use crate::ml::features::{self, FeatureTable};

/// Columns before the features: who, when, and what became of him. `label` is
/// empty while the season's window is open.
const KEYS: [&str; 6] = ["id", "mlbam_id", "season", "role", "label", "evaluated"];

/// Writes the snapshots of `seasons`, hitters first, then pitchers. Features
/// that only the other role has are empty, as are missing values.
///
/// # Errors
/// When `out` can't be written.
pub fn export(
    histories: &[History],
    seasons: RangeInclusive<Season>,
    out: &mut dyn Write,
) -> anyhow::Result<usize> {
    let names = column_names();
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(KEYS.iter().chain(&names))?;
    let mut written = 0;
    for &role in Role::ALL {
        let table = features::extract(histories, seasons.clone(), role);
        write_rows(&mut csv, &table, &names)?;
        written += table.len();
    }
    csv.flush()?;
    Ok(written)
}

/// Every feature of either role, in the order of the definitions.
fn column_names() -> Vec<&'static str> {
    let mut names: Vec<_> = features::definitions(Role::Hitter)
        .iter()
        .map(|f| f.name)
        .collect();
    for feature in features::definitions(Role::Pitcher) {
        if !names.contains(&feature.name) {
            names.push(feature.name);
        }
    }
    names
}

fn write_rows(
    csv: &mut csv::Writer<&mut dyn Write>,
    table: &FeatureTable,
    names: &[&'static str],
) -> anyhow::Result<()> {
    let own = features::definitions(table.role);
    let columns: Vec<Option<usize>> = names
        .iter()
        .map(|name| own.iter().position(|f| f.name == *name))
        .collect();
    for (row, snapshot) in table.snapshots.iter().enumerate() {
        let values = table.row(row);
        let cells = columns
            .iter()
            .map(|column| column.map_or(f32::NAN, |c| values[c]));
        csv.write_record(keys(snapshot).into_iter().chain(cells.map(cell)))?;
    }
    Ok(())
}

fn keys(snapshot: &crate::ml::features::Snapshot) -> [String; 6] {
    let id = snapshot.id.prospect;
    [
        id.to_string(),
        id.mlbam().map(|id| id.to_string()).unwrap_or_default(),
        snapshot.id.season.to_string(),
        snapshot.id.role.to_string(),
        snapshot
            .label
            .map(|label| u8::from(label).to_string())
            .unwrap_or_default(),
        u8::from(snapshot.evaluated).to_string(),
    ]
}

fn cell(value: f32) -> String {
    if value.is_nan() {
        String::new()
    } else {
        value.to_string()
    }
}
