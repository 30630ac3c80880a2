//! Clubs of a season: names, leagues, levels and parent organisations. All of
//! it is true of that season only.

use std::collections::HashMap;

use serde_json::Value;

use super::drift::Shape;
use super::sport::Sport;
use super::wire::{self, Object, object, text};
use crate::domain::{Code, Franchise, Season, Severity};
use crate::ingest::leagues;

/// The Mexican League, which the API counts as Triple-A until 2019.
const MEXICAN_LEAGUE: u32 = 125;

/// A club.
pub(super) static CLUB: Shape = Shape {
    what: "club",
    relied: &["id", "name", "abbreviation", "league", "sport"],
    known: &[
        "active",
        "allStarStatus",
        "clubName",
        "conference",
        "division",
        "fileCode",
        "firstYearOfPlay",
        "franchiseName",
        "link",
        "locationName",
        "parentOrgId",
        "parentOrgName",
        "season",
        "shortName",
        "springLeague",
        "springVenue",
        "teamCode",
        "teamName",
        "venue",
    ],
    severity: Severity::Critical,
};

/// A club as it was in a season.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Affiliate {
    pub(super) name: String,
    pub(super) abbreviation: String,
    pub(super) sport: Option<Sport>,
    pub(super) league: Code,
    parent: Option<u32>,
    parent_name: String,
}

/// The clubs of some seasons.
#[derive(Debug, Default)]
pub(super) struct Clubs {
    known: HashMap<(Season, u32), Affiliate>,
}

impl Clubs {
    /// Reads a club and keeps it under its season.
    pub(super) fn add(&mut self, season: Season, row: &Value) -> Result<(), String> {
        let row = row.as_object().ok_or("not an object")?;
        let id = wire::id(row)?;
        let name = text(row, "name");
        if name.is_empty() {
            return Err("a club without a name".to_owned());
        }
        let sport = object(row, "sport").map_or(Ok(None), |sport| wire::whole(sport, "id"))?;
        let club = Affiliate {
            name: name.to_owned(),
            abbreviation: text(row, "abbreviation").to_owned(),
            sport: sport.and_then(Sport::from_id),
            league: object(row, "league").map_or(Code::default(), |l| league(l, season)),
            parent: wire::whole(row, "parentOrgId")?,
            parent_name: text(row, "parentOrgName").to_owned(),
        };
        self.known.insert((season, id), club);
        Ok(())
    }

    /// The club as it was in the season.
    pub(super) fn get(&self, season: Season, id: u32) -> Option<&Affiliate> {
        self.known.get(&(season, id))
    }

    /// True when the clubs of the season were read.
    pub(super) fn has_season(&self, season: Season) -> bool {
        self.known.keys().any(|(known, _)| *known == season)
    }

    /// How many clubs a level had.
    pub(super) fn count(&self, season: Season, sport: Sport) -> u32 {
        let clubs = self.known.iter();
        clubs
            .filter(|((of, _), club)| *of == season && club.sport == Some(sport))
            .count() as u32
    }

    /// Code and name of the organisation a club belonged to.
    pub(super) fn organisation(&self, season: Season, id: u32) -> (Code, String) {
        let Some(club) = self.get(season, id) else {
            return (Code::default(), String::new());
        };
        let parent = match club.sport {
            Some(Sport::Majors) => Some(club),
            _ => club.parent.and_then(|parent| self.get(season, parent)),
        };
        match parent {
            Some(parent) => (organisation(&parent.abbreviation), parent.name.clone()),
            None => (Code::default(), club.parent_name.clone()),
        }
    }

    /// Id, season and name of every club, in that order.
    pub(super) fn names(&self) -> Vec<(u32, Season, String)> {
        let mut names: Vec<_> = self
            .known
            .iter()
            .map(|((season, id), club)| (*id, *season, club.name.clone()))
            .collect();
        names.sort();
        names
    }
}

/// The code of a league as named in a season: its abbreviation where known,
/// else the head of its name.
pub(super) fn league(league: &Object, season: Season) -> Code {
    let name = text(league, "name");
    let given = || Code::new(text(league, "abbreviation")).filter(|code| !code.is_unknown());
    let head = || {
        let letters = name.chars().filter(char::is_ascii_alphabetic).take(3);
        Code::new(&letters.collect::<String>().to_ascii_uppercase())
    };
    leagues::code_in(name, season)
        .or_else(given)
        .or_else(head)
        .unwrap_or_default()
}

/// True for the Mexican League.
pub(super) fn is_mexican(league: &Object) -> bool {
    wire::whole(league, "id") == Ok(Some(MEXICAN_LEAGUE))
        || text(league, "name") == "Mexican League"
}

/// A club's abbreviation. Clubs of the foreign leagues may carry the league in
/// front, which is cut off where it is too long.
pub(super) fn abbreviation(text: &str) -> Code {
    let bare = text.split_once(' ').map_or(text, |(_, rest)| rest);
    Code::new(text)
        .or_else(|| Code::new(bare))
        .unwrap_or_default()
}

fn organisation(abbreviation: &str) -> Code {
    Code::new(abbreviation).map_or(Code::default(), Franchise::canonical)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Clubs, abbreviation, is_mexican, league};
    use crate::domain::Season;
    use crate::ingest::mlb::Sport;

    #[test]
    fn the_organisation_is_that_of_the_season() {
        let mut clubs = Clubs::default();
        for (season, parent) in [(2024, 120), (2025, 145)] {
            for row in [
                json!({"id": 120, "name": "Nats", "abbreviation": "WSH", "sport": {"id": 1}}),
                json!({"id": 145, "name": "Sox", "abbreviation": "CWS", "sport": {"id": 1}}),
                json!({"id": 500, "name": "Foxes", "abbreviation": "FOX", "sport": {"id": 12}, "parentOrgId": parent}),
            ] {
                clubs.add(Season(season), &row).expect("a club");
            }
        }
        let code = |season, id| clubs.organisation(Season(season), id).0.as_str().to_owned();
        assert_eq!(
            [code(2024, 500), code(2025, 500), code(2025, 145)],
            ["WSN", "CHW", "CHW"]
        );
        assert_eq!(code(2023, 500), "");
        assert_eq!(clubs.count(Season(2025), Sport::DoubleA), 1);
    }

    #[test]
    fn leagues_have_the_codes_of_stat_lines() {
        let code = |value: serde_json::Value| {
            league(value.as_object().expect("an object"), Season(2025))
                .as_str()
                .to_owned()
        };
        assert_eq!(code(json!({"name": "Dominican Summer League"})), "DSL");
        assert_eq!(
            code(json!({"name": "Frontier League", "abbreviation": "FRO"})),
            "FRO"
        );
        assert_eq!(code(json!({"name": "Ocean League"})), "OCE");
        let mexican = json!({"id": 125, "name": "Liga Mexicana"});
        assert!(is_mexican(mexican.as_object().expect("an object")));
    }

    #[test]
    fn long_abbreviations_lose_their_league() {
        assert_eq!(abbreviation("DSL BRW2").as_str(), "DSL BRW2");
        assert_eq!(abbreviation("DSL BRWRS2").as_str(), "BRWRS2");
        assert!(abbreviation("much too long a name").is_unknown());
    }
}
