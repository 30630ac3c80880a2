//! Importing one file: read, judge, put.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;

use jiff::civil::Date;
use serde::Serialize;

use super::Kind;
use super::error::ImportError;
use super::file::{self, CsvFile};
use super::row::{Header, Row};
use super::shapes::{self, Shape};
use crate::store::{Change, Quarantined, Store};

/// What became of a file's rows; the counts add up to `rows`.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct FileReport {
    /// The file as named on the command line.
    pub file: String,
    /// Data rows read.
    pub rows: u64,
    /// Rows that were new to the store.
    pub added: u64,
    /// Rows that replaced or completed a stored one.
    pub updated: u64,
    /// Rows the store already held.
    pub unchanged: u64,
    /// Rows that repeat another row of the file exactly.
    pub duplicates: u64,
    /// Rows about somebody who could not be told for certain; those of lists wait
    /// in `afwd review list`.
    pub unmatched: u64,
    /// Rows that are none of ours (other leagues, people the operator dismissed).
    pub left_out: u64,
    /// Rows refused; see `afwd quarantine`.
    pub quarantined: u64,
    /// How many rows were refused for each reason.
    pub reasons: BTreeMap<String, u64>,
    /// What the operator should know besides.
    pub notes: Vec<String>,
}

/// Choices of the operator that a file's columns don't answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Day the file's facts are true for, for files without an `as_of` column.
    pub as_of: Option<Date>,
}

/// Hears how far an import is.
pub trait Progress {
    /// `read` of `size` bytes and `rows` rows are done.
    fn advance(&self, read: u64, size: u64, rows: u64);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _read: u64, _size: u64, _rows: u64) {}
}

/// Imports one file; all of it is on disk when this returns, or nothing.
///
/// # Errors
/// When the file can't be read, is no CSV, or lacks columns of its kind, and
/// when the store fails. Bad rows are no error: they are quarantined.
pub fn import(
    store: &Store,
    kind: Kind,
    path: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<FileReport, ImportError> {
    match kind {
        Kind::MilbHitting => run::<shapes::Batting>(store, kind, path, options, progress),
        Kind::MilbPitching => run::<shapes::Pitching>(store, kind, path, options, progress),
        Kind::MlbSeasons => run::<shapes::MlbSeasons>(store, kind, path, options, progress),
        Kind::Players => run::<shapes::Players>(store, kind, path, options, progress),
        Kind::Eligibility => run::<shapes::Eligibility>(store, kind, path, options, progress),
        Kind::Scouting => run::<shapes::Scouting>(store, kind, path, options, progress),
        Kind::Draft => run::<shapes::Draft>(store, kind, path, options, progress),
    }
}

fn run<S: Shape>(
    store: &Store,
    kind: Kind,
    path: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<FileReport, ImportError> {
    let csv = file::open(path).map_err(|source| ImportError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut batch = Batch::<S>::read(csv, kind, path, options, progress)?;
    batch.set_apart_repeats();
    let Batch {
        name,
        mut report,
        good,
        bad,
        ..
    } = batch;
    let changes = store.write(|tx| {
        let changes = S::put(
            &good.iter().map(|(_, _, item)| item).collect::<Vec<_>>(),
            tx,
        )?;
        tx.put_quarantined(&name, &bad)?;
        Ok(changes)
    })?;
    let count = |wanted| changes.iter().filter(|&&change| change == wanted).count() as u64;
    report.added = count(Change::Added);
    report.updated = count(Change::Updated);
    report.unchanged = count(Change::Unchanged);
    report.quarantined = bad.len() as u64;
    for row in bad {
        *report.reasons.entry(row.reason).or_default() += 1;
    }
    Ok(report)
}

/// A file's rows, judged.
struct Batch<S: Shape> {
    kind: Kind,
    name: String,
    report: FileReport,
    /// Line, text and value of good rows, sorted by key once repeats are set apart.
    good: Vec<(u32, csv::StringRecord, S)>,
    bad: Vec<Quarantined>,
}

impl<S: Shape> Batch<S> {
    fn read(
        mut csv: CsvFile,
        kind: Kind,
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Self, ImportError> {
        let failed = |source: csv::Error| match source.into_kind() {
            csv::ErrorKind::Io(source) => ImportError::Io {
                path: path.to_owned(),
                source,
            },
            other => ImportError::Io {
                path: path.to_owned(),
                source: std::io::Error::other(format!("{other:?}")),
            },
        };
        let header = header::<S>(&mut csv, kind, path)?;
        let name = short_name(path);
        let report = FileReport {
            file: path.display().to_string(),
            notes: S::notes(&header, options),
            ..FileReport::default()
        };
        let mut batch = Self {
            kind,
            name,
            report,
            good: Vec::new(),
            bad: Vec::new(),
        };
        let mut record = csv::ByteRecord::new();
        while csv.reader.read_byte_record(&mut record).map_err(failed)? {
            batch.report.rows += 1;
            batch.judge(&header, &record, options);
            if batch.report.rows.is_multiple_of(4096) {
                progress.advance(
                    csv.read.load(Ordering::Relaxed),
                    csv.size,
                    batch.report.rows,
                );
            }
        }
        progress.advance(csv.size, csv.size, batch.report.rows);
        Ok(batch)
    }

    fn judge(&mut self, header: &Header, record: &csv::ByteRecord, options: &Options) {
        let line = record
            .position()
            .map_or(0, |position| position.line() as u32);
        let judged = match csv::StringRecord::from_byte_record(record.clone()) {
            Err(_) => Err("not valid UTF-8".to_owned()),
            Ok(text) => Row::new(header, &text)
                .and_then(|row| S::parse(&row, options))
                .map(|item| (line, text, item)),
        };
        match judged {
            Ok(good) => self.good.push(good),
            Err(reason) => self.refuse(line, record, reason),
        }
    }

    /// Drops exact repeats and refuses rows that contradict an earlier one.
    fn set_apart_repeats(&mut self) {
        let mut rows = std::mem::take(&mut self.good);
        rows.sort_by_cached_key(|(line, _, item)| (item.key(), *line));
        let mut kept: Vec<(u32, csv::StringRecord, S)> = Vec::with_capacity(rows.len());
        for (line, text, item) in rows {
            match kept
                .last()
                .filter(|(_, _, earlier)| earlier.key() == item.key())
            {
                None => kept.push((line, text, item)),
                Some((_, _, earlier)) if *earlier == item => self.report.duplicates += 1,
                Some((earlier, ..)) => {
                    let reason = format!("contradicts line {earlier} of the file");
                    self.refuse(line, text.as_byte_record(), reason);
                }
            }
        }
        self.good = kept;
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

fn header<S: Shape>(csv: &mut CsvFile, kind: Kind, path: &Path) -> Result<Header, ImportError> {
    let record = csv
        .reader
        .byte_headers()
        .map_err(|source| ImportError::Csv {
            path: path.to_owned(),
            source,
        })?;
    if record.is_empty() {
        return Err(ImportError::Empty(path.to_owned()));
    }
    let header = Header::new(record);
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

/// The file with its directory: a name short enough to read, that tells files
/// of one name in several directories apart.
pub(super) fn short_name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
