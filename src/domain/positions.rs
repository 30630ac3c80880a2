//! Positions as sources write them: `SS/3B`, `RHP;SP`, `Starting Pitcher`, `P/DH`, `6`.

use super::Position;
use super::folding::fold;

/// What a published position says a player does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// He pitches.
    pub pitches: bool,
    /// He bats: he has a position in the field, or is a designated hitter.
    pub bats: bool,
    /// The first position in the field that is named.
    field: Option<Position>,
}

/// Words without blanks, and the position in the field they name.
const FIELD: [(&[&str], Position); 11] = [
    (&["c", "catcher", "2"], Position::C),
    (
        &["1b", "firstbase", "firstbaseman", "1stbase", "3"],
        Position::B1,
    ),
    (
        &["2b", "secondbase", "secondbaseman", "2ndbase", "4"],
        Position::B2,
    ),
    (
        &["3b", "thirdbase", "thirdbaseman", "3rdbase", "5"],
        Position::B3,
    ),
    (&["ss", "shortstop", "short", "6"], Position::SS),
    (&["lf", "leftfield", "leftfielder", "7"], Position::LF),
    (
        &[
            "cf",
            "centerfield",
            "centerfielder",
            "centrefield",
            "centrefielder",
            "8",
        ],
        Position::CF,
    ),
    (&["rf", "rightfield", "rightfielder", "9"], Position::RF),
    (&["of", "outfield", "outfielder", "cof"], Position::OF),
    (
        &[
            "if",
            "inf",
            "infield",
            "infielder",
            "mi",
            "mif",
            "ci",
            "cif",
            "middleinfielder",
            "cornerinfielder",
        ],
        Position::IF,
    ),
    (&["dh", "designatedhitter", "10"], Position::DH),
];

const PITCHER: [&str; 31] = [
    "p",
    "sp",
    "rp",
    "cp",
    "cl",
    "rhp",
    "lhp",
    "shp",
    "rhs",
    "lhs",
    "rhsp",
    "lhsp",
    "rhrp",
    "lhrp",
    "rhr",
    "lhr",
    "sirp",
    "mirp",
    "lirp",
    "1",
    "rhstarter",
    "lhstarter",
    "starter",
    "swingman",
    "closer",
    "bullpen",
    "opener",
    "rotation",
    "longman",
    "setup",
    "lhc",
];

const TWO_WAY: [&str; 6] = ["twp", "two", "2way", "twoway", "2wayplayer", "twowayplayer"];

/// Words of a batter without a place in the field.
const BATTER: [&str; 11] = [
    "ut",
    "util",
    "utility",
    "utilityplayer",
    "ph",
    "pr",
    "hitter",
    "batter",
    "bat",
    "positionplayer",
    "utilityinfielder",
];

impl Positions {
    /// Reads a cell. What is not understood says nothing.
    pub fn read(text: &str) -> Self {
        let mut read = Self::default();
        let parted = text
            .replace(" and ", "/")
            .replace(['(', ')', '[', ']'], "/");
        for part in parted.split(['/', ',', ';', '|', '&', '+', '\\']) {
            read.add(part);
        }
        read
    }

    /// What somebody is known to do.
    pub fn of(pitches: bool, bats: bool) -> Self {
        Self {
            pitches,
            bats,
            field: None,
        }
    }

    /// True when anything was understood.
    pub fn says_something(self) -> bool {
        self.pitches || self.bats
    }

    /// The position of a stat line: a pitcher's or a two-way player's, else the first
    /// named; `None` when it is not known which.
    pub fn main(self) -> Option<Position> {
        match (self.pitches, self.bats) {
            (true, true) => Some(Position::TWP),
            (true, false) => Some(Position::P),
            (false, _) => self.field,
        }
    }

    /// True when nothing known contradicts.
    pub fn may_be(self, other: Self) -> bool {
        !self.says_something()
            || !other.says_something()
            || (self.pitches && other.pitches)
            || (self.bats && other.bats)
    }

    fn add(&mut self, part: &str) {
        // A number that went through a spreadsheet: `6.0`.
        let part = part.trim();
        let part = part.strip_suffix(".0").unwrap_or(part);
        if self.add_word(&fold(part).replace(' ', "")) {
            return;
        }
        // `SS-3B`, `C 1B`: words of their own.
        for word in part.split(['-', '–', ' ']) {
            self.add_word(&fold(word).replace(' ', ""));
        }
    }

    /// True when the word was understood.
    fn add_word(&mut self, word: &str) -> bool {
        let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
        // `SP1` is a first starter, but `1` is a position itself.
        let bare = if bare.is_empty() { word } else { bare };
        let field = FIELD.iter().find(|(names, _)| names.contains(&word));
        if TWO_WAY.contains(&word) {
            (self.pitches, self.bats) = (true, true);
        } else if let Some((_, position)) = field {
            self.bats = true;
            self.field = self.field.or(Some(*position));
        } else if PITCHER.contains(&bare)
            || ["pitcher", "reliever", "starter"]
                .iter()
                .any(|word| bare.contains(word))
        {
            self.pitches = true;
        } else if BATTER.contains(&word) {
            self.bats = true;
        } else {
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::Positions;
    use crate::domain::Position;

    #[test]
    fn pitchers_are_known_by_any_word() {
        for text in [
            "RHP",
            "rhp",
            "Pitcher",
            "Starting Pitcher",
            "Right-handed Pitcher",
            "1",
            "RHS",
            "SP1",
            "R.H.P.",
            "RHP;SP",
            "RHP|SP",
            "Reliever",
            "RH Starter",
            "RHP (SP)",
            "P.",
            "Relief Pitcher",
            "LHP - Starter",
            "SIRP",
            "Closer",
        ] {
            assert_eq!(Positions::read(text).main(), Some(Position::P), "{text}");
        }
        for text in [
            "2-way",
            "SP, UT",
            "P/DH",
            "TWP",
            "Two-Way Player",
            "OF/RHP",
            "SS and RHP",
        ] {
            assert_eq!(Positions::read(text).main(), Some(Position::TWP), "{text}");
        }
    }

    #[test]
    fn the_first_position_in_the_field_counts() {
        for (text, expected) in [
            ("SS/3B", Some(Position::SS)),
            ("2B,SS", Some(Position::B2)),
            ("2B-SS", Some(Position::B2)),
            ("UT,SS", Some(Position::SS)),
            ("Center Field", Some(Position::CF)),
            ("Third Baseman", Some(Position::B3)),
            ("6", Some(Position::SS)),
            ("DH", Some(Position::DH)),
            ("UT", None),
            ("", None),
            ("NA", None),
            ("banana", None),
        ] {
            assert_eq!(Positions::read(text).main(), expected, "{text}");
        }
        assert!(Positions::read("UT").bats && !Positions::read("banana").says_something());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = Positions::read(&text).main();
        }
    }
}
