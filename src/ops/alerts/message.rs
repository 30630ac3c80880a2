//! What the operator is told, and the ways to tell him.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::Severity;

/// Why the operator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It has begun.
    Raised,
    /// It goes on.
    Reminder,
    /// It is over.
    Resolved,
    /// It has happened.
    Note,
    /// The operator tries whether messages arrive.
    Test,
}

impl Change {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Reminder => "reminder",
            Self::Resolved => "resolved",
            Self::Note => "note",
            Self::Test => "test",
        }
    }
}

/// What the operator is told; a webhook gets it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Why.
    pub change: Change,
    /// The rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter, in a sentence.
    pub what: String,
    /// Since when.
    pub since: Timestamp,
    /// When this was said.
    pub at: Timestamp,
}

impl Message {
    /// A message that only shows that messages arrive.
    pub fn test(now: Timestamp) -> Self {
        Self {
            change: Change::Test,
            rule: "test".to_owned(),
            severity: Severity::Info,
            what: "This is a test: alerts of this server arrive here.".to_owned(),
            since: now,
            at: now,
        }
    }

    /// The message in one line.
    pub fn headline(&self) -> String {
        format!(
            "{} {}: {}",
            self.severity.as_str(),
            self.change.as_str(),
            self.what
        )
    }
}

/// A way to tell the operator.
pub trait Sink: Send + Sync {
    /// What it is and where it leads, without secrets.
    fn name(&self) -> String;

    /// Sends a message.
    ///
    /// # Errors
    /// Why it was not taken, without secrets.
    fn send(&self, message: &Message) -> Result<(), String>;
}
