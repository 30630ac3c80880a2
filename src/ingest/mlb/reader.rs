//! Pages to a harvest: everything is read and judged before anything is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::ask::Ask;
use super::checks::{self, Rules};
use super::findings::{finding, plain};
use super::harvest::{Harvest, Page, Purpose};
use super::outliers;
use super::rows::{Facts, Met};
use super::wire;
use crate::domain::{Check, Finding, ProspectId, Severity};
use crate::store::Quarantined;

/// Kind of a refused row.
const KIND: &str = "mlb";
/// One row in this many may be refused; more mean that the answer is not what
/// it seems.
const REFUSED_ONE_IN: u32 = 5;

/// Reads pages under the rules for the real source; see [`read_under`].
///
/// # Errors
/// See [`read_under`].
pub fn read(pages: &[Page], as_of: Date, kind: Purpose) -> Result<Harvest, Vec<Finding>> {
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
    kind: Purpose,
) -> Result<Harvest, Vec<Finding>> {
    let mut answers: BTreeMap<&Ask, Vec<&Page>> = BTreeMap::new();
    for page in pages {
        answers.entry(&page.ask).or_default().push(page);
    }
    let mut reader = Reader::new(as_of, kind);
    let absent = rules.absent(&answers.keys().copied().collect());
    reader.findings.extend(absent);
    // Questions are ordered so that clubs and dates come before what needs them.
    for (ask, mut pages) in answers {
        pages.sort_by_key(|page| page.offset);
        reader.answer(ask, &pages);
        if let Ask::Teams { season } = ask {
            reader
                .findings
                .extend(rules.clubs(*season, &reader.facts.clubs));
        }
    }
    reader.finish()
}

struct Reader {
    as_of: Date,
    facts: Facts,
    files: Vec<String>,
    refused: Vec<Quarantined>,
    findings: Vec<Finding>,
    rows: u64,
}

impl Reader {
    fn new(as_of: Date, kind: Purpose) -> Self {
        Self {
            as_of,
            facts: Facts::new(as_of, kind),
            files: Vec::new(),
            refused: Vec::new(),
            findings: Vec::new(),
            rows: 0,
        }
    }

    /// Reads one answer and judges it; one that can't be used is a finding.
    fn answer(&mut self, ask: &Ask, pages: &[&Page]) {
        self.files.push(ask.file());
        let mut answer = Answer::default();
        let read = self
            .is_past(ask)
            .and_then(|()| self.pages(ask, pages, &mut answer));
        match read {
            Ok(()) => self.judge(ask, &answer),
            Err(reason) => self.critical(reason),
        }
        self.rows += u64::from(answer.rows);
    }

    fn is_past(&self, ask: &Ask) -> Result<(), String> {
        match ask.season() {
            Some(season) if season.0 as i16 > self.as_of.year() => Err(format!(
                "{ask}: season {season} lies ahead of {}",
                self.as_of
            )),
            _ => Ok(()),
        }
    }

    /// Reads the pages of an answer, each of which must begin where the one before ended.
    fn pages(&mut self, ask: &Ask, pages: &[&Page], answer: &mut Answer) -> Result<(), String> {
        let mut expected = Some(0);
        for page in pages {
            if expected != Some(page.offset) {
                return Err(format!(
                    "{ask}: the page from {} on was not expected",
                    page.offset
                ));
            }
            let sheet = ask.sheet(&page.body).map_err(|error| error.to_string())?;
            expected = ask
                .after(&sheet, page.offset)
                .map_err(|error| error.to_string())?;
            answer.total = sheet.total;
            for row in &sheet.rows {
                answer.rows += 1;
                self.row(ask, row, answer);
            }
        }
        match expected {
            None => Ok(()),
            Some(from) => Err(format!("{ask}: the page from {from} on is missing")),
        }
    }

    fn row(&mut self, ask: &Ask, row: &Value, answer: &mut Answer) {
        let name = ask.to_string();
        if let Err(reason) = self.facts.take(ask, &name, row, &mut answer.met) {
            answer.refused += 1;
            self.refused.push(Quarantined {
                file: ask.file(),
                line: answer.rows,
                kind: KIND.to_owned(),
                reason,
                row: wire::as_read(row),
            });
        }
    }

