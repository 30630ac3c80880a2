//! People on published lists who could not be told for certain.

use std::fmt;

use jiff::civil::Date;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::numbers::Number;
use super::shape::{Form, Record, record};
use crate::domain::{Code, Decision, Grade, ProspectId, Review, Sample, Tool};

record! {
    /// Somebody on a list.
    ReviewRecord of Review {
        key: String,
        source: String,
        name: String,
        birth_date: Option<Date>,
        organisation: Code,
        position: String,
        age: Option<f32>,
        grades: Vec<EntryRecord>,
        candidates: Vec<u32>,
        decision: DecisionRecord,
    }
}

impl Record for ReviewRecord {}

record! {
    /// His entry in a list. Unlike [`super::grades::GradeRecord`] its date is text.
    EntryRecord of Grade {
        source: String,
        list: String,
        list_year: u16,
        published: Option<Date>,
        sample: Number<Sample>,
        rank: Option<u16>,
        org_rank: Option<u16>,
        future_value: Option<f32>,
        tools: Vec<(Number<Tool>, f32)>,
    }
}

/// What the operator said: 0 nothing yet, 1 and an id that it is this player, 2 that
/// it is nobody we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct DecisionRecord(Decision);

impl Form<Decision> for DecisionRecord {
    fn of(value: &Decision) -> Self {
        Self(*value)
    }

    fn value(self) -> Decision {
        self.0
    }
}

impl Serialize for DecisionRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Decision::Open => 0_u8.serialize(serializer),
            Decision::Matched(player) => (1_u8, player.0).serialize(serializer),
            Decision::Dismissed => 2_u8.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for DecisionRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(2, DecisionVisitor)
    }
}

struct DecisionVisitor;

impl<'de> Visitor<'de> for DecisionVisitor {
    type Value = DecisionRecord;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decision's number, and a player's after 1")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<DecisionRecord, A::Error> {
        let missing = || A::Error::invalid_length(0, &self);
        Ok(DecisionRecord(
            match parts.next_element::<u8>()?.ok_or_else(missing)? {
                0 => Decision::Open,
                1 => {
                    let player = parts.next_element()?.ok_or_else(missing)?;
                    Decision::Matched(ProspectId(player))
                }
                2 => Decision::Dismissed,
                other => {
                    let what = format!("{other} is the number of no decision");
                    return Err(A::Error::custom(what));
                }
            },
        ))
    }
}
