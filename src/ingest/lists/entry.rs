//! A row of a list as an entry: who, and what is said of him.

use jiff::civil::Date;

use super::columns::Field;
use super::matching::Person;
use super::sheet::Places;
use super::{grades, organisation};
use crate::domain::{Grade, MlbamId, ProspectId, Sample, Season, Tool};
use crate::ingest::plausible::check;

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
    let named = places.has(Field::Name) || places.has(Field::LastName);
    let known = places.has(Field::Mlbam) || places.has(Field::Fangraphs);
    check(named || known, || {
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

/// The entry of a row; the error is the reason for the quarantine.
pub(super) fn read(
    places: &Places,
    row: &[String],
    options: &ListOptions,
) -> Result<Entry, String> {
    let published =
        grades::date("published", places.text(row, Field::Published))?.or(options.published);
    let published = published.ok_or("nothing says when it was published: pass --published DATE")?;
    check((1871..=2100).contains(&published.year()), || {
        format!("published in {}", published.year())
    })?;
    let person = person(places, row)?;
    let grade = Grade {
        source: options.source.clone(),
        list: options.list.clone(),
        list_year: year(places, row, options, published)?,
        published: Some(published),
        sample: options.sample.unwrap_or(Sample::Full),
        rank: grades::rank("rank", places.text(row, Field::Rank))?,
        org_rank: grades::rank("org rank", places.text(row, Field::OrgRank))?,
        future_value: grades::grade("FV", places.text(row, Field::FutureValue))?,
        tools: tools(places, row)?,
    };
    let says_something = grade.rank.is_some()
        || grade.org_rank.is_some()
        || grade.future_value.is_some()
        || !grade.tools.is_empty();
    check(says_something, || "neither a rank nor a grade".to_owned())?;
    Ok(Entry {
        person,
        grade,
        published,
    })
}

/// Who a row is about.
pub(in crate::ingest) fn person(places: &Places, row: &[String]) -> Result<Person, String> {
    let name = match places.text(row, Field::Name) {
        "" => {
            let parts = [Field::FirstName, Field::LastName].map(|field| places.text(row, field));
            parts.join(" ").trim().to_owned()
        }
        name => name.replace("&#39;", "'").replace("&amp;", "&"),
    };
    check(name.chars().count() <= 80, || {
        "the name is longer than names are".to_owned()
    })?;
    let mlbam = mlbam(places.text(row, Field::Mlbam))?;
    let ids = [Field::Fangraphs, Field::FangraphsMinor].map(|field| places.text(row, field));
    let fangraphs: Vec<String> = ids
        .into_iter()
        .filter(|id| !id.is_empty() && id.len() <= 20)
        .map(|id| id.strip_suffix(".0").unwrap_or(id).to_owned())
        .collect();
    check(
        !name.is_empty() || mlbam.is_some() || !fangraphs.is_empty(),
        || "neither a name nor an id".to_owned(),
    )?;
    Ok(Person {
        name,
        mlbam,
        fangraphs,
        birth_date: grades::date("birth date", places.text(row, Field::BirthDate))?,
        organisation: organisation::code(places.text(row, Field::Organisation)),
        position: places.text(row, Field::Position).chars().take(16).collect(),
        age: grades::age(places.text(row, Field::Age))?,
    })
}

fn mlbam(text: &str) -> Result<Option<ProspectId>, String> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if matches!(whole, "" | "0" | "null" | "NA") {
        return Ok(None);
    }
    let brief = || text.chars().take(40).collect::<String>();
    let id: MlbamId = whole
        .parse()
        .map_err(|_| format!("`{}` is not an MLBAM id", brief()))?;
    check(id.0 < ProspectId::FIRST_SIMULATED, || {
        format!("`{}` is outside the range of MLBAM ids", brief())
    })?;
    Ok(Some(id.into()))
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
        text => match text.strip_suffix(".0").unwrap_or(text).parse::<u16>() {
            Ok(year) if (1871..=2100).contains(&year) => Ok(Season(year)),
            _ => Err("the year of the list is not a year".to_owned()),
        },
    }
}

fn tools(places: &Places, row: &[String]) -> Result<Vec<(Tool, f32)>, String> {
    let mut tools = Vec::new();
    for &tool in Tool::ALL {
        let text = places.text(row, Field::Tool(tool));
        if let Some(value) = grades::grade(tool.as_str(), text)? {
            tools.push((tool, value));
        }
    }
    Ok(tools)
}
