//! Somebody on a published list who could not be told for certain.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Code, Grade, ProspectId};

/// What the operator said of a row that named nobody for certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Open,
    /// It is this player.
    Matched(ProspectId),
    /// It is nobody we know.
    Dismissed,
}

/// Somebody on a published list who could not be told for certain, with
/// everything that publisher said of him.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Names the publisher and the person: the same in every list.
    pub key: String,
    /// Publisher.
    pub source: String,
    /// Name as published.
    pub name: String,
    /// Birth date, when the list has it.
    pub birth_date: Option<Date>,
    /// Organisation, in our codes.
    pub organisation: Code,
    /// Position as published.
    pub position: String,
    /// Age as published.
    pub age: Option<f32>,
    /// His entries, one per list and publication.
    pub grades: Vec<Grade>,
    /// Who it could be, the likeliest first.
    pub candidates: Vec<ProspectId>,
    /// What the operator said.
    pub decision: Decision,
}

impl Review {
    /// Takes what a newer reading of the same person says. The decision stays.
    pub fn take(&mut self, newer: Self) {
        for mut grade in newer.grades {
            if let Some(at) = self.grades.iter().position(|held| held.same_entry(&grade)) {
                grade.complete(&self.grades.remove(at));
            }
            self.grades.push(grade);
        }
        self.grades.sort_by(|a, b| a.entry().cmp(&b.entry()));
        self.candidates = newer.candidates;
        self.name = newer.name;
        self.organisation = newer.organisation;
        self.birth_date = newer.birth_date;
        self.position = newer.position;
        self.age = newer.age;
    }

    /// Forgets entries of which it is known whose they are. True when none is left.
    pub fn settle(&mut self, known: &[Grade]) -> bool {
        self.grades
            .retain(|held| !known.iter().any(|grade| grade.same_entry(held)));
        self.grades.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Decision, Review};
    use crate::domain::{Code, Grade, ProspectId, Sample, Season};

    fn review(list: &str, rank: u16) -> Review {
        Review {
            key: "k".to_owned(),
            source: "paper".to_owned(),
            name: "Ana Gram".to_owned(),
            birth_date: None,
            organisation: Code::default(),
            position: String::new(),
            age: None,
            grades: vec![Grade {
                source: "paper".to_owned(),
                list: list.to_owned(),
                list_year: Season(2024),
                published: Some(date(2024, 2, 1)),
                sample: Sample::Full,
                rank: Some(rank),
                org_rank: None,
                future_value: None,
                tools: Vec::new(),
            }],
            candidates: Vec::new(),
            decision: Decision::Open,
        }
    }

    #[test]
    fn an_entry_read_again_replaces_itself_and_keeps_the_decision() {
        let mut held = review("top100", 5);
        held.decision = Decision::Matched(ProspectId(7));
        held.take(review("top100", 6));
        held.take(review("org", 1));
        let ranks: Vec<_> = held.grades.iter().map(|grade| grade.rank).collect();
        assert_eq!(ranks, [Some(1), Some(6)]);
        assert_eq!(held.decision, Decision::Matched(ProspectId(7)));
    }
}
