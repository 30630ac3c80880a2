//! Grades and ranks of published lists.

use super::numbers::Number;
use super::shape::{Day, Record, record};
use crate::domain::{Grade, Sample, Tool};

record! {
    /// A player's entry in a list.
    GradeRecord of Grade {
        source: String,
        list: String,
        list_year: u16,
        published: Option<Day>,
        sample: Number<Sample>,
        rank: Option<u16>,
        org_rank: Option<u16>,
        future_value: Option<f32>,
        tools: Vec<(Number<Tool>, f32)>,
    }
}

impl Record for GradeRecord {}
