//! A publisher's file read as it is: any header, any order of columns.

use std::path::Path;

use super::columns::{self, Field};
use crate::ingest::cell::{self, DayOrder};
use crate::ingest::error::ImportError;
use crate::ingest::file::Table;
use crate::ingest::file::{latin_record, line_of, without_markup};
use crate::ingest::report::{MONTH_FIRST, NOT_UTF8, READ_AS_LATIN};
use crate::ingest::row::width_error;

/// Rows a list has at most: more is another kind of file.
const MOST_ROWS: usize = 200_000;
/// Columns that tell who a row is about.
const WHO: [Field; 5] = [
    Field::Name,
    Field::LastName,
    Field::Mlbam,
    Field::Fangraphs,
    Field::Fantrax,
];

/// A file's header and rows.
#[derive(Default)]
pub(crate) struct Sheet {
    /// Headers as written.
    pub(crate) headers: Vec<String>,
    /// Line and fields of each row, or why it can't be read.
    pub(crate) rows: Vec<(u32, Result<Vec<String>, String>)>,
    /// How the file was read.
    pub(crate) notes: Vec<String>,
}

/// Where the fields stand in a sheet's rows.
pub(crate) struct Places {
    at: Vec<(Field, usize)>,
    /// How dates are written.
    pub(crate) order: DayOrder,
    /// What the operator should know of the columns.
    pub(crate) notes: Vec<String>,
}

impl Sheet {
    /// Reads a file. Its header is the first record in which columns are understood, or
    /// those are that the operator named.
    ///
    /// # Errors
    /// When it can't be read, is no table, or has no header.
    pub(crate) fn open(path: &Path, map: &[(String, String)]) -> Result<Self, ImportError> {
        let mut table = Table::open(path)?;
        let headers = table.header(|record| is_header(record, map))?;
        let mut read = Vec::new();
        let mut record = csv::ByteRecord::new();
        let mut has_utf8 = false;
        while table.next(&mut record)? {
            if read.len() >= MOST_ROWS {
                let reason = format!("it has more than {MOST_ROWS} rows, as no list has");
                return Err(ImportError::NotAList {
                    path: path.to_owned(),
                    reason,
                });
            }
            let text = csv::StringRecord::from_byte_record(record.clone());
            has_utf8 |= text.is_ok() && !record.as_slice().is_ascii();
            read.push((line_of(&record), text.map_err(|_| record.clone())));
        }
        let mut notes = table.notes();
        if !has_utf8 && read.iter().any(|(_, text)| text.is_err()) {
            notes.push(READ_AS_LATIN.to_owned());
        }
        let decoded = |text: Result<csv::StringRecord, csv::ByteRecord>| match text {
            Ok(text) => fields(text, &headers),
            Err(_) if has_utf8 => Err(NOT_UTF8.to_owned()),
            Err(bytes) => {
                let text = latin_record(&bytes).ok_or_else(|| NOT_UTF8.to_owned())?;
                fields(text, &headers)
            }
        };
        let rows = read
            .into_iter()
            .map(|(line, text)| (line, decoded(text)))
            .collect();
        Ok(Self {
            headers,
            rows,
            notes,
        })
    }

    /// Where the fields stand: those the operator named, those whose header is known,
    /// and those with a year or an aside in it. The first of a repeated header counts;
    /// of columns of several years that of the list's year.
    ///
    /// # Errors
    /// When the operator names a field or a header that does not exist.
    pub(crate) fn places(
        &self,
        map: &[(String, String)],
        year: Option<i16>,
    ) -> Result<Places, String> {
        let mut at = self.mapped(map)?;
        let free = |at: &[(Field, usize)], field: Field, column: usize| {
            !at.iter()
                .any(|(held, taken)| *held == field || *taken == column)
        };
        for (column, header) in self.headers.iter().enumerate() {
            let known = columns::field(header).or_else(|| self.bare_id(column));
            if let Some(field) = known
                && free(&at, field, column)
            {
                at.push((field, column));
            }
        }
        let loose: Vec<(Field, Option<u16>, usize)> = self
            .headers
            .iter()
            .enumerate()
            .filter_map(|(column, header)| {
                let (field, year) = columns::loose_field(header)?;
                free(&at, field, column).then_some((field, year, column))
            })
            .collect();
        for &(field, of, column) in &loose {
            let rivals = loose.iter().filter(|(other, ..)| *other == field).count();
            let fits = match (of, year) {
                (None, _) => rivals == 1,
                // Lists of winter are called after the season to come.
                (Some(of), Some(year)) => {
                    let of = i32::from(of) - i32::from(year);
                    of == 0 || (of == 1 && rivals == 1)
                }
                (Some(_), None) => rivals == 1,
            };
            if fits && free(&at, field, column) {
                at.push((field, column));
            }
        }
        let (order, dates) = self.day_order(&at);
        let mut notes: Vec<String> = dates.into_iter().collect();
        notes.extend(self.not_understood(&at));
        Ok(Places { at, order, notes })
    }

    fn mapped(&self, map: &[(String, String)]) -> Result<Vec<(Field, usize)>, String> {
        let mut places = Vec::new();
        for (name, header) in map {
            let field = columns::named(name).ok_or_else(|| {
                format!(
                    "`--map {name}=...`: there is no column `{name}`; the columns are {}",
                    columns::names()
                )
            })?;
            let at = self
                .column(header)
                .ok_or_else(|| format!("there is no header `{header}`; {}", self.found()))?;
            places.push((field, at));
        }
        Ok(places)
    }

