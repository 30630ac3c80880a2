//! Pages to facts: everything is read and judged before anything is stored.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use super::ask::Ask;
use super::checks::{self, Rules};
use super::clubs::{self, Clubs};
use super::draft::{self, Selected};
use super::drift::Drift;
use super::findings::{finding, plain};
use super::lines::{self, Lines, Slice, Taken};
use super::outliers;
use super::people::{self, People, Today};
use super::transactions;
use super::wire::{self, text};
use crate::domain::{
    BattingLine, Check, DraftPick, Finding, MlbSeason, PitchingLine, ProspectId, RookieLimits,
    Season, Severity, Transaction,
};
use crate::ingest::rank;
use crate::store::{Affiliation, PlayerFacts, Quarantined, RosterStatus};

/// Kind of a refused row.
const KIND: &str = "mlb";

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
pub enum Kind {
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

/// Reads pages under the rules for the real source; see [`read_under`].
///
/// # Errors
/// See [`read_under`].
pub fn read(pages: &[Page], as_of: Date, kind: Kind) -> Result<Harvest, Vec<Finding>> {
    read_under(&Rules::default(), pages, as_of, kind)
}

/// Reads pages and checks them: completeness, schema, duplicates, rows that
/// can't be true, outliers. Pages may come in any order. `as_of` is the day of
/// the fetch; lines of earlier seasons count up to their last day.
///
/// # Errors
/// When the source must not be applied: with every finding, at least one of
/// which is critical.
pub fn read_under(
    rules: &Rules,
    pages: &[Page],
    as_of: Date,
    kind: Kind,
) -> Result<Harvest, Vec<Finding>> {
    let mut answers: BTreeMap<&Ask, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        answers.entry(&page.ask).or_default().push(page);
    }
    let mut reader = Reader::new(as_of, kind);
    reader
        .findings
        .extend(rules.absent(&answers.keys().copied().collect()));
    // Questions are ordered so that clubs and dates come before what needs them.
    for (ask, mut pages) in answers {
        pages.sort_by_key(|page| page.offset);
        reader.answer(ask, &pages);
        if let Ask::Teams { season } = ask {
            reader.findings.extend(rules.clubs(*season, &reader.clubs));
        }
    }
    reader.finish()
}

struct Reader {
    as_of: Date,
    kind: Kind,
    clubs: Clubs,
    openings: BTreeMap<Season, Date>,
    lines: Lines,
    people: People,
    picks: BTreeMap<(ProspectId, Season), DraftPick>,
    transactions: BTreeMap<(ProspectId, u32), Transaction>,
    rosters: BTreeMap<Date, Roster>,
    drift: Drift,
    files: Vec<String>,
    refused: Vec<Quarantined>,
    findings: Vec<Finding>,
    rows: u64,
}

/// What became of the rows of one answer.
#[derive(Default)]
struct Counts {
    /// Players or things met, by id.
    met: BTreeSet<(u32, u32)>,
    /// Rows whose id was met before.
    repeated: Vec<String>,
    refused: u32,
    /// Refused rows without a readable id.
    nameless: u32,
    left_out: u32,
}

impl Reader {
    fn new(as_of: Date, kind: Kind) -> Self {
        Self {
            as_of,
            kind,
            clubs: Clubs::default(),
            openings: BTreeMap::new(),
            lines: Lines::default(),
            people: People::default(),
            picks: BTreeMap::new(),
            transactions: BTreeMap::new(),
            rosters: BTreeMap::new(),
            drift: Drift::default(),
            files: Vec::new(),
            refused: Vec::new(),
            findings: Vec::new(),
            rows: 0,
        }
    }

    /// Reads one answer, page by page.
    fn answer(&mut self, ask: &Ask, pages: &[&Page]) {
        self.files.push(ask.file());
        if let Some(season) =
            season(ask).filter(|season| i32::from(season.0) > i32::from(self.as_of.year()))
        {
            return self.critical(format!(
                "{ask}: season {season} lies ahead of {}",
                self.as_of
            ));
        }
        let (mut expected, mut counts, mut total) = (Some(0), Counts::default(), None);
        let mut line = 0;
        for page in pages {
            if expected != Some(page.offset) {
                self.critical(format!(
                    "{ask}: the page from {} on was not expected",
                    page.offset
                ));
                return;
            }
            let sheet = match ask.sheet(&page.body) {
                Ok(sheet) => sheet,
                Err(error) => return self.critical(error.to_string()),
            };
            expected = match ask.after(&sheet, page.offset) {
                Ok(next) => next,
                Err(error) => return self.critical(error.to_string()),
            };
            total = sheet.total;
            for row in &sheet.rows {
                line += 1;
                self.row(ask, line, row, &mut counts);
            }
        }
        if let Some(from) = expected {
            self.critical(format!("{ask}: the page from {from} on is missing"));
        }
        self.rows += u64::from(line);
        self.judge(ask, line, total, &counts);
    }

