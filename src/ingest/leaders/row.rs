//! A row of a leaderboard, in any of the layouts people export.

use jiff::civil::Date;

use crate::domain::{LeaderCounts, Level, Role, Season};
use crate::ingest::cell::{self, MOST, brief};
use crate::ingest::lists::{Cells, Person, Places, Sheet, folded, organisation};
use crate::ingest::plausible::check;
use crate::ingest::row::{Dropped, season};
use crate::ingest::shapes::is_total;

/// What a row says, before it is known whom it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LeaderRow {
    pub(super) person: Person,
    pub(super) season: Season,
    pub(super) role: Role,
    /// As published; empty for the whole season.
    pub(super) level: String,
    /// True for the sum of a player's clubs.
    pub(super) total: bool,
    pub(super) counts: LeaderCounts,
    /// Cells that could not be read and nobody needs.
    pub(super) left_out: Vec<Dropped>,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Read {
    Row(Box<LeaderRow>),
    /// Not affiliated ball.
    Foreign,
}

/// Where the figures stand.
pub(super) struct Columns {
    season: Option<usize>,
    level: Option<usize>,
    team: Option<usize>,
    name: Option<usize>,
    plate_appearances: Option<usize>,
    innings: Option<usize>,
    strikeouts: Option<usize>,
    walks: Option<usize>,
    wrc_plus: Option<usize>,
    fip: Option<usize>,
    role: Role,
    /// True when rates are percentages that lost their sign.
    percentages: bool,
}

impl Columns {
    /// The columns of a header; the error says why it is no leaderboard.
    pub(super) fn new(sheet: &Sheet, season: Option<Season>) -> Result<Self, String> {
        let first = |headers: &[&str]| headers.iter().find_map(|header| sheet.column(header));
        let innings = first(&["IP"]);
        let pitches = innings.is_some() || first(&["TBF", "FIP"]).is_some();
        let columns = Self {
            season: first(&["Season"]),
            level: first(&["Level", "aLevel"]),
            team: first(&["AffAbbName", "Team"]),
            // Beside an anchor in `Name` there is the plain name.
            name: first(&["PlayerName", "Name", "NameASCII"]),
            plate_appearances: if pitches {
                first(&["TBF"])
            } else {
                first(&["PA"])
            },
            innings,
            strikeouts: first(&["K%"]),
            walks: first(&["BB%"]),
            wrc_plus: first(&["wRC+"]),
            fip: first(&["FIP"]),
            role: if pitches { Role::Pitcher } else { Role::Hitter },
            percentages: false,
        };
        let percentages = columns.are_percentages(sheet);
        let counted = columns.plate_appearances.is_some() || columns.innings.is_some();
        let known = columns.name.is_some()
            || first(&["PlayerId", "playerids", "MLBAMID", "xMLBAMID"]).is_some();
        check(known && counted, || {
            format!(
                "it is no leaderboard: it needs Name or PlayerId, and PA, TBF or IP; {}",
                sheet.found()
            )
        })?;
        check(columns.season.is_some() || season.is_some(), || {
            "no column says which season it is: pass --season YEAR".to_owned()
        })?;
        Ok(Self {
            percentages,
            ..columns
        })
    }

    /// True when a rate of strikeouts or walks is above 1: no share is.
    fn are_percentages(&self, sheet: &Sheet) -> bool {
        let rows = sheet.rows.iter().filter_map(|(_, row)| row.as_ref().ok());
        let mut rates = rows.flat_map(|row| {
            let places = [self.strikeouts, self.walks];
            places.into_iter().flatten().filter_map(|at| row.get(at))
        });
        rates.any(|rate| cell::number(rate).is_some_and(|rate| rate > 1.0))
    }

    /// What the operator should know of the figures.
    pub(super) fn notes(&self) -> Option<String> {
        self.percentages.then(|| {
            "K% and BB% without a sign were read as percentages, since some are above 1".to_owned()
        })
    }

    /// Reads a row; the error is the reason for the quarantine.
    pub(super) fn read(
        &self,
        places: &Places,
        row: &[String],
        season: Option<Season>,
        published: Date,
    ) -> Result<Read, String> {
        let raw = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |text| text.trim());
        let text = |at: Option<usize>| cell::present(raw(at)).unwrap_or_default();
        if raw(self.team) == "MEX" {
            return Ok(Read::Foreign);
        }
        let level = level(raw(self.level))?;
        let (person, mut left_out) = self.person(places, row)?;
        let counts = LeaderCounts {
            published,
            strikeouts: self.rate("K%", text(self.strikeouts), &mut left_out),
            walks: self.rate("BB%", text(self.walks), &mut left_out),
            wrc_plus: number("wRC+", text(self.wrc_plus), &mut left_out),
            fip: number("FIP", text(self.fip), &mut left_out),
            plate_appearances: count("PA", text(self.plate_appearances))?,
            outs: innings(text(self.innings))?,
        };
        check(
            counts.plate_appearances.is_some() || counts.outs.is_some(),
            || "no count of plate appearances or innings".to_owned(),
        )?;
        Ok(Read::Row(Box::new(LeaderRow {
            person,
            season: year(text(self.season), season)?,
            role: self.role,
            level,
            total: is_total(raw(self.team)),
            counts,
            left_out,
        })))
    }

    fn person(&self, places: &Places, row: &[String]) -> Result<(Person, Vec<Dropped>), String> {
        let raw = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |text| text.trim());
        let mut cells = Cells::new(places, row);
        let mut person = cells.person()?;
        if self.name.is_some() {
            let name = cell::name(raw(self.name)).unwrap_or_default();
            person.name = name.chars().take(80).collect();
        }
        // Beside an anchor in `Team` there is the plain code.
        person.organisation = organisation(raw(self.team));
        person.position = match self.role {
            Role::Pitcher => "P".to_owned(),
            Role::Hitter => String::new(),
        };
        Ok((person, cells.left_out()))
    }

    fn rate(&self, column: &'static str, text: &str, left_out: &mut Vec<Dropped>) -> Option<f64> {
        let rate = cell::share(text, self.percentages);
        rate.or_else(|| unread(column, text, "not a rate from 0 to 1", left_out))
    }
}