    /// What the rows of an answer are worth as a whole.
    fn judge(&mut self, ask: &Ask, answer: &Answer) {
        if answer.rows == 0 {
            let opening = ask
                .season()
                .and_then(|season| self.facts.openings.get(&season));
            let day = self.facts.counted_until(ask.season());
            let empty = checks::empty(ask, day, opening.copied());
            self.findings.extend(empty);
        }
        self.findings.extend(answer.findings(ask));
    }

    fn critical(&mut self, what: String) {
        let critical = plain(Check::Completeness, Severity::Critical, what);
        self.findings.push(critical);
    }

    fn finish(mut self) -> Result<Harvest, Vec<Finding>> {
        self.findings.extend(self.facts.drift.findings());
        self.findings.extend(self.refusals());
        self.findings.extend(self.left_out());
        let name = |id: ProspectId| {
            let facts = self.facts.people.facts.get(&id);
            format!("{} ({id})", facts.map_or("", |facts| facts.name.as_str()))
        };
        let outliers = outliers::findings(&self.facts.lines, name);
        self.findings.extend(outliers);
        let is_critical = |found: &Finding| found.severity == Severity::Critical;
        if self.findings.iter().any(is_critical) {
            return Err(self.findings);
        }
        Ok(Harvest {
            files: self.files,
            refused: self.refused,
            findings: self.findings,
            rows: self.rows,
            ..self.facts.harvest()
        })
    }

    /// Counts nobody needs that can't be true: their lines are whole without them.
    fn left_out(&self) -> Option<Finding> {
        let cells = &self.facts.lines.left_out;
        let examples = cells.iter().map(|(player, cell)| {
            format!(
                "{player}: `{}` = {}, {}",
                cell.column, cell.value, cell.reason
            )
        });
        (!cells.is_empty()).then(|| {
            finding(
                Check::Refused,
                Severity::Info,
                "counts that can't be true were left out of their lines".to_owned(),
                cells.len() as u32,
                examples,
            )
        })
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
}

/// One answer while it is read.
#[derive(Default)]
struct Answer {
    rows: u32,
    refused: u32,
    total: Option<u32>,
    met: Met,
}

impl Answer {
    fn findings(&self, ask: &Ask) -> Vec<Finding> {
        [
            self.incomplete(ask),
            self.repeats(ask),
            self.left_out(ask),
            self.strangers(ask),
            self.mostly_refused(ask),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn incomplete(&self, ask: &Ask) -> Option<Finding> {
        let came = match ask {
            Ask::Lines { .. } => self.met.ids.len() as u32 + self.met.nameless,
            // The draft by prospect names some people more than once.
            _ => self.rows,
        };
        let total = self.total.filter(|&total| came < total)?;
        let what = format!("{ask}: {total} rows are declared, {came} different ones came");
        Some(plain(Check::Completeness, Severity::Critical, what))
    }

    fn repeats(&self, ask: &Ask) -> Option<Finding> {
        let repeated = &self.met.repeated;
        let what = format!("{ask}: rows that repeat another were left out");
        let examples = repeated.iter().cloned();
        let count = repeated.len() as u32;
        (count > 0).then(|| finding(Check::Duplicates, Severity::Warning, what, count, examples))
    }

    fn left_out(&self, ask: &Ask) -> Option<Finding> {
        let what = format!("{ask}: rows outside affiliated ball were left out");
        let count = self.met.left_out;
        (count > 0).then(|| finding(Check::Completeness, Severity::Info, what, count, []))
    }

    /// Lines whose organisation stays unknown.
    fn strangers(&self, ask: &Ask) -> Option<Finding> {
        let clubs = &self.met.strangers;
        let what = format!("{ask}: lines are of clubs that the season is not known to have");
        let (count, examples) = (
            clubs.len() as u32,
            clubs.iter().map(|id| format!("club {id}")),
        );
        (count > 0).then(|| finding(Check::Agreement, Severity::Warning, what, count, examples))
    }

    fn mostly_refused(&self, ask: &Ask) -> Option<Finding> {
        let what = format!(
            "{ask}: {} of {} rows can't be true",
            self.refused, self.rows
        );
        let many = self.refused > 0 && self.refused * REFUSED_ONE_IN >= self.rows;
        many.then(|| plain(Check::Refused, Severity::Critical, what))
    }
}
