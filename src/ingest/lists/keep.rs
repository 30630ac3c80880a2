//! A list's entries to the store: to a player, to the operator, or set aside.

use std::collections::BTreeMap;
use std::path::Path;

use super::entry::{self, Entry, ListOptions};
use super::matching::{Register, Verdict};
use super::person::Person;
use super::sheet::{Places, Sheet};
use crate::domain::name::{FoldedName, fold_name};
use crate::domain::{Decision, Grade, ProspectId, Review};
use crate::ingest::error::ImportError;
use crate::ingest::report::{FileReport, aside, kept_without, quarantined, short_name};
use crate::ingest::row::Dropped;
use crate::store::{Change, Quarantined, Store};

/// Imports a publisher's list; all of it is on disk when this returns, or nothing.
///
/// # Errors
/// When the file can't be read, its header does not say who and when, and when
/// the store fails. Bad rows are no error: they are quarantined.
pub fn import_list(
    store: &Store,
    path: &Path,
    options: &ListOptions,
) -> Result<FileReport, ImportError> {
    let sheet = Sheet::open(path, &options.map)?;
    let year = options
        .year
        .map(|year| year.0 as i16)
        .or(options.published.map(|day| day.year()));
    let places = sheet
        .places(&options.map, year)
        .map_err(|reason| ImportError::NotAList {
            path: path.to_owned(),
            reason,
        })?;
    import_sheet(store, path, &sheet, &places, options)
}

/// As [`import_list`], of a file that has been read.
pub(super) fn import_sheet(
    store: &Store,
    path: &Path,
    sheet: &Sheet,
    places: &Places,
    options: &ListOptions,
) -> Result<FileReport, ImportError> {
    let refused = |reason| ImportError::NotAList {
        path: path.to_owned(),
        reason,
    };
    options.check().map_err(refused)?;
    entry::check_header(places, &sheet.found(), options).map_err(refused)?;
    let register = load_register(store)?;
    loop {
        let decided = store.read(|tx| tx.reviews())?;
        let mut sorted = Sorted::new(path, &register, &decided);
        sorted.report.rows = sheet.rows.len() as u64;
        for (line, row) in &sheet.rows {
            match row {
                Err(reason) => sorted.refuse(*line, reason.clone(), String::new()),
                Ok(row) => sorted.read(*line, row, places, options),
            }
        }
        sorted.report.notes = [sheet.notes.clone(), places.notes.clone()].concat();
        // A question answered meanwhile is an answer for this file too.
        if let Some(report) = sorted.keep(store)? {
            return Ok(report);
        }
    }
}

/// Everybody the store knows, ready to be matched.
pub(in crate::ingest) fn load_register(store: &Store) -> Result<Register, ImportError> {
    let (players, histories, affiliations, picks) = store.read(|tx| {
        Ok((
            tx.prospects()?,
            tx.histories()?,
            tx.affiliations()?,
            tx.draft_picks()?,
        ))
    })?;
    Ok(Register::new(&players, &histories, &affiliations, &picks))
}

/// What becomes of a file's rows.
struct Sorted<'a> {
    path: &'a Path,
    register: &'a Register,
    /// What was asked before, answered or not.
    decided: &'a [Review],
    report: FileReport,
    /// Line, grade and name as published, by player and entry.
    grades: BTreeMap<(ProspectId, String), (u32, Grade, FoldedName)>,
    /// Line and review by key and entry.
    reviews: BTreeMap<(String, String), (u32, Review)>,
    /// Entries about which nobody need be asked any more.
    answered: Vec<(String, Grade)>,
    bad: Vec<Quarantined>,
    /// Rows that were kept without some of their cells.
    incomplete: Vec<Quarantined>,
}

/// A row and where it stands.
struct Read<'a> {
    line: u32,
    shown: &'a str,
    entry: Entry,
    review: Review,
}

impl<'a> Sorted<'a> {
    fn new(path: &'a Path, register: &'a Register, decided: &'a [Review]) -> Self {
        Self {
            path,
            register,
            decided,
            report: FileReport {
                file: path.display().to_string(),
                ..FileReport::default()
            },
            grades: BTreeMap::new(),
            reviews: BTreeMap::new(),
            answered: Vec::new(),
            bad: Vec::new(),
            incomplete: Vec::new(),
        }
    }

    fn refuse(&mut self, line: u32, reason: String, shown: String) {
        self.bad
            .push(quarantined(self.path, "list", line, reason, shown));
    }

    fn read(&mut self, line: u32, row: &[String], places: &Places, options: &ListOptions) {
        let shown = places.shown(row);
        match entry::read(places, row, options) {
            Err(reason) => self.refuse(line, reason, shown),
            Ok((entry, left_out)) => {
                self.note_cells(line, &left_out, &shown);
                let review = review(&entry);
                self.sort(Read {
                    line,
                    shown: &shown,
                    entry,
                    review,
                });
            }
        }
    }