fn number(column: &'static str, text: &str, left_out: &mut Vec<Dropped>) -> Option<f64> {
    cell::number(text).or_else(|| unread(column, text, "not a number", left_out))
}

/// Notes a figure that can't be read; nothing, and what a division by zero leaves, is
/// not worth a note.
fn unread(
    column: &'static str,
    text: &str,
    reason: &str,
    left_out: &mut Vec<Dropped>,
) -> Option<f64> {
    let bare = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    if !matches!(bare.as_str(), "" | "inf" | "infinity" | "∞") {
        left_out.push(Dropped {
            column,
            reason: reason.to_owned(),
            value: brief(text),
        });
    }
    None
}

/// The level of a leaderboard's word, in ours.
pub(super) fn our_level(word: &str) -> Option<Level> {
    Level::read(word)
}

/// Innings in baseball's notation as outs: 16.2 is sixteen and two thirds.
pub(super) fn innings(text: &str) -> Result<Option<u16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("`IP` = `{}` is not a count of innings", brief(text));
    let value = cell::number(text).ok_or_else(wrong)?;
    check((0.0..=400.0).contains(&value), wrong)?;
    let tenths = (value * 10.0).round();
    // More digits than one are a decimal fraction, which baseball never writes.
    check((value * 10.0 - tenths).abs() < 0.01, wrong)?;
    let tenths = tenths as u16;
    check(tenths % 10 <= 2, wrong)?;
    Ok(Some(tenths / 10 * 3 + tenths % 10))
}

fn level(word: &str) -> Result<String, String> {
    if word.contains(',') || word.contains("- -") {
        return Err(format!(
            "`{}` adds up several levels: export the levels one by one (split teams on)",
            brief(word)
        ));
    }
    match our_level(word) {
        None if cell::is_missing(word) => Ok(String::new()),
        None => Err(format!("unknown level `{}`", brief(word))),
        // Complex and Dominican ball are two boards there and one level here.
        Some(Level::Rookie) => Ok(word.to_ascii_uppercase()),
        Some(level) => Ok(level.as_str().to_owned()),
    }
}

fn year(text: &str, given: Option<Season>) -> Result<Season, String> {
    if text.is_empty() {
        return given.ok_or_else(|| "no season: pass --season YEAR".to_owned());
    }
    season(text).map_err(|_| format!("`Season` = `{}` is not a season", brief(text)))
}

/// Every count is written as a float.
fn count(column: &str, text: &str) -> Result<Option<u16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let near = |value: f64| (value - value.round()).abs() < 1e-6;
    match cell::number(text).filter(|value| near(*value)) {
        Some(value) if (0.0..=f64::from(MOST)).contains(&value) => Ok(Some(value.round() as u16)),
        _ => Err(format!("`{column}` = `{}` is not a count", brief(text))),
    }
}

/// Headers whose text a reader of the quarantine needs, folded; here so that the
/// first of a repeated header is the one that counts.
pub(super) fn is_shown(header: &str) -> bool {
    [
        "season",
        "name",
        "playername",
        "team",
        "level",
        "alevel",
        "age",
        "pa",
        "tbf",
        "ip",
        "playerid",
    ]
    .contains(&folded(header).as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{count, innings, level};

    #[test]
    fn innings_are_thirds() {
        assert_eq!(innings("16.2"), Ok(Some(50)));
        assert_eq!(innings("9.0"), Ok(Some(27)));
        assert_eq!(innings("0.1"), Ok(Some(1)));
        assert_eq!(innings(""), Ok(None));
        for wrong in ["16.5", "-1", "NaN", "many", "16.67", "1e9"] {
            assert!(innings(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn combined_rows_are_refused_with_the_reason() {
        assert!(
            level("AA,AAA")
                .expect_err("combined")
                .contains("several levels")
        );
        assert_eq!(level("CPX"), Ok("CPX".to_owned()));
        assert!(level("KBO").is_err());
    }

    #[test]
    fn counts_are_whole_however_they_are_written() {
        assert_eq!(count("PA", "439.0"), Ok(Some(439)));
        assert_eq!(count("PA", "1,012"), Ok(Some(1012)));
        assert!(count("PA", "439.5").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = (innings(&text), level(&text), count("a", &text));
        }
    }
}
