//! Files as people have them: any separator, any of the usual encodings, a header
//! below some title lines, a workbook. What is no table is named for what it is.

mod format;
mod record;
mod separator;
mod text;
mod unclosed;
mod workbook;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

pub(super) use record::{latin_record, line_of, without_markup};
use text::{latin, plain};
use unclosed::Raw;

use super::error::ImportError;

/// Bytes looked at to tell what a file is.
const SAMPLE: u64 = 1 << 16;
/// Records read ahead, to see what dates look like; the header is among the first of them.
const AHEAD: usize = 200;
/// Records among which the header is looked for.
const TITLES: usize = 25;
/// What is said of quotes that don't close.
const UNCLOSED: &str = "a quote is opened and not closed: the lines it would have swallowed were read one by one; close the quote, or double it if it belongs to the text";
/// Bytes of a file that must be held whole: a workbook, or text in UTF-16.
const MOST_HELD: u64 = 256 << 20;

/// Text of any origin, parted into records.
type Records = csv::Reader<Box<dyn Read>>;

/// A file of rows being read, and the count of bytes read from the disk.
pub(super) struct Table {
    path: PathBuf,
    reader: Records,
    separator: u8,
    /// What the record being read looks like in the file.
    raw: Raw,
    /// Rows read ahead of the one asked for.
    ahead: VecDeque<csv::ByteRecord>,
    /// Lines of a record whose quotes did not close, not yet handed out.
    apart: VecDeque<csv::ByteRecord>,
    /// Lines on which a quote is opened that is not closed as it should be.
    unclosed: Vec<u64>,
    pub(super) read: Arc<AtomicU64>,
    pub(super) size: u64,
    notes: Vec<String>,
}

