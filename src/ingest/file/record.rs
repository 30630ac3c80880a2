//! Records: where they stand, and their cells as they are read on a page.

use super::text::{latin, plain};

/// The row's line in its file.
pub(in crate::ingest) fn line_of(record: &csv::ByteRecord) -> u32 {
    record.position().map_or(0, |at| at.line() as u32)
}

/// A record read as Windows-1252.
pub(in crate::ingest) fn latin_record(record: &csv::ByteRecord) -> Option<csv::StringRecord> {
    let fields: Option<Vec<String>> = record.iter().map(latin).collect();
    let mut text = csv::StringRecord::from(fields?);
    text.set_position(record.position().cloned());
    Some(text)
}

/// The record with its cells as they are read on a page.
pub(in crate::ingest) fn without_markup(record: csv::StringRecord) -> csv::StringRecord {
    let bytes = record.as_slice();
    if bytes.is_ascii() && !bytes.contains(['<', '&']) {
        return record;
    }
    let mut read: csv::StringRecord = record.iter().map(plain).collect();
    read.set_position(record.position().cloned());
    read
}
