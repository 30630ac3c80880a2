//! Who players are, and where they are today.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::clubs::Clubs;
use super::drift::{Drift, Shape};
use super::lines::position;
use super::sport::Sport;
use super::wire::{self, Object, object, text};
use crate::domain::{Hand, ProspectId, RookieLimits, Season, Severity};
use crate::ingest::rank;
use crate::store::{Affiliation, PlayerFacts};

/// A person. Without a bio what was known of him stays.
static PERSON: Shape = Shape {
    what: "person",
    relied: &[
        "id",
        "fullName",
        "birthDate",
        "batSide",
        "pitchHand",
        "primaryPosition",
    ],
    known: &[
        "active",
        "alumniLastSeason",
        "birthCity",
        "birthCountry",
        "birthStateProvince",
        "boxscoreName",
        "currentAge",
        "currentTeam",
        "deathCity",
        "deathCountry",
        "deathDate",
        "deathStateProvince",
        "draftYear",
        "firstLastName",
        "firstName",
        "fullFMLName",
        "fullLFMName",
        "gender",
        "height",
        "initLastName",
        "isPlayer",
        "isVerified",
        "lastFirstName",
        "lastInitName",
        "lastName",
        "lastPlayedDate",
        "link",
        "middleName",
        "mlbDebutDate",
        "nameFirstLast",
        "nameMatrilineal",
        "nameSlug",
        "nameSuffix",
        "nameTitle",
        "nickName",
        "primaryNumber",
        "pronunciation",
        "stats",
        "strikeZoneBottom",
        "strikeZoneTop",
        "useLastName",
        "useName",
        "weight",
    ],
    severity: Severity::Warning,
};

/// What is known of people so far.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) facts: BTreeMap<ProspectId, PlayerFacts>,
    pub(super) limits: BTreeMap<ProspectId, RookieLimits>,
    pub(super) affiliations: BTreeMap<ProspectId, Affiliation>,
}

/// The day on which bios say where players are. A backfill has none: what they
/// say is true of today, not of the season asked for.
pub(super) struct Today<'a> {
    pub(super) day: Date,
    pub(super) clubs: &'a Clubs,
}

impl People {
    /// Takes over a name that a row about something else carries.
    pub(super) fn mention(&mut self, player: ProspectId, name: &str, name_rank: u16) {
        let held = self.facts.entry(player).or_default();
        if !name.is_empty() && (name_rank, name) > (held.name_rank, held.name.as_str()) {
            name.clone_into(&mut held.name);
            held.name_rank = name_rank;
        }
    }

    /// Reads a bio; `today` is given when it says where the player is now.
    pub(super) fn take(
        &mut self,
        row: &Value,
        as_of: Date,
        today: Option<&Today<'_>>,
    ) -> Result<ProspectId, String> {
        let row = row.as_object().ok_or("not an object")?;
        let player = wire::player(row)?;
        let birth_date = wire::date(row, "birthDate")?;
        if let Some(born) =
            birth_date.filter(|born| !(1850..=as_of.year() - 12).contains(&born.year()))
        {
            return Err(format!("born on {born}"));
        }
        let debut = wire::date(row, "mlbDebutDate")?;
        self.mention(player, text(row, "fullName"), rank::ROSTER);
        let held = self.facts.entry(player).or_default();
        held.birth_date = birth_date.or(held.birth_date);
        held.birth_rank = rank::ROSTER;
        held.bats = hand(row, "batSide").or(held.bats);
        held.throws = hand(row, "pitchHand").or(held.throws);
        if let Some(debut) = debut.filter(|debut| *debut <= as_of) {
            self.limits.entry(player).or_default().debut = Some(debut);
        }
        if let Some(at) = today.and_then(|today| today.affiliation(row)) {
            self.affiliations.insert(player, at);
        }
        Ok(player)
    }
}

