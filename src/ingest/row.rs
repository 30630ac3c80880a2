//! A row whose fields are found by name and read as typed values. A required value
//! that can't be read is an error, a sentence that names the column and the value; an
//! optional one is left out of the row, and noted.

use std::cell::{OnceCell, RefCell};

use jiff::civil::Date;

use super::cell::{self, DayOrder, brief};
use crate::domain::name::spoken;
use crate::domain::{Code, Franchise, Level, MlbamId, Position, Positions, ProspectId, Season};

/// Other headers of a column. The column's own name wins where a file has both.
const ALIASES: [(&str, &[&str]); 31] = [
    ("season", &["year", "yr"]),
    ("level", &["lev", "lvl"]),
    ("league", &["lg"]),
    ("team_id", &["teamid"]),
    ("team", &["tm", "club"]),
    (
        "org",
        &["organization", "organisation", "parent_org", "parentorg"],
    ),
    (
        "mlbam_id",
        &[
            "mlbamid",
            "mlbam",
            "mlb_id",
            "mlbid",
            "key_mlbam",
            "xmlbamid",
        ],
    ),
    (
        "name",
        &[
            "player",
            "player_name",
            "playername",
            "fullname",
            "full_name",
        ],
    ),
    ("position", &["pos"]),
    (
        "birth_date",
        &["dob", "birthdate", "date_of_birth", "birthday"],
    ),
    ("as_of", &["asof", "as_of_date"]),
    ("b2", &["2b", "doubles"]),
    ("b3", &["3b", "triples"]),
    ("hr", &["home_runs", "homeruns"]),
    ("so", &["k", "strikeouts", "strike_outs"]),
    ("bb", &["walks", "base_on_balls"]),
    ("hbp", &["hit_by_pitch"]),
    ("sb", &["stolen_bases"]),
    ("cs", &["caught_stealing"]),
    ("h", &["hits"]),
    ("sh", &["sac", "sac_bunts"]),
    ("sf", &["sac_flies"]),
    ("gidp", &["gdp"]),
    ("bf", &["tbf", "batters_faced"]),
    ("hld", &["holds"]),
    ("sv", &["saves"]),
    ("er", &["earned_runs"]),
    ("gs", &["games_started"]),
    ("g", &["games"]),
    ("fangraphs_id", &["key_fangraphs", "fg_id", "idfangraphs"]),
    ("fv", &["future_value"]),
];

/// Column names and where they stand.
pub(super) struct Header {
    /// Sorted by name: with a few dozen columns a search by halves beats hashing.
    columns: Vec<(String, usize)>,
    /// Headers as written, lower case: what a repeated header is told by.
    written: Vec<String>,
    /// Fields a row has at least: trailing columns without a header may be cut off.
    least: usize,
    order: DayOrder,
}

impl Header {
    /// Reads the header; the columns `wanted` are known by their other names too.
    pub(super) fn new(header: &[String], wanted: &[&str]) -> Self {
        let written: Vec<String> = header.iter().map(|name| name.to_lowercase()).collect();
        let mut columns: Vec<(String, usize)> = written
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.is_empty())
            .map(|(at, name)| (snake(name), at))
            .collect();
        columns.sort();
        columns.dedup_by(|later, first| later.0 == first.0);
        let mut header = Self {
            columns,
            least: written
                .iter()
                .rposition(|name| !name.is_empty())
                .map_or(0, |at| at + 1),
            written,
            order: DayOrder::default(),
        };
        header.resolve(wanted);
        header
    }

    /// Gives columns under another name the name the shapes know.
    fn resolve(&mut self, wanted: &[&str]) {
        for (column, others) in ALIASES {
            if !wanted.contains(&column) || self.has(column) {
                continue;
            }
            let other = others
                .iter()
                .filter(|other| !wanted.contains(other))
                .find_map(|other| self.columns.iter().position(|(name, _)| name == other));
            if let Some(at) = other {
                self.columns[at].0 = column.to_owned();
            }
        }
        self.columns.sort();
    }

    /// Reads dates with the day first from now on, or second.
    pub(super) fn set_day_order(&mut self, order: DayOrder) {
        self.order = order;
    }

    pub(super) fn place(&self, column: &str) -> Option<usize> {
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

    /// Headers that are none of `known`, as written and in their order.
    pub(super) fn others(&self, known: &[&str]) -> Vec<&str> {
        let mut others: Vec<(usize, &str)> = self
            .columns
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(_, at)| (*at, self.written[*at].as_str()))
            .collect();
        others.sort_unstable();
        others.into_iter().map(|(_, name)| name).collect()
    }
}