    /// A column called `ID` whose ids are Fantrax'.
    fn bare_id(&self, column: usize) -> Option<Field> {
        let starred = |row: &Vec<String>| {
            row.get(column).is_some_and(|cell| {
                let cell = cell.trim();
                cell.len() > 4 && cell.starts_with('*') && cell.ends_with('*')
            })
        };
        (columns::folded(self.headers.get(column)?) == columns::BARE_ID
            && self
                .rows
                .iter()
                .filter_map(|(_, row)| row.as_ref().ok())
                .any(starred))
        .then_some(Field::Fantrax)
    }

    /// How the dates of the columns are written, and a note where they don't show it.
    fn day_order(&self, at: &[(Field, usize)]) -> (DayOrder, Option<String>) {
        let columns: Vec<usize> = at
            .iter()
            .filter(|(field, _)| matches!(field, Field::BirthDate | Field::Published))
            .map(|(_, column)| *column)
            .collect();
        let dates = || {
            let rows = self.rows.iter().filter_map(|(_, row)| row.as_ref().ok());
            rows.flat_map(|row| columns.iter().filter_map(|column| row.get(*column)))
                .map(String::as_str)
        };
        match DayOrder::of(dates()) {
            Some(order) => (order, None),
            None => {
                let note = dates()
                    .any(cell::is_ambiguous)
                    .then(|| MONTH_FIRST.to_owned());
                (DayOrder::default(), note)
            }
        }
    }

    /// The headers nobody understood, by name, with the field each is most like.
    fn not_understood(&self, at: &[(Field, usize)]) -> Option<String> {
        let taken = |column: &usize| at.iter().any(|(_, held)| held == column);
        let named: Vec<String> = (0..self.headers.len())
            .filter(|column| !taken(column) && !self.headers[*column].is_empty())
            .map(|column| {
                let header = &self.headers[column];
                match columns::nearest(header) {
                    Some(name) => format!("{header} (is it {name}?)"),
                    None => header.clone(),
                }
            })
            .collect();
        (!named.is_empty()).then(|| {
            format!(
                "columns that are not understood: {}; to have one read, name it with --map COLUMN=HEADER, \
                 such as --map rank=HEADER",
                named.join(", ")
            )
        })
    }

    /// Where the first column with this header stands.
    pub(crate) fn column(&self, header: &str) -> Option<usize> {
        let wanted = columns::folded(header);
        self.headers
            .iter()
            .position(|held| columns::folded(held) == wanted)
    }

    /// What the header holds, as a clause.
    pub(crate) fn found(&self) -> String {
        let one = self.headers.len() == 1;
        let hint = if one {
            "; if that is several columns, part them by commas, semicolons or tabs"
        } else {
            ""
        };
        format!("the file has {}{hint}", self.headers.join(", "))
    }
}

impl Places {
    /// The same, the tools left out.
    pub(crate) fn without_tools(mut self) -> Self {
        self.at
            .retain(|(field, _)| !matches!(field, Field::Tool(_)));
        self
    }

    /// True when the file has the field.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.at.iter().any(|(held, _)| *held == field)
    }

    /// True when some column tells who a row is about.
    pub(crate) fn tell_who(&self) -> bool {
        WHO.iter().any(|field| self.has(*field))
    }

    /// The field's text in a row as written; empty when absent.
    pub(crate) fn raw<'a>(&self, row: &'a [String], field: Field) -> &'a str {
        let place = self.at.iter().find(|(held, _)| *held == field);
        place
            .and_then(|(_, at)| row.get(*at))
            .map_or("", |text| text.trim())
    }

    /// The field's text in a row; empty where it stands for a missing value.
    pub(crate) fn text<'a>(&self, row: &'a [String], field: Field) -> &'a str {
        cell::present(self.raw(row, field)).unwrap_or_default()
    }

    /// The known fields of a row for the quarantine: prose of other columns is
    /// the publisher's and never kept.
    pub(crate) fn shown(&self, row: &[String]) -> String {
        let mut at: Vec<usize> = self.at.iter().map(|(_, at)| *at).collect();
        at.sort_unstable();
        let known = at.iter().filter_map(|&at| row.get(at));
        let short = known.map(|text| text.trim().chars().take(60).collect::<String>());
        short
            .collect::<Vec<_>>()
            .join(",")
            .chars()
            .take(500)
            .collect()
    }
}

/// True for a record in which columns are understood, one of them telling who a row is
/// about, or in which all stand that the operator named.
fn is_header(record: &[String], map: &[(String, String)]) -> bool {
    let has = |header: &str| {
        let wanted = columns::folded(header);
        record.iter().any(|held| columns::folded(held) == wanted)
    };
    if !map.is_empty() && map.iter().all(|(_, header)| has(header)) {
        return true;
    }
    let known: Vec<Field> = record
        .iter()
        .filter_map(|header| {
            columns::field(header).or_else(|| columns::loose_field(header).map(|(field, _)| field))
        })
        .collect();
    known.len() > 1 && known.iter().any(|field| WHO.contains(field))
}

/// A row's fields. Empty cells at the end may be missing where their columns have no
/// header, and there may be more of them.
fn fields(text: csv::StringRecord, headers: &[String]) -> Result<Vec<String>, String> {
    let text = without_markup(text);
    let least = headers
        .iter()
        .rposition(|header| !header.is_empty())
        .map_or(0, |at| at + 1);
    let beyond = text
        .iter()
        .skip(headers.len())
        .any(|field| !field.trim().is_empty());
    if text.len() < least || beyond {
        return Err(width_error(text.len(), headers.len()));
    }
    let repeated = text
        .iter()
        .zip(headers)
        .all(|(field, header)| field.trim() == header);
    if repeated {
        return Err("the header is repeated here".to_owned());
    }
    Ok(text.iter().take(headers.len()).map(str::to_owned).collect())
}