impl Table {
    /// Opens a file, plain or gzipped; what it is is told by its bytes, not by its name.
    ///
    /// # Errors
    /// When it can't be read, or holds no table.
    pub(super) fn open(path: &Path) -> Result<Self, ImportError> {
        let io = |source| ImportError::Io {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if metadata.is_dir() {
            let reason = "it is a directory: name the files in it";
            return Err(io(io::Error::new(io::ErrorKind::IsADirectory, reason)));
        }
        let read = Arc::new(AtomicU64::new(0));
        let mut counted = BufReader::new(Counted {
            file,
            read: Arc::clone(&read),
        });
        let gzip = io::BufRead::fill_buf(&mut counted)
            .map_err(io)?
            .starts_with(&[0x1f, 0x8b]);
        let bytes: Box<dyn Read> = if gzip {
            Box::new(MultiGzDecoder::new(counted))
        } else {
            Box::new(counted)
        };
        let (text, mut notes) = as_text(bytes, path)?;
        let raw = Raw::default();
        let (reader, separator) = parted(text, &raw).map_err(io)?;
        notes.extend(separator::note(separator));
        Ok(Self {
            path: path.to_owned(),
            reader,
            separator,
            raw,
            ahead: VecDeque::new(),
            apart: VecDeque::new(),
            unclosed: Vec::new(),
            read,
            size: metadata.len(),
            notes,
        })
    }

    /// The first record that `is_header` accepts among the first ones, else the very
    /// first. What stands above it is skipped.
    ///
    /// # Errors
    /// When the file is empty or can't be read.
    pub(super) fn header(
        &mut self,
        is_header: impl Fn(&[String]) -> bool,
    ) -> Result<Vec<String>, ImportError> {
        let mut record = csv::ByteRecord::new();
        while self.ahead.len() < AHEAD && self.advance(&mut record)? {
            self.ahead.push_back(record.clone());
        }
        let headers = |record: &csv::ByteRecord| record.iter().map(header_text).collect::<Vec<_>>();
        let found = self
            .ahead
            .iter()
            .take(TITLES)
            .position(|record| is_header(&headers(record)));
        let above = found.unwrap_or(0);
        if above > 0 {
            let lines = if above == 1 { "line" } else { "lines" };
            self.notes
                .push(format!("{above} {lines} above the header were skipped"));
        }
        self.ahead.drain(..above);
        let header = self.ahead.pop_front().map(|record| headers(&record));
        header
            .filter(|header| header.iter().any(|name| !name.is_empty()))
            .ok_or_else(|| ImportError::Empty(self.path.clone()))
    }

    /// The first rows after the header, as far as they have been read.
    pub(super) fn ahead(&self) -> impl Iterator<Item = &csv::ByteRecord> {
        self.ahead.iter()
    }

    /// The next row that has any text; false at the end.
    ///
    /// # Errors
    /// When the file can't be read.
    pub(super) fn next(&mut self, record: &mut csv::ByteRecord) -> Result<bool, ImportError> {
        if let Some(next) = self.ahead.pop_front() {
            *record = next;
            return Ok(true);
        }
        self.advance(record)
    }

    /// How the file was read so far, where it is not simply UTF-8 with commas and all
    /// quotes closed.
    pub(super) fn notes(&self) -> Vec<String> {
        let unclosed = self
            .unclosed
            .first()
            .map(|first| match self.unclosed.len() {
                1 => format!("line {first}: {UNCLOSED}"),
                more => format!("line {first} and {} more: {UNCLOSED}", more - 1),
            });
        self.notes.iter().cloned().chain(unclosed).collect()
    }

    /// The next record that has any text. Lines that an open quote would have made one
    /// record of are handed out one by one.
    fn advance(&mut self, record: &mut csv::ByteRecord) -> Result<bool, ImportError> {
        loop {
            if let Some(next) = self.apart.pop_front() {
                *record = next;
                return Ok(true);
            }
            if !self.read_record(record)? {
                return Ok(false);
            }
            let cells = record.as_slice();
            if !(cells.contains(&b'\n') || cells.contains(&b'\r')) {
                return Ok(true);
            }
            let line = record.position().map_or(0, csv::Position::line);
            let end = self.reader.position().byte();
            let Some(lines) = self.raw.lines(end, line, self.separator) else {
                return Ok(true);
            };
            self.unclosed.push(line);
            self.apart.extend(lines);
        }
    }

    fn read_record(&mut self, record: &mut csv::ByteRecord) -> Result<bool, ImportError> {
        loop {
            self.raw.begin(self.reader.position().byte());
            let more = self.reader.read_byte_record(record).map_err(|error| {
                let source = match error.into_kind() {
                    csv::ErrorKind::Io(source) => source,
                    other => io::Error::other(format!("{other:?}")),
                };
                ImportError::Io {
                    path: self.path.clone(),
                    source,
                }
            })?;
            if !more || !record.as_slice().trim_ascii().is_empty() {
                return Ok(more);
            }
        }
    }
}

/// A header as messages may show it: without the control characters a terminal obeys.
fn header_text(field: &[u8]) -> String {
    let text = match std::str::from_utf8(field) {
        Ok(text) => plain(text).into_owned(),
        Err(_) => latin(field).unwrap_or_else(|| String::from_utf8_lossy(field).into_owned()),
    };
    let text = text.replace(char::is_control, " ");
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

/// The text of a file, in UTF-8 where its encoding says so.
fn as_text(
    mut bytes: Box<dyn Read>,
    path: &Path,
) -> Result<(Box<dyn Read>, Vec<String>), ImportError> {
    let io = |source| ImportError::Io {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    bytes
        .by_ref()
        .take(SAMPLE)
        .read_to_end(&mut head)
        .map_err(io)?;
    let whole = |mut rest: Box<dyn Read>, mut head: Vec<u8>| {
        rest.by_ref()
            .take(MOST_HELD)
            .read_to_end(&mut head)
            .map(|_| head)
    };
    match format::of(&head) {
        format::Format::Text => {
            let skipped = if head.starts_with(b"\xef\xbb\xbf") {
                3
            } else {
                0
            };
            head.drain(..skipped);
            Ok((Box::new(Cursor::new(head).chain(bytes)), Vec::new()))
        }
        format::Format::Utf16(order) => {
            let held = whole(bytes, head).map_err(io)?;
            let text = text::utf16(&held, order);
            let note = "read as UTF-16".to_owned();
            Ok((Box::new(Cursor::new(text.into_bytes())), vec![note]))
        }
        format::Format::Workbook => {
            let held = whole(bytes, head).map_err(io)?;
            match workbook::as_csv(held) {
                Ok((text, notes)) => Ok((Box::new(Cursor::new(text)), notes)),
                Err(reason) => Err(ImportError::Format {
                    path: path.to_owned(),
                    reason,
                }),
            }
        }
        format::Format::Other(reason) => Err(ImportError::Format {
            path: path.to_owned(),
            reason,
        }),
    }
}

/// A reader of the text by the separator it uses.
fn parted(mut text: Box<dyn Read>, raw: &Raw) -> io::Result<(Records, u8)> {
    let mut head = Vec::new();
    text.by_ref().take(SAMPLE).read_to_end(&mut head)?;
    let (separator, skipped) = separator::of(&head);
    // What is cut off keeps its line end, so that lines keep their numbers.
    head.drain(..skipped);
    let rest: Box<dyn Read> = Box::new(Cursor::new(head).chain(text));
    // Rows of another length than the header are refused one by one, not as a file.
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(separator)
        .buffer_capacity(1 << 17)
        .from_reader(Box::new(raw.remember(rest)) as Box<dyn Read>);
    Ok((reader, separator))
}

struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
