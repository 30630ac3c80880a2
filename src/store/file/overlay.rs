//! A file that is read but never written: what is written stays in memory.
//!
//! A database that was not closed has to be recovered before it can be read, which
//! writes. With this it can be read all the same where nothing can be written, or
//! where nothing should be.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use parking_lot::RwLock;

use super::disk::DiskFile;

const PAGE: u64 = 4096;

/// A file and the pages that differ from it.
#[derive(Debug)]
pub(in crate::store) struct Overlay {
    file: Box<dyn DiskFile>,
    file_len: u64,
    written: RwLock<Written>,
}

#[derive(Debug)]
struct Written {
    len: u64,
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Overlay {
    /// Reads `file`, which need not be writable.
    pub(in crate::store) fn new(file: Box<dyn DiskFile>) -> io::Result<Self> {
        let len = file.len()?;
        Ok(Self {
            file,
            file_len: len,
            written: RwLock::new(Written {
                len,
                pages: BTreeMap::new(),
            }),
        })
    }

    /// Bytes of the file as it is on disk; zeros behind its end.
    fn beneath(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let there = self.file_len.saturating_sub(offset).min(out.len() as u64) as usize;
        let (there, behind) = out.split_at_mut(there);
        behind.fill(0);
        if there.is_empty() {
            return Ok(());
        }
        self.file.read(offset, there)
    }
}

impl DiskFile for Overlay {
    fn len(&self) -> io::Result<u64> {
        let written = self.written.read();
        Ok(written.len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written.read();
        if offset.saturating_add(out.len() as u64) > written.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.beneath(offset, out)?;
        for (page, at, part) in parts(offset, out.len()) {
            if let Some(bytes) = written.pages.get(&page) {
                out[part.clone()].copy_from_slice(&bytes[at..at + part.len()]);
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut written = self.written.write();
        for (page, at, part) in parts(offset, data.len()) {
            let bytes = match written.pages.entry(page) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let mut bytes = vec![0; PAGE as usize];
                    self.beneath(page * PAGE, &mut bytes)?;
                    entry.insert(bytes)
                }
            };
            bytes[at..at + part.len()].copy_from_slice(&data[part]);
        }
        written.len = written.len.max(offset + data.len() as u64);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut written = self.written.write();
        if len < written.len {
            // What is cut off must not come back when the file grows again.
            let last = len / PAGE;
            written.pages.retain(|page, _| *page <= last);
            for page in last..written.len.max(self.file_len).div_ceil(PAGE) {
                let keep = len.saturating_sub(page * PAGE).min(PAGE) as usize;
                let mut bytes = vec![0; PAGE as usize];
                self.beneath(page * PAGE, &mut bytes)?;
                let bytes = written.pages.entry(page).or_insert(bytes);
                bytes[keep..].fill(0);
            }
        }
        written.len = len;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// The pages that `len` bytes at `offset` touch: page, where in it, which of the bytes.
fn parts(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == len {
            return None;
        }
        let from = offset + done as u64;
        let at = (from % PAGE) as usize;
        let end = len.min(done + PAGE as usize - at);
        let part = done..end;
        done = end;
        Some((from / PAGE, at, part))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::{any, prop};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::Overlay;
    use crate::store::file::disk::DiskFile as _;

    proptest! {
        #[test]
        fn it_reads_as_a_file_would(
            base in prop::collection::vec(any::<u8>(), 0..9000),
            steps in prop::collection::vec((any::<bool>(), 0_u64..20_000, 0_usize..9000), 0..12),
        ) {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(&base).expect("room");
            let overlay = Overlay::new(Box::new(file.try_clone().expect("a handle"))).expect("a file");
            let mut model = base.clone();
            for (number, (cut, offset, len)) in steps.into_iter().enumerate() {
                if cut {
                    overlay.set_len(offset).expect("memory");
                    model.resize(offset as usize, 0);
                } else {
                    let data = vec![number as u8 + 1; len];
                    overlay.write(offset, &data).expect("memory");
                    let end = offset as usize + len;
                    model.resize(model.len().max(end), 0);
                    model[offset as usize..end].copy_from_slice(&data);
                }
                prop_assert_eq!(overlay.len().expect("a length"), model.len() as u64);
                let mut whole = vec![0; model.len()];
                overlay.read(0, &mut whole).expect("all of it");
                prop_assert!(whole == model);
            }
            prop_assert_eq!(file.metadata().expect("the file").len(), base.len() as u64);
        }
    }
}
