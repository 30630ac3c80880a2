//! Published lists and grades, any publisher's.

use super::{Shape, check};
use crate::domain::{Grade, ProspectId, Sample, Tool};
use crate::ingest::import::Options;
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
    type Key = (ProspectId, String);

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let grade = Grade {
            source: required_text(row, "source")?,
            list: required_text(row, "list_name")?,
            list_year: row.season("list_year")?,
            published: row.date("as_of")?.or(options.as_of),
            sample: row.optional("sample")?.unwrap_or(Sample::Full),
            rank: row.optional_count("rank")?,
            org_rank: row.optional_count("org_rank")?,
            future_value: future_value(row)?,
            tools: tools(row)?,
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

/// `fv_num`, else `fv` as published, where a plus adds 2 (`45+` is 47).
fn future_value(row: &Row<'_>) -> Result<Option<f32>, String> {
    if let Some(value) = row.optional::<f32>("fv_num")? {
        return grade("fv_num", value).map(Some);
    }
    let text = row.text("fv");
    if text.is_empty() {
        return Ok(None);
    }
    let (number, plus) = text
        .strip_suffix('+')
        .map_or((text, 0.0), |number| (number, 2.0));
    let value: f32 = number
        .parse()
        .map_err(|_| format!("`fv` = `{text}` is not a grade"))?;
    grade("fv", value + plus).map(Some)
}

fn tools(row: &Row<'_>) -> Result<Vec<(Tool, f32)>, String> {
    let mut tools = Vec::new();
    for &tool in Tool::ALL {
        if let Some(value) = row.optional::<f32>(tool.as_str())? {
            tools.push((tool, grade(tool.as_str(), value)?));
        }
    }
    Ok(tools)
}

fn grade(column: &str, value: f32) -> Result<f32, String> {
    check((10.0..=82.0).contains(&value), || {
        format!("`{column}` = {value} is not on the 20-80 scale")
    })?;
    Ok(value)
}
