//! A CSV row whose fields are found by name and read as typed values. Errors
//! are sentences that name the column and the value.

use std::cell::OnceCell;
use std::str::FromStr;

use jiff::civil::Date;

use super::plausible::MOST;
use crate::domain::{Code, MlbamId, ProspectId, Season};

/// Column names and where they stand.
pub(super) struct Header {
    /// Sorted by name: with a few dozen columns a search by halves beats hashing.
    columns: Vec<(String, usize)>,
    width: usize,
}

impl Header {
    /// Reads the header; a byte-order mark and surrounding blanks are ignored.
    pub(super) fn new(record: &csv::ByteRecord) -> Self {
        let name = |field: &[u8]| {
            String::from_utf8_lossy(field)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_ascii_lowercase()
        };
        let mut columns: Vec<_> = record
            .iter()
            .enumerate()
            .map(|(at, field)| (name(field), at))
            .collect();
        columns.sort();
        Self {
            columns,
            width: record.len(),
        }
    }

    fn place(&self, column: &str) -> Option<usize> {
        let found = self
            .columns
            .binary_search_by(|(name, _)| name.as_str().cmp(column));
        found.ok().map(|at| self.columns[at].1)
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.place(column).is_some()
    }

    pub(super) fn missing(&self, required: &[&str]) -> Vec<String> {
        required
            .iter()
            .filter(|column| !self.has(column))
            .map(|column| format!("`{column}`"))
            .collect()
    }
}

/// One row under its header.
pub(super) struct Row<'a> {
    header: &'a Header,
    record: &'a csv::StringRecord,
    id: OnceCell<ProspectId>,
}

impl<'a> Row<'a> {
    /// # Errors
    /// When the row has more or fewer fields than the header, or repeats it.
    pub(super) fn new(header: &'a Header, record: &'a csv::StringRecord) -> Result<Self, String> {
        if record.len() != header.width {
            return Err(format!(
                "{} fields where the header has {}",
                record.len(),
                header.width
            ));
        }
        let repeated = record
            .iter()
            .enumerate()
            .all(|(at, field)| header.place(field) == Some(at));
        if repeated {
            return Err("the header is repeated here".to_owned());
        }
        Ok(Self {
            header,
            record,
            id: OnceCell::new(),
        })
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.header.has(column)
    }

    /// The text of a field; empty when the column is absent.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let place = self.header.place(column);
        place
            .and_then(|at| self.record.get(at))
            .unwrap_or_default()
            .trim()
    }

    /// A value that must be there.
    pub(super) fn need<T: FromStr<Err: std::fmt::Display>>(
        &self,
        column: &str,
    ) -> Result<T, String> {
        self.optional(column)?
            .ok_or_else(|| format!("`{column}` is empty"))
    }

    /// A value that may be empty.
    pub(super) fn optional<T: FromStr<Err: std::fmt::Display>>(
        &self,
        column: &str,
    ) -> Result<Option<T>, String> {
        match self.text(column) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|error| format!("`{column}` = `{text}`: {error}")),
        }
    }

    /// A count that must be there.
    pub(super) fn need_count(&self, column: &str) -> Result<u16, String> {
        self.optional_count(column)?
            .ok_or_else(|| format!("`{column}` is empty"))
    }

    /// A count; empty is 0 where the column is optional, and 12.0 is 12.
    pub(super) fn count(&self, column: &str) -> Result<u16, String> {
        Ok(self.optional_count(column)?.unwrap_or(0))
    }

    /// A count that may be unknown.
    pub(super) fn optional_count(&self, column: &str) -> Result<Option<u16>, String> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let whole = text.strip_suffix(".0").unwrap_or(text);
        match whole.parse() {
            Ok(count) if count <= MOST => Ok(Some(count)),
            _ => Err(format!(
                "`{column}` = `{text}` is not a count from 0 to {MOST}"
            )),
        }
    }

    /// A count that the source writes as 0 where it was not recorded.
    pub(super) fn recorded(&self, column: &str) -> Result<Option<u16>, String> {
        Ok(self.optional_count(column)?.filter(|&count| count > 0))
    }

    /// The player, by MLBAM id.
    pub(super) fn player(&self) -> Result<ProspectId, String> {
        if let Some(&id) = self.id.get() {
            return Ok(id);
        }
        let text = self.text("mlbam_id");
        if text.is_empty() {
            return Err("no MLBAM id to join by".to_owned());
        }
        let whole = text.strip_suffix(".0").unwrap_or(text);
        let id: MlbamId = whole
            .parse()
            .map_err(|_| format!("`mlbam_id` = `{text}` is not an MLBAM id"))?;
        if id.0 >= ProspectId::FIRST_SIMULATED {
            return Err(format!(
                "`mlbam_id` = `{text}` is outside the range of MLBAM ids"
            ));
        }
        Ok(*self.id.get_or_init(|| id.into()))
    }

    /// A season between 1871 and 2100.
    pub(super) fn season(&self, column: &str) -> Result<Season, String> {
        let season: Season = self.need(column)?;
        match season.0 {
            ..=2100 => Ok(season),
            _ => Err(format!("`{column}` = `{season}` lies in the far future")),
        }
    }

    /// A date that may be empty; `as_of` columns may carry a time, which is cut off.
    pub(super) fn date(&self, column: &str) -> Result<Option<Date>, String> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        let day = text.get(..10).unwrap_or(text);
        let date: Date = day
            .parse()
            .map_err(|_| format!("`{column}` = `{text}` is not a date such as 2024-07-01"))?;
        Ok(Some(date))
    }

    /// A birth date; one that no professional player can have is refused.
    pub(super) fn birth_date(&self) -> Result<Option<Date>, String> {
        let date = self.date("birth_date")?;
        match date.map(|date| date.year()) {
            Some(year) if !(1850..=2100).contains(&year) => {
                Err(format!("`birth_date` in {year} is impossible"))
            }
            _ => Ok(date),
        }
    }

    /// A code of at most eight bytes; empty is unknown.
    pub(super) fn code(&self, column: &str) -> Result<Code, String> {
        let text = self.text(column);
        Code::new(text).ok_or_else(|| format!("`{column}` = `{text}` is longer than 8 bytes"))
    }
}
