//! Club, position and level in a query, beside a name or instead of one: `SS brewers`,
//! `AA lhp red sox`, `mora NYY`.

use super::Place;
use crate::domain::{Franchise, Hand, Level, Position, Positions};

/// Words of a club's name at most.
const CLUB_WORDS: usize = 5;

/// What a query asks for besides a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    organisation: Option<&'static Franchise>,
    level: Option<Level>,
    position: Option<Position>,
    throws: Option<Hand>,
}

/// A query read with its facets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Faceted {
    pub(super) wanted: Wanted,
    /// What is left: the name, or nothing.
    pub(super) name: String,
    /// True when the words are no beginning of a name: codes in capitals, or several.
    pub(super) sure: bool,
}

/// Reads the facets of a query; `None` when it has none.
pub(super) fn read(text: &str) -> Option<Faceted> {
    let words: Vec<&str> = text
        .split([' ', ',', ';', '/', '\t'])
        .filter(|word| !word.is_empty())
        .take(16)
        .collect();
    let mut wanted = Wanted::default();
    let mut name: Vec<&str> = Vec::new();
    let (mut facets, mut capitals) = (0, true);
    let mut at = 0;
    while at < words.len() {
        let taken = wanted.take(&words[at..]);
        if taken == 0 {
            name.push(words[at]);
            at += 1;
            continue;
        }
        let said = words[at..at + taken].concat();
        capitals &= said.len() > 1 && !said.chars().any(char::is_lowercase);
        // Four letters and more are no code: `brewers`, `lefty`.
        capitals |= said.len() > 4;
        facets += 1;
        at += taken;
    }
    (facets > 0).then(|| Faceted {
        wanted,
        name: name.join(" "),
        sure: facets > 1 || capitals,
    })
}

impl Wanted {
    /// Takes a facet from the beginning of `words`; returns how many words it has.
    fn take(&mut self, words: &[&str]) -> usize {
        if self.organisation.is_none() {
            for count in (1..=words.len().min(CLUB_WORDS)).rev() {
                let text = words[..count].join(" ");
                if text.chars().all(|c| c.is_ascii_digit()) {
                    continue;
                }
                if let Some(franchise) = Franchise::named(&text) {
                    self.organisation = Some(franchise);
                    return count;
                }
            }
        }
        let word = words[0];
        if self.level.is_none() && is_level(word) {
            self.level = Level::read(word);
            return 1;
        }
        if self.position.is_none() && self.throws.is_none() {
            return usize::from(self.take_position(word));
        }
        0
    }

    fn take_position(&mut self, word: &str) -> bool {
        let lower = word.to_ascii_lowercase();
        let lower = lower
            .strip_suffix('s')
            .filter(|bare| bare.len() > 2)
            .unwrap_or(&lower);
        self.throws = match lower {
            "lhp" | "lefty" | "leftie" | "lhs" | "southpaw" => Some(Hand::Left),
            "rhp" | "righty" | "rightie" | "rhs" => Some(Hand::Right),
            _ => None,
        };
        // Single letters may be initials, and numbers are no words of a search.
        let long = lower.len() > 1 || word.chars().all(char::is_uppercase);
        let numeric = lower.chars().all(|c| c.is_ascii_digit());
        let read = Positions::read(lower);
        if self.throws.is_some() {
            self.position = Some(Position::P);
        } else if long && !numeric && !AMBIGUOUS.contains(&lower) {
            self.position = read.main();
        }
        self.position.is_some()
    }

    /// True for a player who is where it is asked and does what is asked. What is not
    /// known of him does not speak against him, but for the club and the level.
    pub(super) fn admits(&self, place: &Place) -> bool {
        self.organisation
            .is_none_or(|wanted| place.organisation == wanted.code())
            && self.level.is_none_or(|wanted| place.level == Some(wanted))
            && self
                .position
                .is_none_or(|wanted| plays(place.position, wanted))
            && (self.throws.is_none() || place.throws.is_none() || place.throws == self.throws)
    }
}

/// Positions that are names or beginnings of names too.
const AMBIGUOUS: [&str; 5] = ["short", "two", "bat", "cl", "mi"];

/// Levels as they are typed; a lone `a` is none.
fn is_level(word: &str) -> bool {
    let known = Level::read(word).is_some();
    match word.len() {
        1 => word == "A",
        _ => known && !["hi", "as"].contains(&word),
    }
}

fn plays(position: Option<Position>, wanted: Position) -> bool {
    use Position::{B1, B2, B3, CF, IF, LF, OF, P, RF, SS, TWP};
    match (position, wanted) {
        (None, _) => false,
        (Some(position), wanted) if position == wanted => true,
        (Some(TWP), P) => true,
        (Some(LF | CF | RF), OF) | (Some(OF), LF | CF | RF) => true,
        (Some(B1 | B2 | B3 | SS), IF) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Place, read};
    use crate::domain::{Code, Hand, Level, Position};

    fn place(organisation: &str, level: Level, position: Position) -> Place {
        Place {
            organisation: Code::new(organisation).expect("short"),
            level: Some(level),
            position: Some(position),
            throws: Some(Hand::Left),
        }
    }

    #[test]
    fn facets_are_understood() {
        let shortstop = place("MIL", Level::DoubleA, Position::SS);
        let lefty = place("BOS", Level::DoubleA, Position::P);
        for (text, name, fits) in [
            ("SS brewers", "", &shortstop),
            ("brewers ss", "", &shortstop),
            ("MIL", "", &shortstop),
            ("AA milwaukee shortstop", "", &shortstop),
            ("AA lhp red sox", "", &lefty),
            ("Red Sox lefties", "", &lefty),
            ("mora boston red sox pitcher", "mora", &lefty),
            ("Double-A BOS", "", &lefty),
        ] {
            let faceted = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(faceted.name, name, "{text}");
            assert!(faceted.wanted.admits(fits), "{text}: {faceted:?}");
            let other = if fits == &lefty { &shortstop } else { &lefty };
            assert!(!faceted.wanted.admits(other), "{text}");
        }
        for text in ["ana gram", "jose a mora", "short", "de la cruz", "", "12"] {
            assert_eq!(
                read(text).filter(|read| read.name.is_empty()),
                None,
                "{text}"
            );
        }
        assert!(!read("mil").expect("a club").sure && read("MIL").expect("a club").sure);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
