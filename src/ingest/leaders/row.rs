//! A row of a leaderboard, in any of the layouts people export.

use jiff::civil::Date;

use crate::domain::{LeaderCounts, Level, Role, Season};
use crate::ingest::lists::{Person, Places, Sheet, folded, organisation};
use crate::ingest::plausible::{MOST, check};

/// What a row says, before it is known whom it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LeaderRow {
    pub(super) person: Person,
    pub(super) season: Season,
    pub(super) role: Role,
    /// As published; empty for the whole season.
    pub(super) level: String,
    pub(super) counts: LeaderCounts,
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
        };
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
        Ok(columns)
    }

    /// Reads a row; the error is the reason for the quarantine.
    pub(super) fn read(
        &self,
        places: &Places,
        row: &[String],
        season: Option<Season>,
        published: Date,
    ) -> Result<Read, String> {
        let text = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |text| text.trim());
        if text(self.team) == "MEX" {
            return Ok(Read::Foreign);
        }
        let level = level(text(self.level))?;
        let mut person = crate::ingest::lists::person(places, row)?;
        if self.name.is_some() {
            person.name = text(self.name).chars().take(80).collect();
        }
        // Beside an anchor in `Team` there is the plain code.
        person.organisation = organisation(text(self.team));
        person.position = match self.role {
            Role::Pitcher => "P".to_owned(),
            Role::Hitter => String::new(),
        };
        let counts = LeaderCounts {
            published,
            plate_appearances: count("PA", text(self.plate_appearances))?,
            outs: innings(text(self.innings))?,
            strikeouts: figure("K%", text(self.strikeouts))?,
            walks: figure("BB%", text(self.walks))?,
            wrc_plus: figure("wRC+", text(self.wrc_plus))?,
            fip: figure("FIP", text(self.fip))?,
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
            counts,
        })))
    }
}

/// The level of a leaderboard's word, in ours.
pub(super) fn our_level(word: &str) -> Option<Level> {
    match word {
        "R" | "Rk" | "CPX" | "DSL" => Some(Level::Rookie),
        other => other.parse().ok(),
    }
}

/// Innings in baseball's notation as outs: 16.2 is sixteen and two thirds.
pub(super) fn innings(text: &str) -> Result<Option<u16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("`IP` = `{}` is not a count of innings", brief(text));
    let value: f64 = text.parse().map_err(|_| wrong())?;
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
    check(word.is_empty() || our_level(word).is_some(), || {
        format!("unknown level `{}`", brief(word))
    })?;
    Ok(word.to_owned())
}

fn year(text: &str, given: Option<Season>) -> Result<Season, String> {
    if text.is_empty() {
        return given.ok_or_else(|| "no season: pass --season YEAR".to_owned());
    }
    match text.strip_suffix(".0").unwrap_or(text).parse::<u16>() {
        Ok(year) if (1871..=2100).contains(&year) => Ok(Season(year)),
        _ => Err(format!("`Season` = `{}` is not a season", brief(text))),
    }
}

/// Every count is written as a float.
fn count(column: &str, text: &str) -> Result<Option<u16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if (0.0..=f64::from(MOST)).contains(&value) => Ok(Some(value.round() as u16)),
        _ => Err(format!("`{column}` = `{}` is not a count", brief(text))),
    }
}

fn figure(column: &str, text: &str) -> Result<Option<f64>, String> {
    if matches!(text, "" | "null" | "NaN" | "inf" | "-inf" | "Infinity") {
        return Ok(None);
    }
    let (number, scale) = text
        .strip_suffix('%')
        .map_or((text, 1.0), |number| (number.trim(), 100.0));
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value / scale)),
        _ => Err(format!("`{column}` = `{}` is not a number", brief(text))),
    }
}

fn brief(text: &str) -> String {
    text.chars().take(40).collect()
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

    use super::{count, figure, innings, level};

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
    fn rates_may_be_percentages() {
        assert_eq!(figure("K%", "0.25"), Ok(Some(0.25)));
        assert_eq!(figure("K%", "25.0%"), Ok(Some(0.25)));
        assert_eq!(count("PA", "439.0"), Ok(Some(439)));
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = (innings(&text), level(&text), count("a", &text), figure("b", &text));
        }
    }
}
