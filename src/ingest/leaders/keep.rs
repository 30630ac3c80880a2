//! A leaderboard's rows to the store.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::row::{Columns, LeaderRow, Read, is_shown};
use crate::domain::{LeaderCounts, LeaderLine, ProspectId, Role, Season, counts_sum};
use crate::ingest::error::ImportError;
use crate::ingest::fangraphs;
use crate::ingest::lists::{Register, Sheet, Verdict, load_register};
use crate::ingest::report::{FileReport, aside, kept_without, quarantined, short_name};
use crate::store::{Change, Quarantined, Store};

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
    let sheet = Sheet::open(path, &[])?;
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
    let places = sheet.places(&[], Some(published.year())).map_err(refused)?;
    let notes = [&sheet.notes[..], columns.notes().as_slice()].concat();
    let mut read = Leaders {
        path,
        report: FileReport {
            file: path.display().to_string(),
            rows: sheet.rows.len() as u64,
            notes,
            ..FileReport::default()
        },
        lines: BTreeMap::new(),
        bad: Vec::new(),
        incomplete: Vec::new(),
    };
    for (line, row) in &sheet.rows {
        let row_read = row
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|row| columns.read(&places, row, season, published));
        let shown = || shown(sheet, row);
        match row_read {
            Err(reason) => read
                .bad
                .push(quarantined(path, KIND, *line, reason, shown())),
            Ok(Read::Foreign) => read.report.left_out += 1,
            Ok(Read::Row(row)) => read.take(*line, *row, register, shown),
        }
    }
    read.keep(store)
}

/// Kind of a refused row.
const KIND: &str = "leaders";

/// What becomes of a file's rows.
struct Leaders<'a> {
    path: &'a Path,
    report: FileReport,
    lines: BTreeMap<Key, Vec<LeaderRow>>,
    bad: Vec<Quarantined>,
    /// Rows that were kept without some of their cells.
    incomplete: Vec<Quarantined>,
}

impl Leaders<'_> {
    fn take(
        &mut self,
        line: u32,
        mut row: LeaderRow,
        register: &Register,
        shown: impl Fn() -> String,
    ) {
        let left_out = std::mem::take(&mut row.left_out);
        for cell in &left_out {
            let reason = format!("`{}`: {}", cell.column, cell.reason);
            *self.report.left_out_cells.entry(reason).or_default() += 1;
        }
        if !left_out.is_empty() {
            let reason = kept_without(&left_out);
            self.incomplete
                .push(quarantined(self.path, KIND, line, reason, shown()));
        }
        let Some(player) = who(register, &row) else {
            self.report.unmatched += 1;
            return;
        };
        let key = (player, row.season, row.role, row.level.clone());
        let held = self.lines.entry(key).or_default();
        if held.contains(&row) {
            self.report.duplicates += 1;
        } else {
            held.push(row);
        }
    }

    fn keep(mut self, store: &Store) -> Result<FileReport, ImportError> {
        if self.report.unmatched > 0 {
            let note =
                "unmatched rows are of players the store does not hold, or can't tell for certain";
            self.report.notes.push(note.to_owned());
        }
        let mut rows = Vec::with_capacity(self.lines.len());
        let mut counted = Vec::with_capacity(self.lines.len());
        let mut sums = 0;
        for ((player, season, role, level), mut all) in std::mem::take(&mut self.lines) {
            let before = all.len();
            without_sums(&mut all);
            sums += (before - all.len()) as u64;
            counted.push(all.len() as u64);
            rows.push(LeaderLine {
                player,
                season,
                role,
                level,
                counts: added_up(&all),
            });
        }
        self.report.left_out += sums;
        if sums > 0 {
            self.report.notes.push(format!(
                "{sums} rows were left out because they and others count the same games: a player's clubs and their sum"
            ));
        }
        let aside = aside(&self.bad, &self.incomplete);
        let changes = store.write(|tx| {
            tx.put_quarantined(&short_name(self.path), &aside)?;
            tx.put_leaders(&rows)
        })?;
        for (change, rows) in changes.into_iter().zip(counted) {
            match change {
                Change::Added => self.report.added += rows,
                Change::Updated => self.report.updated += rows,
                Change::Unchanged => self.report.unchanged += rows,
            }
        }
        self.report.quarantined = self.bad.len() as u64;
        for row in self.bad {
            *self.report.reasons.entry(row.reason).or_default() += 1;
        }
        Ok(self.report)
    }
}

/// Leaves a player's clubs where they are complete, else their sum.
fn without_sums(rows: &mut Vec<LeaderRow>) {
    let time = |row: &LeaderRow| {
        let counts = &row.counts;
        u32::from(counts.plate_appearances.or(counts.outs).unwrap_or(0))
    };
    let Some(total) = rows.iter().filter(|row| row.total).map(time).max() else {
        return;
    };
    let parts = || rows.iter().filter(|row| !row.total);
    let parts_count = parts().next().is_some() && !counts_sum(total, parts().map(time));
    let mut largest = true;
    rows.retain(|row| {
        if !row.total {
            return parts_count;
        }
        let kept = !parts_count && time(row) == total && largest;
        largest &= !kept;
        kept
    });
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
