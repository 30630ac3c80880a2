//! The amateur draft.

use serde_json::Value;

use super::drift::Shape;
use super::wire::{self, object, text};
use crate::domain::{DraftPick, ProspectId, Season, Severity};

/// Most selections a draft has had, and then some.
const MOST_PICKS: u16 = 3000;

/// A selection.
pub(super) static PICK: Shape = Shape {
    what: "draft pick",
    relied: &["pickRound", "pickNumber", "team"],
    known: &[
        "bisPlayerId",
        "blurb",
        "displayPickNumber",
        "draftType",
        "headshotLink",
        "home",
        "isDrafted",
        "isPass",
        "person",
        "pickValue",
        "rank",
        "roundPickNumber",
        "school",
        "scoutingReport",
        "signingBonus",
        "year",
    ],
    severity: Severity::Critical,
};

/// A selection and who was selected.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Selected {
    pub(super) player: ProspectId,
    pub(super) name: String,
    pub(super) pick: DraftPick,
}

/// Reads a selection. `None` for a pass and for a player without an id, as
/// most are before they sign.
pub(super) fn read(row: &Value, year: Season) -> Result<Option<Selected>, String> {
    let row = row.as_object().ok_or("not an object")?;
    let passed = row.get("isPass").and_then(Value::as_bool).unwrap_or(false);
    let Some(person) = object(row, "person").filter(|person| !passed && person.contains_key("id"))
    else {
        return Ok(None);
    };
    let number = wire::count(row, "pickNumber")?;
    if !(1..=MOST_PICKS).contains(&number) {
        return Err(format!("pick {number} is impossible"));
    }
    let named = |key, name| {
        object(row, key)
            .map_or("", |thing| text(thing, name))
            .to_owned()
    };
    let position = object(person, "primaryPosition");
    Ok(Some(Selected {
        player: wire::player(person)?,
        name: text(person, "fullName").to_owned(),
        pick: DraftPick {
            year,
            round: text(row, "pickRound").to_owned(),
            pick: number,
            team: named("team", "name"),
            position: position
                .map_or("", |position| text(position, "abbreviation"))
                .to_owned(),
            school: named("school", "name"),
        },
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;
    use crate::domain::{DraftPick, Season};

    fn pick() -> Value {
        json!({
            "pickRound": "CB-A", "pickNumber": 34, "school": {"name": "Fallowfield"},
            "person": {"id": 7, "fullName": "Al Otter", "primaryPosition": {"abbreviation": "C"}},
            "team": {"name": "Larks"}, "isPass": false, "year": "2024",
        })
    }

    #[test]
    fn a_pick_is_read_as_published() {
        let selected = read(&pick(), Season(2024))
            .expect("a pick")
            .expect("of somebody");
        let wanted = DraftPick {
            year: Season(2024),
            round: "CB-A".to_owned(),
            pick: 34,
            team: "Larks".to_owned(),
            position: "C".to_owned(),
            school: "Fallowfield".to_owned(),
        };
        assert_eq!((selected.player.0, selected.pick), (7, wanted));
    }

    #[test]
    fn passes_and_people_without_an_id_are_left_out() {
        let (mut passed, mut unsigned) = (pick(), pick());
        passed["isPass"] = json!(true);
        unsigned["person"] = json!({"fullName": "Al Otter"});
        for row in [passed, unsigned] {
            assert_eq!(read(&row, Season(2024)), Ok(None));
        }
        let mut absurd = pick();
        absurd["pickNumber"] = json!(0);
        assert!(read(&absurd, Season(2024)).is_err());
    }
}
