//! Rows of every kind of answer to facts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use super::ask::Ask;
use super::clubs::{self, Clubs};
use super::draft::{self, Selected};
use super::drift::Drift;
use super::harvest::{Harvest, Purpose, Roster};
use super::lines::{self, Lines, Slice, Taken};
use super::people::{self, People, Today};
use super::transactions;
use super::wire::{self, text};
use crate::domain::{DraftPick, ProspectId, Season, Transaction};
use crate::ingest::rank;
use crate::store::RosterStatus;

/// What was read so far.
pub(super) struct Facts {
    as_of: Date,
    kind: Purpose,
    pub(super) clubs: Clubs,
    pub(super) openings: BTreeMap<Season, Date>,
    pub(super) lines: Lines,
    pub(super) people: People,
    pub(super) drift: Drift,
    picks: BTreeMap<(ProspectId, Season), DraftPick>,
    transactions: BTreeMap<(ProspectId, u32), Transaction>,
    rosters: BTreeMap<Date, Lists>,
}

/// The rosters of a day.
#[derive(Default)]
struct Lists {
    clubs: BTreeSet<u32>,
    players: BTreeMap<ProspectId, RosterStatus>,
}

/// What became of the rows of one answer.
#[derive(Default)]
pub(super) struct Met {
    /// Players or things met, by id.
    pub(super) ids: BTreeSet<(u32, u32)>,
    /// Rows whose id was met before.
    pub(super) repeated: Vec<String>,
    /// Rows of statistics without a readable id.
    pub(super) nameless: u32,
    /// Rows outside affiliated ball.
    pub(super) left_out: u32,
    /// Clubs of lines that are not among the season's.
    pub(super) strangers: BTreeSet<u32>,
}

impl Met {
    /// Notes an id; true when a row had it before.
    fn is_repeat(&mut self, player: u32, number: u32, name: impl FnOnce() -> String) -> bool {
        let repeat = !self.ids.insert((player, number));
        if repeat {
            self.repeated.push(name());
        }
        repeat
    }
}

impl Facts {
    pub(super) fn new(as_of: Date, kind: Purpose) -> Self {
        Self {
            as_of,
            kind,
            clubs: Clubs::default(),
            openings: BTreeMap::new(),
            lines: Lines::default(),
            people: People::default(),
            drift: Drift::default(),
            picks: BTreeMap::new(),
            transactions: BTreeMap::new(),
            rosters: BTreeMap::new(),
        }
    }

    /// Reads one row; the error is the reason to refuse it.
    pub(super) fn take(
        &mut self,
        ask: &Ask,
        answer: &str,
        row: &Value,
        met: &mut Met,
    ) -> Result<(), String> {
        match ask {
            Ask::Teams { season } => self.club(*season, answer, row),
            Ask::Dates { season } => self.dates(*season, row),
            Ask::Lines { .. } => self.line(ask, answer, row, met),
            Ask::People { .. } => self.person(answer, row, met),
            Ask::Draft { year } => self.pick(*year, answer, row, met),
            Ask::Transactions { .. } => self.transaction(answer, row, met),
            Ask::Roster { team, day } => self.roster(*team, *day, row, met),
        }
    }

    /// The day up to which rows of a season count.
    pub(super) fn counted_until(&self, season: Option<Season>) -> Date {
        season.map_or(self.as_of, |season| season.last_day().min(self.as_of))
    }

    /// Everything read, sorted by player.
    pub(super) fn harvest(self) -> Harvest {
        let rosters = self.rosters.into_iter().map(|(day, lists)| Roster {
            day,
            clubs: lists.clubs.into_iter().collect(),
            players: lists.players.into_iter().collect(),
        });
        Harvest {
            batting: by_player(self.lines.batting, |key| key.0),
            pitching: by_player(self.lines.pitching, |key| key.0),
            mlb: by_player(self.lines.majors, |key| key.0),
            players: self.people.facts.into_iter().collect(),
            affiliations: self.people.affiliations.into_iter().collect(),
            limits: self.people.limits.into_iter().collect(),
            teams: self.clubs.names(),
            transactions: by_player(self.transactions, |key| key.0),
            rosters: rosters.collect(),
            draft: by_player(self.picks, |key| key.0),
            ..Harvest::default()
        }
    }