    fn note_cells(&mut self, line: u32, cells: &[Dropped], shown: &str) {
        if cells.is_empty() {
            return;
        }
        for cell in cells {
            let reason = format!("`{}`: {}", cell.column, cell.reason);
            *self.report.left_out_cells.entry(reason).or_default() += 1;
        }
        let reason = kept_without(cells);
        self.incomplete.push(quarantined(
            self.path,
            "list",
            line,
            reason,
            shown.to_owned(),
        ));
    }

    fn sort(&mut self, row: Read<'_>) {
        let said = self.decided.iter().find(|held| held.key == row.review.key);
        let candidates = match self.register.find(&row.entry.person, row.entry.published) {
            Verdict::Found(id) => return self.give_certain(id, &row, said),
            Verdict::Unsure(candidates) => candidates,
        };
        match said.map(|held| held.decision) {
            Some(Decision::Matched(id)) => self.give(id, &row),
            Some(Decision::Dismissed) => self.report.left_out += 1,
            Some(Decision::Open) | None => {
                self.report.unmatched += 1;
            }
        }
        let review = Review {
            candidates,
            ..row.review.clone()
        };
        let key = (review.key.clone(), entry_name(&row.entry.grade));
        match self.reviews.get(&key) {
            Some((earlier, held)) if held.grades != review.grades && said.is_none_or(is_open) => {
                // Two people of one name and club in one list: only an id helps.
                let reason = format!(
                    "can't be told from line {earlier} of the file: give an id or a birth date"
                );
                self.report.unmatched -= 1;
                self.refuse(row.line, reason, row.shown.to_owned());
            }
            Some((_, held)) if held.grades == review.grades && said.is_none_or(is_open) => {
                self.report.unmatched -= 1;
                self.report.duplicates += 1;
            }
            Some(_) => {}
            None => {
                self.reviews.insert(key, (row.line, review));
            }
        }
    }

    /// A rule tells who it is now. A question about the same row is answered by that,
    /// unless the operator named somebody else: two players must not have it.
    fn give_certain(&mut self, id: ProspectId, row: &Read<'_>, said: Option<&Review>) {
        let grade = &row.entry.grade;
        let same_key = said.filter(|held| held.grades.iter().any(|held| is_same(held, grade)));
        let same_row = || {
            self.decided
                .iter()
                .find(|held| self.asks_about(held, &row.entry, Some(id)))
        };
        let asked = same_key.or_else(same_row);
        match asked.map(|held| (held.decision, held.key.clone())) {
            Some((Decision::Matched(other), key)) if other != id => {
                let reason = format!(
                    "it is {id} by its facts, but {other} by your word: take that back first, \
                     `afwd review dismiss {key}`"
                );
                return self.refuse(row.line, reason, row.shown.to_owned());
            }
            Some((_, key)) => self.answered.push((key, grade.clone())),
            None => {}
        }
        self.give(id, row);
    }

    /// True when a question asked before is about this very row, written otherwise
    /// since: the same place of the same list, and a person who may be the same.
    fn asks_about(&self, asked: &Review, entry: &Entry, id: Option<ProspectId>) -> bool {
        let person = &entry.person;
        let same_place = || {
            asked
                .grades
                .iter()
                .any(|held| has_same_place(held, &entry.grade))
        };
        let named_so = || fold_name(&asked.name).may_be(&fold_name(&person.name));
        let same_club =
            !person.organisation.is_unknown() && asked.organisation == person.organisation;
        if same_place() {
            return same_club || named_so() || id.is_some_and(|id| asked.candidates.contains(&id));
        }
        // Without ranks only everything together tells a row.
        asked.grades.contains(&entry.grade)
            && same_club
            && asked.position == person.position
            && asked.age == person.age
            && named_so()
    }

    fn give(&mut self, id: ProspectId, row: &Read<'_>) {
        let grade = row.entry.grade.clone();
        let key = (id, entry_name(&grade));
        match self.grades.get(&key) {
            None => {
                let name = fold_name(&row.entry.person.name);
                self.grades.insert(key, (row.line, grade, name));
            }
            Some((_, held, _)) if *held == grade => self.report.duplicates += 1,
            Some((earlier, ..)) => {
                let reason =
                    format!("contradicts line {earlier} of the file, which is of the same player");
                self.refuse(row.line, reason, row.shown.to_owned());
            }
        }
    }

    /// Questions of earlier readings of rows that this file asks about otherwise.
    fn superseded(&self) -> Vec<(String, Grade)> {
        let mut gone = Vec::new();
        for (_, review) in self.reviews.values() {
            let Some(grade) = review.grades.first() else {
                continue;
            };
            for held in self
                .decided
                .iter()
                .filter(|held| is_open(held) && held.key != review.key)
            {
                let about = held.grades.iter().any(|held| has_same_place(held, grade))
                    && fold_name(&held.name).may_be(&fold_name(&review.name));
                if about
                    && !self
                        .reviews
                        .contains_key(&(held.key.clone(), entry_name(grade)))
                {
                    gone.push((held.key.clone(), grade.clone()));
                }
            }
        }
        gone
    }

