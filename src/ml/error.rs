use std::path::PathBuf;

use crate::domain::Role;

/// Why a model could not be trained, stored or used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of a model could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The files are damaged or belong to another version.
    #[error("this model can't be used: {0}. Train it again with `afwd train`")]
    Refused(String),
    /// Too few closed windows to learn from.
    #[error(
        "{snapshots} {role} snapshots with a closed window until {until}, of which {successes} \
         succeeded: too few to train on (needs {needed} successes). Import earlier seasons, or \
         train until a later one"
    )]
    TooLittle {
        /// The role.
        role: Role,
        /// Last season of outcomes.
        until: u16,
        /// Snapshots found.
        snapshots: usize,
        /// Successes among them.
        successes: usize,
        /// Successes needed.
        needed: usize,
    },
    /// A row does not have the role's features.
    #[error("a {role} row has {width} features where {expected} were expected")]
    Width {
        /// The role.
        role: Role,
        /// Features given.
        width: usize,
        /// Features of the role.
        expected: usize,
    },
    /// The tensor library failed.
    #[error("tensor computation failed: {0}")]
    Tensor(#[from] candle_core::Error),
    /// A description of the model could not be written as text.
    #[error("the model's description can't be encoded: {0}")]
    Encoding(String),
}

impl Error {
    /// Files that are damaged or belong to another version, and why.
    pub(super) fn refused(why: &str) -> Self {
        Self::Refused(why.to_owned())
    }

    pub(super) fn encoding(error: impl std::fmt::Display) -> Self {
        Self::Encoding(error.to_string())
    }
}
