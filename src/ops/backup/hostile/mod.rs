//! Archives that mean harm, made from a good one: the corpus of tests and of
//! `afwd torture`.
//!
//! Each case is refused with nothing written outside and the old data untouched;
//! a few may also turn out to be the good archive after all (a flipped bit that
//! nothing depends on), and then restore exactly its content.

mod case;
mod contents;
mod forge;
mod layers;
mod members;

use std::sync::Arc;

pub use case::Case;
use forge::Good;

/// The corpus, made from the plain archive `plain` and the sealed archive `sealed`
/// of a small store with a model.
///
/// # Errors
/// When `plain` is no archive of ours.
pub fn cases(plain: &[u8], sealed: &[u8]) -> super::Result<Vec<Case>> {
    let good = Arc::new(Good::read(plain)?);
    let mut cases = members::cases(&good);
    cases.extend(contents::cases(&good));
    cases.extend(layers::cases(&good, plain, sealed));
    Ok(cases)
}
