//! Levels of affiliated ball, and enumerations with published names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that is not one of the known values; carries what was read and what is allowed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("unknown {what} `{text}`: expected one of {expected}")]
pub struct UnknownName {
    /// What kind of name was expected.
    pub what: &'static str,
    /// The text that was read.
    pub text: String,
    /// The allowed values, comma-separated.
    pub expected: String,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The published spelling.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownName {
                        what: $what,
                        text: text.to_owned(),
                        expected: [$($text),+].join(", "),
                    }),
                }
            }
        }
    };
}

pub(crate) use named;

named!(
    /// A level of affiliated ball, lowest first. `Rk` holds the complex
    /// leagues, the Dominican and Venezuelan leagues and, until 2020, the
    /// advanced rookie leagues; the league code tells them apart.
    Level, "level" {
        /// Rookie and complex ball.
        Rookie = "Rk",
        /// Short-season A (until 2019).
        ShortSeasonA = "A-",
        /// Single-A.
        A = "A",
        /// High-A.
        HighA = "A+",
        /// Double-A.
        DoubleA = "AA",
        /// Triple-A.
        TripleA = "AAA",
    }
);

named!(
    /// Fielding position of a season. `P` is a pitcher and `TWP` a two-way player.
    Position, "position" {
        /// Pitcher.
        P = "P",
        /// Catcher.
        C = "C",
        /// First base.
        B1 = "1B",
        /// Second base.
        B2 = "2B",
        /// Third base.
        B3 = "3B",
        /// Shortstop.
        SS = "SS",
        /// Left field.
        LF = "LF",
        /// Centre field.
        CF = "CF",
        /// Right field.
        RF = "RF",
        /// Outfield, not further given.
        OF = "OF",
        /// Infield, not further given.
        IF = "IF",
        /// Designated hitter.
        DH = "DH",
        /// Two-way player.
        TWP = "TWP",
    }
);

named!(
    /// The two ways of reaching the majors; each has its own model.
    Role, "role" {
        /// A position player.
        Hitter = "hitter",
        /// A pitcher.
        Pitcher = "pitcher",
    }
);

impl Level {
    /// A level as sources write it: `AAA`, `Triple-A`, `High-A`, `A (Adv)`, `ROK`, `CPX`.
    /// `None` for what is no level of affiliated ball, or several of them.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(level) = text.parse() {
            return Some(level);
        }
        let word: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        Some(match word.as_str() {
            "aaa" | "triplea" | "3a" => Self::TripleA,
            "aa" | "doublea" | "2a" => Self::DoubleA,
            "a+" | "higha" | "hia" | "aadv" | "aadvanced" | "advanceda" | "higha+" | "adva" => {
                Self::HighA
            }
            // `A-` is short-season ball, whose sign is no letter.
            "a" if text.ends_with(['-', '\u{2212}', '\u{2013}']) => Self::ShortSeasonA,
            "a" | "singlea" | "lowa" | "loa" | "afull" | "fulla" | "fullseasona" | "classa" => {
                Self::A
            }
            "ashort" | "shorta" | "shortseason" | "shortseasona" | "ass" | "assn" => {
                Self::ShortSeasonA
            }
            "r" | "rk" | "rok" | "rookie" | "rookieball" | "cpx" | "complex" | "dsl" | "vsl"
            | "fcl" | "acl" | "azl" | "gcl" | "frk" | "fr" | "rk+" | "rookieadvanced"
            | "advancedrookie" | "rookieadv" | "rookie+" | "foreignrookie" | "complexleague" => {
                Self::Rookie
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_read_as_sources_write_them() {
        for (text, expected) in [
            ("AAA", Some(Level::TripleA)),
            ("aaa", Some(Level::TripleA)),
            ("Triple-A", Some(Level::TripleA)),
            ("High-A", Some(Level::HighA)),
            ("A (Adv)", Some(Level::HighA)),
            ("A+", Some(Level::HighA)),
            ("A-", Some(Level::ShortSeasonA)),
            ("a-", Some(Level::ShortSeasonA)),
            ("A", Some(Level::A)),
            ("Single-A", Some(Level::A)),
            ("A (Short)", Some(Level::ShortSeasonA)),
            ("ROK", Some(Level::Rookie)),
            ("CPX", Some(Level::Rookie)),
            ("AA,AAA", None),
            ("MLB", None),
            ("", None),
        ] {
            assert_eq!(Level::read(text), expected, "{text}");
        }
    }
}
