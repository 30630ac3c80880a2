//! Grades and ranks of published lists.

use serde::{Deserialize, Serialize};

use super::{Day, date, day};
use crate::domain::{Grade, Sample, Season, Tool};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct GradeRecord {
    source: String,
    list: String,
    list_year: u16,
    published: Option<Day>,
    sample: Sample,
    rank: Option<u16>,
    org_rank: Option<u16>,
    future_value: Option<f32>,
    tools: Vec<(Tool, f32)>,
}

impl From<GradeRecord> for Grade {
    fn from(record: GradeRecord) -> Self {
        Self {
            source: record.source,
            list: record.list,
            list_year: Season(record.list_year),
            published: record.published.map(date),
            sample: record.sample,
            rank: record.rank,
            org_rank: record.org_rank,
            future_value: record.future_value,
            tools: record.tools,
        }
    }
}

impl From<&Grade> for GradeRecord {
    fn from(grade: &Grade) -> Self {
        Self {
            source: grade.source.clone(),
            list: grade.list.clone(),
            list_year: grade.list_year.0,
            published: grade.published.map(day),
            sample: grade.sample,
            rank: grade.rank,
            org_rank: grade.org_rank,
            future_value: grade.future_value,
            tools: grade.tools.clone(),
        }
    }
}
