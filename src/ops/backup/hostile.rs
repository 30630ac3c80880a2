//! Archives that mean harm, made from a good one: the corpus of tests and of
//! `afwd torture`.
//!
//! Each case is refused with nothing written outside and the old data untouched;
//! a few may also turn out to be the good archive after all (a flipped bit that
//! nothing depends on), and then restore exactly its content.

mod contents;
mod forge;
mod layers;
mod members;

use std::sync::Arc;

use forge::Good;

/// An archive that means harm.
pub struct Case {
    /// What is wrong with it.
    pub name: String,
    /// False for random damage, which may hit what nothing depends on.
    pub must_refuse: bool,
    make: Box<dyn Fn() -> Vec<u8> + Send + Sync>,
}

impl Case {
    /// The archive's bytes, made anew.
    pub fn bytes(&self) -> Vec<u8> {
        (self.make)()
    }

    fn refused(
        name: impl Into<String>,
        make: impl Fn() -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            must_refuse: true,
            make: Box::new(make),
        }
    }

    fn damage(name: impl Into<String>, make: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self {
            must_refuse: false,
            ..Self::refused(name, make)
        }
    }
}

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
