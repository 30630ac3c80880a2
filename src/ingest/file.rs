//! Opening a CSV file, plain or gzipped, and knowing how far it has been read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// A CSV file being read, and the count of bytes read from the disk.
pub(super) struct CsvFile {
    pub(super) reader: csv::Reader<Box<dyn Read>>,
    pub(super) read: Arc<AtomicU64>,
    pub(super) size: u64,
}

/// Opens the file; gzip is told by its first bytes, not by its name.
pub(super) fn open(path: &Path) -> io::Result<CsvFile> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory: name the files in it",
        ));
    }
    let read = Arc::new(AtomicU64::new(0));
    let mut counted = BufReader::new(Counted {
        file,
        read: Arc::clone(&read),
    });
    let gzip = io::BufRead::fill_buf(&mut counted)?.starts_with(&[0x1f, 0x8b]);
    let text: Box<dyn Read> = if gzip {
        Box::new(MultiGzDecoder::new(counted))
    } else {
        Box::new(counted)
    };
    // Rows of another length than the header are refused one by one, not as a file.
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .buffer_capacity(1 << 17)
        .from_reader(text);
    Ok(CsvFile {
        reader,
        read,
        size: metadata.len(),
    })
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
