//! A list's entries to the store: to a player, to the operator, or set aside.

use std::collections::BTreeMap;
use std::path::Path;

use super::entry::{self, Entry, ListOptions};
use super::matching::{Person, Register, Verdict};
use super::sheet::{Places, Sheet};
use crate::domain::{Decision, Grade, ProspectId, Review};
use crate::ingest::import::short_name;
use crate::ingest::{FileReport, ImportError};
use crate::search::fold::fold_name;
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
    let sheet = Sheet::open(path)?;
    let places = sheet
        .places(&options.map)
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
    let decided = store.read(|tx| tx.reviews())?;
    let mut sorted = Sorted::new(path, sheet.rows.len() as u64);
    for (line, row) in &sheet.rows {
        let read = match row {
            Err(reason) => Err((reason.clone(), String::new())),
            Ok(row) => {
                entry::read(places, row, options).map_err(|reason| (reason, places.shown(row)))
            }
        };
        match read {
            Err((reason, shown)) => sorted.refuse(*line, reason, shown),
            Ok(entry) => sorted.sort(*line, entry, &register, &decided, row, places),
        }
    }
    sorted.keep(store)
}

/// Everybody the store knows, ready to be matched.
pub(in crate::ingest) fn load_register(store: &Store) -> Result<Register, ImportError> {
    let (players, histories, affiliations) =
        store.read(|tx| Ok((tx.prospects()?, tx.histories()?, tx.affiliations()?)))?;
    Ok(Register::new(&players, &histories, &affiliations))
}

/// A refused row as it is kept.
pub(in crate::ingest) fn quarantined(
    path: &Path,
    kind: &str,
    line: u32,
    reason: String,
    row: String,
) -> Quarantined {
    Quarantined {
        file: short_name(path),
        line,
        kind: kind.to_owned(),
        reason,
        row,
    }
}

/// What becomes of a file's rows.
struct Sorted<'a> {
    path: &'a Path,
    report: FileReport,
    /// Line and grade by player and entry.
    grades: BTreeMap<(ProspectId, String), (u32, Grade)>,
    /// Line and review by key and entry.
    reviews: BTreeMap<(String, String), (u32, Review)>,
    /// Entries about which nobody need be asked any more.
    answered: Vec<(String, Grade)>,
    bad: Vec<Quarantined>,
}

impl<'a> Sorted<'a> {
    fn new(path: &'a Path, rows: u64) -> Self {
        Self {
            path,
            report: FileReport {
                file: path.display().to_string(),
                rows,
                ..FileReport::default()
            },
            grades: BTreeMap::new(),
            reviews: BTreeMap::new(),
            answered: Vec::new(),
            bad: Vec::new(),
        }
    }

    fn refuse(&mut self, line: u32, reason: String, shown: String) {
        self.bad
            .push(quarantined(self.path, "list", line, reason, shown));
    }

    fn sort(
        &mut self,
        line: u32,
        entry: Entry,
        register: &Register,
        decided: &[Review],
        row: &Result<Vec<String>, String>,
        places: &Places,
    ) {
        let review = review(&entry);
        let said = decided.iter().find(|held| held.key == review.key);
        let candidates = match register.find(&entry.person, entry.published) {
            Verdict::Found(id) => return self.give_certain(line, id, &review, said, row, places),
            Verdict::Unsure(candidates) => candidates,
        };
        match said.map(|held| held.decision) {
            Some(Decision::Matched(id)) => self.give(line, id, entry.grade.clone(), row, places),
            Some(Decision::Dismissed) => self.report.left_out += 1,
            Some(Decision::Open) | None => {
                self.report.unmatched += 1;
            }
        }
        let review = Review {
            candidates,
            ..review
        };
        let key = (review.key.clone(), entry_name(&entry.grade));
        match self.reviews.get(&key) {
            Some((earlier, held)) if held.grades != review.grades && said.is_none_or(is_open) => {
                // Two people of one name and club in one list: only an id helps.
                let reason = format!(
                    "can't be told from line {earlier} of the file: give an id or a birth date"
                );
                self.report.unmatched -= 1;
                self.refuse(line, reason, shown(row, places));
            }
            Some((_, held)) if held.grades == review.grades && said.is_none_or(is_open) => {
                self.report.unmatched -= 1;
                self.report.duplicates += 1;
            }
            Some(_) => {}
            None => {
                self.reviews.insert(key, (line, review));
            }
        }
    }

    /// A rule tells who it is now. A question about the same entry is answered by
    /// that, unless the operator named somebody else: two players must not have it.
    fn give_certain(
        &mut self,
        line: u32,
        id: ProspectId,
        review: &Review,
        said: Option<&Review>,
        row: &Result<Vec<String>, String>,
        places: &Places,
    ) {
        let Some(grade) = review.grades.first() else {
            return;
        };
        let asked = said.filter(|held| held.grades.iter().any(|held| is_same(held, grade)));
        match asked.map(|held| held.decision) {
            Some(Decision::Matched(other)) if other != id => {
                let reason = format!(
                    "it is {id} by its facts, but {other} by your word: take that back first, \
                     `afwd review dismiss {}`",
                    review.key
                );
                return self.refuse(line, reason, shown(row, places));
            }
            Some(_) => self.answered.push((review.key.clone(), grade.clone())),
            None => {}
        }
        self.give(line, id, grade.clone(), row, places);
    }

    fn give(
        &mut self,
        line: u32,
        id: ProspectId,
        grade: Grade,
        row: &Result<Vec<String>, String>,
        places: &Places,
    ) {
        let key = (id, entry_name(&grade));
        match self.grades.get(&key) {
            None => {
                self.grades.insert(key, (line, grade));
            }
            Some((_, held)) if *held == grade => self.report.duplicates += 1,
            Some((earlier, _)) => {
                let reason = format!("contradicts line {earlier} of the file");
                self.refuse(line, reason, shown(row, places));
            }
        }
    }

    fn keep(mut self, store: &Store) -> Result<FileReport, ImportError> {
        let grades: Vec<_> = self
            .grades
            .into_iter()
            .map(|((id, _), (_, grade))| (id, grade))
            .collect();
        let reviews: Vec<_> = self
            .reviews
            .values()
            .map(|(_, review)| review.clone())
            .collect();
        // Of two people of one name, one who is known answers nothing of the other.
        self.answered
            .retain(|(key, grade)| !self.reviews.contains_key(&(key.clone(), entry_name(grade))));
        let file = short_name(self.path);
        let changes = store.write(|tx| {
            tx.put_reviews(&reviews)?;
            tx.answer_reviews(&self.answered)?;
            tx.put_quarantined(&file, &self.bad)?;
            tx.complete_grades(&grades)
        })?;
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
        Ok(self.report)
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

fn is_open(review: &Review) -> bool {
    review.decision == Decision::Open
}

fn shown(row: &Result<Vec<String>, String>, places: &Places) -> String {
    row.as_ref()
        .map_or_else(|_| String::new(), |row| places.shown(row))
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
