//! Published lists and grades, any publisher's.

use super::shape::Shape;
use crate::domain::{Grade, ProspectId, Sample, Tool};
use crate::ingest::cell;
use crate::ingest::lists::grades;
use crate::ingest::plausible::check;
use crate::ingest::report::Options;
use crate::ingest::row::Row;
use crate::store::{Change, StoreError, WriteTx};

/// A row of a list.
#[derive(PartialEq)]
pub(crate) struct Scouting {
    player: ProspectId,
    grade: Grade,
}

impl Shape for Scouting {
    const REQUIRED: &'static [&'static str] =
        &["source", "list_name", "list_year", "as_of", "mlbam_id"];
    const OPTIONAL: &'static [&'static str] = &[
        "sample",
        "rank",
        "org_rank",
        "fv",
        "fv_num",
        "hit",
        "game_power",
        "raw_power",
        "speed",
        "field",
        "arm",
        "pitch_select",
        "bat_control",
        "fastball",
        "slider",
        "curve",
        "changeup",
        "cutter",
        "splitter",
        "command",
    ];
    type Key = (ProspectId, String);

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let grade = Grade {
            source: required_text(row, "source")?,
            list: required_text(row, "list_name")?,
            list_year: row.season("list_year")?,
            published: row.certain_date("as_of")?.or(options.as_of),
            sample: row
                .optional("sample", |text| {
                    text.parse().map_err(|_| "not a kind of sample".to_owned())
                })
                .unwrap_or(Sample::Full),
            rank: row.optional("rank", grades::rank),
            org_rank: row.optional("org_rank", grades::rank),
            future_value: row
                .optional("fv_num", future_value)
                .or_else(|| row.optional("fv", grades::grade)),
            tools: tools(row),
        };
        Ok(Self {
            player: row.player()?,
            grade,
        })
    }

    fn key(&self) -> Self::Key {
        let Grade {
            source,
            list,
            list_year,
            published,
            ..
        } = &self.grade;
        (
            self.player,
            format!("{source}/{list}/{list_year}/{published:?}"),
        )
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        tx.put_grades(
            &rows
                .iter()
                .map(|row| (row.player, row.grade.clone()))
                .collect::<Vec<_>>(),
        )
    }
}

fn required_text(row: &Row<'_>, column: &str) -> Result<String, String> {
    let text = row.text(column);
    check(!text.is_empty(), || format!("`{column}` is empty"))?;
    check(!text.contains('/') && text.len() <= 64, || {
        format!("`{column}` = `{text}`: at most 64 characters, no slash")
    })?;
    Ok(text.to_owned())
}

/// A grade as a number, in which a plus has become 2.
fn future_value(text: &str) -> Result<f32, String> {
    match cell::number(text) {
        Some(value) if (10.0..=82.0).contains(&value) => Ok(value as f32),
        _ => Err("not on the 20-80 scale".to_owned()),
    }
}

fn tools(row: &Row<'_>) -> Vec<(Tool, f32)> {
    Tool::ALL
        .iter()
        .filter_map(|&tool| Some((tool, row.optional(tool.as_str(), tool_grade)?)))
        .collect()
}

fn tool_grade(text: &str) -> Result<f32, String> {
    future_value(text).or_else(|_| grades::grade(text))
}
