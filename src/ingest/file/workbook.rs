//! Spreadsheets: the first sheet that holds anything, as CSV.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetVisible, open_workbook_auto_from_rs};

const UNREADABLE: &str = "it is a workbook that can't be read (encrypted, damaged or no spreadsheet): \
                          open it and save the sheet as CSV";

/// The rows of a workbook as CSV, and what the operator should know of it; the error
/// is a sentence.
pub(super) fn as_csv(bytes: Vec<u8>) -> Result<(Vec<u8>, Vec<String>), String> {
    // A damaged workbook may be anything; the reader was not made for malice.
    let read = catch_unwind(AssertUnwindSafe(|| read(bytes)));
    read.unwrap_or_else(|_| Err(UNREADABLE.to_owned()))
}

fn read(bytes: Vec<u8>) -> Result<(Vec<u8>, Vec<String>), String> {
    let mut workbook =
        open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| UNREADABLE.to_owned())?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut filled = Vec::new();
    for name in &sheets {
        let range = workbook
            .worksheet_range(name)
            .map_err(|_| UNREADABLE.to_owned())?;
        if range.used_cells().next().is_some() {
            filled.push((name, range));
        }
    }
    let Some((name, range)) = filled.first() else {
        return Err("it is a workbook without a filled sheet".to_owned());
    };
    let mut csv = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    // A sheet may begin below its first row; rows keep their numbers.
    let above = range.start().map_or(0, |(row, _)| row);
    let failed = |_| UNREADABLE.to_owned();
    for _ in 0..above.min(1_000) {
        csv.write_record([""]).map_err(failed)?;
    }
    for row in range.rows() {
        csv.write_record(row.iter().map(text)).map_err(failed)?;
    }
    let mut notes = vec![format!("read the sheet “{name}” of a workbook")];
    if filled.len() > 1 {
        let others: Vec<String> = filled[1..]
            .iter()
            .map(|(name, _)| format!("“{name}”"))
            .collect();
        notes.push(format!(
            "its other sheets were not read: {}; save each as CSV to import it",
            others.join(", ")
        ));
    }
    let csv = csv.into_inner().map_err(|_| UNREADABLE.to_owned())?;
    Ok((csv, notes))
}

/// A cell as it would be exported.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        // Line breaks would shift the numbers of lines.
        Data::String(text) => text.replace(['\r', '\n'], " "),
        Data::Bool(true) => "true".to_owned(),
        Data::Bool(false) => "false".to_owned(),
        Data::DateTime(day) if day.is_datetime() => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}
