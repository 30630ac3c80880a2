//! Importing one file: read, judge, put.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::cell::{self, DayOrder};
use super::error::ImportError;
use super::file::{Table, latin_record, line_of, without_markup};
use super::headers::nearest;
use super::kind::FileKind;
use super::report::{
    FileReport, MONTH_FIRST, NOT_UTF8, Options, Progress, READ_AS_LATIN, aside, kept_without,
    short_name,
};
use super::row::{Dropped, Header, Row};
use super::shapes::{self, Judged, Shape};
use crate::store::{Change, Quarantined, Store};

/// Imports one file; all of it is on disk when this returns, or nothing.
///
/// # Errors
/// When the file can't be read, is no CSV, or lacks columns of its kind, and
/// when the store fails. Bad rows are no error: they are quarantined.
pub fn import(
    store: &Store,
    kind: FileKind,
    path: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<FileReport, ImportError> {
    match kind {
        FileKind::MilbHitting => run::<shapes::Batting>(store, kind, path, options, progress),
        FileKind::MilbPitching => run::<shapes::Pitching>(store, kind, path, options, progress),
        FileKind::MlbSeasons => run::<shapes::MlbSeasons>(store, kind, path, options, progress),
        FileKind::Players => run::<shapes::Players>(store, kind, path, options, progress),
        FileKind::Eligibility => run::<shapes::Eligibility>(store, kind, path, options, progress),
        FileKind::Scouting => run::<shapes::Scouting>(store, kind, path, options, progress),
        FileKind::Draft => run::<shapes::Draft>(store, kind, path, options, progress),
        FileKind::Transactions => run::<shapes::Transactions>(store, kind, path, options, progress),
    }
}

fn run<S: Shape>(
    store: &Store,
    kind: FileKind,
    path: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<FileReport, ImportError> {
    let table = Table::open(path)?;
    let mut batch = Batch::<S>::read(table, kind, path, options, progress)?;
    let kept = batch.settle();
    let Batch {
        name,
        mut report,
        bad,
        incomplete,
        ..
    } = batch;
    report.quarantined = bad.len() as u64;
    for row in &bad {
        *report.reasons.entry(row.reason.clone()).or_default() += 1;
    }
    let aside = aside(&bad, &incomplete);
    let changes = store.write(|tx| {
        let changes = S::put(&kept.iter().map(|row| &row.item).collect::<Vec<_>>(), tx)?;
        tx.put_quarantined(&name, &aside)?;
        Ok(changes)
    })?;
    for (change, row) in changes.into_iter().zip(&kept) {
        match change {
            Change::Added => report.added += row.rows,
            Change::Updated => report.updated += row.rows,
            Change::Unchanged => report.unchanged += row.rows,
        }
    }
    Ok(report)
}

/// A file's rows, judged.
struct Batch<S: Shape> {
    kind: FileKind,
    name: String,
    report: FileReport,
    good: Vec<Judged<S>>,
    bad: Vec<Quarantined>,
    /// Rows that were kept without some of their cells.
    incomplete: Vec<Quarantined>,
    /// Rows that are no UTF-8, until it is known what the file is.
    foreign: Vec<csv::ByteRecord>,
    /// True once a row had a letter that UTF-8 writes in several bytes.
    has_utf8: bool,
}

impl<S: Shape> Batch<S> {
    fn read(
        mut table: Table,
        kind: FileKind,
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Self, ImportError> {
        let mut header = header::<S>(&mut table, kind, path)?;
        let mut batch = Self {
            kind,
            name: short_name(path),
            report: FileReport {
                file: path.display().to_string(),
                ..FileReport::default()
            },
            good: Vec::new(),
            bad: Vec::new(),
            incomplete: Vec::new(),
            foreign: Vec::new(),
            has_utf8: false,
        };
        let days = day_order(&mut header, &table);
        let mut record = csv::ByteRecord::new();
        while table.next(&mut record)? {
            batch.report.rows += 1;
            batch.judge_bytes(&header, &record, options);
            if batch.report.rows.is_multiple_of(4096) {
                let read = table.read.load(Ordering::Relaxed);
                progress.advance(read, table.size, batch.report.rows);
            }
        }
        progress.advance(table.size, table.size, batch.report.rows);
        batch.judge_foreign(&header, options);
        batch.report.notes.splice(0..0, table.notes());
        batch.report.notes.extend(days);
        batch.report.notes.extend(unknown_columns::<S>(&header));
        batch.report.notes.extend(S::notes(&header, options));
        Ok(batch)
    }

    fn judge_bytes(&mut self, header: &Header, record: &csv::ByteRecord, options: &Options) {
        match csv::StringRecord::from_byte_record(record.clone()) {
            Ok(text) => {
                self.has_utf8 |= !record.as_slice().is_ascii();
                self.judge(header, text, options);
            }
            Err(_) => self.foreign.push(record.clone()),
        }
    }

    fn judge(&mut self, header: &Header, text: csv::StringRecord, options: &Options) {
        let text = without_markup(text);
        let line = line_of(text.as_byte_record());
        let judged = Row::new(header, &text).and_then(|row| {
            let item = S::parse(&row, options)?;
            Ok((item, row.dropped()))
        });
        match judged {
            Ok((item, left_out)) => {
                self.note_cells(line, &text, &left_out);
                self.good.push(Judged {
                    line,
                    text,
                    item,
                    rows: 1,
                });
            }
            Err(reason) => self.refuse(line, text.as_byte_record(), reason),
        }
    }

    /// Rows that are no UTF-8 are Windows-1252 when no other row says otherwise.
    fn judge_foreign(&mut self, header: &Header, options: &Options) {
        let rows = std::mem::take(&mut self.foreign);
        if rows.is_empty() {
            return;
        }
        if !self.has_utf8 {
            self.report.notes.push(READ_AS_LATIN.to_owned());
        }
        for record in rows {
            match latin_record(&record).filter(|_| !self.has_utf8) {
                Some(text) => self.judge(header, text, options),
                None => self.refuse(line_of(&record), &record, NOT_UTF8.to_owned()),
            }
        }
    }

    fn note_cells(&mut self, line: u32, text: &csv::StringRecord, cells: &[Dropped]) {
        if cells.is_empty() {
            return;
        }
        for cell in cells {
            let reason = format!("`{}`: {}", cell.column, cell.reason);
            *self.report.left_out_cells.entry(reason).or_default() += 1;
        }
        self.incomplete.push(Quarantined {
            file: self.name.clone(),
            line,
            kind: self.kind.to_string(),
            reason: kept_without(cells),
            row: as_read(text.as_byte_record()),
        });
    }

    /// Sets apart what the file says twice; returns what is to be stored, sorted by key.
    fn settle(&mut self) -> Vec<Judged<S>> {
        let mut rows = std::mem::take(&mut self.good);
        rows.sort_by_cached_key(|row| (row.item.key(), row.line));
        let mut settled = S::settle(rows);
        self.report.duplicates += settled.duplicates;
        self.report.left_out += settled.left_out;
        self.report.notes.append(&mut settled.notes);
        for (line, text, reason) in settled.refused {
            self.refuse(line, text.as_byte_record(), reason);
        }
        settled.kept.sort_by_cached_key(|row| row.item.key());
        settled.kept
    }

    fn refuse(&mut self, line: u32, record: &csv::ByteRecord, reason: String) {
        self.bad.push(Quarantined {
            file: self.name.clone(),
            line,
            kind: self.kind.to_string(),
            reason,
            row: as_read(record),
        });
    }
}

/// Reads dates such as 3/10/2004 as the file's other dates show, or else with the month
/// first, and says so.
fn day_order(header: &mut Header, table: &Table) -> Option<String> {
    let places: Vec<usize> = DATES
        .iter()
        .filter_map(|column| header.place(column))
        .collect();
    let dates = || {
        let cells = |record| {
            places
                .iter()
                .filter_map(move |at| csv::ByteRecord::get(record, *at))
        };
        table
            .ahead()
            .flat_map(cells)
            .filter_map(|cell| std::str::from_utf8(cell).ok())
    };
    if let Some(order) = DayOrder::of(dates()) {
        header.set_day_order(order);
        return None;
    }
    dates()
        .any(cell::is_ambiguous)
        .then(|| MONTH_FIRST.to_owned())
}

/// Columns of dates.
const DATES: [&str; 4] = ["birth_date", "as_of", "mlb_debut_date", "rookie_until"];
/// Columns nobody reads, by name, with the known one nearest to each.
fn unknown_columns<S: Shape>(header: &Header) -> Option<String> {
    let known = known_columns::<S>();
    let others = header.others(&known);
    let named: Vec<String> = others
        .iter()
        .map(|other| {
            let free = known.iter().copied().filter(|column| !header.has(column));
            match nearest(other, free) {
                Some(column) => format!("{other} (is it {column}?)"),
                None => (*other).to_owned(),
            }
        })
        .collect();
    (!named.is_empty()).then(|| format!("columns that are not used: {}", named.join(", ")))
}

fn known_columns<S: Shape>() -> Vec<&'static str> {
    [S::REQUIRED, S::ANY_OF, S::OPTIONAL].concat()
}

fn header<S: Shape>(table: &mut Table, kind: FileKind, path: &Path) -> Result<Header, ImportError> {
    let known = known_columns::<S>();
    let record = table.header(|record| {
        let header = Header::new(record, &known);
        let any = S::ANY_OF.is_empty() || S::ANY_OF.iter().any(|column| header.has(column));
        any && header.missing(S::REQUIRED).is_empty()
    })?;
    let header = Header::new(&record, &known);
    let absent = |missing: String, required: &[&str]| ImportError::Columns {
        path: path.to_owned(),
        kind,
        missing,
        required: required.join(", "),
    };
    let missing = header.missing(S::REQUIRED);
    if !missing.is_empty() {
        return Err(absent(missing.join(", "), S::REQUIRED));
    }
    if header.missing(S::ANY_OF).len() == S::ANY_OF.len() && !S::ANY_OF.is_empty() {
        let one = format!("one of {}", S::ANY_OF.join(", "));
        return Err(absent(
            one.clone(),
            &[S::REQUIRED, &[one.as_str()]].concat(),
        ));
    }
    match S::FOREIGN.iter().find(|column| header.has(column)) {
        None => Ok(header),
        Some(column) => Err(ImportError::Foreign {
            path: path.to_owned(),
            kind,
            column,
        }),
    }
}

/// The row as text for the quarantine, cut at 500 characters.
fn as_read(record: &csv::ByteRecord) -> String {
    let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    fields.join(",").chars().take(500).collect()
}