impl Today<'_> {
    /// Where the player is, when his club is one of affiliated ball.
    fn affiliation(&self, person: &Object) -> Option<Affiliation> {
        let season = Season(u16::try_from(self.day.year()).ok()?);
        let id = wire::id(object(person, "currentTeam")?).ok()?;
        let club = self.clubs.get(season, id)?;
        let (organisation, organisation_name) = self.clubs.organisation(season, id);
        Some(Affiliation {
            as_of: self.day,
            organisation,
            organisation_name,
            club: club.name.clone(),
            level: club.sport.and_then(Sport::level),
            position: position(person, "primaryPosition"),
        })
    }
}

/// Counts the fields of a person.
pub(super) fn note(row: &Value, answer: &str, drift: &mut Drift) {
    if let Some(row) = row.as_object() {
        drift.note(&PERSON, answer, row);
    }
}

fn hand(person: &Object, key: &str) -> Option<Hand> {
    text(object(person, key)?, "code").parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::{People, Today};
    use crate::domain::{Hand, Level, Position, ProspectId, Season};
    use crate::ingest::mlb::clubs::Clubs;
    use crate::ingest::rank;

    fn person() -> Value {
        json!({
            "id": 7, "fullName": "José Ozuna", "birthDate": "2004-05-06",
            "batSide": {"code": "S"}, "pitchHand": {"code": "R"}, "mlbDebutDate": "2026-06-30",
            "currentTeam": {"id": 500}, "primaryPosition": {"abbreviation": "SS"},
        })
    }

    #[test]
    fn a_bio_gives_name_birth_hands_and_debut() {
        let mut people = People::default();
        people.mention(ProspectId(7), "Jose Ozuna", 2025);
        people
            .take(&person(), date(2026, 7, 1), None)
            .expect("a bio");
        people.mention(ProspectId(7), "J. Ozuna", 2026);
        let facts = &people.facts[&ProspectId(7)];
        assert_eq!(
            (facts.name.as_str(), facts.name_rank),
            ("José Ozuna", rank::ROSTER)
        );
        assert_eq!(facts.birth_date, Some(date(2004, 5, 6)));
        assert_eq!(
            (facts.bats, facts.throws),
            (Some(Hand::Switch), Some(Hand::Right))
        );
        assert_eq!(people.limits[&ProspectId(7)].debut, Some(date(2026, 6, 30)));
        assert!(
            people.affiliations.is_empty(),
            "a backfill says nothing of today"
        );
    }

    #[test]
    fn a_debut_that_lies_ahead_is_not_known() {
        let mut people = People::default();
        people
            .take(&person(), date(2026, 6, 29), None)
            .expect("a bio");
        assert!(people.limits.is_empty());
    }

    #[test]
    fn today_says_where_the_player_is() {
        let mut clubs = Clubs::default();
        for row in [
            json!({"id": 121, "name": "Larks", "abbreviation": "NYM", "sport": {"id": 1}}),
            json!({"id": 500, "name": "Foxes", "abbreviation": "FOX", "sport": {"id": 12}, "parentOrgId": 121}),
        ] {
            clubs.add(Season(2026), &row).expect("a club");
        }
        let (day, mut people) = (date(2026, 7, 1), People::default());
        let today = Today { day, clubs: &clubs };
        people.take(&person(), day, Some(&today)).expect("a bio");
        let at = &people.affiliations[&ProspectId(7)];
        assert_eq!(
            (at.organisation.as_str(), at.club.as_str()),
            ("NYM", "Foxes")
        );
        assert_eq!(
            (at.level, at.position),
            (Some(Level::DoubleA), Some(Position::SS))
        );
    }

    #[test]
    fn people_who_cannot_be_are_refused() {
        for (key, value) in [
            ("id", json!(0)),
            ("id", json!(999_999_999)),
            ("birthDate", json!("2026-01-01")),
            ("birthDate", json!("yesterday")),
        ] {
            let mut row = person();
            row[key] = value;
            assert!(
                People::default()
                    .take(&row, date(2026, 7, 1), None)
                    .is_err(),
                "{row}"
            );
        }
    }
}
