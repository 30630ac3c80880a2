//! A publisher's CSV file read as it is: any header, any order of columns.

use std::path::Path;

use super::columns::{self, Field};
use crate::ingest::ImportError;
use crate::ingest::file;

/// Rows a list has at most: more is another kind of file.
const MOST_ROWS: usize = 200_000;

/// A file's header and rows.
pub(crate) struct Sheet {
    /// Headers as written.
    pub(crate) headers: Vec<String>,
    /// Line and fields of each row, or why it can't be read.
    pub(crate) rows: Vec<(u32, Result<Vec<String>, String>)>,
}

/// Where the fields stand in a sheet's rows.
pub(crate) struct Places(Vec<(Field, usize)>);

impl Sheet {
    /// Reads a file, plain or gzipped.
    ///
    /// # Errors
    /// When it can't be read, or has no header.
    pub(crate) fn open(path: &Path) -> Result<Self, ImportError> {
        let io = |source| ImportError::Io {
            path: path.to_owned(),
            source,
        };
        let mut csv = file::open(path).map_err(io)?;
        let broken = |source| ImportError::Csv {
            path: path.to_owned(),
            source,
        };
        let record = csv.reader.byte_headers().map_err(broken)?;
        let headers: Vec<String> = record
            .iter()
            .map(|field| {
                // Messages show headers, and a terminal obeys control characters.
                let text = String::from_utf8_lossy(field).replace(char::is_control, " ");
                text.trim_start_matches('\u{feff}').trim().to_owned()
            })
            .collect();
        if headers.iter().all(String::is_empty) {
            return Err(ImportError::Empty(path.to_owned()));
        }
        let mut rows = Vec::new();
        let mut record = csv::ByteRecord::new();
        while csv.reader.read_byte_record(&mut record).map_err(broken)? {
            let line = record.position().map_or(0, |at| at.line() as u32);
            rows.push((line, fields(&record, &headers)));
            if rows.len() > MOST_ROWS {
                let reason = format!("it has more than {MOST_ROWS} rows, as no list has");
                return Err(ImportError::NotAList {
                    path: path.to_owned(),
                    reason,
                });
            }
        }
        Ok(Self { headers, rows })
    }

    /// Where the fields stand: those the operator named, then those whose header
    /// is known. The first of a repeated header counts.
    ///
    /// # Errors
    /// When the operator names a field or a header that does not exist.
    pub(crate) fn places(&self, map: &[(String, String)]) -> Result<Places, String> {
        let mut places = Vec::new();
        for (name, header) in map {
            let field = columns::named(name).ok_or_else(|| {
                format!(
                    "`--map {name}=...`: there is no column `{name}`; the columns are {}",
                    columns::names()
                )
            })?;
            let wanted = columns::folded(header);
            let at = self
                .headers
                .iter()
                .position(|held| columns::folded(held) == wanted);
            let at =
                at.ok_or_else(|| format!("there is no header `{header}`; {}", self.found()))?;
            places.push((field, at));
        }
        for (at, header) in self.headers.iter().enumerate() {
            if let Some(field) = columns::field(header)
                && !places
                    .iter()
                    .any(|(held, taken)| *held == field || *taken == at)
            {
                places.push((field, at));
            }
        }
        Ok(Places(places))
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
        format!("the file has {}", self.headers.join(", "))
    }
}

impl Places {
    /// The same, the tools left out.
    pub(crate) fn without_tools(mut self) -> Self {
        self.0.retain(|(field, _)| !matches!(field, Field::Tool(_)));
        self
    }

    /// True when the file has the field.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.0.iter().any(|(held, _)| *held == field)
    }

    /// The field's text in a row; empty when absent.
    pub(crate) fn text<'a>(&self, row: &'a [String], field: Field) -> &'a str {
        let place = self.0.iter().find(|(held, _)| *held == field);
        place
            .and_then(|(_, at)| row.get(*at))
            .map_or("", |text| text.trim())
    }

    /// The known fields of a row for the quarantine: prose of other columns is
    /// the publisher's and never kept.
    pub(crate) fn shown(&self, row: &[String]) -> String {
        let mut at: Vec<usize> = self.0.iter().map(|(_, at)| *at).collect();
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

fn fields(record: &csv::ByteRecord, headers: &[String]) -> Result<Vec<String>, String> {
    let text = csv::StringRecord::from_byte_record(record.clone())
        .map_err(|_| "not valid UTF-8".to_owned())?;
    if text.len() != headers.len() {
        return Err(format!(
            "{} fields where the header has {}",
            text.len(),
            headers.len()
        ));
    }
    let repeated = text
        .iter()
        .zip(headers)
        .all(|(field, header)| field.trim() == header);
    if repeated {
        return Err("the header is repeated here".to_owned());
    }
    Ok(text.iter().map(str::to_owned).collect())
}
