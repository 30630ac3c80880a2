//! Major-league season lines: a row per player and season, or several where he was
//! with several clubs, which add up.

use jiff::civil::Date;

use super::shape::{Judged, Settled, Shape};
use super::stints::{self, Named, Stint, is_total, several};
use crate::domain::{MlbSeason, ProspectId, Season};
use crate::ingest::plausible::check_majors;
use crate::ingest::rank;
use crate::ingest::report::Options;
use crate::ingest::row::Row;
use crate::store::{Change, PlayerFacts, StoreError, WriteTx};

/// A major-league row.
#[derive(PartialEq)]
pub(crate) struct MlbSeasons {
    player: ProspectId,
    name: String,
    line: MlbSeason,
    club: String,
    named: Named,
    stint: u16,
}

/// Columns that may name the club.
const CLUB: [&str; 6] = ["team", "teams", "org", "team_id", "team_name", "lg"];

impl Shape for MlbSeasons {
    const REQUIRED: &'static [&'static str] = &["season", "mlbam_id", "pa", "ab", "ip_outs"];
    const OPTIONAL: &'static [&'static str] = &[
        "name",
        "h",
        "hr",
        "bb",
        "so",
        "bf",
        "p_so",
        "p_bb",
        "g_bat",
        "g_pit",
        "gs",
        "stint",
        "team",
        "teams",
        "org",
        "team_id",
        "team_name",
        "lg",
    ];
    type Key = (ProspectId, Season);

    fn parse(row: &Row<'_>, _options: &Options) -> Result<Self, String> {
        let line = MlbSeason {
            season: row.season("season")?,
            pa: row.zero_count("pa")?,
            ab: row.zero_count("ab")?,
            h: row.count("h"),
            hr: row.count("hr"),
            bb: row.count("bb"),
            so: row.count("so"),
            outs: row.zero_count("ip_outs")?,
            bf: row.count("bf"),
            p_so: row.count("p_so"),
            p_bb: row.count("p_bb"),
            g: row.count("g_bat"),
            g_pit: row.count("g_pit"),
            gs: row.count("gs"),
        };
        check_majors(&line)?;
        let (club, named) = club(row);
        Ok(Self {
            player: row.player()?,
            name: row.name("name"),
            line,
            club,
            named,
            stint: row.optional_count("stint").unwrap_or(0),
        })
    }

    fn key(&self) -> Self::Key {
        (self.player, self.line.season)
    }

    fn settle(rows: Vec<Judged<Self>>) -> Settled<Self> {
        let mut settled = stints::settle(rows);
        // The store has one line of a season: that of all clubs.
        let mut whole: Vec<Judged<Self>> = Vec::with_capacity(settled.kept.len());
        for row in settled.kept {
            match whole
                .last_mut()
                .filter(|held| held.item.key() == row.item.key())
            {
                Some(held) => {
                    held.item.add(&row.item);
                    held.rows += row.rows;
                }
                None => whole.push(row),
            }
        }
        settled.kept = whole;
        settled
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

/// The club of a row as text, and how it is named.
fn club(row: &Row<'_>) -> (String, Named) {
    let cells = CLUB.map(|column| row.raw(column));
    if cells.iter().any(|cell| is_total(cell)) {
        return (String::new(), Named::Total);
    }
    // A league alone names no club.
    let named = CLUB[..5]
        .iter()
        .map(|column| row.text(column))
        .find(|text| !text.is_empty());
    match named {
        None => (String::new(), Named::Nobody),
        Some(text) if several(text).is_some() => (text.to_owned(), Named::Several),
        Some(text) => (text.to_owned(), Named::Club),
    }
}

impl Stint for MlbSeasons {
    type Group = (ProspectId, Season);
    type Club = String;
    const APART: &'static str = "`team` or `stint`";

    fn group(&self) -> Self::Group {
        self.key()
    }

    fn club(&self) -> String {
        self.club.clone()
    }

    fn named(&self) -> Named {
        // A numbered stint is one club's, whichever.
        match self.named {
            Named::Nobody if self.stint > 0 => Named::Club,
            named => named,
        }
    }

    fn stint(&self) -> u16 {
        self.stint
    }

    fn as_of(&self) -> Date {
        self.line.season.last_day()
    }

    fn counts(&self) -> Vec<u32> {
        let c = &self.line;
        let time = u32::from(c.pa) + u32::from(c.outs);
        let counts = [
            c.pa, c.outs, c.ab, c.h, c.hr, c.bb, c.so, c.bf, c.p_so, c.p_bb, c.gs,
        ];
        std::iter::once(time).chain(counts.map(u32::from)).collect()
    }

    fn add(&mut self, other: &Self) {
        let (a, b) = (&mut self.line, &other.line);
        for (sum, count) in [
            (&mut a.pa, b.pa),
            (&mut a.ab, b.ab),
            (&mut a.h, b.h),
            (&mut a.hr, b.hr),
            (&mut a.bb, b.bb),
            (&mut a.so, b.so),
            (&mut a.outs, b.outs),
            (&mut a.bf, b.bf),
            (&mut a.p_so, b.p_so),
            (&mut a.p_bb, b.p_bb),
            (&mut a.g, b.g),
            (&mut a.g_pit, b.g_pit),
            (&mut a.gs, b.gs),
        ] {
            *sum = sum.saturating_add(count);
        }
        if self.name < other.name {
            self.name.clone_from(&other.name);
        }
    }

    /// Stints add up, and so do the two sides of the ball.
    fn adds_to(&self, other: &Self) -> bool {
        let (a, b) = (&self.line, &other.line);
        self.stint != other.stint
            || (a.pa == 0 && b.outs == 0 && b.bf == 0)
            || (b.pa == 0 && a.outs == 0 && a.bf == 0)
    }
}
