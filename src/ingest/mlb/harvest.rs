//! What a set of pages says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::ask::Ask;
use crate::domain::{
    BattingLine, DraftPick, Finding, MlbSeason, PitchingLine, ProspectId, RookieLimits, Season,
    Transaction,
};
use crate::store::{Affiliation, PlayerFacts, Quarantined, RosterStatus};

/// One page of an answer, as fetched.
#[derive(Clone, Debug)]
pub struct Page {
    /// The question.
    pub ask: Ask,
    /// Offset of its first row.
    pub offset: u32,
    /// The body.
    pub body: Vec<u8>,
}

/// Why the source was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To know what is true today.
    Daily,
    /// To know what was true of a past season. Nothing that bios say of today is
    /// kept.
    Backfill,
}

/// Everything a set of pages says, ready to be stored.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    /// Minor-league batting, sorted by player.
    pub batting: Vec<(ProspectId, BattingLine)>,
    /// Minor-league pitching, sorted by player.
    pub pitching: Vec<(ProspectId, PitchingLine)>,
    /// Major-league seasons, both sides.
    pub mlb: Vec<(ProspectId, MlbSeason)>,
    /// Names, birth dates, hands.
    pub players: Vec<(ProspectId, PlayerFacts)>,
    /// Where players are today; empty for a backfill.
    pub affiliations: Vec<(ProspectId, Affiliation)>,
    /// Debuts.
    pub limits: Vec<(ProspectId, RookieLimits)>,
    /// Names of clubs by season.
    pub teams: Vec<(u32, Season, String)>,
    /// Roster transactions.
    pub transactions: Vec<(ProspectId, Transaction)>,
    /// 40-man rosters.
    pub rosters: Vec<Roster>,
    /// Draft selections.
    pub draft: Vec<(ProspectId, DraftPick)>,
    /// Names of the answers read; refused rows stand under them.
    pub files: Vec<String>,
    /// Rows that can't be true.
    pub refused: Vec<Quarantined>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Rows read.
    pub rows: u64,
}

/// The 40-man rosters of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The day.
    pub day: Date,
    /// Clubs whose roster was given.
    pub clubs: Vec<u32>,
    /// Everybody on them.
    pub players: Vec<(ProspectId, RosterStatus)>,
}

impl Harvest {
    /// How many players have minor-league lines in each season.
    pub(super) fn players_by_season(&self) -> BTreeMap<Season, usize> {
        let batted = self.batting.iter().map(|(id, line)| (line.season, *id));
        let pitched = self.pitching.iter().map(|(id, line)| (line.season, *id));
        let players: BTreeSet<_> = batted.chain(pitched).collect();
        let mut seasons = BTreeMap::new();
        for (season, _) in players {
            *seasons.entry(season).or_insert(0) += 1;
        }
        seasons
    }
}