    fn club(&mut self, season: Season, answer: &str, row: &Value) -> Result<(), String> {
        if let Some(row) = row.as_object() {
            self.drift.note(&clubs::CLUB, answer, row);
        }
        self.clubs.add(season, row)
    }

    fn dates(&mut self, season: Season, row: &Value) -> Result<(), String> {
        let row = row.as_object().ok_or("not an object")?;
        if let Some(day) = wire::date(row, "regularSeasonStartDate")? {
            self.openings.insert(season, day);
        }
        Ok(())
    }

    fn line(&mut self, ask: &Ask, answer: &str, row: &Value, met: &mut Met) -> Result<(), String> {
        let found = lines::player(row);
        met.nameless += u32::from(found.is_err());
        let (player, row) = found?;
        if met.is_repeat(player.0, 0, || lines::name(row).to_owned()) {
            return Ok(());
        }
        let as_of = self.counted_until(ask.season());
        let Some(slice) = Slice::of(ask, answer, as_of, &self.clubs) else {
            return Ok(());
        };
        slice.note(row, &mut self.drift);
        if slice.take(player, row, &mut self.lines)? == Taken::Unaffiliated {
            met.left_out += 1;
            return Ok(());
        }
        met.strangers.extend(slice.stranger(row));
        if !slice.advanced {
            self.people
                .mention(player, lines::name(row), slice.season.0);
        }
        Ok(())
    }

    fn person(&mut self, answer: &str, row: &Value, met: &mut Met) -> Result<(), String> {
        people::note(row, answer, &mut self.drift);
        let today = (self.kind == Purpose::Daily).then_some(Today {
            day: self.as_of,
            clubs: &self.clubs,
        });
        let player = self.people.take(row, self.as_of, today.as_ref())?;
        met.is_repeat(player.0, 0, || player.to_string());
        Ok(())
    }

    fn pick(
        &mut self,
        year: Season,
        answer: &str,
        row: &Value,
        met: &mut Met,
    ) -> Result<(), String> {
        if let Some(row) = row.as_object() {
            self.drift.note(&draft::PICK, answer, row);
        }
        let Some(Selected { player, name, pick }) = draft::read(row, year)? else {
            return Ok(());
        };
        if !met.is_repeat(player.0, 0, || name.clone()) {
            self.people.mention(player, &name, rank::MENTION);
            self.picks.insert((player, year), pick);
        }
        Ok(())
    }

    fn transaction(&mut self, answer: &str, row: &Value, met: &mut Met) -> Result<(), String> {
        if let Some(row) = row.as_object() {
            self.drift.note(&transactions::TRANSACTION, answer, row);
        }
        let Some((player, transaction)) = transactions::read(row, &self.clubs)? else {
            met.left_out += 1;
            return Ok(());
        };
        let id = transaction.id;
        if !met.is_repeat(player.0, id, || format!("transaction {id}")) {
            self.transactions.insert((player, id), transaction);
        }
        Ok(())
    }

    fn roster(&mut self, team: u32, day: Date, row: &Value, met: &mut Met) -> Result<(), String> {
        let row = row.as_object().ok_or("not an object")?;
        let (player, _) = wire::person(row, "person")?;
        let code = wire::object(row, "status").map_or("", |status| text(status, "code"));
        if code.is_empty() {
            return Err("no roster status".to_owned());
        }
        met.is_repeat(player.0, 0, || player.to_string());
        let lists = self.rosters.entry(day).or_default();
        lists.clubs.insert(team);
        // Who is on two rosters is being traded: the first club fetched counts.
        lists.players.entry(player).or_insert_with(|| RosterStatus {
            day,
            code: code.to_owned(),
            club: team,
        });
        Ok(())
    }
}

fn by_player<K, T>(
    rows: BTreeMap<K, T>,
    player: impl Fn(&K) -> ProspectId,
) -> Vec<(ProspectId, T)> {
    rows.into_iter()
        .map(|(key, row)| (player(&key), row))
        .collect()
}
