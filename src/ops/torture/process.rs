//! What the other processes of a plan are called to do, and how they speak.

use std::io::{self, Write};

/// What another process of this program does for a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// Writes, and prints the number of each write that was acknowledged.
    Write,
    /// Makes accounts, signs them in and deletes some, and prints what was acknowledged.
    Accounts,
    /// Makes a backup.
    Backup,
    /// Restores one.
    Restore,
    /// Restores hostile archives as it is told to, and prints what happened.
    Hostile,
}

impl Worker {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Accounts => "accounts",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Hostile => "hostile",
        }
    }
}

impl std::str::FromStr for Worker {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [
            Self::Write,
            Self::Accounts,
            Self::Backup,
            Self::Restore,
            Self::Hostile,
        ];
        let found = all.into_iter().find(|worker| worker.name() == text);
        found.ok_or_else(|| format!("there is no work `{text}`"))
    }
}

/// Prints a line at once, for the process that listens.
pub(super) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
