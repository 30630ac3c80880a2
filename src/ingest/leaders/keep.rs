//! A leaderboard's rows to the store.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::row::{Columns, LeaderRow, Read, is_shown};
use crate::domain::{LeaderCounts, LeaderLine, ProspectId, Role, Season};
use crate::ingest::import::short_name;
use crate::ingest::lists::{Register, Sheet, Verdict, load_register, quarantined};
use crate::ingest::{FileReport, ImportError, fangraphs};
use crate::store::{Change, Store};

type Key = (ProspectId, Season, Role, String);

/// Imports an export of FanGraphs' minor-league leaders. Its figures are compared
/// with ours by [`super::compare`] and used for nothing else.
///
/// # Errors
/// When the file can't be read, is no leaderboard, or names no season and none is
/// given, and when the store fails.
pub fn import_leaders(
    store: &Store,
    path: &Path,
    season: Option<Season>,
    published: Date,
) -> Result<FileReport, ImportError> {
    let sheet = Sheet::open(path)?;
    let register = load_register(store)?;
    import_sheet(store, path, &sheet, &register, season, published)
}

/// Everybody the store knows, for [`import_answer`].
pub struct Players(Register);

impl Players {
    /// Reads them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn load(store: &Store) -> Result<Self, ImportError> {
        load_register(store).map(Self)
    }
}

/// Keeps the rows of an answer to one of [`crate::ingest::fangraphs::requests`],
/// as those of an export.
///
/// # Errors
/// When the answer holds no rows of leaders, and when the store fails.
pub fn import_answer(
    store: &Store,
    name: &str,
    body: &[u8],
    players: &Players,
    season: Season,
    day: Date,
) -> Result<FileReport, ImportError> {
    let path = Path::new("fangraphs").join(name);
    let sheet = fangraphs::sheet(body).map_err(|reason| ImportError::NotAList {
        path: path.clone(),
        reason,
    })?;
    if sheet.rows.is_empty() {
        // Before a level's first game there is nobody on its board.
        return Ok(FileReport::default());
    }
    import_sheet(store, &path, &sheet, &players.0, Some(season), day)
}

fn import_sheet(
    store: &Store,
    path: &Path,
    sheet: &Sheet,
    register: &Register,
    season: Option<Season>,
    published: Date,
) -> Result<FileReport, ImportError> {
    let refused = |reason| ImportError::NotAList {
        path: path.to_owned(),
        reason,
    };
    let columns = Columns::new(sheet, season).map_err(refused)?;
    let places = sheet.places(&[]).map_err(refused)?;
    let mut report = FileReport {
        file: path.display().to_string(),
        rows: sheet.rows.len() as u64,
        ..FileReport::default()
    };
    let mut lines: BTreeMap<Key, Vec<LeaderRow>> = BTreeMap::new();
    let mut bad = Vec::new();
    for (line, row) in &sheet.rows {
        let read = row
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|row| columns.read(&places, row, season, published));
        match read {
            Err(reason) => bad.push(quarantined(
                path,
                "leaders",
                *line,
                reason,
                shown(sheet, row),
            )),
            Ok(Read::Foreign) => report.left_out += 1,
            Ok(Read::Row(row)) => match who(register, &row) {
                None => report.unmatched += 1,
                Some(player) => {
                    let key = (player, row.season, row.role, row.level.clone());
                    let held = lines.entry(key).or_default();
                    if held.contains(&*row) {
                        report.duplicates += 1;
                    } else {
                        held.push(*row);
                    }
                }
            },
        }
    }
    if report.unmatched > 0 {
        let note =
            "unmatched rows are of players the store does not hold, or can't tell for certain";
        report.notes.push(note.to_owned());
    }
    keep(store, path, report, lines, bad)
}

fn keep(
    store: &Store,
    path: &Path,
    mut report: FileReport,
    lines: BTreeMap<Key, Vec<LeaderRow>>,
    bad: Vec<crate::store::Quarantined>,
) -> Result<FileReport, ImportError> {
    let counted: Vec<u64> = lines.values().map(|rows| rows.len() as u64).collect();
    let rows: Vec<LeaderLine> = lines
        .into_iter()
        .map(|((player, season, role, level), rows)| LeaderLine {
            player,
            season,
            role,
            level,
            counts: added_up(&rows),
        })
        .collect();
    let changes = store.write(|tx| {
        tx.put_quarantined(&short_name(path), &bad)?;
        tx.put_leaders(&rows)
    })?;
    for (change, rows) in changes.into_iter().zip(counted) {
        match change {
            Change::Added => report.added += rows,
            Change::Updated => report.updated += rows,
            Change::Unchanged => report.unchanged += rows,
        }
    }
    report.quarantined = bad.len() as u64;
    for row in bad {
        *report.reasons.entry(row.reason).or_default() += 1;
    }
    Ok(report)
}

/// Who a row is about. Ages of leaderboards are those of the middle of a season.
fn who(register: &Register, row: &LeaderRow) -> Option<ProspectId> {
    match register.find(&row.person, row.season.midpoint()) {
        Verdict::Found(id) => Some(id),
        Verdict::Unsure(_) => None,
    }
}

/// A player traded in a season has a row per organisation: counts add up, rates
/// weigh by plate appearances.
fn added_up(rows: &[LeaderRow]) -> LeaderCounts {
    let first = rows[0].counts;
    if rows.len() == 1 {
        return first;
    }
    let sum = |of: fn(&LeaderCounts) -> Option<u16>| {
        let values = rows.iter().map(|row| of(&row.counts));
        values.fold(None, |sum: Option<u16>, value| match (sum, value) {
            (Some(sum), Some(value)) => Some(sum.saturating_add(value)),
            (sum, value) => sum.or(value),
        })
    };
    let mean = |of: fn(&LeaderCounts) -> Option<f64>| {
        let weighed = rows
            .iter()
            .filter_map(|row| Some((of(&row.counts)?, weight(&row.counts))));
        let (total, weights) = weighed.fold((0.0, 0.0), |(total, weights), (value, weight)| {
            (total + value * weight, weights + weight)
        });
        (weights > 0.0).then(|| total / weights)
    };
    LeaderCounts {
        published: first.published,
        plate_appearances: sum(|counts| counts.plate_appearances),
        outs: sum(|counts| counts.outs),
        strikeouts: mean(|counts| counts.strikeouts),
        walks: mean(|counts| counts.walks),
        wrc_plus: mean(|counts| counts.wrc_plus),
        fip: mean(|counts| counts.fip),
    }
}

fn weight(counts: &LeaderCounts) -> f64 {
    f64::from(counts.plate_appearances.or(counts.outs).unwrap_or(0))
}

fn shown(sheet: &Sheet, row: &Result<Vec<String>, String>) -> String {
    let Ok(row) = row else {
        return String::new();
    };
    let known = sheet
        .headers
        .iter()
        .zip(row)
        .filter(|(header, _)| is_shown(header));
    let short = known.map(|(_, text)| text.trim().chars().take(40).collect::<String>());
    short.collect::<Vec<_>>().join(",")
}