    /// What the rows of an answer are worth as a whole.
    fn judge(&mut self, ask: &Ask, rows: u32, total: Option<u32>, counts: &Counts) {
        if rows == 0 {
            let opening = season(ask).and_then(|season| self.openings.get(&season));
            let day = self.counted_until(season(ask));
            self.findings
                .extend(checks::empty(ask, day, opening.copied()));
        }
        let accounted = counts.met.len() as u32 + counts.nameless;
        if let Some(total) = total.filter(|&total| accounted < total) {
            self.critical(format!(
                "{ask}: {total} rows are declared, {accounted} different ones came"
            ));
        }
        if !counts.repeated.is_empty() {
            self.findings.push(finding(
                Check::Duplicates,
                Severity::Warning,
                format!("{ask}: rows that repeat another were left out"),
                counts.repeated.len() as u32,
                counts.repeated.iter().cloned(),
            ));
        }
        if counts.left_out > 0 {
            self.findings.push(finding(
                Check::Completeness,
                Severity::Info,
                format!("{ask}: rows outside affiliated ball were left out"),
                counts.left_out,
                [],
            ));
        }
        // A few bad rows are set aside; many mean that the answer is not what it seems.
        if counts.refused > 0 && counts.refused * 5 >= rows {
            self.critical(format!(
                "{ask}: {} of {rows} rows can't be true",
                counts.refused
            ));
        }
    }

    fn row(&mut self, ask: &Ask, line: u32, row: &Value, counts: &mut Counts) {
        let answer = ask.to_string();
        if let Err(reason) = self.take(ask, &answer, row, counts) {
            counts.refused += 1;
            self.refused.push(Quarantined {
                file: ask.file(),
                line,
                kind: KIND.to_owned(),
                reason,
                row: wire::as_read(row),
            });
        }
    }

