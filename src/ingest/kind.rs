//! What a file holds.

use std::fmt;
use std::str::FromStr;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Minor-league batting lines.
    MilbHitting,
    /// Minor-league pitching lines.
    MilbPitching,
    /// Major-league season lines.
    MlbSeasons,
    /// Names, birth dates, ids, affiliations.
    Players,
    /// Debuts and rookie limits.
    Eligibility,
    /// Published lists and grades.
    Scouting,
    /// The amateur draft.
    Draft,
    /// Roster transactions.
    Transactions,
}

impl FileKind {
    /// Every kind with its name on the command line.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::MilbHitting, "milb-hitting"),
        (Self::MilbPitching, "milb-pitching"),
        (Self::MlbSeasons, "mlb-seasons"),
        (Self::Players, "players"),
        (Self::Eligibility, "eligibility"),
        (Self::Scouting, "scouting"),
        (Self::Draft, "draft"),
        (Self::Transactions, "transactions"),
    ];

    /// Name on the command line.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for FileKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(kind, _)| *kind);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(_, name)| *name).collect();
            format!(
                "unknown kind `{text}`: expected one of {}",
                names.join(", ")
            )
        })
    }
}