/// `Birth Date` as `birth_date`.
fn snake(name: &str) -> String {
    let words = name
        .split([' ', '-', '.', '_'])
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// A cell that was left out of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dropped {
    /// Its column.
    pub(super) column: &'static str,
    /// What was wrong, without the value, so that rows can be counted together.
    pub(super) reason: String,
    /// The value.
    pub(super) value: String,
}

/// One row under its header.
pub(super) struct Row<'a> {
    header: &'a Header,
    record: &'a csv::StringRecord,
    id: OnceCell<ProspectId>,
    dropped: RefCell<Vec<Dropped>>,
}

impl<'a> Row<'a> {
    /// # Errors
    /// When the row has more or fewer fields than the header, or repeats it. Empty
    /// cells at the end may be missing where their columns have no header, and there
    /// may be more of them.
    pub(super) fn new(header: &'a Header, record: &'a csv::StringRecord) -> Result<Self, String> {
        let width = header.written.len();
        let beyond = record
            .iter()
            .skip(width)
            .any(|field| !field.trim().is_empty());
        if record.len() < header.least || beyond {
            return Err(width_error(record.len(), width));
        }
        let repeated = record
            .iter()
            .zip(&header.written)
            .all(|(field, name)| field.trim().to_lowercase() == *name);
        if repeated {
            return Err("the header is repeated here".to_owned());
        }
        Ok(Self {
            header,
            record,
            id: OnceCell::new(),
            dropped: RefCell::default(),
        })
    }

    /// The cells that were left out so far.
    pub(super) fn dropped(self) -> Vec<Dropped> {
        self.dropped.into_inner()
    }

    /// Leaves the column's cell out of the row.
    pub(super) fn leave_out(&self, column: &'static str, reason: impl Into<String>) {
        self.dropped.borrow_mut().push(Dropped {
            column,
            reason: reason.into(),
            value: brief(self.raw(column)),
        });
    }

    /// Notes cells that a check of the whole row left out.
    pub(super) fn leave_out_all(&self, cells: Vec<Dropped>) {
        self.dropped.borrow_mut().extend(cells);
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.header.has(column)
    }

