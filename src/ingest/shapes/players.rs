//! Who players are: id registers, rosters, id pairs. Any file with an
//! `mlbam_id` and a name, a birth date or another service's id.

use jiff::civil::Date;

use super::shape::{Shape, either};
use crate::domain::{Code, Hand, Level, OtherIds, Positions, ProspectId};
use crate::ingest::cell;
use crate::ingest::plausible::check;
use crate::ingest::rank;
use crate::ingest::report::Options;
use crate::ingest::row::{Header, Row};
use crate::store::{Affiliation, Change, PlayerFacts, StoreError, WriteTx};

/// A row about one player.
#[derive(PartialEq)]
pub(crate) struct Players {
    player: ProspectId,
    facts: PlayerFacts,
    affiliation: Option<Affiliation>,
}

impl Shape for Players {
    const REQUIRED: &'static [&'static str] = &["mlbam_id"];
    const ANY_OF: &'static [&'static str] = &[
        "player_name",
        "name",
        "name_last",
        "birth_date",
        "fangraphs_id",
        "fangraphs_minor_id",
        "bbref_id",
        "bbref_minors_id",
        "chadwick_id",
        "fantrax_id",
    ];
    const OPTIONAL: &'static [&'static str] = &[
        "name_first",
        "name_suffix",
        "bat_side",
        "pitch_hand",
        "parent_org_name",
        "affiliated_team",
        "current_level",
        "primary_position",
        "as_of",
    ];
    const FOREIGN: &'static [&'static str] = &["season", "pick", "list_name"];
    type Key = (ProspectId, Option<String>);

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let roster = row.has("parent_org_name");
        let name = name(row);
        let name_rank = if roster { rank::ROSTER } else { rank::REGISTER };
        let facts = PlayerFacts {
            name_rank: if name.is_empty() { 0 } else { name_rank },
            name,
            birth_date: row.birth_date(),
            birth_rank: rank::REGISTER,
            // Hands of a roster feed are given for everybody. The columns `bats`
            // and `throws` of registers are filled in for major leaguers only:
            // reading them would leak who made it.
            bats: row.optional("bat_side", hand),
            throws: row.optional("pitch_hand", hand),
            other_ids: other_ids(row),
        };
        let affiliation = match row.certain_date("as_of")?.or(options.as_of) {
            Some(as_of) if roster => Some(affiliation(row, as_of)),
            _ => None,
        };
        let player = row.player()?;
        let named = !facts.name.is_empty()
            || facts.birth_date.is_some()
            || facts.other_ids != OtherIds::default();
        check(named, || {
            "neither a name, a birth date nor another id".to_owned()
        })?;
        Ok(Self {
            player,
            facts,
            affiliation,
        })
    }

    /// Several rows of one player are one fact each where they pair ids.
    fn key(&self) -> Self::Key {
        let pair_only = self.facts.name.is_empty() && self.facts.birth_date.is_none();
        (
            self.player,
            if pair_only {
                self.facts.other_ids.fangraphs.clone()
            } else {
                None
            },
        )
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        let players: Vec<_> = rows
            .iter()
            .map(|row| (row.player, row.facts.clone()))
            .collect();
        let mut changes = tx.put_players(&players)?;
        let affiliated: Vec<_> = rows
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, (row.player, row.affiliation.clone()?))))
            .collect();
        let moves = tx.put_affiliations(
            &affiliated
                .iter()
                .map(|(_, row)| row.clone())
                .collect::<Vec<_>>(),
        )?;
        for ((at, _), moved) in affiliated.iter().zip(moves) {
            changes[*at] = either(changes[*at], moved);
        }
        Ok(changes)
    }

    fn notes(header: &Header, options: &Options) -> Vec<String> {
        let undated =
            header.has("parent_org_name") && !header.has("as_of") && options.as_of.is_none();
        let note = "organisations were not stored, because the file does not say for which day they are true: \
                    import it again with --as-of DATE";
        if undated {
            vec![note.to_owned()]
        } else {
            Vec::new()
        }
    }
}

/// `player_name` or `name`, else the parts put together.
fn name(row: &Row<'_>) -> String {
    for column in ["player_name", "name"] {
        let name = row.name(column);
        if !name.is_empty() {
            return name;
        }
    }
    let parts = ["name_first", "name_last", "name_suffix"].map(|column| row.name(column));
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A hand; the error ends a sentence.
fn hand(text: &str) -> Result<Hand, String> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "l" | "left" => Hand::Left,
        "r" | "right" => Hand::Right,
        "s" | "b" | "switch" | "both" => Hand::Switch,
        _ => return Err("not a hand: L, R or S".to_owned()),
    })
}

fn other_ids(row: &Row<'_>) -> OtherIds {
    let id = |column| cell::service_id(row.raw(column)).map(str::to_owned);
    // Baseball-Reference's and Chadwick's may be letters alone.
    let word = |column| {
        Some(row.text(column).to_owned())
            .filter(|id| !id.is_empty() && !["0", "-1"].contains(&id.as_str()))
    };
    OtherIds {
        fangraphs: id("fangraphs_id").or_else(|| id("fangraphs_minor_id")),
        bref_minors: word("bbref_minors_id"),
        bref: word("bbref_id"),
        chadwick: word("chadwick_id"),
        fantrax: id("fantrax_id"),
    }
}

fn affiliation(row: &Row<'_>, as_of: Date) -> Affiliation {
    // A roster may list levels and positions of its own (`Rookie`, `OF/1B`): those it shares with us are kept.
    Affiliation {
        as_of,
        organisation: Code::default(),
        organisation_name: row.text("parent_org_name").to_owned(),
        club: row.text("affiliated_team").to_owned(),
        level: Level::read(row.text("current_level")),
        position: Positions::read(row.text("primary_position")).main(),
    }
}
