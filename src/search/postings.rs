//! What a search reads: the names, and which of them and of their words carry a gram.

use std::sync::Arc;

use tantivy::InvertedIndexReader;
use tantivy::schema::IndexRecordOption;

use super::error::Error;
use super::roster::Roster;

/// The names of one committed state.
#[derive(Default)]
pub(super) struct Names {
    pub(super) roster: Roster,
    /// Grams of whole names.
    pub(super) name_grams: Postings,
    /// Grams of the words that names are made of.
    pub(super) word_grams: Postings,
}

/// Which numbers carry a gram.
#[derive(Default)]
pub(super) struct Postings(Option<Arc<InvertedIndexReader>>);

impl Postings {
    pub(super) fn new(grams: Arc<InvertedIndexReader>) -> Self {
        Self(Some(grams))
    }

    /// Calls `visit` with how many numbers carry a gram and with those numbers,
    /// block by block: the rarest gram first, until `budget` numbers are read.
    pub(super) fn visit_rarest(
        &self,
        grams: &[Vec<u8>],
        budget: u32,
        mut visit: impl FnMut(u32, &[u32]),
    ) -> Result<(), Error> {
        let Some(index) = &self.0 else { return Ok(()) };
        let mut infos = Vec::with_capacity(grams.len());
        for gram in grams {
            infos.extend(index.terms().get(gram)?);
        }
        infos.sort_by_key(|info| info.doc_freq);
        let mut read = 0;
        for info in infos {
            read += info.doc_freq;
            if read > budget && read > info.doc_freq {
                break;
            }
            let option = IndexRecordOption::Basic;
            let mut blocks = index.read_block_postings_from_terminfo(&info, option)?;
            while !blocks.docs().is_empty() {
                visit(info.doc_freq, blocks.docs());
                blocks.advance();
            }
        }
        Ok(())
    }
}
