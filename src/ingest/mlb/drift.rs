//! Fields the source added, dropped or renamed since this was written.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::finding;
use super::wire::Object;
use crate::domain::{Check, Finding, Severity};

/// The fields of one kind of object.
pub(super) struct Shape {
    /// What it is, for the finding.
    pub(super) what: &'static str,
    /// Fields that are read: each must be in some row of every answer.
    pub(super) relied: &'static [&'static str],
    /// Other fields known to occur.
    pub(super) known: &'static [&'static str],
    /// How much it matters when a field that is read is gone.
    pub(super) severity: Severity,
}

/// What was seen of a shape in one answer.
#[derive(Default)]
struct Seen {
    rows: u32,
    fields: BTreeMap<String, u32>,
}

/// Counts the fields of everything read.
#[derive(Default)]
pub(super) struct Drift {
    /// By what the object is and the answer it came in.
    seen: BTreeMap<(&'static str, String), (&'static Shape, Seen)>,
}

impl Drift {
    /// Counts the fields of an object of an answer.
    pub(super) fn note(&mut self, shape: &'static Shape, answer: &str, object: &Object) {
        let key = (shape.what, answer.to_owned());
        let (_, seen) = self
            .seen
            .entry(key)
            .or_insert_with(|| (shape, Seen::default()));
        seen.rows += 1;
        for field in object.keys() {
            match seen.fields.get_mut(field) {
                Some(rows) => *rows += 1,
                None => {
                    seen.fields.insert(field.clone(), 1);
                }
            }
        }
    }

    /// What differs from the shapes as they were.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let shapes: BTreeMap<&str, &Shape> = self
            .seen
            .iter()
            .map(|((what, _), (shape, _))| (*what, *shape))
            .collect();
        shapes.values().flat_map(|shape| self.of(shape)).collect()
    }

    fn of(&self, shape: &Shape) -> Vec<Finding> {
        let missing = self.missing(shape);
        let unknown = self.unknown(shape);
        let mut found = Vec::new();
        let mut explained: BTreeSet<&str> = BTreeSet::new();
        for (field, answers) in &missing {
            let new = unknown.keys().find(|new| alike(field, new));
            explained.extend(new.copied());
            let what = match new {
                Some(new) => format!(
                    "the field `{field}` of a {} is gone; `{new}` may be its new name",
                    shape.what
                ),
                None => format!("the field `{field}` of a {} is gone", shape.what),
            };
            found.push(finding(
                Check::Schema,
                shape.severity,
                what,
                answers.len() as u32,
                answers.iter().cloned(),
            ));
        }
        let new: Vec<_> = unknown
            .iter()
            .filter(|(field, _)| !explained.contains(**field))
            .map(|(field, rows)| format!("`{field}` in {rows} rows"))
            .collect();
        if !new.is_empty() {
            let what = format!("a {} has fields not known before", shape.what);
            found.push(finding(
                Check::Schema,
                Severity::Info,
                what,
                new.len() as u32,
                new,
            ));
        }
        found
    }

    /// Fields that are read and the answers in which no row has them.
    fn missing(&self, shape: &Shape) -> BTreeMap<&'static str, Vec<String>> {
        let mut missing: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (answer, seen) in self.answers(shape) {
            for field in shape.relied {
                if !seen.fields.contains_key(*field) {
                    missing.entry(field).or_default().push(answer.to_owned());
                }
            }
        }
        missing
    }

    /// Fields not known and the rows that have them.
    fn unknown<'a>(&'a self, shape: &'a Shape) -> BTreeMap<&'a str, u32> {
        let mut unknown = BTreeMap::new();
        for (field, rows) in self.answers(shape).flat_map(|(_, seen)| &seen.fields) {
            let field = field.as_str();
            if !shape.relied.contains(&field) && !shape.known.contains(&field) {
                *unknown.entry(field).or_insert(0) += rows;
            }
        }
        unknown
    }

    fn answers<'a>(&'a self, shape: &'a Shape) -> impl Iterator<Item = (&'a str, &'a Seen)> {
        self.seen
            .iter()
            .filter(|((what, _), _)| *what == shape.what)
            .map(|((_, answer), (_, seen))| (answer.as_str(), seen))
    }
}

/// True when one name may be the other's new spelling.
fn alike(old: &str, new: &str) -> bool {
    let plain = |name: &str| -> Vec<char> {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (old, new) = (plain(old), plain(new));
    let (short, long) = if old.len() < new.len() {
        (&old, &new)
    } else {
        (&new, &old)
    };
    let inside = short.len() >= 4
        && long
            .windows(short.len())
            .any(|part| part == short.as_slice());
    inside || distance(&old, &new) <= (old.len() / 3).max(1)
}

/// How many letters must change to make one name the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let above = row[j + 1];
            let change = diagonal + usize::from(from != to);
            row[j + 1] = change.min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Drift, Shape, alike};
    use crate::domain::Severity;

    static SHAPE: Shape = Shape {
        what: "thing",
        relied: &["homeRuns", "hits"],
        known: &["rank"],
        severity: Severity::Critical,
    };

    fn findings(rows: &[serde_json::Value]) -> Vec<(Severity, String)> {
        let mut drift = Drift::default();
        for row in rows {
            drift.note(&SHAPE, "2025 AA", row.as_object().expect("an object"));
        }
        let found = drift.findings().into_iter();
        found
            .map(|finding| (finding.severity, finding.what))
            .collect()
    }

    #[test]
    fn rows_as_known_are_no_finding() {
        assert_eq!(
            findings(&[
                json!({"homeRuns": 1, "hits": 1}),
                json!({"hits": 1, "rank": 2})
            ]),
            []
        );
        assert_eq!(findings(&[]), []);
    }

    #[test]
    fn new_gone_and_renamed_fields_are_told_apart() {
        let found = findings(&[json!({"home_runs": 1, "shoeSize": 44})]);
        assert_eq!(
            found,
            [
                (
                    Severity::Critical,
                    "the field `hits` of a thing is gone".to_owned()
                ),
                (
                    Severity::Critical,
                    "the field `homeRuns` of a thing is gone; `home_runs` may be its new name"
                        .to_owned()
                ),
                (
                    Severity::Info,
                    "a thing has fields not known before".to_owned()
                ),
            ]
            .into_iter()
            .filter(|(_, what)| !what.is_empty())
            .collect::<Vec<_>>()
        );
    }

    #[test]
    fn names_are_alike_by_letters() {
        assert!(alike("homeRuns", "HomeRuns") && alike("strikeOuts", "strikeOutsTotal"));
        assert!(alike("hits", "hit") && !alike("hits", "whip") && !alike("homeRuns", "shoeSize"));
    }
}
