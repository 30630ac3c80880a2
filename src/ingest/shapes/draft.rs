//! The amateur draft.

use super::shape::Shape;
use crate::domain::{DraftPick, ProspectId, Season};
use crate::ingest::plausible::check;
use crate::ingest::rank;
use crate::ingest::report::Options;
use crate::ingest::row::Row;
use crate::store::{Change, PlayerFacts, StoreError, WriteTx};

/// A selection.
#[derive(PartialEq)]
pub(crate) struct Draft {
    player: ProspectId,
    name: String,
    pick: DraftPick,
}

impl Shape for Draft {
    const REQUIRED: &'static [&'static str] = &[
        "year", "round", "pick", "name", "team", "position", "school", "mlbam_id",
    ];
    type Key = (ProspectId, Season);

    fn parse(row: &Row<'_>, _options: &Options) -> Result<Self, String> {
        let pick = DraftPick {
            year: row.season("year")?,
            round: round(row.text("round")).to_owned(),
            pick: row.need_count("pick")?,
            team: row.text("team").to_owned(),
            position: row.text("position").to_owned(),
            school: row.text("school").to_owned(),
        };
        check((1..=3000).contains(&pick.pick), || {
            format!("pick {} is impossible", pick.pick)
        })?;
        check(pick.year.0 >= 1965, || {
            format!("there was no draft in {}", pick.year)
        })?;
        Ok(Self {
            player: row.player()?,
            name: row.name("name"),
            pick,
        })
    }

    fn key(&self) -> Self::Key {
        (self.player, self.pick.year)
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        let players: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.player,
                    PlayerFacts {
                        name: row.name.clone(),
                        name_rank: rank::MENTION,
                        ..PlayerFacts::default()
                    },
                )
            })
            .collect();
        tx.put_players(&players)?;
        tx.put_draft_picks(
            &rows
                .iter()
                .map(|row| (row.player, row.pick.clone()))
                .collect::<Vec<_>>(),
        )
    }
}

/// The round as published; a spreadsheet may have made `1.0` of 1.
fn round(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}
