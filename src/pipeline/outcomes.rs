//! What became of every snapshot, as CSV: a file of its own, so that nobody takes
//! the future for a feature.

use std::collections::HashMap;
use std::io::Write;
use std::ops::RangeInclusive;

use crate::domain::{History, ProspectId, Role, Season};
use crate::ml::features::{self, Snapshot};

/// Who and when, then success and the major-league seasons, plate appearances and
/// outs of the four years that followed, as played.
const COLUMNS: [&str; 7] = [
    "id",
    "season",
    "role",
    "label",
    "window_seasons",
    "window_pa",
    "window_outs",
];

/// Writes the snapshots of `seasons` whose windows have closed, in the order of
/// the feature table.
///
/// # Errors
/// When `out` can't be written.
pub fn export(
    histories: &[History],
    seasons: &RangeInclusive<Season>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let by_id: HashMap<ProspectId, &History> =
        histories.iter().map(|h| (h.prospect.id, h)).collect();
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for &role in Role::ALL {
        for snapshot in features::extract(histories, seasons.clone(), role).snapshots {
            let history = by_id.get(&snapshot.id.prospect);
            if let (Some(label), Some(history)) = (snapshot.label, history) {
                csv.write_record(record(&snapshot, label, history))?;
            }
        }
    }
    Ok(csv.flush()?)
}

fn record(snapshot: &Snapshot, label: bool, history: &History) -> [String; 7] {
    let id = snapshot.id;
    let window = id.season.plus(1)..=id.season.plus(Season::WINDOW);
    let played = || history.mlb.iter().filter(|m| window.contains(&m.season));
    let pa: u32 = played().map(|m| u32::from(m.pa)).sum();
    let outs: u32 = played().map(|m| u32::from(m.outs)).sum();
    [
        id.prospect.to_string(),
        id.season.to_string(),
        id.role.to_string(),
        u8::from(label).to_string(),
        played().count().to_string(),
        pa.to_string(),
        outs.to_string(),
    ]
}
