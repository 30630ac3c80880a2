//! Quotes that are opened and never closed: without care one of them takes the rest of
//! the file, or all rows up to the next quote, into a single cell.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

/// The text that the current record was read from, byte by byte as it stands in the file.
#[derive(Clone, Default)]
pub(super) struct Raw {
    /// Where the current record begins, in bytes of the text.
    from: Rc<Cell<u64>>,
    held: Rc<RefCell<Held>>,
}

#[derive(Default)]
struct Held {
    /// Where the held bytes begin.
    start: u64,
    bytes: Vec<u8>,
}

/// A text that is remembered, as far as it belongs to the current record, while it is read.
pub(super) struct Remembered<R> {
    text: R,
    raw: Raw,
}

impl Raw {
    /// The text, remembered here from now on.
    pub(super) fn remember<R: Read>(&self, text: R) -> Remembered<R> {
        Remembered {
            text,
            raw: self.clone(),
        }
    }

    /// Says where the current record begins: nothing before it will be asked for.
    pub(super) fn begin(&self, byte: u64) {
        self.from.set(byte);
    }

    /// The lines of the current record, which ends before byte `end`, each read by itself:
    /// where a quote in it is not closed as it should be. `None` where all is well.
    pub(super) fn lines(&self, end: u64, line: u64, separator: u8) -> Option<Vec<csv::ByteRecord>> {
        let held = self.held.borrow();
        let at = |byte: u64| {
            let offset = usize::try_from(byte.saturating_sub(held.start)).unwrap_or(usize::MAX);
            offset.min(held.bytes.len())
        };
        let text = held.bytes.get(at(self.from.get())..at(end))?;
        (!closes(text.trim_ascii(), separator)).then(|| apart(text, line, separator))
    }

    fn append(&self, read: &[u8]) {
        let mut held = self.held.borrow_mut();
        let done = usize::try_from(self.from.get().saturating_sub(held.start)).unwrap_or(0);
        let done = done.min(held.bytes.len());
        held.bytes.drain(..done);
        held.start += done as u64;
        held.bytes.extend_from_slice(read);
    }
}

impl<R: Read> Read for Remembered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        self.raw.append(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Whether each quoted cell ends with a quote and nothing follows it in the cell (RFC 4180,
/// section 2, rules 5 to 7).
fn closes(record: &[u8], separator: u8) -> bool {
    let mut bytes = record.iter().copied().peekable();
    let ends_cell = |byte: u8| byte == separator || byte == b'\n' || byte == b'\r';
    let mut starts_cell = true;
    while let Some(byte) = bytes.next() {
        if !(starts_cell && byte == b'"') {
            starts_cell = ends_cell(byte);
            continue;
        }
        loop {
            match bytes.next() {
                None => return false,
                Some(b'"') if bytes.peek() == Some(&b'"') => bytes.next(),
                Some(b'"') => break,
                Some(_) => None,
            };
        }
        if bytes.peek().is_some_and(|&next| !ends_cell(next)) {
            return false;
        }
        starts_cell = false;
    }
    true
}

/// Each line as a record of its own; `line` is the number of the first.
fn apart(text: &[u8], line: u64, separator: u8) -> Vec<csv::ByteRecord> {
    // Line breaks before the record belong to the lines counted before it.
    let blank = text.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let text = text.get(blank..).unwrap_or_default();
    let lines = text.split(|&byte| byte == b'\n').zip(line..);
    lines
        .filter_map(|(bytes, line)| {
            let mut record = alone(bytes.trim_ascii_end(), separator)?;
            let mut position = csv::Position::new();
            position.set_line(line);
            record.set_position(Some(position));
            Some(record)
        })
        .collect()
}

/// A line as a record; a quote that is not closed on it is no part of its cell.
fn alone(line: &[u8], separator: u8) -> Option<csv::ByteRecord> {
    let quoting = closes(line, separator);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .quoting(quoting)
        .delimiter(separator)
        .from_reader(line);
    let record = reader.byte_records().next()?.ok()?;
    if quoting {
        return Some(record);
    }
    let bare = |cell: &[u8]| {
        let opened = cell.strip_prefix(b"\"").unwrap_or(cell);
        let closed = opened
            .strip_suffix(b"\"")
            .filter(|_| opened.len() < cell.len());
        closed.unwrap_or(opened).to_vec()
    };
    Some(record.iter().map(bare).collect())
}

#[cfg(test)]
mod tests {
    use super::{apart, closes};

    #[test]
    fn a_cell_of_several_lines_is_no_fault_and_an_open_quote_is() {
        for well in [
            "a,b,c",
            "a,\"b\nc\",d",
            "\"a, b\",\"c \"\"d\"\"\",\"\"",
            "6'2\",b",
            "a;\"b\";c",
            "",
        ] {
            assert!(
                closes(
                    well.as_bytes(),
                    if well.contains(';') { b';' } else { b',' }
                ),
                "{well}"
            );
        }
        for open in [
            "a,\"b,c\nd,e,f",
            "a,\"b,c\nd,\"e\",f",
            "\"a\nb",
            "\"",
            "a,\"b\"c,d",
        ] {
            assert!(!closes(open.as_bytes(), b','), "{open}");
        }
    }

    #[test]
    fn lines_keep_their_numbers() {
        let rows = apart(b"\n1,\"Ana\n\n2,\"Al, Jr.\"\n", 7, b',');
        let read: Vec<(u64, Vec<&[u8]>)> = rows
            .iter()
            .map(|row| (row.position().expect("set").line(), row.iter().collect()))
            .collect();
        let expected: Vec<(u64, Vec<&[u8]>)> =
            vec![(7, vec![b"1", b"Ana"]), (9, vec![b"2", b"Al, Jr."])];
        assert_eq!(read, expected);
    }
}
