//! Identifiers: of players, and of a player at the end of a season.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text is not a whole positive number.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an id: ids are whole positive numbers")]
pub struct ParseIdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                match text.parse() {
                    Ok(id) if id > 0 => Ok(Self(id)),
                    _ => Err(ParseIdError(text.to_owned())),
                }
            }
        }
    };
}

id!(
    /// Our own id of a player, stable for ever and used in every URL.
    ///
    /// A player first met with an MLBAM id keeps that number as his own, so an
    /// import gives the same store in whatever order files arrive. Players met
    /// without one are numbered from [`ProspectId::FIRST_UNIDENTIFIED`].
    ProspectId
);
id!(
    /// The id of a person in MLB's own systems (MLB Stats API `person.id`).
    MlbamId
);

impl ProspectId {
    /// First number given to players without an MLBAM id; MLBAM ids have six
    /// or seven digits.
    pub const FIRST_UNIDENTIFIED: u32 = 1_000_000_000;
    /// First number given to the players of the simulated demo league.
    pub const FIRST_SIMULATED: u32 = 900_000_001;

    /// The MLBAM id this number stands for; `None` for a player first met
    /// without one.
    pub fn mlbam(self) -> Option<MlbamId> {
        (self.0 < Self::FIRST_UNIDENTIFIED).then_some(MlbamId(self.0))
    }

    /// True for a fictional player of the demo league.
    pub fn is_simulated(self) -> bool {
        (Self::FIRST_SIMULATED..Self::FIRST_UNIDENTIFIED).contains(&self.0)
    }
}

impl From<MlbamId> for ProspectId {
    fn from(id: MlbamId) -> Self {
        Self(id.0)
    }
}