    /// Entries others hold by an earlier reading of rows that are somebody's now.
    fn taken_back(&self, store: &Store) -> Result<Vec<(ProspectId, Grade)>, ImportError> {
        let mut lists: BTreeMap<String, Vec<(ProspectId, Grade)>> = BTreeMap::new();
        let mut taken = Vec::new();
        for ((id, entry), (_, grade, name)) in &self.grades {
            if !lists.contains_key(entry) {
                lists.insert(entry.clone(), store.read(|tx| tx.entries_beside(grade))?);
            }
            let held = lists.get(entry).into_iter().flatten();
            taken.extend(
                held.filter(|(other, held)| {
                    other != id
                        && has_same_place(held, grade)
                        && self.register.is_called(*other, name)
                        && !self.grades.contains_key(&(*other, entry.clone()))
                })
                .cloned(),
            );
        }
        Ok(taken)
    }

    /// Stores it all; nothing, where other questions are answered now than it was sorted by.
    fn keep(mut self, store: &Store) -> Result<Option<FileReport>, ImportError> {
        let taken = self.taken_back(store)?;
        let superseded = self.superseded();
        let grades: Vec<_> = self
            .grades
            .into_iter()
            .map(|((id, _), (_, grade, _))| (id, grade))
            .collect();
        let reviews: Vec<_> = self
            .reviews
            .values()
            .map(|(_, review)| review.clone())
            .collect();
        // Of two people of one name, one who is known answers nothing of the other.
        self.answered
            .retain(|(key, grade)| !self.reviews.contains_key(&(key.clone(), entry_name(grade))));
        self.answered.extend(superseded);
        let file = short_name(self.path);
        let aside = aside(&self.bad, &self.incomplete);
        let changes = store.write(|tx| {
            if tx.reviews()? != self.decided {
                return Ok(None);
            }
            tx.put_reviews(&reviews)?;
            tx.answer_reviews(&self.answered)?;
            tx.put_quarantined(&file, &aside)?;
            tx.take_grades(&taken)?;
            tx.complete_grades(&grades).map(Some)
        })?;
        let Some(changes) = changes else {
            return Ok(None);
        };
        let count = |wanted| changes.iter().filter(|&&change| change == wanted).count() as u64;
        self.report.added = count(Change::Added);
        self.report.updated = count(Change::Updated);
        self.report.unchanged = count(Change::Unchanged);
        self.report.quarantined = self.bad.len() as u64;
        for row in self.bad {
            *self.report.reasons.entry(row.reason).or_default() += 1;
        }
        if self.report.unmatched > 0 {
            let note = "rows that name nobody for certain wait for you: `afwd review list`, or /admin/reviews";
            self.report.notes.push(note.to_owned());
        }
        if !taken.is_empty() {
            self.report.notes.push(format!(
                "{} entries of an earlier reading of this list were taken from players who turned out not to be meant",
                taken.len()
            ));
        }
        Ok(Some(self.report))
    }
}

/// True when two readings are of one row: tabs complete one another, and two
/// people of one list differ in rank.
fn is_same(a: &Grade, b: &Grade) -> bool {
    fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
        a.is_none() || b.is_none() || a == b
    }
    a.same_entry(b)
        && agree(a.rank, b.rank)
        && agree(a.org_rank, b.org_rank)
        && agree(a.future_value, b.future_value)
}

/// True when two entries have the same rank of the same list.
pub(super) fn has_same_place(a: &Grade, b: &Grade) -> bool {
    let ranks = |grade: &Grade| (grade.rank, grade.org_rank);
    a.same_entry(b) && ranks(a) == ranks(b) && ranks(a) != (None, None)
}

fn is_open(review: &Review) -> bool {
    review.decision == Decision::Open
}

fn entry_name(grade: &Grade) -> String {
    let (source, list, year, published) = grade.entry();
    format!("{source}/{list}/{year}/{published:?}")
}

/// The entry as a question for the operator.
fn review(entry: &Entry) -> Review {
    let person = &entry.person;
    Review {
        key: key(person, &entry.grade),
        source: entry.grade.source.clone(),
        name: person.name.clone(),
        birth_date: person.birth_date,
        organisation: person.organisation,
        position: person.position.clone(),
        age: person.age,
        grades: vec![entry.grade.clone()],
        candidates: Vec::new(),
        decision: Decision::Open,
    }
}

/// Publisher and person. Somebody with neither birth date nor organisation is
/// told by his list alone: a bare name must not decide about the next list.
fn key(person: &Person, grade: &Grade) -> String {
    let name = fold_name(&person.name);
    let who = match person.birth_date {
        Some(birth) => birth.to_string(),
        None if !person.organisation.is_unknown() => person.organisation.to_string(),
        None => format!("{} {}", entry_name(grade), person.fangraphs.join(" ")),
    };
    let text = format!(
        "{}\n{} {:?}\n{who}",
        grade.source,
        name.words.join(" "),
        name.suffix
    );
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}