    /// The text of a field as written; empty when the column is absent.
    pub(super) fn raw(&self, column: &str) -> &'a str {
        let place = self.header.place(column);
        place
            .and_then(|at| self.record.get(at))
            .unwrap_or_default()
            .trim()
    }

    /// The text of a field; empty where it stands for a missing value.
    pub(super) fn text(&self, column: &str) -> &'a str {
        cell::present(self.raw(column)).unwrap_or_default()
    }

    /// A name, in the order it is spoken; empty when there is none.
    pub(super) fn name(&self, column: &str) -> String {
        let text = cell::name(self.raw(column)).unwrap_or_default();
        // Nearly every name is plain: folding it is left to those that are not.
        if text.contains([',', '(', '[', '{', '\t', '，']) || text.contains("  ") {
            spoken(text)
        } else {
            text.to_owned()
        }
    }

    /// A value that must be there, as `read` makes it of the text.
    pub(super) fn need<T>(
        &self,
        column: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        match self.text(column) {
            "" => Err(format!("`{column}` is empty")),
            text => {
                read(text).map_err(|reason| format!("`{column}` = `{}` is {reason}", brief(text)))
            }
        }
    }

    /// A value that may be missing; one that can't be read is left out.
    pub(super) fn optional<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.text(column) {
            "" => None,
            text => read(text)
                .map_err(|reason| self.leave_out(column, reason))
                .ok(),
        }
    }

    /// A count that must be there.
    pub(super) fn need_count(&self, column: &str) -> Result<u16, String> {
        self.need(column, cell::count)
    }

    /// A count of a required column in which an empty cell is 0.
    pub(super) fn zero_count(&self, column: &str) -> Result<u16, String> {
        match self.text(column) {
            "" => Ok(0),
            _ => self.need_count(column),
        }
    }

    /// A count nobody needs; 0 where it is not given.
    pub(super) fn count(&self, column: &'static str) -> u16 {
        self.optional_count(column).unwrap_or(0)
    }

    /// A count that may be unknown.
    pub(super) fn optional_count(&self, column: &'static str) -> Option<u16> {
        self.optional(column, cell::count)
    }

    /// A count that the source writes as 0 where it was not recorded.
    pub(super) fn recorded(&self, column: &'static str) -> Option<u16> {
        self.optional_count(column).filter(|&count| count > 0)
    }

    /// The player, by MLBAM id.
    pub(super) fn player(&self) -> Result<ProspectId, String> {
        if let Some(&id) = self.id.get() {
            return Ok(id);
        }
        let id = mlbam(self.raw("mlbam_id"))?.ok_or("no MLBAM id to join by")?;
        Ok(*self.id.get_or_init(|| id))
    }

    /// A season between 1871 and 2100.
    pub(super) fn season(&self, column: &str) -> Result<Season, String> {
        self.need(column, season)
    }

    /// A level that must be there.
    pub(super) fn level(&self, column: &str) -> Result<Level, String> {
        self.need(column, level)
    }

    /// A position, as far as it is understood.
    pub(super) fn position(&self, column: &'static str) -> Option<Position> {
        let text = self.text(column);
        if let Ok(plain) = text.parse() {
            return Some(plain);
        }
        let read = Positions::read(text);
        if !text.is_empty() && !read.says_something() {
            self.leave_out(column, "not a position");
        }
        read.main()
    }

    /// A date that must be readable where there is one.
    pub(super) fn certain_date(&self, column: &str) -> Result<Option<Date>, String> {
        match self.text(column) {
            "" => Ok(None),
            _ => self
                .need(column, |text| cell::date(text, self.header.order))
                .map(Some),
        }
    }

    /// A date nobody needs.
    pub(super) fn date(&self, column: &'static str) -> Option<Date> {
        self.optional(column, |text| cell::date(text, self.header.order))
    }

    /// A birth date; one that no professional player can have is left out.
    pub(super) fn birth_date(&self) -> Option<Date> {
        let date = self.date("birth_date")?;
        if !(1850..=2100).contains(&date.year()) {
            self.leave_out("birth_date", "in a year that is impossible");
            return None;
        }
        Some(date)
    }

    /// A code of at most eight bytes; empty is unknown.
    pub(super) fn code(&self, column: &'static str) -> Code {
        let read = |text: &str| Code::new(text).ok_or("longer than 8 bytes".to_owned());
        self.optional(column, read).unwrap_or_default()
    }

    /// A major-league organisation under whichever name, in the code of the store;
    /// other codes stay as they are.
    pub(super) fn organisation(&self, column: &'static str) -> Code {
        if let Some(franchise) = Code::new(self.raw(column)).and_then(Franchise::coded) {
            return franchise.code();
        }
        // `TBA` is Tampa Bay's code, so the table comes first.
        if let Some(franchise) = Franchise::named(self.raw(column)) {
            return franchise.code();
        }
        self.code(column)
    }
}

/// Why a row of another width is refused.
pub(super) fn width_error(fields: usize, header: usize) -> String {
    format!(
        "{fields} fields where the header has {header}: is a separator inside a value that is not in quotes, or a cell missing?"
    )
}

/// An MLBAM id; placeholders are nobody's.
pub(super) fn mlbam(text: &str) -> Result<Option<ProspectId>, String> {
    let number = cell::numeric_id(text)
        .map_err(|_| format!("`mlbam_id` = `{}` is not an MLBAM id", brief(text)))?;
    let Some(number) = number else {
        return Ok(None);
    };
    if number >= ProspectId::FIRST_SIMULATED {
        return Err(format!(
            "`mlbam_id` = `{number}` is outside the range of MLBAM ids"
        ));
    }
    Ok(Some(MlbamId(number).into()))
}

/// A season; the error ends a sentence.
pub(super) fn season(text: &str) -> Result<Season, String> {
    let year = cell::whole(text).and_then(|year| u16::try_from(year).ok());
    match year {
        Some(year) if (1871..=2100).contains(&year) => Ok(Season(year)),
        _ => Err("not a season: give a year such as 2024".to_owned()),
    }
}

/// A level; the error ends a sentence.
pub(super) fn level(text: &str) -> Result<Level, String> {
    if let Some(level) = Level::read(text) {
        return Ok(level);
    }
    let several = text
        .split([',', '/', ';', '+', '&'])
        .filter(|part| Level::read(part).is_some())
        .count()
        > 1;
    let all = [
        "minors",
        "all",
        "milb",
        "total",
        "tot",
        "mult",
        "multiple",
        "all levels",
    ]
    .iter()
    .any(|word| word.eq_ignore_ascii_case(text));
    if several || all {
        return Err("a sum over levels: import a row for each level".to_owned());
    }
    let known: Vec<_> = Level::ALL.iter().map(|level| level.as_str()).collect();
    Err(format!("no level: expected one of {}", known.join(", ")))
}
