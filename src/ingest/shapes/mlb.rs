//! Major-league season lines: one row per player and season, both sides.

use super::{Shape, rank};
use crate::domain::{MlbSeason, ProspectId, Season};
use crate::ingest::import::Options;
use crate::ingest::plausible::check_majors;
use crate::ingest::row::Row;
use crate::store::{Change, PlayerFacts, StoreError, WriteTx};

/// A major-league row.
#[derive(PartialEq)]
pub(crate) struct MlbSeasons {
    player: ProspectId,
    name: String,
    line: MlbSeason,
}

impl Shape for MlbSeasons {
    const REQUIRED: &'static [&'static str] = &["season", "mlbam_id", "pa", "ab", "ip_outs"];
    type Key = (ProspectId, Season);

    fn parse(row: &Row<'_>, _options: &Options) -> Result<Self, String> {
        let line = MlbSeason {
            season: row.season("season")?,
            pa: row.count("pa")?,
            ab: row.count("ab")?,
            h: row.count("h")?,
            hr: row.count("hr")?,
            bb: row.count("bb")?,
            so: row.count("so")?,
            outs: row.count("ip_outs")?,
            bf: row.count("bf")?,
            p_so: row.count("p_so")?,
            p_bb: row.count("p_bb")?,
            g: row.count("g_bat")?,
            g_pit: row.count("g_pit")?,
            gs: row.count("gs")?,
        };
        check_majors(&line)?;
        Ok(Self {
            player: row.player()?,
            name: row.text("name").to_owned(),
            line,
        })
    }

    fn key(&self) -> Self::Key {
        (self.player, self.line.season)
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        let mut players: Vec<_> = rows
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
        players.dedup();
        tx.put_players(&players)?;
        tx.put_mlb_seasons(
            &rows
                .iter()
                .map(|row| (row.player, row.line))
                .collect::<Vec<_>>(),
        )
    }
}
