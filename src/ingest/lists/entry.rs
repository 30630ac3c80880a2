//! A row of a list as an entry: who, and what is said of him.

use jiff::civil::Date;

use super::columns::{self, Field};
use super::grades;
use super::person::{Person, organisation};
use super::sheet::Places;
use crate::domain::{Grade, Sample, Season, Tool};
use crate::ingest::cell::{self, brief};
use crate::ingest::plausible::check;
use crate::ingest::row::{Dropped, mlbam, season};

/// What the operator says of a list that its columns don't.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// Publisher.
    pub source: String,
    /// Name of the list.
    pub list: String,
    /// Day of publication, for files without a dated column.
    pub published: Option<Date>,
    /// Year the list is for, when it is not that of publication.
    pub year: Option<Season>,
    /// Columns by name: `rank`, `name`, ... and the header that stands for it.
    pub map: Vec<(String, String)>,
    /// How the rows were selected.
    pub sample: Option<Sample>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) person: Person,
    pub(super) grade: Grade,
    pub(super) published: Date,
}

impl ListOptions {
    /// Refuses names that can't stand in a key.
    pub(super) fn check(&self) -> Result<(), String> {
        for (what, text) in [("source", &self.source), ("list", &self.list)] {
            check(
                !text.trim().is_empty() && !text.contains('/') && text.len() <= 64,
                || format!("--{what} `{text}`: 1 to 64 characters, no slash"),
            )?;
        }
        check(
            self.year.is_none_or(|year| (1871..=2100).contains(&year.0)),
            || "--year lies out of the history of the game".to_owned(),
        )
    }
}

/// Refuses a header that can't be a list's, and says what to do.
pub(super) fn check_header(
    places: &Places,
    found: &str,
    options: &ListOptions,
) -> Result<(), String> {
    check(places.tell_who(), || {
        format!(
            "no column tells who a row is about; {found}. Name the column: --map name=HEADER, \
             --map mlbamid=HEADER or --map playerid=HEADER"
        )
    })?;
    check(
        options.published.is_some() || places.has(Field::Published),
        || {
            "nothing says when it was published: pass --published DATE. Without a date a grade could be \
         used to predict what had already happened"
            .to_owned()
        },
    )
}

/// A row whose cells are read one by one; what nobody needs and can't be read is left
/// out, and noted.
pub(in crate::ingest) struct Cells<'a> {
    places: &'a Places,
    row: &'a [String],
    left_out: Vec<Dropped>,
}

impl<'a> Cells<'a> {
    /// The cells of a row.
    pub(in crate::ingest) fn new(places: &'a Places, row: &'a [String]) -> Self {
        Self {
            places,
            row,
            left_out: Vec::new(),
        }
    }

    /// What was left out.
    pub(in crate::ingest) fn left_out(self) -> Vec<Dropped> {
        self.left_out
    }

    fn optional<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.places.text(self.row, field);
        if text.is_empty() || cell::is_pending(text) {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.left_out.push(Dropped {
                    column: columns::name(field),
                    reason,
                    value: brief(text),
                });
                None
            }
        }
    }

    /// Who the row is about.
    pub(in crate::ingest) fn person(&mut self) -> Result<Person, String> {
        let name = self.name();
        check(name.chars().count() <= 80, || {
            "the name is longer than names are".to_owned()
        })?;
        let mlbam = self
            .optional(Field::Mlbam, |text| {
                mlbam(text).map_err(|_| "not an MLBAM id".to_owned())
            })
            .flatten();
        let id = |field| {
            let id = cell::service_id(self.places.raw(self.row, field))?;
            Some(id.to_owned())
        };
        let fangraphs: Vec<String> = [Field::Fangraphs, Field::FangraphsMinor]
            .into_iter()
            .filter_map(id)
            .collect();
        let fantrax = id(Field::Fantrax).map(|id| id.trim_matches('*').to_owned());
        check(
            !name.is_empty() || mlbam.is_some() || !fangraphs.is_empty() || fantrax.is_some(),
            || "neither a name nor an id".to_owned(),
        )?;
        let order = self.places.order;
        let position = self.places.text(self.row, Field::Position);
        Ok(Person {
            name,
            mlbam,
            fangraphs,
            fantrax,
            birth_date: self.optional(Field::BirthDate, |text| cell::date(text, order)),
            organisation: organisation(self.places.raw(self.row, Field::Organisation)),
            position: position.chars().take(24).collect(),
            age: self.optional(Field::Age, grades::age),
        })
    }

    fn name(&self) -> String {
        let part = |field| cell::name(self.places.raw(self.row, field)).unwrap_or_default();
        let text = match part(Field::Name) {
            "" => {
                let parts = [Field::FirstName, Field::LastName].map(part);
                parts.join(" ").trim().to_owned()
            }
            name => name.to_owned(),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The entry of a row, and the cells left out of it; the error is the reason for the
/// quarantine.
pub(super) fn read(
    places: &Places,
    row: &[String],
    options: &ListOptions,
) -> Result<(Entry, Vec<Dropped>), String> {
    let published = published(places, row, options)?;
    let list_year = year(places, row, options, published)?;
    let mut cells = Cells::new(places, row);
    let person = cells.person()?;
    let grade = Grade {
        source: options.source.clone(),
        list: options.list.clone(),
        list_year,
        published: Some(published),
        sample: options.sample.unwrap_or(Sample::Full),
        rank: cells.optional(Field::Rank, grades::rank),
        org_rank: cells.optional(Field::OrgRank, grades::rank),
        future_value: cells.optional(Field::FutureValue, grades::grade),
        tools: tools(&mut cells),
    };
    let left_out = cells.left_out();
    let says_something = grade.rank.is_some()
        || grade.org_rank.is_some()
        || grade.future_value.is_some()
        || !grade.tools.is_empty();
    check(says_something, || match left_out.first() {
        None => "neither a rank nor a grade".to_owned(),
        Some(cell) => format!(
            "neither a rank nor a grade: `{}` = `{}` is {}",
            cell.column, cell.value, cell.reason
        ),
    })?;
    let entry = Entry {
        person,
        grade,
        published,
    };
    Ok((entry, left_out))
}

fn published(places: &Places, row: &[String], options: &ListOptions) -> Result<Date, String> {
    let text = places.text(row, Field::Published);
    let published = match text {
        "" => options.published,
        _ => Some(
            cell::date(text, places.order)
                .map_err(|reason| format!("`published` = `{}` is {reason}", brief(text)))?,
        ),
    };
    let published = published.ok_or("nothing says when it was published: pass --published DATE")?;
    check((1871..=2100).contains(&published.year()), || {
        format!("published in {}", published.year())
    })?;
    Ok(published)
}

fn year(
    places: &Places,
    row: &[String],
    options: &ListOptions,
    published: Date,
) -> Result<Season, String> {
    if let Some(year) = options.year {
        return Ok(year);
    }
    match places.text(row, Field::Year) {
        "" => Ok(Season(u16::try_from(published.year()).unwrap_or(0))),
        text => season(text).map_err(|_| "the year of the list is not a year".to_owned()),
    }
}

fn tools(cells: &mut Cells<'_>) -> Vec<(Tool, f32)> {
    Tool::ALL
        .iter()
        .filter_map(|&tool| Some((tool, cells.optional(Field::Tool(tool), grades::grade)?)))
        .collect()
}
