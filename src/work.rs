//! What jobs are to do: plain data, kept in the store as JSON. A field is never
//! renamed; a new one has a default.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Name of the jobs of [`DailyRun`].
pub const DAILY: &str = "daily";
/// Name of the jobs of [`Backfill`].
pub const BACKFILL: &str = "backfill";
/// Name of the jobs of [`Training`].
pub const TRAINING: &str = "training";
/// Name of the jobs of [`Mail`].
pub const MAIL: &str = "mail";

/// The daily chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyRun {
    /// The local day the run belongs to.
    pub day: Date,
    /// True when every step runs as soon as it can, not at its hour.
    pub at_once: bool,
}

/// Past seasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// First season.
    pub first: u16,
    /// Last season.
    pub last: u16,
}

/// Training of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The week's Monday.
    pub monday: Date,
}

/// A message to one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Address, or `Name <address>`.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    #[serde(default)]
    pub html: Option<String>,
    /// Address that ends such messages with one click.
    #[serde(default)]
    pub unsubscribe: Option<String>,
}

impl Mail {
    /// A message of plain text.
    pub fn plain(to: &str, subject: &str, text: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: None,
            unsubscribe: None,
        }
    }
}

/// What it says is between two people: neither a log nor an error shows it.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(..)")
    }
}