    fn take(
        &mut self,
        ask: &Ask,
        answer: &str,
        row: &Value,
        counts: &mut Counts,
    ) -> Result<(), String> {
        match ask {
            Ask::Teams { season } => self.club(*season, answer, row),
            Ask::Dates { season } => self.dates(*season, row),
            Ask::Lines {
                season,
                level,
                side,
                advanced,
            } => {
                let slice = Slice {
                    season: *season,
                    level: *level,
                    side: *side,
                    advanced: *advanced,
                    as_of: self.counted_until(Some(*season)),
                    answer,
                    clubs: &self.clubs,
                };
                let found = lines::player(row);
                counts.nameless += u32::from(found.is_err());
                let (player, row) = found?;
                if counts.is_repeat(player.0, 0, || lines::name(row).to_owned()) {
                    return Ok(());
                }
                slice.note(row, &mut self.drift);
                if slice.take(player, row, &mut self.lines)? == Taken::Unaffiliated {
                    counts.left_out += 1;
                } else if !advanced {
                    self.people.mention(player, lines::name(row), season.0);
                }
                Ok(())
            }
            Ask::People { .. } => self.person(answer, row, counts),
            Ask::Draft { year } => self.pick(*year, answer, row, counts),
            Ask::Transactions { .. } => self.transaction(answer, row, counts),
            Ask::Roster { team, day } => self.roster(*team, *day, row, counts),
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

    fn person(&mut self, answer: &str, row: &Value, counts: &mut Counts) -> Result<(), String> {
        people::note(row, answer, &mut self.drift);
        let today = (self.kind == Kind::Daily).then_some(Today {
            day: self.as_of,
            clubs: &self.clubs,
        });
        let player = self.people.take(row, self.as_of, today.as_ref())?;
        counts.is_repeat(player.0, 0, || player.to_string());
        Ok(())
    }

    fn pick(
        &mut self,
        year: Season,
        answer: &str,
        row: &Value,
        counts: &mut Counts,
    ) -> Result<(), String> {
        if let Some(row) = row.as_object() {
            self.drift.note(&draft::PICK, answer, row);
        }
        let Some(Selected { player, name, pick }) = draft::read(row, year)? else {
            // Counted, so that the number of prospects can be compared.
            counts.nameless += 1;
            return Ok(());
        };
        if !counts.is_repeat(player.0, 0, || name.clone()) {
            self.people.mention(player, &name, rank::MENTION);
            self.picks.insert((player, year), pick);
        }
        Ok(())
    }

    fn transaction(
        &mut self,
        answer: &str,
        row: &Value,
        counts: &mut Counts,
    ) -> Result<(), String> {
        if let Some(row) = row.as_object() {
            self.drift.note(&transactions::TRANSACTION, answer, row);
        }
        let Some((player, transaction)) = transactions::read(row, &self.clubs)? else {
            counts.left_out += 1;
            return Ok(());
        };
        let id = transaction.id;
        if !counts.is_repeat(player.0, id, || format!("transaction {id}")) {
            self.transactions.insert((player, id), transaction);
        }
        Ok(())
    }

    fn roster(
        &mut self,
        team: u32,
        day: Date,
        row: &Value,
        counts: &mut Counts,
    ) -> Result<(), String> {
        let row = row.as_object().ok_or("not an object")?;
        let (player, _) = wire::person(row, "person")?;
        let code = wire::object(row, "status").map_or("", |status| text(status, "code"));
        if code.is_empty() {
            return Err("no roster status".to_owned());
        }
        let roster = self.rosters.entry(day).or_insert_with(|| Roster {
            day,
            clubs: Vec::new(),
            players: Vec::new(),
        });
        if !roster.clubs.contains(&team) {
            roster.clubs.push(team);
        }
        if !counts.is_repeat(player.0, 0, || player.to_string()) {
            let status = RosterStatus {
                day,
                code: code.to_owned(),
                club: team,
            };
            roster.players.push((player, status));
        }
        Ok(())
    }

    /// The day up to which rows of a season count.
    fn counted_until(&self, season: Option<Season>) -> Date {
        season.map_or(self.as_of, |season| season.last_day().min(self.as_of))
    }

    fn critical(&mut self, what: String) {
        self.findings
            .push(plain(Check::Completeness, Severity::Critical, what));
    }

    fn finish(mut self) -> Result<Harvest, Vec<Finding>> {
        self.findings.extend(self.drift.findings());
        self.findings.extend(self.refusals());
        let name = |id: ProspectId| {
            let facts = self.people.facts.get(&id);
            format!("{} ({id})", facts.map_or("", |facts| facts.name.as_str()))
        };
        let outliers = outliers::findings(&self.lines, name);
        self.findings.extend(outliers);
        if self
            .findings
            .iter()
            .any(|found| found.severity == Severity::Critical)
        {
            return Err(self.findings);
        }
        Ok(self.harvest())
    }

    fn refusals(&self) -> Option<Finding> {
        let rows = self.refused.iter();
        let examples = rows.map(|row| format!("{} row {}: {}", row.file, row.line, row.reason));
        (!self.refused.is_empty()).then(|| {
            finding(
                Check::Refused,
                Severity::Warning,
                "rows that can't be true were set aside".to_owned(),
                self.refused.len() as u32,
                examples,
            )
        })
    }

    fn harvest(self) -> Harvest {
        Harvest {
            batting: minors(self.lines.batting),
            pitching: minors(self.lines.pitching),
            mlb: self
                .lines
                .majors
                .into_iter()
                .map(|((id, _), line)| (id, line))
                .collect(),
            players: self.people.facts.into_iter().collect(),
            affiliations: self.people.affiliations.into_iter().collect(),
            limits: self.people.limits.into_iter().collect(),
            teams: self.clubs.names(),
            transactions: self
                .transactions
                .into_iter()
                .map(|((id, _), row)| (id, row))
                .collect(),
            rosters: self.rosters.into_values().collect(),
            draft: self
                .picks
                .into_iter()
                .map(|((id, _), pick)| (id, pick))
                .collect(),
            files: self.files,
            refused: self.refused,
            findings: self.findings,
            rows: self.rows,
        }
    }
}

impl Counts {
    /// Notes an id; true when a row had it before.
    fn is_repeat(&mut self, player: u32, number: u32, name: impl FnOnce() -> String) -> bool {
        let repeat = !self.met.insert((player, number));
        if repeat {
            self.repeated.push(name());
        }
        repeat
    }
}

fn minors<L>(lines: BTreeMap<lines::Key, L>) -> Vec<(ProspectId, L)> {
    lines
        .into_iter()
        .map(|((id, _, _), line)| (id, line))
        .collect()
}

fn season(ask: &Ask) -> Option<Season> {
    match ask {
        Ask::Teams { season }
        | Ask::Dates { season }
        | Ask::Lines { season, .. }
        | Ask::People { season, .. } => Some(*season),
        _ => None,
    }
}
